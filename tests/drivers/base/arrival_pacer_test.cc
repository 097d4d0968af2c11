// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/arrival_pacer.h"

#include <CppUTest/TestHarness.h>

using namespace sr;

TEST_GROUP(ArrivalPacer) {
  Instant now = from_us(1'000'000);
  void looks(ArrivalPacer& pacer, int count, Duration apart, std::size_t found = 1) {
    for (int i = 0; i < count; ++i) pacer.looked(now += apart, found);
  }
};

TEST(ArrivalPacer, what_comes_rarely_is_never_held_up) {
  ArrivalPacer pacer(10ms);
  looks(pacer, 100, 10ms);
  CHECK_FALSE(pacer.busy());
  looks(pacer, 2, 100us);  // one call's few frames
  CHECK_FALSE(pacer.busy());
  CHECK(pacer.not_before() <= now);
}

TEST(ArrivalPacer, a_busy_loop_gathers_and_stays_so_while_it_does) {
  ArrivalPacer pacer(10ms);
  looks(pacer, 100, 1ms);
  CHECK(pacer.busy());
  CHECK(pacer.not_before() == now + 10ms);
  looks(pacer, 100, 10ms, 10);  // the same frames, gathered
  CHECK(pacer.busy());
}

TEST(ArrivalPacer, a_busy_loop_that_calms_down_is_free_again) {
  ArrivalPacer pacer(10ms);
  looks(pacer, 100, 10ms, 10);
  looks(pacer, 12, 10ms);
  CHECK_FALSE(pacer.busy());
}

TEST(ArrivalPacer, a_look_that_finds_nothing_says_nothing_about_the_rate) {
  ArrivalPacer pacer(10ms);
  looks(pacer, 100, 1ms);
  looks(pacer, 100, 1ms, 0);
  CHECK(pacer.busy());
}

TEST(ArrivalPacer, without_a_spacing_nothing_waits) {
  ArrivalPacer pacer;
  looks(pacer, 1000, 10us);
  CHECK_FALSE(pacer.busy());
}
