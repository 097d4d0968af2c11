// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/turn_clock.h"

#include <cstdint>
#include <thread>

#include <CppUTest/TestHarness.h>

using namespace sr::ivr;

TEST_GROUP(ThreadCpuClock) {
  static void work(std::int64_t ns) {
    ThreadCpuClock clock;
    const auto before = clock.now_ns();
    for (long n = 0; clock.now_ns() - before < ns; ++n) if (n == 1'000'000'000) FAIL("it stands still");
  }
};

TEST(ThreadCpuClock, it_goes_on_while_the_thread_works) { work(4 * ThreadCpuClock::kTrustNs); }

TEST(ThreadCpuClock, and_not_while_it_waits_for_another_one) {
  ThreadCpuClock clock;
  const auto before = clock.now_ns();
  std::thread([] { work(40'000'000); }).join();
  CHECK(clock.now_ns() - before < 20'000'000);
}
