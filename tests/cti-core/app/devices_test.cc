// Agents who do not sit at a station: outside phones that are dialled for each call, lines that are kept up, headsets at stations.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tests/cti-core/app/devices_desk.h"

using namespace sr;
using namespace sr::test;

namespace {

CenterConfig with_phones() {
  CenterConfig config = desk_config();
  config.phones = outside_phones();
  config.phones.front() = {.name = "home", .group = "city", .number = "13900000001", .calling = "caller"};
  config.phones.push_back({.name = "mobile", .group = "city", .number = "13900000002", .accept_key = "1"});
  return config;
}

struct WithPhones : DevicesDesk {
  WithPhones() : DevicesDesk(with_phones()) {}
};

}  // namespace

TEST_GROUP_BASE(Devices, WithPhones) {
  LegId caller() const {
    for (const auto& [id, leg] : desk.board.legs_)
      if (!leg.shown.outgoing && leg.shown.station.empty()) return id;
    return LegId::none;
  }
  void is(const char* agent, const char* state) { STRCMP_EQUAL(state, desk.state(agent).c_str()); }
  LegId calls_2001(const char* from) {
    const LegId leg = desk.board.off_hook(from);
    desk.settle();
    keys(leg, "2001");
    return leg;
  }
  LegId kept_up(const char* agent = "2001", const char* phone = "auto", const char* number = "602") {
    desk.login(agent, phone);
    const LegId leg = answers(number);
    return leg;
  }
};

TEST(Devices, an_outside_phone_is_dialled_for_each_call_and_answering_takes_it) {
  desk.login("2001", "home");
  CHECK_TRUE(dialled("13900000001") == LegId::none);
  const CallId call = desk.queued("13811112222");
  const auto* dial = desk.board.last<board::cmd::Dial>();
  STRCMP_EQUAL("13811112222", dial->calling.c_str());
  STRCMP_EQUAL("city", dial->group.c_str());
  const LegId leg = answers("13900000001");
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  CHECK_TRUE(with(leg) == caller());
  gone(leg, 16);
  is("2001", "agentWorkingAfterCall");
  desk.run(4s);
  is("2001", "agentReady");
  LONGS_EQUAL(0, desk.books().lost.size());
}

