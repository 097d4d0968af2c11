// Work after the call: fixed, made longer, without end; and what a restart keeps of it. Besides: which phone nothing can ring at.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {
CenterConfig unlimited() {
  CenterConfig config = desk_config();
  config.agents[1].wrap_up.reset();  // 2002
  return config;
}
}  // namespace

TEST_GROUP(WrapUp) {
  Desk desk{unlimited()};
  void wraps_up(const std::string& agent, const std::string& phone) {
    desk.login(agent, phone);
    desk.queued();
    desk.talk(phone);
    desk.run(10s);
    desk.board.on_hook(phone);
    desk.settle();
    STRCMP_EQUAL("agentWorkingAfterCall", desk.state(agent).c_str());
  }
  void restart() {
    desk.run(100ms);
    desk.kill_ctid();
    desk.start_ctid();
    desk.link();
  }
  std::string told(const std::string& agent) const {
    std::string out;
    for (const auto& row : desk.journal)
      if (const auto* w = std::get_if<ev::AgentWorkingAfterCall>(&row.event); w && w->agentID == agent) out += std::to_string(w->wrapUpMs) + " ";
    return out;
  }
  auto& cti() { return desk.center->cti(); }
};

TEST(WrapUp, it_is_made_longer_by_a_client_and_by_the_phone_as_often_as_he_likes) {
  wraps_up("2001", "1001");
  desk.run(2s);
  CHECK_TRUE(cti().agent_more_wrap_up("2001", 10s).has_value());
  desk.run(10s);
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  const LegId leg = desk.board.off_hook("1001");
  desk.settle();
  for (const char d : {'*', '1', '5'}) desk.board.happens(board::evt::Digit{leg, d, 80});
  desk.settle();
  desk.board.on_hook("1001");
  desk.run(30s);
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  desk.run(1s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  STRCMP_EQUAL("3000 11000 31000 ", told("2001").c_str());
  CHECK_FALSE(cti().agent_more_wrap_up("2001", 10s).has_value());
  CHECK_FALSE(cti().agent_more_wrap_up("2009", {}).has_value());
}

TEST(WrapUp, never_longer_than_an_hour_from_now) {
  wraps_up("2001", "1001");
  for (int i = 0; i < 3; ++i) CHECK_TRUE(cti().agent_more_wrap_up("2001", 3600s).has_value());
  STRCMP_EQUAL("3000 3600000 3600000 3600000 ", told("2001").c_str());
}

TEST(WrapUp, without_end_it_ends_when_he_is_ready) {
  wraps_up("2002", "1002");
  desk.run(3 * 3600s);
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2002").c_str());
  STRCMP_EQUAL("0 ", told("2002").c_str());
  CHECK_TRUE(cti().agent_more_wrap_up("2002", {}).has_value());  // it is long enough
  restart();
  desk.run(3600s);
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2002").c_str());
  CHECK_TRUE(cti().agent_ready("2002").has_value());
  STRCMP_EQUAL("agentReady", desk.state("2002").c_str());
}

TEST(WrapUp, what_is_left_of_it_survives_a_restart) {
  wraps_up("2001", "1001");
  CHECK_TRUE(cti().agent_more_wrap_up("2001", 20s).has_value());
  desk.run(15s);
  restart();
  desk.run(6s);
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  desk.run(3s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
}

TEST(WrapUp, what_he_has_done_since_he_logged_on_survives_a_restart) {
  CenterConfig config = desk_config();
  config.queues[0].strategy = Strategy::fewest_calls;
  Desk other(config);
  other.login("2001", "1001");
  for (int i = 0; i < 2; ++i) {
    other.queued();
    other.talk("1001");
    other.board.on_hook("1001");
    other.run(5s);
  }
  other.login("2002", "1002");
  other.queued();
  other.talk("1002");
  other.board.on_hook("1002");
  other.run(5s);
  other.kill_ctid();
  other.start_ctid();
  other.link();
  const CallId call = other.queued();  // 2001 is idle for longer, but has had two
  CHECK_TRUE(other.board.ringing("1002") != LegId::none);
  CHECK_TRUE(other.board.ringing("1001") == LegId::none);
  STRCMP_EQUAL("in progress", other.outcome(call).c_str());
}

TEST(WrapUp, an_agent_whose_phone_cannot_ring_gets_no_call_and_it_says_why) {
  desk.login("2001", "1001");
  const auto shown = [&](const char* phone) { return desk.center->cti().agents_json().find(std::string("\"device\":\"1001\",\"phone\":\"") + phone + "\"") != std::string::npos; };
  CHECK_TRUE(shown("idle"));
  desk.board.stations["1001"].in_service = false;
  desk.board.happens(board::evt::StationState{"1001", false, false});
  desk.settle();
  CHECK_TRUE(shown("out of service"));
  desk.queued();
  CHECK_TRUE(desk.board.ringing("1001") == LegId::none);
  desk.board.stations["1001"] = {"1001", true, true};
  desk.board.happens(board::evt::StationState{"1001", true, true});
  desk.settle();
  CHECK_TRUE(shown("off-hook"));
  CHECK_TRUE(desk.board.ringing("1001") == LegId::none);
  desk.board.stations["1001"].off_hook = false;
  desk.board.happens(board::evt::StationState{"1001", false, true});
  desk.settle();
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
  CHECK_TRUE(shown("in use"));
}
