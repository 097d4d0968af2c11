// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/membership.h"

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
    for (std::size_t n = 0; n < center.agents.size(); ++n)
      for (const Serving& s : served_by(center, n))
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