TEST(Devices, a_voicemail_takes_no_call_for_it_presses_no_key) {
  desk.login("2001", "mobile");
  const CallId call = desk.queued();
  STRCMP_EQUAL("4006001", desk.board.last<board::cmd::Dial>()->calling.c_str());
  const LegId leg = answers("13900000002");
  STRCMP_EQUAL("in progress", desk.outcome(call).c_str());
  key(leg, '2');
  desk.run(16s);
  is("2001", "agentNotReady");
  CHECK_TRUE(shows("\"not accepted\""));
  CHECK_FALSE(desk.board.has(leg));
  LONGS_EQUAL(1, desk.center->waiting());
  (void)desk.center->cti().agent_ready("2001");
  desk.settle();
  key(answers("13900000002"), '1');
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(Devices, no_trunk_or_busy_is_a_miss_with_its_reason_and_the_caller_keeps_his_place) {
  desk.login("2001", "home");
  desk.login("2002", "mobile", false);
  const CallId first = desk.queued("1");
  desk.run(5s);
  gone(dialled("13900000001"), 34);
  CHECK_TRUE(shows("\"no trunk\""));
  desk.queued("2");
  (void)desk.center->cti().agent_ready("2002");
  desk.settle();
  gone(dialled("13900000002"), 17);
  CHECK_TRUE(shows("\"phone busy\""));
  LONGS_EQUAL(2, desk.center->waiting());
  (void)desk.center->cti().agent_ready("2001");
  desk.settle();
  answers("13900000001");
  STRCMP_EQUAL("answered", desk.outcome(first).c_str());
}

TEST(Devices, the_caller_hangs_up_while_the_outside_phone_rings) {
  desk.login("2001", "mobile");
  desk.queued();
  const LegId leg = answers("13900000002");
  gone(caller(), 16);
  CHECK_FALSE(desk.board.has(leg));
  is("2001", "agentReady");
  LONGS_EQUAL(0, desk.center->legs());
}

TEST(Devices, a_line_is_called_at_log_on_stays_up_between_calls_and_is_cleared_at_log_off) {
  const LegId leg = kept_up();
  CHECK_TRUE(shows("\"phone\":\"idle\""));
  for (int i = 0; i < 2; ++i) {
    const CallId call = desk.queued();
    STRCMP_EQUAL("in progress", desk.outcome(call).c_str());
    desk.run(1s);  // a beep, then he is through
    STRCMP_EQUAL("answered", desk.outcome(call).c_str());
    CHECK_TRUE(with(leg) == caller());
    gone(caller(), 16);
    is("2001", "agentWorkingAfterCall");
    CHECK_TRUE(desk.board.has(leg));
    desk.run(4s);
  }
  LONGS_EQUAL(1, desk.board.count("dial"));
  (void)desk.center->cti().agent_logout("2001");
  desk.settle();
  CHECK_FALSE(desk.board.has(leg));
  LONGS_EQUAL(0, desk.center->legs());
}

TEST(Devices, on_a_line_with_a_key_the_key_opens_it_and_takes_each_call) {
  desk.login("2001", "kept");
  const LegId leg = answers("601");
  CHECK_TRUE(shows("\"being called\""));
  const CallId call = desk.queued();
  LONGS_EQUAL(1, desk.center->waiting());
  key(leg, '1');
  LONGS_EQUAL(0, desk.center->waiting());
  desk.run(2s);
  STRCMP_EQUAL("in progress", desk.outcome(call).c_str());
  key(leg, '1');
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  gone(caller(), 16);
  desk.run(4s);
  const CallId second = desk.queued("2");
  desk.run(16s);
  is("2001", "agentNotReady");
  CHECK_TRUE(shows("\"not accepted\""));
  CHECK_TRUE(desk.board.has(leg));
  STRCMP_EQUAL("in progress", desk.outcome(second).c_str());
}

TEST(Devices, a_line_nobody_accepts_is_tried_three_times_and_again_when_he_is_ready) {
  desk.login("2001", "kept");
  for (int i = 0; i < 3; ++i) {
    answers("601");
    desk.run(41s);  // a voicemail
    CHECK_TRUE(dialled("601") == LegId::none);
    desk.run(5s);
  }
  CHECK_TRUE(dialled("601") == LegId::none);
  is("2001", "agentNotReady");
  CHECK_TRUE(shows("\"line lost\"") && shows("\"line down\""));
  desk.run(600s);
  LONGS_EQUAL(3, desk.board.count("dial"));
  (void)desk.center->cti().agent_ready("2001");
  desk.settle();
  key(answers("601"), '1');
  CHECK_TRUE(shows("\"phone\":\"idle\""));
}

TEST(Devices, a_line_that_drops_makes_him_not_ready_and_is_called_again_but_not_when_he_hung_up) {
  const LegId leg = kept_up();
  gone(leg, 27);
  is("2001", "agentNotReady");
  CHECK_TRUE(shows("\"line lost\""));
  desk.run(6s);
  const LegId again = answers("602");
  is("2001", "agentNotReady");
  (void)desk.center->cti().agent_ready("2001");
  desk.queued();
  desk.run(1s);
  is("2001", "agentBusy");
  gone(again, 16);  // in the middle of a call
  is("2001", "agentWorkingAfterCall");
  desk.run(60s);
  is("2001", "agentNotReady");
  CHECK_TRUE(dialled("602") == LegId::none);
}

TEST(Devices, the_line_drops_while_a_call_is_announced_and_the_caller_keeps_his_place) {
  desk.login("2001", "kept");
  const LegId leg = answers("601");
  key(leg, '1');
  const CallId call = desk.queued();
  gone(leg, 27);
  is("2001", "agentNotReady");
  CHECK_TRUE(shows("\"line lost\""));
  LONGS_EQUAL(1, desk.center->waiting());
  STRCMP_EQUAL("in progress", desk.outcome(call).c_str());
}

TEST(Devices, a_headset_lifts_logs_on_and_is_on_the_line_between_calls) {
  const LegId leg = desk.board.off_hook("1004");
  desk.settle();
  keys(leg, "*112001*1#");
  keys(leg, "*13");
  is("2001", "agentReady");
  desk.run(5s);
  CHECK_TRUE(desk.board.has(leg));
  CHECK_TRUE(shows("\"device\":\"1004\",\"phone\":\"idle\""));
  const CallId call = desk.queued();
  LONGS_EQUAL(0, desk.board.count("ring"));
  key(leg, '*');
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  gone(caller(), 16);
  desk.run(10s);
  is("2001", "agentReady");  // off-hook though he is
  keys(leg, "*141");
  is("2001", "agentNotReady");
  keys(leg, "*13");
  desk.board.on_hook("1004");
  desk.settle();
  is("2001", "agentNotReady");
  CHECK_TRUE(shows("\"line lost\""));
  desk.run(60s);
  const LegId again = desk.board.off_hook("1004");
  desk.settle();
  keys(again, "*13");
  desk.queued("2");
  key(again, '*');
  is("2001", "agentBusy");
}

TEST(Devices, who_lifts_his_headset_while_a_caller_waits_takes_him_with_the_key_alone) {
  const CallId call = desk.queued();
  desk.login("2001", "1004", true);
  const LegId leg = desk.board.off_hook("1004");
  desk.settle();
  STRCMP_EQUAL("in progress", desk.outcome(call).c_str());
  STRCMP_EQUAL("tone beep", desk.board.hears(leg).c_str());
  key(leg, '*');
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(Devices, he_dials_out_from_his_headset_and_the_line_is_there_afterwards) {
  desk.login("2001", "1004", true);
  const LegId leg = desk.board.off_hook("1004");
  desk.settle();
  keys(leg, "0139#");
  const LegId far = dialled("139");
  desk.board.answer(far);
  desk.settle();
  is("2001", "agentBusy");
  CHECK_TRUE(with(leg) == far);
  gone(far, 16);
  desk.run(5s);
  is("2001", "agentReady");
  CHECK_TRUE(desk.board.has(leg));
}

TEST(Devices, a_client_makes_a_call_at_an_outside_phone) {
  desk.login("2001", "mobile");
  const auto call = desk.center->cti().call_make("2001", "139");
  CHECK_TRUE(call.has_value());
  desk.settle();
  key(answers("13900000002"), '1');
  answers("139");
  is("2001", "agentBusy");
  CHECK_TRUE(with(dialled("139")) == dialled("13900000002"));
}

TEST(Devices, ctid_is_killed_and_finds_lines_and_calls_on_them_again) {
  const LegId leg = kept_up();
  const LegId headset = desk.board.off_hook("1004");
  desk.settle();
  keys(headset, "*112002*2#");
  keys(headset, "*13");
  restart();
  CHECK_TRUE(desk.board.has(leg) && desk.board.has(headset));
  is("2001", "agentReady");
  const CallId call = desk.queued();
  desk.run(1s);
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  restart();
  is("2001", "agentBusy");
  CHECK_TRUE(with(leg) == caller());
  gone(caller(), 16);
  CHECK_TRUE(desk.board.has(leg));
  is("2001", "agentWorkingAfterCall");
  const CallId announced = desk.queued("2");  // to the headset
  restart();
  STRCMP_EQUAL("in progress", desk.outcome(announced).c_str());
  key(headset, '*');
  STRCMP_EQUAL("answered", desk.outcome(announced).c_str());
}

TEST(Devices, ctid_is_killed_while_an_outside_phone_rings) {
  desk.login("2001", "mobile");
  const CallId call = desk.queued();
  restart();
  key(answers("13900000002"), '1');
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(Devices, a_new_life_of_the_board_calls_the_lines_again) {
  kept_up();
  desk.unlink();
  desk.board.die();
  desk.link();
  is("2001", "agentNotReady");
  answers("602");
  (void)desk.center->cti().agent_ready("2001");
  desk.queued();
  desk.run(1s);
  is("2001", "agentBusy");
}

// ---- to one certain agent -------------------------------------------------------------------------------------------

TEST(Devices, an_agent_is_called_from_a_phone_by_his_number) {
  desk.login("2001", "1001");
  desk.login("2002", "1002");
  const LegId leg = calls_2001("1002");
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
  desk.talk("1001");
  is("2001", "agentBusy");
  is("2002", "agentBusy");
  CHECK_TRUE(desk.board.legs_.at(leg).shown.connected_to != LegId::none);
  desk.board.on_hook("1002");
  desk.settle();
  is("2001", "agentWorkingAfterCall");
  desk.board.on_hook("1001");
  desk.run(5s);
  is("2001", "agentReady");
  LONGS_EQUAL(0, desk.center->legs());
}

TEST(Devices, a_restart_of_ctid_changes_nothing_for_two_colleagues) {
  desk.login("2001", "1001");
  desk.login("2002", "1002");
  const LegId leg = calls_2001("1002");
  restart();
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
  desk.talk("1001");
  restart();
  is("2001", "agentBusy");
  is("2002", "agentBusy");
  CHECK_TRUE(with(leg) != LegId::none);
  desk.board.on_hook("1001");
  desk.settle();
  is("2001", "agentWorkingAfterCall");
  is("2002", "agentWorkingAfterCall");
  desk.board.on_hook("1002");
  desk.run(5s);
  is("2002", "agentReady");
  LONGS_EQUAL(0, desk.center->legs());
}

TEST(Devices, a_call_to_a_colleague_that_rings_over_a_restart_ends_as_any_other) {
  desk.login("2001", "1001");
  const LegId leg = calls_2001("1003");
  restart();
  desk.run(16s);
  is("2001", "agentNotReady");
  CHECK_FALSE(desk.board.has(leg));
}

TEST(Devices, an_outside_number_that_is_consulted_is_not_the_phone_of_the_agent_who_sits_there) {
  desk.login("2001", "1001");
  desk.login("2002", "mobile");
  CHECK_TRUE(desk.center->cti().agent_not_ready("2002", "break").has_value());
  const CallId call = desk.queued();
  desk.talk("1001");
  CHECK_TRUE(desk.center->cti().call_consult(call, "013900000002").has_value());
  desk.settle();
  const LegId asked = answers("13900000002");
  restart();
  CHECK_TRUE(shows("\"device\":\"mobile\",\"phone\":\"idle\""));
  CHECK_TRUE(with(asked) != LegId::none);
  gone(asked, 16);
  is("2001", "agentBusy");
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(Devices, who_does_not_answer_a_colleague_is_not_ready_and_who_is_busy_gives_busy_tone) {
  desk.login("2001", "1001");
  const LegId leg = calls_2001("1003");
  desk.run(16s);
  is("2001", "agentNotReady");
  CHECK_FALSE(desk.board.has(leg));
  desk.board.on_hook("1003");
  const LegId again = desk.board.off_hook("1003");
  desk.settle();
  keys(again, "2001");
  STRCMP_EQUAL("busy", desk.board.last<board::cmd::Tone>()->tone.c_str());
  desk.run(5s);
  CHECK_FALSE(desk.board.has(again));
}

TEST(Devices, a_number_of_his_own_rings_at_him_then_at_anybody) {
  CenterConfig config = desk_config();
  config.numbers.push_back({.number = "4006009", .business = "direct", .script = {}, .queue = "orders", .agent = "2003", .agent_wait = 10s});
  Desk own(config);
  own.login("2001", "1001");
  own.login("2003", "1003");
  own.dial("4006009");
  own.settle();
  CHECK_TRUE(own.board.ringing("1003") != LegId::none);
  CHECK_TRUE(own.board.ringing("1001") == LegId::none);
  own.talk("1003");
  own.dial("4006009", "2");
  own.run(9s);
  CHECK_TRUE(own.board.ringing("1001") == LegId::none);
  own.run(2s);
  CHECK_TRUE(own.board.ringing("1001") != LegId::none);
  own.talk("1001");
  LONGS_EQUAL(2, own.books().answered);
  CHECK_TRUE(own.center->cti().queues_json().find("handling_ms\":0") == std::string::npos);
}
