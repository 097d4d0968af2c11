// The phone's procedure and supervisors on phones outside, on lines that are kept up and on headsets. 2001 sits at the line `auto`, 2002 at
// `kept` (key 1), 2003 at the headset 1004 (key *), 2004, who is a supervisor, at station 1001.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/app/devices_desk.h"

using namespace sr;
using namespace sr::test;
using Verb = SupervisorVerb;

namespace {
CenterConfig everywhere() {
  CenterConfig config = desk_config();
  config.agents[3].supervisor = true;
  config.phones = outside_phones();
  return config;
}

struct Everywhere : DevicesDesk {
  Everywhere() : DevicesDesk(everywhere()) {}
};
}  // namespace

TEST_GROUP_BASE(DevicesProcedure, Everywhere) {
  CallId call{};
  LegId caller{}, first{}, second{};

  void setup() override {
    desk.login("2001", "auto");
    first = answers("602");
    call = desk.queued();
    desk.run(1s);
    for (const auto& [id, leg] : desk.board.legs_)
      if (!leg.shown.outgoing && leg.shown.station.empty()) caller = id;
    with_caller();
    desk.login("2002", "kept");
    second = answers("601");
    key(second, '1');
    desk.login("2004", "1001", false);
  }
  LegId at(const std::string& station) const {
    for (const auto& [id, leg] : desk.board.legs_)
      if (leg.shown.station == station) return id;
    return LegId::none;
  }
  auto& cti() { return desk.center->cti(); }
  void ok(const CtiResult<void>& done) {
    CHECK_TRUE_TEXT(done.has_value(), done ? "" : done.error().message.c_str());
    desk.settle();
  }
  void order(SupervisorOrder o) {
    o.as = "2004";
    o.pin = "4";
    ok(cti().supervise(o));
  }
  void with_caller() const { CHECK_TRUE(with(caller) == first && with(first) == caller); }
  void hear(const char* callers, const char* firsts, const char* seconds) const {
    STRCMP_EQUAL(callers, desk.board.hears(caller).c_str());
    STRCMP_EQUAL(firsts, desk.board.hears(first).c_str());
    STRCMP_EQUAL(seconds, desk.board.hears(second).c_str());
  }
  void states(const char* one, const char* two) {
    STRCMP_EQUAL(one, desk.state("2001").c_str());
    STRCMP_EQUAL(two, desk.state("2002").c_str());
  }
  LegId only_the_headset_is_ready() {
    gone(caller, 16);
    ok(cti().agent_not_ready("2001", "1"));
    ok(cti().agent_not_ready("2002", "1"));
    const LegId head = desk.board.off_hook("1004");
    desk.settle();
    keys(head, "*112003*3#*13");
    return head;
  }
  void consults() {
    ok(cti().call_consult(call, "2002"));
    key(second, '1');
  }
  // Neither line was called twice, nor is a third leg up.
  void lines_are_up() {
    CHECK_TRUE(desk.board.has(first) && desk.board.has(second));
    LONGS_EQUAL(2, desk.board.count("dial"));
  }
  void end() {
    if (desk.board.has(caller)) gone(caller, 16);
    desk.run(20s);
    for (const char* agent : {"2001", "2002", "2003", "2004"}) (void)cti().agent_logout(agent);
    for (const char* phone : {"1001", "1004"}) desk.board.on_hook(phone);
    desk.run(20s);
    LONGS_EQUAL(0, desk.center->calls());
    LONGS_EQUAL(0, desk.center->legs());
    LONGS_EQUAL(0, desk.board.legs_.size());
    const auto b = desk.books();
    CHECK_TRUE(b.balanced);
    LONGS_EQUAL(1, b.answered);
    LONGS_EQUAL(0, desk.center->counters().no_row);
  }
};

TEST(DevicesProcedure, a_client_consults_and_transfers_from_one_line_to_another_and_both_stay_up) {
  ok(cti().call_consult(call, "2002"));
  STRCMP_EQUAL("music", desk.board.hears(caller).c_str());
  STRCMP_EQUAL("tone ringback", desk.board.hears(first).c_str());
  STRCMP_EQUAL("tone beep", desk.board.hears(second).c_str());
  key(second, '7');
  CHECK_TRUE(with(second) == LegId::none);
  key(second, '1');
  hear("music", "601", "602");
  ok(cti().call_transfer(call));
  CHECK_TRUE(with(caller) == second);
  states("agentWorkingAfterCall", "agentBusy");
  STRCMP_EQUAL("", desk.board.hears(first).c_str());
  lines_are_up();
  desk.run(5s);
  states("agentReady", "agentBusy");
  CHECK_TRUE(shows("\"device\":\"auto\",\"phone\":\"idle\""));
  gone(caller, 16);
  lines_are_up();
  end();
}

