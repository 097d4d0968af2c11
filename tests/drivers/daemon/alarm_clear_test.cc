// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/alarm_clear.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::daemon;

TEST_GROUP(AlarmClear) {
  const Instant start = from_us(1'000'000);
  LineFault fault;
};

TEST(AlarmClear, a_good_line_keeps_its_calls) { CHECK_FALSE(calls_end_at(fault, 2500ms).has_value()); }

TEST(AlarmClear, calls_end_so_long_after_the_first_alarm) {
  fault.set(SpanAlarm::red, true, start);
  fault.set(SpanAlarm::los, true, start + 1s);
  fault.set(SpanAlarm::red, false, start + 2s);
  CHECK(calls_end_at(fault, 2500ms) == start + 2500ms);
}

TEST(AlarmClear, an_alarm_that_ends_in_time_costs_no_call_and_the_next_one_counts_anew) {
  fault.set(SpanAlarm::blue, true, start);
  fault.set(SpanAlarm::blue, false, start + 2s);
  CHECK_FALSE(calls_end_at(fault, 2500ms).has_value());
  fault.set(SpanAlarm::yellow, true, start + 3s);
  CHECK(calls_end_at(fault, 2500ms) == start + 5500ms);
}
