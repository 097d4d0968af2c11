// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/overflow.h"

#include <array>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::acd;

namespace {
const std::array kSteps = {OverflowThresholds{{.waiting = 10, .oldest = 30s}, {.waiting = 4, .oldest = 10s}},
                           OverflowThresholds{{.waiting = 20, .expected = 90s}, {.waiting = 12, .expected = 40s}}};
std::size_t step(std::size_t now, std::size_t waiting, Duration oldest = {}, std::optional<Duration> expected = {}) { return overflow_step(now, kSteps, {waiting, oldest, expected}); }
}  // namespace

TEST_GROUP(Overflow) {};

TEST(Overflow, any_threshold_that_is_reached_begins_a_step) {
  LONGS_EQUAL(0, step(0, 9, 29s, 1000s));
  LONGS_EQUAL(1, step(0, 10));
  LONGS_EQUAL(1, step(0, 1, 30s));
  LONGS_EQUAL(2, step(1, 11, 0s, 90s));
  LONGS_EQUAL(2, step(0, 20));
}

TEST(Overflow, it_ends_when_all_are_undercut_and_not_before) {
  for (const std::size_t waiting : {9U, 5U, 4U}) LONGS_EQUAL(1, step(1, waiting));
  LONGS_EQUAL(1, step(1, 3, 10s));
  LONGS_EQUAL(0, step(1, 3, 9s));
  LONGS_EQUAL(2, step(2, 12));
  LONGS_EQUAL(1, step(2, 11));
  LONGS_EQUAL(0, step(2, 0, 500s));
}

TEST(Overflow, between_the_two_thresholds_nothing_changes) {
  for (const std::size_t now : {0U, 1U})
    for (std::size_t waiting = 4; waiting < 10; ++waiting) LONGS_EQUAL(now, step(now, waiting));
}

TEST(Overflow, the_next_step_by_time_alone) {
  CHECK_TRUE(until_next_step(0, kSteps, {1, 12s, {}}) == 18s);
  CHECK_FALSE(until_next_step(0, kSteps, {0, 12s, {}}).has_value());
  CHECK_FALSE(until_next_step(0, kSteps, {1, 30s, {}}).has_value());
  CHECK_FALSE(until_next_step(1, kSteps, {1, 12s, {}}).has_value());
  CHECK_FALSE(until_next_step(2, kSteps, {1, 12s, {}}).has_value());
}
