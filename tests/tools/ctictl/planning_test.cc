// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/planning_views.h"

#include <boost/json.hpp>
#include <cmath>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ctictl;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
const acd::SimulationConfig kSmall{.calls_per_hour = 200, .handling_s = 180, .agents = 14, .hours = 20};
const StaffPlan kPlan{.load = {200 / 3600.0, 180}, .service_level = 0.8, .threshold_s = 20, .agents = 14, .trunks = 20};

}  // namespace

TEST_GROUP(Planning) {};

TEST(Planning, a_simulation_is_one_flat_object_with_the_measured_the_formula_and_the_question) {
  const auto run = *acd::simulate(kSmall);
  const auto object = boost::json::parse(simulation_json(kSmall, run)).as_object();
  for (const auto& [name, value] : object) CHECK(!value.is_object() && !value.is_array());
  for (const char* name : {"offered", "answered", "abandoned", "service_level", "service_level_2", "service_level_3", "asa_s", "p_wait", "p50_wait_s", "p90_wait_s", "p_abandon",
                           "occupancy", "mean_queue", "ci95_asa_s", "theory_asa_s"})
    CHECK_TEXT(object.contains(name) && object.at(name).is_number(), name);
  LONGS_EQUAL(run.counts.offered, object.at("offered").to_number<std::uint64_t>());
  DOUBLES_EQUAL(run.service.asa_s, object.at("asa_s").to_number<double>(), 0);
  DOUBLES_EQUAL(200, object.at("calls_per_hour").to_number<double>(), 0);
  CHECK(object.at("theory") == "Erlang C" && object.at("patience_s").is_null() && object.at("max_waiting").is_null());
}

TEST(Planning, what_does_not_exist_is_null_and_a_dash) {
  auto config = kSmall;
  config.agents = 9;
  config.hours = 1;
  const auto run = *acd::simulate(config);
  CHECK(boost::json::parse(simulation_json(config, run)).as_object().at("theory_asa_s").is_null());
  CHECK(has(simulation_page(config, run, false), " -\n") && has(simulation_page(config, run, false), "without end"));
  config.waiting_max = 5;
  const auto limited = boost::json::parse(simulation_json(config, *acd::simulate(config))).as_object();
  CHECK(!limited.contains("theory") && limited.at("max_waiting") == 5);
}

TEST(Planning, a_page_names_the_formula_that_is_meant) {
  const auto page = [](acd::SimulationConfig config) { return simulation_page(config, *acd::simulate(config), false); };
  auto config = kSmall;
  CHECK(has(page(config), "Erlang C") && !has(page(config), "refused, the queue"));
  config.patience_s = 100;
  CHECK(has(page(config), "Erlang A") && has(page(config), "patience 100 s"));
  config.waiting_max = 0;
  CHECK(has(page(config), "Erlang B") && has(page(config), "refused, the queue"));
}

TEST(Planning, a_plan_shows_the_group_between_smaller_and_larger_ones) {
  const std::string page = plan_page(kPlan, false);
  CHECK(has(page, "14 agents are needed to answer 80 % within 20 s") && has(page, "->     14    88.84 %") && has(page, "       13    79.56 %") && has(page, "       17"));
  const auto object = boost::json::parse(plan_json(kPlan)).as_object();
  LONGS_EQUAL(14, object.at("agents").to_number<int>());
  DOUBLES_EQUAL(acd::erlang_b(object.at("trunk_erlangs").to_number<double>(), 20), object.at("trunk_blocking").to_number<double>(), 1e-12);
  for (const auto& [name, value] : object) CHECK(!value.is_object() && !value.is_array());
}

TEST(Planning, a_trunk_is_busy_while_its_caller_waits_and_talks) {
  DOUBLES_EQUAL(10, trunk_erlangs({0.1, 100}, {}), 1e-9);
  DOUBLES_EQUAL(0.1 * (20 + 0.9 * 100), trunk_erlangs({0.1, 100, 60}, {.mean_wait_s = 20, .p_abandon = 0.1}), 1e-9);
}