TEST(DevicesProcedure, alternate_conference_drop_and_retrieve) {
  consults();
  ok(cti().call_alternate(call));
  hear("602", "13800000001", "music");
  ok(cti().call_conference(call));
  hear("601+602", "13800000001+601", "13800000001+602");
  ok(cti().call_alternate(call));
  ok(cti().call_retrieve(call));
  with_caller();
  STRCMP_EQUAL("", desk.board.hears(second).c_str());
  states("agentBusy", "agentWorkingAfterCall");
  lines_are_up();
  end();
}

TEST(DevicesProcedure, who_leaves_a_conference_by_his_client_keeps_his_line_and_hears_nothing) {
  consults();
  ok(cti().call_conference(call));
  ok(cti().call_transfer(call));
  hear("601", "", "13800000001");
  lines_are_up();
  end();
}

TEST(DevicesProcedure, the_second_does_not_accept) {
  ok(cti().call_consult(call, "2002"));
  desk.run(16s);
  states("agentBusy", "agentNotReady");
  CHECK_TRUE(shows("\"not accepted\""));
  STRCMP_EQUAL("tone busy", desk.board.hears(first).c_str());
  ok(cti().call_retrieve(call));
  with_caller();
  lines_are_up();
  end();
}

TEST(DevicesProcedure, the_seconds_line_is_lost_while_it_is_asked_and_while_they_talk) {
  ok(cti().call_consult(call, "2002"));
  gone(second, 27);
  states("agentBusy", "agentNotReady");
  CHECK_TRUE(shows("\"line lost\""));
  STRCMP_EQUAL("tone busy", desk.board.hears(first).c_str());
  ok(cti().call_retrieve(call));
  with_caller();
  desk.run(6s);
  second = answers("601");  // it is called again
  key(second, '1');
  ok(cti().agent_ready("2002"));
  consults();
  gone(second, 27);
  states("agentBusy", "agentWorkingAfterCall");
  ok(cti().call_retrieve(call));
  with_caller();
  desk.run(4s);
  states("agentBusy", "agentNotReady");
  end();
}

TEST(DevicesProcedure, who_hangs_up_his_line_on_a_held_caller_is_called_back) {
  ok(cti().call_hold(call));
  gone(first, 16);
  states("agentBusy", "agentReady");
  first = answers("602");
  with_caller();
  gone(caller, 16);
  CHECK_FALSE(desk.board.has(first));  // it was this call's only
  desk.run(4s);
  states("agentNotReady", "agentReady");
  CHECK_TRUE(shows("\"line lost\""));
  ok(cti().agent_ready("2001"));
  first = answers("602");
  CHECK_TRUE(shows("\"device\":\"auto\",\"phone\":\"idle\""));
  end();
}

TEST(DevicesProcedure, his_line_drops_while_he_consults_and_the_caller_goes_to_the_second) {
  consults();
  gone(first, 27);
  CHECK_TRUE(with(caller) == second);
  desk.run(4s);
  states("agentNotReady", "agentBusy");
  end();
}

TEST(DevicesProcedure, a_caller_is_given_to_an_outside_phone_without_an_agent) {
  ok(cti().call_single_step_transfer(call, "home"));
  states("agentWorkingAfterCall", "agentReady");
  const LegId home = answers("13900000001");
  CHECK_TRUE(with(home) == LegId::none);  // it may be a voicemail
  key(home, '1');
  CHECK_TRUE(with(home) == caller);
  CHECK_TRUE(desk.board.has(first));
  gone(caller, 16);
  CHECK_FALSE(desk.board.has(home));
  end();
}

TEST(DevicesProcedure, what_he_keys_while_he_holds_a_caller_is_a_number) {
  ok(cti().call_hold(call));
  for (const char d : std::string("2002")) key(first, d);
  key(second, '1');
  hear("music", "601", "602");
  end();
}

TEST(DevicesProcedure, ctid_is_killed_while_they_consult_and_while_a_line_is_asked) {
  consults();
  restart();
  hear("music", "601", "602");
  ok(cti().call_alternate(call));
  hear("602", "13800000001", "music");
  ok(cti().call_alternate(call));
  ok(cti().call_retrieve(call));
  desk.run(4s);
  states("agentBusy", "agentReady");
  ok(cti().call_consult(call, "2002"));
  restart();
  with_caller();
  lines_are_up();
  STRCMP_EQUAL("", desk.board.hears(second).c_str());
  states("agentBusy", "agentReady");
  end();
}

