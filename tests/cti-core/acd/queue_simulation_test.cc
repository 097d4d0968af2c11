// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/queue_simulation.h"

#include <algorithm>
#include <cmath>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::acd;

namespace {

constexpr QueueNo kOrders{0}, kService{1};

CenterConfig center(int own, int others) {
  CenterConfig c;
  for (int i = 0; i < own + others; ++i) c.agents.push_back({.id = std::to_string(2001 + i), .pin = "1"});
  const auto ids = [&](int from, int to) {
    std::vector<std::string> out;
    for (int i = from; i < to; ++i) out.push_back(c.agents[static_cast<std::size_t>(i)].id);
    return out;
  };
  c.queues.push_back({.name = "orders", .agents = ids(0, own), .timeout = 24h, .length_max = 100'000});
  c.queues.push_back({.name = "service", .agents = ids(own, own + others), .timeout = 24h, .length_max = 100'000});
  return c;
}

std::vector<double> steady(double per_minute, std::size_t minutes) { return std::vector<double>(minutes, per_minute); }

QueueSimulationResult play(const CenterConfig& c, std::vector<CallStream> streams, double patience_s = kForever) {
  const QueueSimulationConfig config{.center = &c, .queue = kOrders, .streams = std::move(streams), .handling_s = 180, .patience_s = patience_s};
  CHECK_TRUE(check(config).has_value());
  auto result = *simulate(config);
  CHECK_EQUAL(result.counts.offered, result.counts.answered + result.counts.abandoned + result.counts.refused + result.timed_out);
  return result;
}

}  // namespace

TEST_GROUP(QueueSimulation) {};

TEST(QueueSimulation, of_a_steady_load_without_rules_is_erlangs) {
  const CenterConfig c = center(14, 0);
  const auto result = play(c, {{.queue = kOrders, .per_minute = steady(200 / 60.0, 2000)}}, 120);
  const Service theory = service_of_group({200 / 3600.0, 180, 120}, 14, 20);
  for (const auto member : {&Service::service_level, &Service::asa_s, &Service::p_abandon, &Service::occupancy, &Service::mean_queue})
    CHECK_TRUE(std::abs(result.service.*member - theory.*member) <= 2 * result.half_width.*member);  // it begins empty, so not exactly the half width
  CHECK_EQUAL(14, result.agents);
  CHECK_EQUAL(0, result.helpers);
}

TEST(QueueSimulation, a_full_line_refuses_and_a_long_wait_times_out) {
  CenterConfig c = center(5, 0);
  c.queues[0].length_max = 10;
  c.queues[0].timeout = 60s;
  const auto result = play(c, {{.queue = kOrders, .per_minute = steady(20, 60)}});
  CHECK_EQUAL(10, result.most_waiting);
  CHECK_TRUE(result.counts.refused > 0 && result.timed_out > 0 && result.counts.abandoned == 0);
  CHECK_TRUE(result.service.p90_wait_s <= 60);
}

TEST(QueueSimulation, others_help_from_the_threshold_on_and_less_when_they_have_callers_of_their_own) {
  CenterConfig c = center(5, 10);
  const std::vector<CallStream> spot = {{.queue = kOrders, .per_minute = {1, 1, 20, 15, 10, 5, 1, 1}}};
  const auto alone = play(c, spot, 60);
  CHECK_EQUAL(0, alone.helped);
  c.queues[0].overflow.push_back({.queue = "service", .when = {.begin = {.waiting = 4, .oldest = 20s}, .end = {.waiting = 1, .oldest = 5s}}});
  const auto helped = play(c, spot, 60);
  CHECK_EQUAL(10, helped.helpers);
  CHECK_TRUE(helped.helped > 0 && helped.steps_begun >= 30 && helped.overflow_s > 0);
  CHECK_TRUE(helped.counts.answered > alone.counts.answered + alone.counts.answered / 10);
  CHECK_EQUAL(alone.counts.offered, helped.counts.offered);  // the same callers
  auto both = spot;
  both.push_back({.queue = kService, .per_minute = steady(10, 8)});
  const auto shared = play(c, both, 60);
  CHECK_TRUE(shared.helped < helped.helped);
  CHECK_TRUE(shared.calls > helped.calls);
}

TEST(QueueSimulation, a_curve_is_what_comes) {
  const CenterConfig c = center(50, 0);
  const auto result = play(c, {{.queue = kOrders, .per_minute = {0, 0, 30, 0, 10}}});
  DOUBLES_EQUAL(30 * 40, static_cast<double>(result.counts.offered), 4 * std::sqrt(30 * 40));
  DOUBLES_EQUAL(result.counts.time_s, 30 * 5 * 60, 1);
}

TEST(QueueSimulation, a_skill_and_a_priority_count_as_in_ctid) {
  CenterConfig c = center(6, 0);
  for (std::size_t a = 0; a < 3; ++a) c.agents[a].skills["orders"] = 5;
  c.queues[0].agents.clear();
  c.queues[0].skills = {{"orders", 3}};
  const auto result = play(c, {{.queue = kOrders, .per_minute = steady(2, 60)}}, 60);
  CHECK_EQUAL(3, result.agents);
}

TEST(QueueSimulation, helpers_of_a_spot_help_while_it_is_armed) {
  CenterConfig c = center(1, 2);
  c.queues[0].overflow.push_back({.agents = {"2002", "2003"}, .when = {.begin = {.spot = true}, .end = {.spot = true}}});
  CallStream calls{.queue = kOrders, .per_minute = steady(1, 60)};
  LONGS_EQUAL(0, play(c, {calls}).steps_begun);
  calls.spot_begin = 10;
  calls.spot_length = 15;
  const auto result = play(c, {calls});
  LONGS_EQUAL(kBatches, result.steps_begun);
  DOUBLES_EQUAL(16.0 * 60 * kBatches, result.overflow_s, 1);  // a minute before it begins until its end
  CHECK_TRUE(result.helped > 0);
}

TEST(QueueSimulation, what_cannot_be_simulated_is_said) {
  CenterConfig c = center(1, 0);
  c.queues[0].length_max = 1'000'000;
  QueueSimulationConfig config{.center = &c, .queue = kOrders, .streams = {{.queue = kOrders, .per_minute = {0, 0}}}, .handling_s = 180};
  CHECK_FALSE(check(config).has_value());
  config.streams[0].per_minute = steady(kPerMinuteMax, kCurveMinutesMax);
  CHECK_FALSE(check(config).has_value());
  config.streams[0].per_minute = steady(kPerMinuteMax, 5);
  CHECK_TRUE(check(config).has_value());
  CHECK_FALSE(simulate(config).has_value());  // more wait than are kept
  config.streams[0].per_minute = {1};
  config.handling_s = std::nan("");
  CHECK_FALSE(check(config).has_value());
}
