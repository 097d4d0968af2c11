// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/membership.h"

#include <random>

#include "tests/support/random_config.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::acd;

TEST_GROUP(Membership) {
  CenterConfig center;
  void setup() override {
    center.agents = {{.id = "1", .name = {}, .pin = {}, .skills = {{"tv", 5}, {"german", 2}}}, {.id = "2", .name = {}, .pin = {}, .skills = {{"tv", 3}}}, {.id = "3", .name = {}, .pin = {}}};
  }
  std::string of(QueueConfig queue) {  // "agent@place/level"
    center.queues = {{.name = "other", .agents = {"3"}}, std::move(queue)};
    std::string out;
    const auto all = memberships(center);
    for (std::size_t n = 0; n < all.size(); ++n)
      for (const Serving& s : all[n])
        if (s.queue == QueueNo{1}) out += center.agents[n].id + "@" + std::to_string(s.place) + "/" + std::to_string(s.level) + " ";
    return out;
  }
};

TEST(Membership, whoever_has_all_the_skills_at_their_levels_serves_the_queue) {
  STRCMP_EQUAL("1@0/5 2@1/3 ", of({.name = "tv", .agents = {}, .skills = {{"tv", 3}}}).c_str());
  STRCMP_EQUAL("1@0/5 ", of({.name = "tv", .agents = {}, .skills = {{"tv", 4}}}).c_str());
  STRCMP_EQUAL("1@0/7 ", of({.name = "tv", .agents = {}, .skills = {{"tv", 1}, {"german", 1}}}).c_str());
  STRCMP_EQUAL("", of({.name = "tv", .agents = {}, .skills = {{"french", 1}}}).c_str());
}

TEST(Membership, who_is_named_needs_no_skill_and_stands_first) {
  STRCMP_EQUAL("1@1/5 3@0/0 ", of({.name = "tv", .agents = {"3"}, .skills = {{"tv", 5}}}).c_str());
  STRCMP_EQUAL("2@1/0 3@0/0 ", of({.name = "tv", .agents = {"3", "2"}}).c_str());
}

TEST(Membership, helpers_serve_from_their_overflow_step_on_and_only_once) {
  const auto steps = [this](QueueConfig queue) {
    center.queues = {{.name = "other", .agents = {"3"}}, std::move(queue)};
    std::string out;
    const auto all = memberships(center);
    for (std::size_t n = 0; n < all.size(); ++n)
      for (const Serving& s : all[n])
        if (s.queue == QueueNo{1}) out += center.agents[n].id + ":" + std::to_string(s.step) + " ";
    return out;
  };
  STRCMP_EQUAL("1:0 2:1 3:2 ", steps({.name = "tv", .agents = {"1"}, .overflow = {{.skills = {{"tv", 1}}}, {.queue = "other"}}}).c_str());
  STRCMP_EQUAL("1:0 3:1 ", steps({.name = "tv", .agents = {"1"}, .overflow = {{.agents = {"3", "1"}}}}).c_str());
}

TEST(Membership, of_one_agent_or_for_one_queue_it_is_a_part_of_that_of_all) {
  for (int n = 0; n < 20; ++n) center.agents.push_back({.id = std::to_string(100 + n), .name = {}, .pin = {}});
  std::mt19937 random(7);
  for (int run = 0; run < 200; ++run) {
    const CenterConfig any = test::random_config(center, [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }, "orders");
    const auto all = memberships(any);
    for (const auto& queue : any.queues) {
      const auto part = memberships(any, queue.name);
      for (std::size_t place = 0; place < all.size(); ++place) {
        CHECK_TRUE(served_by(any, place) == all[place]);
        std::vector<Serving> concerned = all[place];
        std::erase_if(concerned, [&](const Serving& s) { return !depends_on(any.queues[index(s.queue)], queue.name); });
        CHECK_TRUE(concerned == part[place]);
      }
    }
  }
}
