// Agents on outside phones and headsets over real Q.931 and FXS: the exchange is their PBX.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/world.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {

bool shows(World& world, const std::string& text) { return world.center().cti().agents_json().find(text) != std::string::npos; }

void moves(World& world, const char* agent, const char* phone) {
  CHECK(world.center().cti().agent_logout(agent).has_value());
  CHECK(world.center().cti().agent_login({agent, phone, "1234", true}).has_value());
}

}  // namespace

TEST_GROUP(WorldDevices){};

TEST(WorldDevices, an_outside_phone_with_a_key_takes_calls_and_a_voicemail_takes_none) {
  World world({.seed = 3, .e1s = 1, .agents = 2, .change = [](CenterConfig& c) {
                 c.phones = {{.name = "home", .group = "city", .number = "13900000001", .accept_key = "1"},
                             {.name = "mailbox", .group = "city", .number = "13900000002", .accept_key = "1"}};
               }});
  world.exchange().callees = {{"13900000001", {3s, '1'}}, {"13900000002", {1s, 0}}};
  moves(world, "2002", "mailbox");
  CHECK(world.center().cti().agent_not_ready("2001", "1").has_value());
  world.exchange().dial("13800000001", "4006001", 120s);
  world.run_for(40s);
  CHECK(shows(world, "\"not accepted\""));
  LONGS_EQUAL(0, world.books().answered);
  moves(world, "2001", "home");
  world.run_for(10s);
  LONGS_EQUAL(1, world.books().answered);
  world.run_for(90s);
  CHECK(world.drain());
  STRCMP_EQUAL("", world.trouble().c_str());
}

TEST(WorldDevices, a_line_is_kept_up_over_calls_and_a_death_of_ctid_and_is_called_again_when_it_drops) {
  World world({.seed = 4, .e1s = 1, .agents = 1, .change = [](CenterConfig& c) { c.phones = {{.name = "pbx", .group = "city", .number = "601", .kept_up = true, .accept_key = "5"}}; }});
  world.exchange().callees = {{"601", {2s, '5'}}};
  moves(world, "2001", "pbx");
  world.run_for(5s);
  CHECK(shows(world, "\"phone\":\"idle\""));
  const LegId line = world.exchange().callee("601");
  for (int i = 0; i < 2; ++i) {
    world.exchange().dial("13800000001", "4006001", 40s);
    for (int second = 0; second < 30 && world.books().answered == i; ++second) {
      world.exchange().press(line, '5');
      world.run_for(1s);
    }
    LONGS_EQUAL(i + 1, world.books().answered);
    if (i == 0) {
      world.kill_ctid();
      world.run_for(2s);
      world.start_ctid();
    }
    world.run_for(45s);
    CHECK(world.exchange().callee("601") == line);
  }
  CHECK(shows(world, "\"state\":\"agentReady\""));
  world.exchange().hang_up(line, 41);
  world.run_for(2s);
  CHECK(shows(world, "\"line lost\""));
  world.run_for(12s);
  CHECK(world.exchange().callee("601") != LegId::none && world.exchange().callee("601") != line);
  CHECK(shows(world, "\"phone\":\"idle\""));
  CHECK(world.center().cti().agent_logout("2001").has_value());
  CHECK(world.drain());
  STRCMP_EQUAL("", world.trouble().c_str());
}
