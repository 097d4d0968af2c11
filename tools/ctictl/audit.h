// The audit log, read from the journal file.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <string>

namespace sr::ctictl {

struct AuditFilter { std::string since{}, who{}, agent{}; std::size_t limit = 1000; };  // empty: all
int audit(const std::string& journal, const AuditFilter& filter, bool as_json);

}  // namespace sr::ctictl
