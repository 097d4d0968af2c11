// A queue that rings at all of its idle agents: the first to answer gets the caller, for the others nothing has been.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {

CenterConfig ringing_all() {  // orders (2001, 2002, 2003) rings all; vip (2003, 2004) does not
  CenterConfig config = desk_config();
  config.queues[0].strategy = Strategy::ring_all;
  return config;
}

}  // namespace

TEST_GROUP(RingAll) {
  Desk desk{ringing_all()};
  void setup() override {
    for (const char* n : {"1", "2", "3"}) {
      desk.login(std::string("200") + n, std::string("100") + n);
      desk.run(1s);
    }
  }
  std::string ringing() const {
    std::string out;
    for (const char* station : {"1001", "1002", "1003", "1004"})
      if (desk.board.ringing(station) != LegId::none) out += std::string(out.empty() ? "" : " ") + station;
    return out;
  }
  std::string told(CallId call) const {  // whose phone was offered it and why it left him
    std::string out;
    for (const auto& row : desk.journal) {
      if (call_of(row.event) != call) continue;
      if (const auto* d = std::get_if<ev::Delivered>(&row.event)) out += "+" + d->agentID + " ";
      if (const auto* d = std::get_if<ev::Diverted>(&row.event)) out += "-" + d->agentID + " " + boost::describe::enum_to_string(d->cause, "") + " ";
      if (const auto* e = std::get_if<ev::Established>(&row.event); e && !e->agentID.empty()) out += "=" + e->agentID + " ";
    }
    return out;
  }
  void caller_hangs_up() {
    std::vector<LegId> trunks;
    for (const auto& [id, leg] : desk.board.legs_)
      if (leg.shown.station.empty()) trunks.push_back(id);
    for (const LegId leg : trunks) desk.board.gone(leg, 16, true);
    desk.settle();
  }
};

TEST(RingAll, the_first_to_answer_gets_him_and_the_others_are_idle_in_the_same_turn) {
  const CallId call = desk.queued();
  STRCMP_EQUAL("1001 1002 1003", ringing().c_str());
  desk.talk("1002");
  STRCMP_EQUAL("", ringing().c_str());
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  STRCMP_EQUAL("+2001 +2002 +2003 -2001 redirected -2003 redirected =2002 ", told(call).substr(told(call).find('+')).c_str());
  STRCMP_EQUAL("agentBusy", desk.state("2002").c_str());
  for (const char* other : {"2001", "2003"}) {
    STRCMP_EQUAL("agentReady", desk.state(other).c_str());
    LONGS_EQUAL(2, desk.agent_events(other).size());  // logged on, ready: to the outside nothing has been
  }
  desk.queued("2");
  STRCMP_EQUAL("1001 1003", ringing().c_str());
}

