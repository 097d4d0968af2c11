// Whether a span is as the profile wants it, judged from what the kernel shows: the cause and what to do about it. Pure.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "drivers/profile/profile.h"
#include "tools/boardctl/proc_span.h"

namespace sr::boardctl {

struct Trouble {
  std::string cause;
  std::string fix;
};

// Nothing: the span is there, configured as the profile says.
std::optional<Trouble> span_trouble(const profile::SpanProfile& wanted, const std::string& file, const std::vector<ProcSpan>& spans);

// Nothing: no alarm. `wanted` may be null when there is no profile.
std::optional<Trouble> alarm_trouble(const ProcSpan& span, const profile::SpanProfile* wanted, const std::string& file);

}  // namespace sr::boardctl
