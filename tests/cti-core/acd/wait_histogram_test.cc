// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/wait_histogram.h"

#include <cmath>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::acd;

TEST_GROUP(WaitHistogram) {
  WaitHistogram waits;
};

TEST(WaitHistogram, knows_the_percentiles_of_a_million_waits_within_a_quarter_percent) {
  for (int i = 1; i <= 1'000'000; ++i) waits.add(Duration(i * 997LL));
  for (const double share : {0.01, 0.5, 0.9, 0.999}) DOUBLES_EQUAL(share * 997, waits.quantile_s(share), share * 997 / 400);
}

TEST(WaitHistogram, says_zero_while_enough_did_not_wait) {
  for (int i = 0; i < 60; ++i) waits.add(0us);
  for (int i = 0; i < 40; ++i) waits.add(10s);
  DOUBLES_EQUAL(0, waits.quantile_s(0.5), 0);
  DOUBLES_EQUAL(10, waits.quantile_s(0.9), 0.04);
}

TEST(WaitHistogram, adds_another_and_says_nothing_of_nobody) {
  CHECK(std::isnan(waits.quantile_s(0.5)));
  WaitHistogram longer;
  longer.add(100s);
  waits.add(1s);
  waits.add(longer);
  LONGS_EQUAL(2, waits.count());
  DOUBLES_EQUAL(100, waits.quantile_s(0.99), 0.4);
}

TEST(WaitHistogram, holds_no_time_and_a_year) {
  waits.add(-1us);
  waits.add(8760h);
  DOUBLES_EQUAL(0, waits.quantile_s(0.2), 0);
  DOUBLES_EQUAL(31'536'000, waits.quantile_s(1), 130'000);
}
