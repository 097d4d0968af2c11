// libpri reads gettimeofday() for its timers, which an NTP step would move and which a simulation could not turn. An
// executable that links this object file answers that call itself: the definition in the program comes before libc's, for the
// program and for every shared library it loads. Not part of the library, because a linker takes from a library only what is missing.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/time.h>

#include "drivers/base/process_clock.h"

extern "C" __attribute__((visibility("default"))) int gettimeofday(struct timeval* __restrict tv, void* __restrict) noexcept {
  const std::int64_t us = sr::process_clock_us();
  tv->tv_sec = static_cast<time_t>(us / 1'000'000);
  tv->tv_usec = static_cast<suseconds_t>(us % 1'000'000);
  return 0;
}
