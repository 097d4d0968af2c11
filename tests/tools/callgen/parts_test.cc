// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/arrivals.h"
#include "tools/callgen/busy_tone.h"
#include "tools/callgen/counters.h"
#include "tools/callgen/exchange.h"

#include <set>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::callgen;

TEST_GROUP(Arrivals) {
  static std::size_t count(Arrivals a, double seconds) {
    Random random(1, 1);
    std::size_t n = 0;
    for (double t = next_arrival(a, 0, random); t < seconds; t = next_arrival(a, t, random)) ++n;
    return n;
  }
};
TEST(Arrivals, the_constant_curve_is_a_metronome) { CHECK_EQUAL(99, count({Curve::constant, 1, 90}, 100)); }
TEST(Arrivals, poisson_keeps_its_rate) {
  const auto n = count({Curve::poisson, 10, 90}, 1000);
  CHECK_TRUE(n > 9'600 && n < 10'400);
}
TEST(Arrivals, waves_keep_the_average_of_a_period_and_peak_above_it) {
  const Arrivals a{Curve::waves, 10, 90};
  const auto n = count(a, 900);
  CHECK_TRUE(n > 8'600 && n < 9'400);
  CHECK_TRUE(rate_max(a) > 15);
  int tops = 0;
  for (double t = 0.5; t < 89; t += 0.5)
    if (rate_at(a, t) > rate_at(a, t - 0.5) && rate_at(a, t) >= rate_at(a, t + 0.5)) ++tops;
  CHECK_EQUAL(3, tops);
}
TEST(Arrivals, an_unknown_curve_is_refused) { CHECK_FALSE(curve_from("sine").has_value()); }

TEST_GROUP(BusyToneHeard) {
  BusyTone busy;
  Instant at = from_us(1'000'000);
  void burst(Duration period) { busy.feed(at, true); busy.feed(at + 300ms, false); at += period; }
};
TEST(BusyToneHeard, an_even_rhythm_is_busy_tone) {
  for (int i = 0; i < 3; ++i) burst(700ms);
  CHECK_TRUE(busy.heard());
}
TEST(BusyToneHeard, speech_is_not) {
  for (const auto period : {700ms, 900ms, 400ms, 700ms, 1400ms, 2000ms, 650ms}) burst(period);
  CHECK_FALSE(busy.heard());
}
TEST(BusyToneHeard, steady_voice_is_not) {
  busy.feed(at, true);
  CHECK_FALSE(busy.heard());
}

TEST_GROUP(HistogramOfDurations) {};
TEST(HistogramOfDurations, percentiles_are_right_within_a_bucket) {
  Histogram h;
  for (int i = 1; i <= 1000; ++i) h.add(Duration(i * 1000));
  CHECK_TRUE(h.percentile_ms(0.5) >= 499 && h.percentile_ms(0.5) < 530);
  CHECK_TRUE(h.percentile_ms(0.99) >= 989 && h.percentile_ms(0.99) <= 1000);
  DOUBLES_EQUAL(1000, h.max_ms(), 0.01);
  CHECK_EQUAL(0, Histogram{}.percentile_ms(0.5));
}

TEST_GROUP(Signatures) {};
TEST(Signatures, callers_called_parties_and_agents_never_share_a_frequency) {
  std::set<int> callers, called, agents;
  for (std::uint64_t i = 1; i < 500; ++i) callers.insert(caller_hz(i)), called.insert(called_hz(i)), agents.insert(agent_hz(i));
  CHECK_TRUE(*callers.rbegin() < *called.begin() && *called.rbegin() < *agents.begin() && *callers.begin() > 500);
  CHECK_EQUAL(100, agents.size());
}
