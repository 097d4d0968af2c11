// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/erlang.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sr::acd;

namespace {

// Erlang A by the other way: the equilibrium of the number of calls, from its most probable value outwards.
struct Equilibrium { double p_wait = 0, mean_queue = 0, mean_busy = 0; };
Equilibrium by_states(const Load& load, std::size_t agents) {
  const double a = load.erlangs(), n = static_cast<double>(agents), impatience = load.handling_s / load.patience_s;
  const auto death = [&](double k) { return std::min(k, n) + std::max(k - n, 0.0) * impatience; };
  double top = 0;
  while (a > death(top + 1)) ++top;
  Equilibrium e;
  double sum = 0;
  const auto count = [&](double k, double weight) {
    sum += weight;
    if (k >= n) e.p_wait += weight;
    e.mean_queue += weight * std::max(k - n, 0.0);
    e.mean_busy += weight * std::min(k, n);
  };
  count(top, 1);
  for (double k = top + 1, w = 1; w > 1e-30; ++k) count(k, w *= a / death(k));
  for (double k = top, w = 1; k > 0 && w > 1e-30; --k) count(k - 1, w *= death(k) / a);
  return {e.p_wait / sum, e.mean_queue / sum, e.mean_busy / sum};
}

void near(double expected, double actual, double relative) { DOUBLES_EQUAL(expected, actual, relative * std::max(std::abs(expected), 1e-9)); }

}  // namespace

TEST_GROUP(Erlang) {};

TEST(Erlang, b_refuses_one_in_a_hundred_at_the_loads_of_the_printed_tables) {
  const struct { std::size_t n; double erlangs, last_digit; } table[] = {{1, 0.0101, 0.0001}, {2, 0.153, 0.001}, {3, 0.455, 0.001}, {5, 1.36, 0.01}, {10, 4.46, 0.01},
                                                                         {20, 12.0, 0.1},     {25, 16.1, 0.1},   {30, 20.3, 0.1},   {50, 37.9, 0.1}, {100, 84.1, 0.1}};
  for (const auto& [n, erlangs, last_digit] : table)
    CHECK(erlang_b(erlangs - 0.6 * last_digit, n) < 0.01 && erlang_b(erlangs + 0.6 * last_digit, n) > 0.01);
  DOUBLES_EQUAL(0.05, erlang_b(19.99, 25), 0.0002);  // and one in twenty
}

TEST(Erlang, b_is_the_sum_of_its_definition) {
  for (const double a : {0.5, 3.0, 20.0, 60.0}) {
    double term = 1, sum = 1;
    for (std::size_t n = 1; n <= 90; ++n) {
      sum += term *= a / static_cast<double>(n);
      near(term / sum, erlang_b(a, n), 1e-12);
    }
  }
}

