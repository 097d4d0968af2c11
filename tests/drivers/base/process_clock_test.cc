// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/time.h>

#include <thread>

#include "drivers/base/reactor.h"

#include <CppUTest/TestHarness.h>

using namespace sr;

TEST_GROUP(ProcessClock) {
  VirtualTimers timers{from_us(1'700'000'000'123'456)};
  void setup() override { use_process_clock(&timers); }
  void teardown() override { use_process_clock(nullptr); }
};

TEST(ProcessClock, gettimeofday_tells_virtual_time) {
  timeval tv{};
  CHECK_EQUAL(0, gettimeofday(&tv, nullptr));
  CHECK_EQUAL(1'700'000'000, tv.tv_sec);
  CHECK_EQUAL(123'456, tv.tv_usec);
  timers.run_for(2s);
  gettimeofday(&tv, nullptr);
  CHECK_EQUAL(1'700'000'002, tv.tv_sec);
}

TEST(ProcessClock, the_override_is_hit_by_the_program_and_by_its_libraries) { CHECK_TRUE(process_clock_is_ours()); }

TEST(ProcessClock, without_timers_it_is_the_machine_s_clock) {
  use_process_clock(nullptr);
  timeval tv{};
  gettimeofday(&tv, nullptr);
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  CHECK(t.tv_sec - tv.tv_sec <= 60 && tv.tv_sec <= t.tv_sec);
}

TEST(ProcessClock, another_thread_keeps_the_machine_s_clock) {
  timeval tv{};
  std::thread([&] { gettimeofday(&tv, nullptr); }).join();
  CHECK(tv.tv_sec > 1'700'000'002);
}
