// The distribution against the formulas of docs/ACD.md. The seeds are fixed, the results therefore too.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/simulation.h"

#include <boost/mp11.hpp>
#include <cmath>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::acd;

namespace {

// What lies outside of `widths` half widths of its confidence interval, by name; a formula's infinity is outside.
std::string outside(const SimulationConfig& config, double widths) {
  const auto run = simulate(config);
  if (!run) return run.error().text();
  const auto theory = theory_of(config);
  std::string out;
  boost::mp11::mp_for_each<boost::describe::describe_members<Service, boost::describe::mod_public>>([&](auto member) {
    const double measured = run->service.*member.pointer, expected = (*theory).*member.pointer, off = run->half_width.*member.pointer * widths;
    if (!(std::abs(measured - expected) <= off))
      out += std::string(member.name) + ": " + std::to_string(measured) + " +- " + std::to_string(off) + ", by formula " + std::to_string(expected) + "; ";
  });
  return out;
}

SimulationConfig group(double calls_per_hour, double handling_s, std::size_t agents, double hours, std::uint64_t seed) {
  return {.calls_per_hour = calls_per_hour, .handling_s = handling_s, .agents = agents, .hours = hours, .warmup_hours = 5, .seed = seed};
}

}  // namespace

TEST_GROUP(Simulation) {};

TEST(Simulation, without_impatience_is_erlang_c) {
  STRCMP_EQUAL("", outside(group(30, 60, 1, 2000, 1), 1).c_str());       // 1 agent, 50 %
  STRCMP_EQUAL("", outside(group(200, 180, 14, 400, 1), 1).c_str());     // 14 agents, 71 %
  STRCMP_EQUAL("", outside(group(1500, 120, 55, 80, 1), 1).c_str());     // 55 agents, 91 %
}

TEST(Simulation, with_impatience_is_erlang_a) {
  const struct { double calls, handling, agents, patience, hours; } loads[] = {
      {30, 60, 1, 60, 2000}, {200, 180, 9, 120, 400}, {2880, 60, 50, 120, 40}, {3000, 240, 120, 30, 40}};  // the last two: 96 %, and 167 % of what they can do
  for (const auto& l : loads) {
    auto config = group(l.calls, l.handling, static_cast<std::size_t>(l.agents), l.hours, 1);
    config.patience_s = l.patience;
    STRCMP_EQUAL("", outside(config, 1).c_str());
  }
}

TEST(Simulation, without_a_queue_is_erlang_b) {
  for (const double calls : {150.0, 300.0, 600.0}) {
    auto config = group(calls, 180, 12, 60'000 / calls, 1);
    config.waiting_max = 0;
    STRCMP_EQUAL("", outside(config, 1).c_str());
  }
}

TEST(Simulation, has_the_truth_in_its_confidence_interval_in_about_19_of_20_runs) {
  constexpr int kRuns = 40;
  int inside = 0;
  const auto theory = *theory_of(group(300, 120, 12, 60, 0));
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    const auto run = simulate(group(300, 120, 12, 30, seed));
    inside += std::abs(run->service.service_level - theory.service_level) <= run->half_width.service_level;
    CHECK(std::abs(run->service.service_level - theory.service_level) <= 3 * run->half_width.service_level);
  }
  CHECK(inside >= 33);       // of 95 % of 40, fewer come once in 100 times
  CHECK(inside < kRuns);     // and an interval that never misses is too wide
}

TEST(Simulation, loses_no_call) {
  auto config = group(1000, 180, 30, 10, 3);
  config.patience_s = 60;
  config.waiting_max = 15;
  const auto run = simulate(config);
  CHECK(run->counts.offered > 9000 && run->counts.abandoned > 100 && run->counts.refused > 100);
  LONGS_EQUAL(run->counts.offered, run->counts.answered + run->counts.abandoned + run->counts.refused);
  CHECK(!theory_of(config));
}

TEST(Simulation, counts_the_hours_after_the_warm_up) {
  auto config = group(1000, 10, 20, 10, 4);
  config.warmup_hours = 30;
  const auto run = simulate(config);
  DOUBLES_EQUAL(10'000, static_cast<double>(run->counts.offered), 400);
  DOUBLES_EQUAL(40'000, static_cast<double>(run->calls), 800);
}

TEST(Simulation, of_one_seed_brings_the_same_callers_to_any_staff) {
  const auto few = simulate(group(300, 120, 11, 20, 7)), many = simulate(group(300, 120, 14, 20, 7)), again = simulate(group(300, 120, 11, 20, 7));
  LONGS_EQUAL(few->counts.offered, many->counts.offered);
  CHECK(few->service.asa_s > many->service.asa_s);
  CHECK(few->service.asa_s == again->service.asa_s);
  CHECK(few->counts.offered != simulate(group(300, 120, 11, 20, 8))->counts.offered);
}

TEST(Simulation, ends_when_it_is_told_to_and_says_how_far_it_is) {
  double last = 0;
  int asked = 0;
  const auto run = simulate(group(3600, 60, 70, 100, 1), [&](double done) {
    CHECK(done > last && done < 1);
    last = done;
    return ++asked < 3;
  });
  CHECK(!run.has_value());
  LONGS_EQUAL(3, asked);
}

TEST(Simulation, ends_where_the_staff_is_hopelessly_small) {
  const auto run = simulate(group(100'000'000, 3600, 1, 1, 1));
  CHECK(!run.has_value());
  CHECK(!run.error().fix.empty());
}

TEST(Simulation, refuses_what_makes_no_sense) {
  const SimulationConfig good = group(100, 60, 5, 1, 1);
  CHECK(check(good).has_value());
  const double nan = std::nan("");
  const auto refused = [&](auto change) {
    SimulationConfig bad = good;
    change(bad);
    return !check(bad).has_value();
  };
  for (const double x : {0.0, -1.0, nan, kForever}) {
    CHECK(refused([&](auto& c) { c.calls_per_hour = x; }));
    CHECK(refused([&](auto& c) { c.handling_s = x; }));
    CHECK(refused([&](auto& c) { c.hours = x; }));
  }
  for (const double x : {-1.0, nan, kForever}) {
    CHECK(refused([&](auto& c) { c.threshold_s = x; }));
    CHECK(refused([&](auto& c) { c.warmup_hours = x; }));
  }
  for (const double x : {0.0, -1.0, nan}) CHECK(refused([&](auto& c) { c.patience_s = x; }));
  for (const std::size_t n : {std::size_t{0}, kSimulatedAgentsMax + 1}) CHECK(refused([&](auto& c) { c.agents = n; }));
  CHECK(refused([&](auto& c) { c.calls_per_hour = 1e8, c.hours = 20; }));
}
