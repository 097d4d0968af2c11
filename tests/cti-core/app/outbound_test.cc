// Phones, their codes, and calls made here.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;
using Words = std::vector<std::string>;

TEST_GROUP(Outbound) {
  Desk desk;
  LegId press(const std::string& station, const std::string& digits) {
    const LegId leg = desk.board.off_hook(station);
    desk.settle();
    for (const char d : digits) {
      desk.board.happens(board::evt::Digit{leg, d, 80});
      desk.settle();
    }
    return leg;
  }
  CallId only_out() {
    for (const auto& row : desk.journal)
      if (const auto* e = std::get_if<ev::ServiceInitiated>(&row.event)) return e->call;
    return CallId::none;
  }
};

TEST(Outbound, an_agent_logs_in_becomes_ready_not_ready_and_logs_out_from_his_phone) {
  press("1001", "*1120011");
  STRCMP_EQUAL("beep", desk.board.last<board::cmd::Tone>()->tone.c_str());
  STRCMP_EQUAL("agentNotReady", desk.state("2001").c_str());
  desk.run(app::kCodeToneTime);
  desk.board.on_hook("1001");
  press("1001", "*13");
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  desk.board.on_hook("1001");
  press("1001", "*142");
  CHECK_TRUE(desk.center->cti().agents_json().find("lunch") != std::string::npos);
  desk.board.on_hook("1001");
  press("1001", "*12");
  STRCMP_EQUAL("agentNull", desk.state("2001").c_str());
  desk.board.on_hook("1001");
  desk.settle();
  CHECK_EQUAL(0, desk.center->legs());
  CHECK_TRUE((desk.agent_events("2001") == Words{"agentLoggedOn", "agentReady", "agentNotReady", "agentLoggedOff"}));
}

TEST(Outbound, a_wrong_pin_is_refused_with_a_tone) {
  press("1001", "*1120019#");
  STRCMP_EQUAL("unobtainable", desk.board.last<board::cmd::Tone>()->tone.c_str());
  STRCMP_EQUAL("agentNull", desk.state("2001").c_str());
}

TEST(Outbound, one_login_per_agent_and_per_phone) {
  desk.login("2001", "1001");
  CHECK_EQUAL(4090, desk.center->cti().agent_login({"2001", "1002", "1", false}).error().code);
  CHECK_EQUAL(4090, desk.center->cti().agent_login({"2002", "1001", "2", false}).error().code);
  CHECK_EQUAL(4041, desk.center->cti().agent_login({"2002", "1999", "2", false}).error().code);
  CHECK_EQUAL(4041, desk.center->cti().agent_login({"9", "1001", "2", false}).error().code);
}

TEST(Outbound, an_agent_whose_phone_is_off_hook_is_offered_nothing) {
  desk.login("2001", "1001");
  press("1001", "");
  desk.queued();
  CHECK_EQUAL(0, desk.board.count("ring"));
  desk.board.on_hook("1001");
  desk.settle();
  CHECK_EQUAL(1, desk.board.count("ring"));
}