TEST(Erlang, b_holds_for_thousands_of_trunks_and_for_none) {
  DOUBLES_EQUAL(1, erlang_b(3, 0), 0);
  DOUBLES_EQUAL(0, erlang_b(0, 5), 0);
  DOUBLES_EQUAL(0, erlang_b(1, 5000), 0);
  near(std::sqrt(2 / (std::acos(-1.0) * 5000)), erlang_b(5000, 5000), 0.01);  // load = trunks: sqrt(2 / (pi n))
  near(0.5, erlang_b(10'000, 5000), 0.001);                                     // heavily overloaded: 1 - n/a
}

TEST(Erlang, c_says_what_fourteen_agents_do_for_200_calls_of_three_minutes) {  // the example of many textbooks
  const Service s = service_of_group({200 / 3600.0, 180}, 14, 20);
  DOUBLES_EQUAL(0.174, s.p_wait, 0.0005);
  DOUBLES_EQUAL(0.888, s.service_level, 0.0005);
  DOUBLES_EQUAL(7.8, s.asa_s, 0.05);
  DOUBLES_EQUAL(0.714, s.occupancy, 0.0005);
  DOUBLES_EQUAL(0, s.p_abandon, 0);
}

TEST(Erlang, c_without_enough_agents_has_no_end_of_waiting) {
  const Service s = service_of_group({1, 100}, 100, 20);
  DOUBLES_EQUAL(1, s.p_wait, 0);
  DOUBLES_EQUAL(0, s.service_level, 0);
  CHECK(std::isinf(s.asa_s) && std::isinf(s.mean_queue));
}

TEST(Erlang, a_and_c_give_the_comparison_that_garnett_mandelbaum_and_reiman_printed) {  // 50 agents, 48 calls/min of 1 min, patience 2 min
  const Service c = service_of_group({0.8, 60}, 50, 20), a = service_of_group({0.8, 60, 120}, 50, 20);
  DOUBLES_EQUAL(20.8, c.asa_s, 0.05);
  DOUBLES_EQUAL(58.1, c.p90_wait_s, 0.05);
  DOUBLES_EQUAL(17, c.mean_queue, 0.5);
  DOUBLES_EQUAL(0.96, c.occupancy, 0.001);
  DOUBLES_EQUAL(0.031, a.p_abandon, 0.0005);
  DOUBLES_EQUAL(3.7, a.mean_wait_s, 0.05);
  DOUBLES_EQUAL(3, a.mean_queue, 0.5);
  DOUBLES_EQUAL(0.93, a.occupancy, 0.001);
}

TEST(Erlang, a_agrees_with_the_equilibrium_of_its_states_from_one_agent_to_three_thousand) {
  for (const double agents : {1.0, 2.0, 10.0, 100.0, 3000.0})
    for (const double use : {0.3, 0.9, 1.0, 1.1, 3.0})
      for (const double patience : {0.5, 30.0, 180.0, 20'000.0}) {
        const Load load{use * agents / 180, 180, patience};
        const auto n = static_cast<std::size_t>(agents);
        const Service s = service_of_group(load, n, 20);
        const Equilibrium e = by_states(load, n);
        near(e.p_wait, s.p_wait, 1e-7);
        near(e.mean_queue, s.mean_queue, 1e-7);
        near(e.mean_busy / agents, s.occupancy, 1e-7);
        DOUBLES_EQUAL(1, s.occupancy * agents / load.erlangs() + s.p_abandon, 1e-7);
      }
}

TEST(Erlang, a_becomes_c_when_nobody_loses_patience_and_b_when_nobody_has_any) {
  const Service endless = service_of_group({0.5, 100}, 60, 20), patient = service_of_group({0.5, 100, 1e9}, 60, 20);
  near(endless.service_level, patient.service_level, 1e-6);
  near(endless.asa_s, patient.asa_s, 1e-5);
  near(endless.p90_wait_s, patient.p90_wait_s, 1e-5);
  near(erlang_b(50, 45), service_of_group({0.5, 100, 1e-6}, 45, 20).p_abandon, 1e-4);
}

TEST(Erlang, a_keeps_its_three_service_levels_and_its_percentiles_in_order) {
  const Service s = service_of_group({1, 180, 60}, 150, 20), instantly = service_of_group({1, 180, 60}, 150, 0), late = service_of_group({1, 180, 60}, 150, 1e6);
  CHECK(s.service_level < s.service_level_2 && s.service_level_2 < s.service_level_3 && s.service_level_3 < 1);
  near(1 - instantly.p_wait, instantly.service_level, 1e-9);
  near(1 - late.p_abandon, late.service_level, 1e-9);
  near(1, late.service_level_3, 1e-9);
  CHECK(0 < s.p50_wait_s && s.p50_wait_s < s.p90_wait_s);
  near(0.9 * (1 - s.p_abandon), service_of_group({1, 180, 60}, 150, s.p90_wait_s).service_level, 1e-6);
}

TEST(Erlang, the_smallest_group_is_good_and_one_less_is_not) {
  for (const Load& load : {Load{200 / 3600.0, 180}, Load{5, 240}, Load{5, 240, 90}, Load{0.001, 10, 60}}) {
    const std::size_t n = agents_needed(load, 0.8, 20, 10'000);
    CHECK(n >= 1 && service_of_group(load, n, 20).service_level >= 0.8);
    CHECK(n == 1 || service_of_group(load, n - 1, 20).service_level < 0.8);
  }
  LONGS_EQUAL(30, trunks_needed(20.3, 0.01, 10'000));
  LONGS_EQUAL(0, agents_needed({100, 180}, 0.8, 20, 10'000));
}

TEST(Erlang, the_blocking_is_found_from_the_load_that_is_carried) {
  for (const double load : {0.5, 20.0, 45.0, 90.0}) DOUBLES_EQUAL(erlang_b(load, 30), erlang_b_of_carried(load * (1 - erlang_b(load, 30)), 30), 1e-9);
  DOUBLES_EQUAL(0, erlang_b_of_carried(0, 30), 1e-9);
  CHECK(erlang_b_of_carried(30, 30) > 0.98);
}