TEST(RingAll, who_becomes_idle_rings_too) {
  (void)desk.center->cti().agent_not_ready("2003", "1");
  const CallId call = desk.queued();
  STRCMP_EQUAL("1001 1002", ringing().c_str());
  desk.run(5s);
  (void)desk.center->cti().agent_ready("2003");
  desk.settle();
  STRCMP_EQUAL("1001 1002 1003", ringing().c_str());
  desk.run(11s);  // those two have missed it, he has not
  STRCMP_EQUAL("1003", ringing().c_str());
  STRCMP_EQUAL("agentNotReady", desk.state("2001").c_str());
  desk.talk("1003");
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(RingAll, whoever_waits_comes_before_a_second_phone_for_another) {
  desk.login("2004", "1004", false);
  (void)desk.center->cti().agent_not_ready("2003", "1");
  desk.queued("1");
  desk.queued("2", {.queue = "vip", .agent = {}});
  STRCMP_EQUAL("1001 1002", ringing().c_str());
  (void)desk.center->cti().agent_ready("2003");
  desk.settle();
  STRCMP_EQUAL("1001 1002 1003", ringing().c_str());
  const auto calls = desk.center->cti().calls_json();
  CHECK_TRUE_TEXT(calls.find("\"queue\":\"vip\",\"agent\":\"2003\"") != std::string::npos, calls.c_str());
  CHECK_TRUE_TEXT(calls.find("\"mates\":[\"2002\"]") != std::string::npos, calls.c_str());
}

TEST(RingAll, nobody_answers_he_waits_again_and_only_phones_that_rang_out_make_agents_not_ready) {
  const CallId call = desk.queued();
  desk.run(14s);
  desk.board.gone(desk.board.ringing("1003"), 17, true);  // his phone is found busy
  desk.settle();
  STRCMP_EQUAL("1001 1002", ringing().c_str());
  desk.run(2s);
  STRCMP_EQUAL("", ringing().c_str());
  LONGS_EQUAL(1, desk.center->waiting());
  STRCMP_EQUAL("+2001 +2002 +2003 -2003 busy -2001 alertTimeExpired -2002 alertTimeExpired ", told(call).substr(told(call).find('+')).c_str());
  const auto agents = desk.center->cti().agents_json();
  CHECK_TRUE(agents.find("\"phone busy\"") != std::string::npos && agents.find("\"no answer\"") != std::string::npos);
  (void)desk.center->cti().agent_ready("2002");
  desk.settle();
  STRCMP_EQUAL("1002", ringing().c_str());
}

TEST(RingAll, the_caller_hangs_up_and_all_are_free) {
  const CallId call = desk.queued();
  desk.run(3s);
  caller_hangs_up();
  STRCMP_EQUAL("", ringing().c_str());
  STRCMP_EQUAL("lost ringing_agent", desk.outcome(call).c_str());
  for (const char* agent : {"2001", "2002", "2003"}) STRCMP_EQUAL("agentReady", desk.state(agent).c_str());
  LONGS_EQUAL(0, desk.center->legs());
  desk.queued("2");
  STRCMP_EQUAL("1001 1002 1003", ringing().c_str());
}

TEST(RingAll, two_lift_at_the_same_moment_one_has_him_the_other_hears_busy_tone) {
  desk.queued();
  desk.board.off_hook("1003");
  desk.board.off_hook("1001");
  desk.settle();
  STRCMP_EQUAL("agentBusy", desk.state("2003").c_str());
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  desk.queued("2");
  STRCMP_EQUAL("1002", ringing().c_str());  // 2001 is still off-hook
  desk.board.on_hook("1001");
  desk.settle();
  STRCMP_EQUAL("1001 1002", ringing().c_str());
}

TEST(RingAll, a_caller_for_his_own_agent_rings_at_him_alone) {
  desk.queued("1", {.queue = "orders", .agent = "2002", .agent_wait = 20s});
  STRCMP_EQUAL("1002", ringing().c_str());
}

TEST(RingAll, ctid_is_killed_while_they_ring_and_they_ring_on) {
  const CallId call = desk.queued();
  desk.run(100ms);
  desk.kill_ctid();
  desk.run(1s);
  desk.start_ctid();
  desk.link();
  STRCMP_EQUAL("1001 1002 1003", ringing().c_str());
  desk.talk("1001");
  STRCMP_EQUAL("", ringing().c_str());
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  STRCMP_EQUAL("agentReady", desk.state("2003").c_str());
}

TEST(RingAll, one_lifts_while_ctid_is_away_and_has_him) {
  const CallId call = desk.queued();
  desk.run(100ms);
  desk.kill_ctid();
  desk.board.off_hook("1002");
  desk.start_ctid();
  desk.link();
  STRCMP_EQUAL("", ringing().c_str());
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  STRCMP_EQUAL("agentBusy", desk.state("2002").c_str());
}

TEST(RingAll, the_board_is_lost_and_nobody_stays_reserved) {
  desk.queued();
  desk.unlink();
  desk.board.die();
  desk.link();
  for (const char* agent : {"2001", "2002", "2003"}) STRCMP_EQUAL("agentReady", desk.state(agent).c_str());
  LONGS_EQUAL(0, desk.center->calls());
  desk.queued("2");
  STRCMP_EQUAL("1001 1002 1003", ringing().c_str());
}

TEST(RingAll, explain_names_who_rings) {
  const CallId call = desk.queued();
  CHECK_TRUE(desk.center->cti().call_explain(call)->starts_with("call 1: ringing with agent 2001, and beside him ring 2002, 2003\n"));
}

TEST(RingAll, at_most_so_many_phones_ring_the_longest_idle_ones) {
  CenterConfig config = ringing_all();
  config.queues[0].agents.clear();
  for (int i = 0; i < 20; ++i) {
    const std::string id = std::to_string(3001 + i);
    config.agents.push_back({.id = id, .name = id, .pin = "1"});
    config.queues[0].agents.push_back(id);
  }
  Desk large(config);
  for (int i = 0; i < 20; ++i) large.board.happens(board::evt::StationState{std::to_string(1101 + i), false, true}), large.board.stations[std::to_string(1101 + i)] = {std::to_string(1101 + i), false, true};
  large.settle();
  for (int i = 19; i >= 0; --i) {
    CHECK_TRUE(large.center->cti().agent_login({std::to_string(3001 + i), std::to_string(1101 + i), "1", true}).has_value());
    large.run(1s);
  }
  large.queued();
  int rings = 0;
  for (int i = 0; i < 20; ++i) rings += large.board.ringing(std::to_string(1101 + i)) != LegId::none;
  LONGS_EQUAL(16, rings);
  CHECK_TRUE(large.board.ringing("1120") != LegId::none && large.board.ringing("1101") == LegId::none);
}
