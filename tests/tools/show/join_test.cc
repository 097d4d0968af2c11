// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/join.h"

#include <cmath>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::show;

TEST_GROUP(Join) {
  Instant t0 = from_us(1'000'000'000);
  ExchangeCall setup(int crv, Duration at, bool delivered = true, int connected_s = 10) const {
    ExchangeCall c{"e1-1", "138", "4006001", crv, t0 + at, false, delivered, {}, t0 + at + 20s};
    if (delivered && connected_s > 0) c.connected_at = *c.cleared_at - std::chrono::seconds(connected_s);
    return c;
  }
  LedgerCall booked(std::uint64_t call, int crv, Duration at) const { return {call, "e1-1", "138", "4006001", crv, t0 + at, {"a" + std::to_string(call) + ".wav"}}; }
};

TEST(Join, calls_that_are_the_same_on_both_sides_join) {
  const auto j = join({setup(1, 0s), setup(2, 1s)}, {booked(1, 1, 10ms), booked(2, 2, 1010ms)}, {{"a1.wav", {10.1}}, {"a2.wav", {9.8}}}, {});
  CHECK_EQUAL(2, j.joined);
  CHECK_EQUAL(2, j.delivered);
  CHECK_EQUAL(2, j.recordings_expected);
  CHECK_EQUAL(2, j.recordings_found);
  DOUBLES_EQUAL(19.9, j.recorded_s, 1e-9);
  DOUBLES_EQUAL(0.2, j.worst_length_error_s, 1e-6);
  CHECK_EQUAL(0, j.mismatches_total);
}
TEST(Join, an_answered_setup_that_is_not_booked_is_a_mismatch) {
  const auto j = join({setup(1, 0s)}, {}, {}, {});
  CHECK_EQUAL(1, j.mismatches_total);
  STRCMP_CONTAINS("not booked", j.mismatches.at(0).c_str());
}
TEST(Join, a_booked_call_that_the_exchange_never_made_is_a_mismatch) {
  const auto j = join({setup(1, 0s, true, 0)}, {booked(1, 1, 0s), booked(2, 1, 0s)}, {}, {});
  CHECK_EQUAL(1, j.mismatches_total);
  STRCMP_CONTAINS("knows nothing", j.mismatches.at(0).c_str());
}
TEST(Join, refused_callers_need_no_row) {
  ExchangeCall refused{"", "1", "2", 0, t0, true, false, {}, t0};
  const auto j = join({refused}, {}, {}, {});
  CHECK_EQUAL(1, j.attempts);
  CHECK_EQUAL(1, j.refused);
  CHECK_EQUAL(0, j.mismatches_total);
}
TEST(Join, a_setup_that_nobody_heard_is_unheard) {
  const auto j = join({setup(1, 0s, false)}, {}, {}, {});
  CHECK_EQUAL(1, j.unheard);
  CHECK_EQUAL(0, j.mismatches_total);
}
TEST(Join, a_lost_reply_is_a_mismatch_unless_boardd_died_about_then) {
  CHECK_EQUAL(1, join({setup(1, 0s, false)}, {booked(1, 1, 0s)}, {}, {}).mismatches_total);
  for (const Duration near : {-10s, 0s, 10s}) {
    const auto j = join({setup(1, 0s, false)}, {booked(1, 1, 0s)}, {}, {t0 + 60s, t0 + near});
    CHECK_EQUAL(0, j.mismatches_total);
    CHECK_EQUAL(1, j.reply_lost);
  }
  for (const Duration far : {-11s, 11s}) {
    const auto j = join({setup(1, 0s, false)}, {booked(1, 1, 0s)}, {}, {t0 + far});
    CHECK_EQUAL(1, j.mismatches_total);
    CHECK_EQUAL(0, j.reply_lost);
  }
}
TEST(Join, a_recording_has_the_length_of_the_call) {  // which lasts from t0 + 10 s to t0 + 20 s
  for (const double s : {9.51, 10.49}) CHECK_EQUAL(0, join({setup(1, 0s)}, {booked(1, 1, 0s)}, {{"a1.wav", {s}}}, {}).mismatches_total);
  for (const double s : {0.0, 9.4, 10.6}) {
    const auto j = join({setup(1, 0s)}, {booked(1, 1, 0s)}, {{"a1.wav", {s}}}, {});
    CHECK_EQUAL(1, j.mismatches_total);
    STRCMP_CONTAINS("the call 10.00 s", j.mismatches.at(0).c_str());
    DOUBLES_EQUAL(std::abs(s - 10), j.worst_length_error_s, 1e-6);
  }
}
TEST(Join, only_a_call_that_was_up_when_boardd_died_may_have_a_short_recording) {
  for (const Duration cut : {9s, 10s, 15s, 20s, 21s}) {
    const auto j = join({setup(1, 0s)}, {booked(1, 1, 0s)}, {{"a1.wav", {4}}}, {t0 + cut});
    CHECK_EQUAL(0, j.mismatches_total);
    DOUBLES_EQUAL(0.0, j.worst_length_error_s, 1e-9);
  }
  for (const Duration other : {0s, 8s, 22s}) CHECK_EQUAL(1, join({setup(1, 0s)}, {booked(1, 1, 0s)}, {{"a1.wav", {4}}}, {t0 + other}).mismatches_total);
}
TEST(Join, a_reused_call_reference_takes_the_nearest_row_in_time) {
  const auto j = join({setup(1, 0s, true, 0), setup(1, 10s, true, 0)}, {booked(2, 1, 10s), booked(1, 1, 0s)}, {}, {});
  CHECK_EQUAL(2, j.joined);
  CHECK_EQUAL(0, j.mismatches_total);
  CHECK_EQUAL(2, join({setup(1, 0s, true, 0)}, {booked(1, 1, 60s)}, {}, {}).mismatches_total);
}
TEST(Join, a_connected_call_needs_exactly_one_recording_on_the_disk) {
  CHECK_EQUAL(1, join({setup(1, 0s)}, {booked(1, 1, 0s)}, {}, {}).mismatches_total);
  auto two = booked(1, 1, 0s);
  two.recordings.push_back("b.wav");
  CHECK_EQUAL(1, join({setup(1, 0s)}, {two}, {{"a1.wav", {10}}, {"b.wav", {1}}}, {}).mismatches_total);
}
TEST(Join, describes_a_limited_number_of_mismatches_and_counts_all) {
  std::vector<ExchangeCall> many;
  for (int i = 1; i <= 200; ++i) many.push_back(setup(i, 0s));
  const auto j = join(many, {}, {}, {});
  CHECK_EQUAL(200, j.mismatches_total);
  CHECK_EQUAL(kMismatchesMax + 1, j.mismatches.size());
}
