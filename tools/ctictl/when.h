// Times as people and programs read them. Local time is the machine's zone.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

#include "drivers/base/result.h"
#include "drivers/base/time.h"

namespace sr::ctictl {

Result<Instant> parse_when(const std::string& text);  // 2026-11-21, 2026-11-21T19:30[:15] (or a space), local; with a Z at the end UTC
std::string local(Instant t);                         // 2026-11-21 19:30:15; "-" for the zero Instant
std::string span_of(Duration d);                      // 75.2 s as "1:15"

}  // namespace sr::ctictl