TEST(Outbound, a_phone_dials_out_and_the_agent_is_busy_until_the_wrap_up_is_over) {
  desk.login("2001", "1001");
  const LegId phone = press("1001", "013912345678");
  CHECK_EQUAL(0, desk.board.count("dial"));
  desk.run(app::kInterDigit);
  const auto* dial = desk.board.last<board::cmd::Dial>();
  CHECK_TRUE(dial && dial->called == "13912345678" && dial->group == "city" && dial->calling == "4006001");
  STRCMP_EQUAL("agentBusy", desk.state("2001").c_str());
  desk.board.happens(board::evt::Alerting{desk.board.dialled()});
  desk.settle();
  STRCMP_EQUAL("ringback", desk.board.last<board::cmd::Tone>()->tone.c_str());
  desk.board.answer(desk.board.dialled());
  desk.settle();
  CHECK_TRUE(desk.board.last<board::cmd::Connect>()->a == phone);
  desk.board.on_hook("1001");
  desk.settle();
  CHECK_EQUAL(0, desk.center->legs());
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  desk.run(3s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  CHECK_TRUE((desk.events(only_out()) == Words{"serviceInitiated", "originated", "delivered", "established", "connectionCleared", "connectionCleared", "callCleared"}));
  const auto b = desk.books();
  CHECK_EQUAL(0, b.offered);
  CHECK_EQUAL(1, b.outgoing.answered);
}

TEST(Outbound, who_was_not_ready_is_not_ready_again_after_his_own_call) {
  desk.login("2001", "1001", false);
  CHECK_TRUE(desk.center->cti().agent_not_ready("2001", "1").has_value());
  press("1001", "0139#");
  desk.board.on_hook("1001");
  desk.run(3s);
  STRCMP_EQUAL("agentNotReady", desk.state("2001").c_str());
  CHECK_TRUE(desk.center->cti().agents_json().find("break") != std::string::npos);
}

TEST(Outbound, a_busy_number_gives_the_phone_its_cause) {
  const LegId phone = press("1004", "0139#");
  desk.board.gone(desk.board.dialled(), 17, true);
  desk.settle();
  const auto* clear = desk.board.last<board::cmd::Clear>();
  CHECK_TRUE(clear->leg == phone && clear->cause == 17);
  CHECK_EQUAL(1, desk.books().outgoing.failed);
  CHECK_EQUAL(0, desk.center->calls());
}

TEST(Outbound, call_make_rings_the_phone_first_and_then_dials) {
  desk.login("2001", "1001");
  const auto call = desk.center->cti().call_make("2001", "139");
  CHECK_TRUE(call.has_value());
  desk.settle();
  CHECK_EQUAL(0, desk.board.count("dial"));
  CHECK_EQUAL(5031, desk.center->cti().call_make("1001", "139").error().code);
  desk.talk("1001");
  CHECK_EQUAL(1, desk.board.count("dial"));
  desk.board.answer(desk.board.dialled());
  desk.settle();
  CHECK_EQUAL(1, desk.board.count("connect"));
  CHECK_TRUE(desk.center->cti().call_clear(*call).has_value());
  desk.settle();
  CHECK_EQUAL(0, desk.center->calls());
  CHECK_EQUAL(0, desk.center->legs());
}

TEST(Outbound, call_make_gives_up_when_nobody_lifts_the_phone) {
  CHECK_TRUE(desk.center->cti().call_make("1001", "139").has_value());
  desk.run(15s);
  CHECK_EQUAL(0, desk.center->calls());
  CHECK_TRUE(desk.board.ringing("1001") == LegId::none);
  CHECK_EQUAL(0, desk.books().outgoing.attempts);
}

TEST(Outbound, a_script_dials_hears_the_answer_and_the_end) {
  const LegId leg = desk.dial();
  const CallId call = desk.last_call();
  desk.host().script_dial(call, {.group = {}, .called = "02166", .calling = {}});
  desk.settle();
  desk.board.answer(desk.board.dialled());
  desk.settle();
  STRCMP_EQUAL("dial answered", desk.engine.heard[call].back().c_str());
  CHECK_TRUE(desk.board.last<board::cmd::Connect>()->a == leg);
  const auto callers = [&] { return desk.board.last<board::cmd::SetTag>()->leg == leg ? desk.board.last<board::cmd::SetTag>()->tag.mode : board::Mode::none; };
  CHECK_TRUE(callers() == board::Mode::connected);  // boardd need not listen for digits: the kernel may join the two
  desk.board.gone(desk.board.dialled(), 16, true);
  desk.settle();
  STRCMP_EQUAL("dial finished", desk.engine.heard[call].back().c_str());
  CHECK_TRUE(callers() == board::Mode::script);
  CHECK_EQUAL(0, desk.board.count("clear"));
  desk.host().script_dial(call, {.group = {}, .called = "02166", .calling = {}, .timeout = 5s});
  desk.run(5s);
  STRCMP_EQUAL("dial no_answer", desk.engine.heard[call].back().c_str());
  desk.host().script_dial(call, {.group = {}, .called = "02166", .calling = {}});
  desk.settle();
  desk.board.gone(leg, 16, true);
  desk.settle();
  CHECK_EQUAL(0, desk.center->calls());
  CHECK_EQUAL(0, desk.center->legs());
  CHECK_TRUE(desk.books().balanced);
}
