// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/expected_wait.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::acd;

TEST_GROUP(ExpectedWait) {
  Handling of(std::initializer_list<Duration> calls) {
    Handling handling;
    for (const Duration one : calls) handling.add(one);
    return handling;
  }
};

TEST(ExpectedWait, is_the_work_before_him_shared_among_those_who_work) {
  const Handling handling = of({100s, 140s});
  CHECK_TRUE(handling.mean() == 120s);
  CHECK_TRUE(expected_wait(0, 1, 0, handling) == 120s);
  CHECK_TRUE(expected_wait(0, 4, 0, handling) == 30s);
  CHECK_TRUE(expected_wait(9, 4, 0, handling) == 300s);
}

TEST(ExpectedWait, is_nothing_when_an_idle_agent_is_left_for_him) {
  CHECK_TRUE(expected_wait(0, 4, 1, of({100s})) == 0s);
  CHECK_TRUE(expected_wait(1, 4, 1, of({100s})) == 25s);
  CHECK_TRUE(expected_wait(0, 4, 1, {}) == 0s);
}

TEST(ExpectedWait, cannot_be_told_without_anybody_at_work_or_any_call_handled) {
  CHECK_FALSE(expected_wait(0, 0, 0, of({100s})).has_value());
  CHECK_FALSE(expected_wait(0, 3, 0, {}).has_value());
}

TEST(ExpectedWait, the_mean_follows_when_calls_become_longer) {
  Handling handling;
  for (int n = 0; n < 1000; ++n) handling.add(60s);
  for (int n = 0; n < 300; ++n) handling.add(120s);
  CHECK_TRUE(handling.mean() > 115s && handling.mean() < 120s);
}
