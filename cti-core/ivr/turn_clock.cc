// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/turn_clock.h"

#include <ctime>

namespace sr::ivr {
namespace {

std::int64_t read_ns(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

}  // namespace

std::int64_t ThreadCpuClock::now_ns() {
  const std::int64_t since = read_ns(CLOCK_MONOTONIC) - asked_at_;
  if (since < kTrustNs) return cpu_ + since;
  cpu_ = read_ns(CLOCK_THREAD_CPUTIME_ID);
  asked_at_ = read_ns(CLOCK_MONOTONIC);
  return cpu_;
}

}  // namespace sr::ivr
