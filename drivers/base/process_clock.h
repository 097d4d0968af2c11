// What the gettimeofday() of clock_override.cc answers; use_process_clock() in reactor.h sets it, for the calling thread: other
// threads, whose Timers those are not, go on reading the machine's clock.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>

namespace sr {

std::int64_t process_clock_us();  // microseconds since the Unix epoch

}  // namespace sr
