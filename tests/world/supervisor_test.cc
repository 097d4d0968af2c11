// Supervisors in the World, through lines, samples and detectors: each party speaks a digit of its own, and who hears it is asked of
// the far ends. Then a day on which supervisors do everything at random.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <random>
#include <string>

#include "tests/support/world.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;
namespace cmd = board::cmd;
using Verb = SupervisorVerb;

// 2001 talks to a caller on e1-1; the supervisor 2003 sits at the third line of fxs-1.
TEST_GROUP(SupervisorWorld) {
  World world{{.seed = 4, .e1s = 1, .agents = 3, .supervisors = 1, .behaviour = {.talk_max = 3000s, .answers = 1, .presses_keys = 0}}};
  LegId caller{}, agent{}, boss{kCtidLegBase + 900'000};

  void setup() override {
    for (const char* id : {"2002", "2003"}) CHECK_TRUE(world.center().cti().agent_not_ready(id, "lunch").has_value());
    world.exchange().dial("13900000001", "4006001", 2000s);
    world.run_for(60s);
    for (const auto& leg : world.exchange_board().snapshot().legs) (leg.span == "e1-1" ? caller : agent) = leg.leg;
    CHECK_TRUE(caller != LegId::none && agent != LegId::none);
    for (const LegId leg : {caller, agent}) world.exchange_board().send(cmd::Detect{leg, true, false});
  }
  void boss_dials(const std::string& digits) {
    boss = LegId{to_number(boss) + 1};
    world.exchange_board().send(cmd::Dial{boss, "fxs-1/3", "", "", {}});
    world.run_for(1s);
    world.exchange_board().send(cmd::Detect{boss, true, false});
    press(digits);
  }
  void press(const std::string& digits) {
    world.exchange_board().send(cmd::SendDtmf{boss, digits});
    world.run_for(3s);
  }
  // Of caller, agent and boss, those who hear what `from` says.
  std::string hear(LegId from) {
    for (const LegId leg : {caller, agent, boss}) (void)world.exchange().heard(leg);
    world.exchange_board().send(cmd::SendDtmf{from, "6"});
    world.run_for(1s);
    std::string out;
    for (const auto& [leg, name] : {std::pair{caller, "caller "}, std::pair{agent, "agent "}, std::pair{boss, "boss "}})
      if (world.exchange().heard(leg) == "6") out += name;
    return out;
  }
  void all_hear(const char* of_caller, const char* of_agent, const char* of_boss) {
    STRCMP_EQUAL(of_caller, hear(caller).c_str());
    STRCMP_EQUAL(of_agent, hear(agent).c_str());
    STRCMP_EQUAL(of_boss, hear(boss).c_str());
  }
  void end() {
    for (const LegId leg : {caller, agent, boss}) world.exchange_board().send(cmd::Clear{leg, 16});
    CHECK_TRUE(world.drain());
    STRCMP_EQUAL("", world.trouble().c_str());
    LONGS_EQUAL(1, world.books().answered);
  }
};

TEST(SupervisorWorld, who_hears_whom) {
  boss_dials("*312001");
  all_hear("agent boss ", "caller boss ", "");
  press("2");
  all_hear("agent boss ", "caller boss ", "agent ");
  press("3");
  all_hear("agent boss ", "caller boss ", "caller agent ");
  press("1");
  all_hear("agent boss ", "caller boss ", "");
  world.exchange_board().send(cmd::Clear{boss, 16});
  world.run_for(3s);
  STRCMP_EQUAL("agent ", hear(caller).c_str());
  STRCMP_EQUAL("caller ", hear(agent).c_str());
  end();
}

TEST(SupervisorWorld, a_restart_of_ctid_changes_nothing_for_the_three) {
  boss_dials("*322001");
  all_hear("agent boss ", "caller boss ", "agent ");
  world.kill_ctid();
  world.run_for(5s);
  all_hear("agent boss ", "caller boss ", "agent ");
  world.start_ctid();
  world.run_for(3s);
  all_hear("agent boss ", "caller boss ", "agent ");
  press("3");
  all_hear("agent boss ", "caller boss ", "caller agent ");
  world.exchange_board().send(cmd::Clear{agent, 16});  // nobody is left to listen to
  world.run_for(3s);
  STRCMP_EQUAL("", hear(boss).c_str());
  end();
}

TEST(SupervisorWorld, a_supervisor_who_hangs_up_while_ctid_is_away_takes_nobody_with_him) {
  boss_dials("*332001");
  world.kill_ctid();
  world.run_for(1s);
  world.exchange_board().send(cmd::Clear{boss, 16});
  world.run_for(3s);
  STRCMP_EQUAL("agent ", hear(caller).c_str());
  STRCMP_EQUAL("caller ", hear(agent).c_str());
  world.start_ctid();
  world.run_for(3s);
  STRCMP_EQUAL("agent ", hear(caller).c_str());
  end();
}

TEST(SupervisorWorld, what_is_transferred_by_force_is_heard_by_the_new_agent) {
  CHECK_TRUE(world.center().cti().agent_ready("2002").has_value());
  boss_dials("*352001*2002");
  world.run_for(20s);
  agent = LegId::none;
  for (const auto& leg : world.exchange_board().snapshot().legs)
    if (leg.span == "fxs-1" && leg.channel == 2) agent = leg.leg;
  world.exchange_board().send(cmd::Detect{agent, true, false});
  STRCMP_EQUAL("agent ", hear(caller).c_str());
  STRCMP_EQUAL("caller ", hear(agent).c_str());
  end();
}

TEST_GROUP(SupervisorDay) {};

TEST(SupervisorDay, whatever_supervisors_do_the_books_balance_and_everybody_is_freed) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    World world({.seed = seed, .e1s = 2, .agents = 12, .supervisors = 3});
    world.arrivals(1.2, 300s);
    std::mt19937_64 random(seed);
    const auto upto = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const std::vector<std::string> queues = {"orders", "service", "vip"}, states = {"ready", "ready", "notReady", "workingAfterCall"};
    int done = 0, refused = 0;
    for (int i = 0; i < 1500; ++i) {
      world.run_for(Duration(upto(400'000)));
      if (i % 300 == 299) {
        world.kill_ctid();
        world.run_for(Duration(upto(4'000'000)));
        world.start_ctid();
        world.run_for(1s);
      }
      SupervisorOrder order{.verb = static_cast<Verb>(upto(static_cast<int>(Verb::prioritize) + 1)), .as = std::to_string(2010 + upto(3)), .pin = "1234", .user = "test"};
      order.agent = std::to_string(2001 + upto(12));
      if (upto(3) == 0 || order.verb == Verb::requeue || order.verb == Verb::prioritize) {
        const std::string calls = world.center().cti().calls_json();
        const auto at = calls.find("\"call\":", static_cast<std::size_t>(upto(static_cast<int>(calls.size()))));
        if (at != std::string::npos) order.call = CallId{std::strtoull(calls.c_str() + at + 7, nullptr, 10)};
      }
      if (upto(2) == 0) order.to = std::to_string(2001 + upto(12));
      order.queue = queues[static_cast<std::size_t>(upto(3))];
      order.state = states[static_cast<std::size_t>(upto(4))];
      order.skill = "none";
      ++(world.center().cti().supervise(order) ? done : refused);
    }
    for (int i = 1; i <= 12; ++i) (void)world.center().cti().agent_ready(std::to_string(2000 + i));
    world.run_for(60s);
    CHECK_TRUE(world.drain());
    STRCMP_EQUAL("", world.trouble().c_str());
    CHECK_TRUE(done > 300);
    CHECK_TRUE(refused > 100);
  }
}
