// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/process_clock.h"

#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

#include "drivers/base/reactor.h"

namespace sr {
namespace {

// Static because gettimeofday() has no argument to carry it; per thread because Timers are single-threaded.
thread_local const Timers* clock_of_thread = nullptr;
thread_local std::uint64_t calls_of_thread = 0;

}  // namespace

std::int64_t process_clock_us() {
  ++calls_of_thread;
  if (clock_of_thread != nullptr) return to_us(clock_of_thread->now());
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1000;
}

void use_process_clock(const Timers* timers) { clock_of_thread = timers; }

bool process_clock_is_ours() {
  timeval tv{};
  const std::uint64_t before = calls_of_thread;
  gettimeofday(&tv, nullptr);  // as code linked into the program finds it
  const bool linked = calls_of_thread == before + 1;
  using Fn = int (*)(timeval*, void*);
  const auto seen_by_libraries = reinterpret_cast<Fn>(dlsym(RTLD_DEFAULT, "gettimeofday"));  // as libpri.so finds it
  if (seen_by_libraries == nullptr) return linked;
  seen_by_libraries(&tv, nullptr);
  return linked && calls_of_thread == before + 2;
}

}  // namespace sr
