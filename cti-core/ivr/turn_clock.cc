// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/turn_clock.h"

#include <ctime>

namespace sr::ivr {

std::int64_t ThreadCpuClock::now_ns() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

}  // namespace sr::ivr
