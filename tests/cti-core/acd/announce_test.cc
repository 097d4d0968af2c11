// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/announce.h"

#include <random>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::acd;

TEST_GROUP(Announce) {
  static bool same(const Told& told, std::size_t position, int minutes) { return told == Told{position, minutes}; }
};

TEST(Announce, a_wait_is_rounded_up_to_a_step_that_can_be_kept) {
  LONGS_EQUAL(1, minutes_of(0s));
  LONGS_EQUAL(1, minutes_of(60s));
  LONGS_EQUAL(2, minutes_of(61s));
  LONGS_EQUAL(10, minutes_of(599s));
  LONGS_EQUAL(15, minutes_of(601s));
  LONGS_EQUAL(30, minutes_of(1800s));
  LONGS_EQUAL(kMinutesLong, minutes_of(1801s));
}

TEST(Announce, nothing_is_told_while_nobody_works_and_no_wait_while_none_is_known) {
  CHECK(same(announce({4, 0, 90s}, {}), 0, 0));
  CHECK(same(announce({4, 3, {}}, {}), 4, 0));
  CHECK(same(announce({4, 3, 90s}, {}), 4, 2));
}

TEST(Announce, the_wait_does_not_rise_while_the_place_falls_or_stays) {
  CHECK(same(announce({3, 2, 400s}, {4, 5}), 3, 5));
  CHECK(same(announce({4, 2, 400s}, {4, 5}), 4, 5));
  CHECK(same(announce({3, 2, 100s}, {4, 5}), 3, 2));
}

TEST(Announce, who_is_overtaken_is_told_so) { CHECK(same(announce({6, 2, 400s}, {4, 5}), 6, 7)); }

TEST(Announce, a_wait_that_was_not_told_binds_nobody) { CHECK(same(announce({3, 2, 400s}, {4, 0}), 3, 7)); }

TEST(Announce, over_random_days_it_never_rises_while_the_place_does_not) {
  std::mt19937 random(7);
  for (int day = 0; day < 2000; ++day) {
    Told told;
    std::size_t position = 1 + random() % 40;
    while (position > 0) {
      const std::size_t working = random() % 3;
      std::optional<Duration> wait;
      if (random() % 5 != 0) wait = Duration(static_cast<std::int64_t>(random() % 2'400) * 1'000'000);
      const Told next = announce({position, working, wait}, told);
      CHECK(working > 0 || same(next, 0, 0));
      if (told.minutes != 0 && next.minutes != 0) CHECK(next.minutes <= told.minutes);
      if (next.position != 0) told.position = next.position;
      if (next.minutes != 0) told.minutes = next.minutes;
      position -= random() % 2;
    }
  }
}
