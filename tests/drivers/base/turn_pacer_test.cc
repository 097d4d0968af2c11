// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/turn_pacer.h"

#include <CppUTest/TestHarness.h>

using namespace sr;

TEST_GROUP(TurnPacer) {
  Instant now = from_us(1'000'000);
  void turns(TurnPacer& pacer, int count, Duration apart) {
    for (int i = 0; i < count; ++i) pacer.began(now += apart);
  }
};

TEST(TurnPacer, rare_turns_are_never_held_up) {
  TurnPacer pacer(1ms);
  turns(pacer, 100, 5ms);
  CHECK_FALSE(pacer.busy());
  turns(pacer, 4, 100us);  // one call's few events
  CHECK_FALSE(pacer.busy());
  CHECK(pacer.not_before() <= now);
}

TEST(TurnPacer, a_busy_loop_is_spaced_and_stays_so_while_it_is_spaced) {
  TurnPacer pacer(1ms);
  turns(pacer, 100, 300us);
  CHECK(pacer.busy());
  CHECK(pacer.not_before() == now + 1ms);
  turns(pacer, 100, 1100us);  // the spacing itself and a little
  CHECK(pacer.busy());
}

TEST(TurnPacer, a_busy_loop_that_calms_down_is_free_again) {
  TurnPacer pacer(1ms);
  turns(pacer, 100, 1ms);
  turns(pacer, 12, 4ms);
  CHECK_FALSE(pacer.busy());
}

TEST(TurnPacer, without_a_spacing_nothing_waits) {
  TurnPacer pacer;
  turns(pacer, 1000, 10us);
  CHECK_FALSE(pacer.busy());
}