TEST(DevicesProcedure, a_headset_flashes_consults_and_hangs_up_to_transfer) {
  const LegId head = only_the_headset_is_ready();
  const CallId other = desk.queued("139");
  key(head, '*');
  STRCMP_EQUAL("answered", desk.outcome(other).c_str());
  ok(cti().agent_ready("2002"));
  desk.board.flash("1004", "2002");
  desk.settle();
  key(second, '1');
  CHECK_TRUE(with(head) == second);
  desk.board.on_hook("1004");
  desk.settle();
  STRCMP_EQUAL("139", desk.board.hears(second).c_str());
  desk.run(4s);
  STRCMP_EQUAL("agentNotReady", desk.state("2003").c_str());
  CHECK_TRUE(shows("\"line lost\""));
}

TEST(DevicesProcedure, his_wrap_up_ends_ready_though_his_headset_is_off_hook) {
  const LegId head = only_the_headset_is_ready();
  desk.queued("139");
  key(head, '*');
  for (const auto& [id, leg] : desk.board.legs_)
    if (leg.shown.calling == "139") caller = id;
  gone(caller, 16);
  desk.run(4s);
  STRCMP_EQUAL("agentReady", desk.state("2003").c_str());
}

// ---- supervisors ----------------------------------------------------------------------------------------------------

TEST(DevicesProcedure, a_supervisor_releases_and_takes_away_a_call_and_the_line_stays) {
  order({.verb = Verb::forceTransfer, .agent = "2001", .to = "2002"});
  states("agentWorkingAfterCall", "agentReady");
  lines_are_up();
  key(second, '1');
  CHECK_TRUE(with(caller) == second);
  order({.verb = Verb::forceClear, .agent = "2002"});
  states("agentWorkingAfterCall", "agentWorkingAfterCall");
  CHECK_FALSE(desk.board.has(caller));
  lines_are_up();
  end();
}

TEST(DevicesProcedure, a_supervisor_takes_what_is_announced_on_a_line) {
  order({.verb = Verb::forceTransfer, .agent = "2001", .to = "2002"});
  STRCMP_EQUAL("tone beep", desk.board.hears(second).c_str());
  desk.board.off_hook("1001");
  desk.settle();
  for (const char d : std::string("*372002")) key(at("1001"), d);
  CHECK_TRUE(with(caller) == at("1001"));
  STRCMP_EQUAL("", desk.board.hears(second).c_str());
  lines_are_up();
  end();
}

TEST(DevicesProcedure, a_supervisor_at_a_line_listens_dials_orders_and_has_his_line_afterwards) {
  ok(cti().agent_logout("2004"));
  ok(cti().agent_logout("2002"));
  desk.login("2004", "kept", false);
  second = answers("601");
  key(second, '1');
  order({.verb = Verb::listen, .agent = "2001"});
  STRCMP_EQUAL("tone beep", desk.board.hears(second).c_str());
  key(second, '1');
  CHECK_TRUE(desk.board.legs_.at(second).shown.listens_to == first);
  restart();
  CHECK_TRUE(desk.board.legs_.at(second).shown.listens_to == first);
  order({.verb = Verb::stopListening});
  CHECK_TRUE(desk.board.has(second));
  CHECK_FALSE(desk.board.legs_.at(second).shown.listens_to.has_value());
  CHECK_TRUE(shows("\"device\":\"kept\",\"phone\":\"idle\""));
  for (const char d : std::string("*342001")) key(second, d);
  CHECK_FALSE(desk.board.has(caller));
  desk.run(5s);
  CHECK_TRUE(desk.board.has(second));
  CHECK_TRUE(shows("\"device\":\"kept\",\"phone\":\"idle\""));
  for (const char d : std::string("*392009#")) key(second, d);  // whom there is not
  STRCMP_EQUAL("tone unobtainable", desk.board.hears(second).c_str());
  desk.run(5s);
  STRCMP_EQUAL("", desk.board.hears(second).c_str());
  CHECK_TRUE(shows("\"device\":\"kept\",\"phone\":\"idle\""));
  end();
}

TEST(DevicesProcedure, a_supervisor_hears_whom_somebody_has_called_by_his_id) {
  desk.login("2003", "1003");
  desk.board.off_hook("1002");
  desk.settle();
  for (const char d : std::string("2003")) key(at("1002"), d);
  desk.talk("1003");
  order({.verb = Verb::listen, .agent = "2003"});
  desk.board.off_hook("1001");
  desk.settle();
  CHECK_TRUE(desk.board.legs_.at(at("1001")).shown.listens_to == at("1003"));
  desk.board.on_hook("1002");
  desk.board.on_hook("1003");
  end();
}
