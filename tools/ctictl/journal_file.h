// What the verbs that read the journal file have in common.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "cti-core/store/books.h"
#include "tools/ctictl/verbs.h"

namespace sr::ctictl {

int complain(const Error& error);  // says it; the exit code
struct Bounds { Instant from = store::kFromEver, to = store::kToEver; };
Result<Bounds> bounds_of(const Interval& interval);
Result<store::Database> open_journal(const std::string& path);
void tell_limit(std::size_t shown, std::size_t limit);  // when there may be more

}  // namespace sr::ctictl
