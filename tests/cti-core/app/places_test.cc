// A caller leaves his number, hangs up, and is called back at his turn.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/place_state.h"
#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {
CenterConfig keeping() {
  CenterConfig config = desk_config();
  config.queues[0].callback = {.tries = 2, .ring = 20s, .pause = 30s, .keep = 600s, .max = 2};
  config.phones = {{.name = "kept", .group = "pbx", .number = "601", .kept_up = true, .accept_key = "5"}};
  return config;
}
const ivr::QueueRequest kWithKey{.queue = "orders", .agent = {}, .callback_key = '1'};
}  // namespace

TEST_GROUP(Places) {
  Desk desk{keeping()};

  LegId last_leg() const { return LegId{desk.board.next_leg}; }
  void press(LegId leg, char key) {
    desk.board.happens(board::evt::Digit{leg, key, 80});
    desk.settle();
  }
  // Waits, presses the key, keeps his place and hangs up.
  CallId keeps(const std::string& calling) {
    const CallId call = desk.queued(calling, kWithKey);
    const LegId leg = last_leg();
    desk.run(1s);
    press(leg, '1');
    CHECK(desk.host().script_keep_place(call, calling).has_value());
    desk.board.gone(leg, 16, true);
    desk.settle();
    return call;
  }
  std::string closed() const {
    std::string out;
    for (const auto& row : desk.journal)
      if (const auto* e = std::get_if<ev::PlaceClosed>(&row.event)) out += std::to_string(to_number(e->call)) + " " + e->outcome + "; ";
    return out;
  }
  std::string task(const std::string& number) const {
    const std::string json = desk.center->cti().callbacks_json({.customer = number});
    const auto kind = json.find("\"kind\":\"");
    return kind == std::string::npos ? "none" : json.substr(kind + 8, json.find('"', kind + 8) - kind - 8);
  }
  std::string rung(const std::string& phone) const {
    const LegId leg = desk.board.ringing(phone);
    return leg == LegId::none ? "nobody" : desk.board.legs_.at(leg).shown.calling;
  }
  void restart() {
    desk.kill_ctid();
    desk.start_ctid();
    desk.link();
  }
  void balanced() {
    const auto books = desk.books();
    CHECK_TEXT(books.balanced, books.why.empty() ? "" : books.why.front().c_str());
  }
};

TEST(Places, the_key_leaves_the_line_and_the_script_is_told) {
  const CallId call = desk.queued("13800000001", kWithKey);
  press(last_leg(), '7');
  CHECK_EQUAL(1, desk.center->waiting());
  press(last_leg(), '1');
  STRCMP_EQUAL("queue callback", desk.engine.heard[call].back().c_str());
  CHECK_EQUAL(0, desk.center->waiting());
}

TEST(Places, a_key_that_the_script_has_taken_is_not_the_queues_too) {
  const LegId leg = desk.dial();
  desk.engine.on_hear = [&](CallId call, const std::string& what) {
    if (what == "digit 1") desk.host().script_queue(call, kWithKey);
  };
  desk.host().script_answer(desk.last_call());
  press(leg, '1');
  CHECK_EQUAL(1, desk.center->waiting());
  press(leg, '1');
  CHECK_EQUAL(0, desk.center->waiting());
}

TEST(Places, who_does_not_keep_his_place_goes_back_to_it) {
  const CallId call = desk.queued("1", kWithKey);
  const LegId leg = last_leg();
  desk.run(5s);
  desk.queued("2");
  press(leg, '1');
  desk.run(5s);
  desk.host().script_queue(call, kWithKey);
  desk.settle();
  desk.login("2001", "1001");
  STRCMP_EQUAL("1", rung("1001").c_str());
}

TEST(Places, his_call_is_lost_with_a_promise_and_his_place_waits_on) {
  const CallId call = keeps("13800000001");
  STRCMP_EQUAL("lost place_kept", desk.outcome(call).c_str());
  CHECK_EQUAL(0, desk.center->calls());
  CHECK_EQUAL(1, desk.center->waiting());
  STRCMP_EQUAL("place", task("13800000001").c_str());
  CHECK(desk.center->cti().call_explain(call)->find("place 1 of 1") != std::string::npos);
  balanced();
}

TEST(Places, nobody_is_called_while_he_is_still_on_the_line) {
  const CallId call = desk.queued("13800000001", kWithKey);
  const LegId leg = last_leg();
  press(leg, '1');
  CHECK(desk.host().script_keep_place(call, "13800000001").has_value());
  desk.login("2001", "1001");
  STRCMP_EQUAL("nobody", rung("1001").c_str());
  desk.board.gone(leg, 16, true);
  desk.settle();
  STRCMP_EQUAL("13800000001", rung("1001").c_str());
}

TEST(Places, at_its_turn_the_agents_phone_rings_first_with_a_screen_pop_then_the_customer_is_dialled) {
  const CallId first = keeps("13800000001");
  desk.queued("13800000002");
  desk.login("2001", "1001");
  STRCMP_EQUAL("13800000001", rung("1001").c_str());
  CHECK_EQUAL(0, desk.board.count("dial"));
  std::string popped;
  for (const auto& row : desk.journal)
    if (const auto* d = std::get_if<ev::Delivered>(&row.event)) popped = d->agentID + " " + d->callingDevice + " " + d->calledDevice + " " + d->queue;
  STRCMP_EQUAL("2001 13800000001 4006001 orders", popped.c_str());
  desk.talk("1001");
  STRCMP_EQUAL("agentBusy", desk.state("2001").c_str());
  STRCMP_EQUAL("13800000001", desk.board.last<board::cmd::Dial>()->called.c_str());
  const LegId far = desk.board.dialled();
  desk.board.answer(far);
  desk.settle();
  CHECK(desk.board.legs_.at(far).shown.connected_to != LegId::none);
  STRCMP_EQUAL((std::to_string(to_number(first)) + " reached; ").c_str(), closed().c_str());
  STRCMP_EQUAL("none", task("13800000001").c_str());
  desk.board.gone(far, 16, true);
  desk.settle();
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  balanced();
  CHECK_EQUAL(1, desk.books().outgoing.answered);
}

TEST(Places, an_agent_who_does_not_answer_costs_no_try_and_no_place) {
  keeps("13800000001");
  desk.login("2001", "1001");
  desk.run(16s);
  STRCMP_EQUAL("agentNotReady", desk.state("2001").c_str());
  CHECK_EQUAL(0, desk.board.count("dial"));
  CHECK_EQUAL(1, desk.center->waiting());
  desk.login("2002", "1002");
  STRCMP_EQUAL("13800000001", rung("1002").c_str());
}

TEST(Places, a_busy_customer_is_tried_again_after_the_pause_and_then_given_to_the_callback_list) {
  const CallId call = keeps("13800000001");
  desk.login("2001", "1001");
  desk.talk("1001");
  desk.board.gone(desk.board.dialled(), 17, true);
  desk.settle();
  CHECK_EQUAL(0, desk.center->waiting());
  desk.board.on_hook("1001");
  desk.run(10s);
  STRCMP_EQUAL("nobody", rung("1001").c_str());
  desk.run(25s);
  desk.talk("1001");
  desk.run(19s);
  STRCMP_EQUAL("", closed().c_str());
  desk.run(2s);  // no answer within its 20 s
  STRCMP_EQUAL((std::to_string(to_number(call)) + " callback list: no answer; ").c_str(), closed().c_str());
  STRCMP_EQUAL("promised", task("13800000001").c_str());
  CHECK_EQUAL(0, desk.center->waiting());
  balanced();
}

TEST(Places, who_gets_through_by_himself_is_not_called_any_more) {
  keeps("13800000001");
  desk.queued("13800000001");
  desk.login("2001", "1001");                 // his place is nearer
  desk.login("2002", "1002");
  desk.talk("1001");
  CHECK_EQUAL(1, desk.board.count("dial"));
  desk.talk("1002");                          // but he answers here
  CHECK(closed().ends_with("got through; "));
  CHECK_EQUAL(LegId::none == desk.board.dialled(), true);
  STRCMP_EQUAL("none", task("13800000001").c_str());
  balanced();
}

TEST(Places, a_client_who_closes_the_task_ends_the_place) {
  const CallId call = keeps("13800000001");
  CHECK(desk.center->cti().callback_close(call, "ordered online").has_value());
  CHECK_EQUAL(0, desk.center->waiting());
  CHECK(closed().ends_with("ordered online; "));
}

TEST(Places, a_second_place_of_the_same_number_is_the_first_one) {
  const CallId first = keeps("13800000001");
  const CallId second = keeps("13800000001");
  CHECK_EQUAL(1, desk.center->waiting());
  STRCMP_EQUAL("lost place_kept", desk.outcome(second).c_str());
  desk.login("2001", "1001");
  desk.talk("1001");
  desk.board.answer(desk.board.dialled());
  desk.settle();
  STRCMP_EQUAL((std::to_string(to_number(first)) + " reached; ").c_str(), closed().c_str());
  balanced();
}

TEST(Places, who_calls_again_and_is_promised_a_call_keeps_his_turn) {
  const CallId first = keeps("13800000001");
  const CallId again = desk.queued("13800000001");
  desk.run(61s);
  desk.host().script_lost(again, LossStage::timeout, "nobody came", true);
  desk.board.gone(last_leg(), 16, true);
  desk.settle();
  STRCMP_EQUAL("place", task("13800000001").c_str());
  desk.login("2001", "1001");
  desk.talk("1001");
  desk.board.answer(desk.board.dialled());
  desk.settle();
  STRCMP_EQUAL((std::to_string(to_number(first)) + " reached; ").c_str(), closed().c_str());
  STRCMP_EQUAL("none", task("13800000001").c_str());
  balanced();
}

TEST(Places, what_cannot_be_kept_is_refused_with_a_reason_and_the_call_goes_on) {
  const CallId call = desk.queued("1", kWithKey);
  CHECK_FALSE(desk.host().script_keep_place(call, "13800000001").has_value());  // he waits
  press(last_leg(), '1');
  CHECK_FALSE(desk.host().script_keep_place(call, "12").has_value());
  CHECK_FALSE(desk.host().script_keep_place(call, "nobody").has_value());
  keeps("13800000001");
  keeps("13800000002");
  const auto third = desk.host().script_keep_place(call, "13800000003");
  CHECK(third.error().text().find("2 kept places in orders already") != std::string::npos);
  STRCMP_EQUAL("in progress", desk.outcome(call).c_str());
}

TEST(Places, a_place_that_is_too_old_goes_to_the_callback_list) {
  keeps("13800000001");
  desk.run(601s);
  CHECK(closed().ends_with("callback list: nobody was free in time; "));
  STRCMP_EQUAL("promised", task("13800000001").c_str());
}

TEST(Places, places_survive_a_restart_in_their_order) {
  keeps("13800000001");
  desk.run(5s);
  desk.queued("13800000002");
  restart();
  CHECK_EQUAL(2, desk.center->waiting());
  desk.login("2001", "1001");
  STRCMP_EQUAL("13800000001", rung("1001").c_str());
  desk.login("2002", "1002");
  STRCMP_EQUAL("13800000002", rung("1002").c_str());
}

TEST(Places, a_restart_while_the_agents_phone_rings_puts_the_place_back) {
  keeps("13800000001");
  desk.login("2001", "1001");
  restart();
  desk.run(1s);
  STRCMP_EQUAL("13800000001", rung("1001").c_str());
  desk.talk("1001");
  desk.board.answer(desk.board.dialled());
  desk.settle();
  CHECK(closed().ends_with("reached; "));
  balanced();
}

TEST(Places, a_customer_who_was_dialled_and_not_yet_written_down_is_booked_after_the_restart) {
  keeps("13800000001");
  desk.login("2001", "1001");
  const board::Tag mark = desk.board.legs_.at(desk.board.ringing("1001")).shown.tag;
  desk.kill_ctid();
  desk.board.off_hook("1001");
  desk.board.send(board::cmd::Dial{LegId{1ULL << 52}, "city", {}, "13800000001", mark});  // by the ctid that died
  desk.start_ctid();
  desk.link();
  desk.board.answer(LegId{1ULL << 52});
  desk.settle();
  CHECK(closed().ends_with("reached; "));
  CHECK_EQUAL(1, desk.books().outgoing.attempts);
  CHECK_EQUAL(1, desk.books().outgoing.answered);
  balanced();
}

TEST(Places, a_restart_while_the_customer_is_dialled_lets_the_call_go_on) {
  keeps("13800000001");
  desk.login("2001", "1001");
  desk.talk("1001");
  const LegId far = desk.board.dialled();
  desk.board.legs_.at(far).shown.state = board::LegState::alerting;
  restart();
  CHECK(desk.board.has(far));
  desk.board.answer(far);
  desk.settle();
  CHECK(closed().ends_with("reached; "));
  balanced();
}

TEST(Places, a_restart_in_which_the_customer_was_lost_counts_a_try) {
  keeps("13800000001");
  desk.login("2001", "1001");
  desk.talk("1001");
  desk.kill_ctid();
  desk.board.gone(desk.board.dialled(), 17, true);
  desk.start_ctid();
  desk.link();
  desk.board.on_hook("1001");
  desk.run(4s);
  STRCMP_EQUAL("", closed().c_str());
  STRCMP_EQUAL("nobody", rung("1001").c_str());
  desk.run(30s);
  STRCMP_EQUAL("13800000001", rung("1001").c_str());
  balanced();
}

TEST(Places, every_event_that_a_state_does_not_know_is_refused) {
  int rows = 0;
  for (int state = 0; state < static_cast<int>(app::PlaceState::count_); ++state)
    for (int event = 0; event < static_cast<int>(app::PlaceEvent::count_); ++event)
      rows += fsm::find(app::kPlaceTable, static_cast<app::PlaceState>(state), static_cast<app::PlaceEvent>(event)) != nullptr;
  LONGS_EQUAL(app::kPlaceTable.size(), rows);
}

TEST(Places, an_agent_on_a_line_that_is_kept_up_accepts_by_key_and_has_his_line_afterwards) {
  keeps("13800000001");
  desk.login("2001", "kept");
  const auto leg_of = [&](const std::string& number) {
    for (const auto& [id, leg] : desk.board.legs_)
      if (leg.shown.outgoing && leg.shown.called == number) return id;
    return LegId::none;
  };
  const LegId line = leg_of("601");
  desk.board.answer(line);
  desk.settle();
  press(line, '5');
  STRCMP_EQUAL("tone beep", desk.board.hears(line).c_str());
  CHECK_TRUE(leg_of("13800000001") == LegId::none);
  desk.run(16s);
  CHECK_TRUE(desk.center->cti().agents_json().find("\"not accepted\"") != std::string::npos);
  CHECK(desk.center->cti().agent_ready("2001").has_value());
  desk.settle();
  press(line, '5');
  const LegId customer = leg_of("13800000001");
  desk.board.answer(customer);
  desk.settle();
  CHECK_TRUE(desk.board.legs_.at(line).shown.connected_to == customer);
  desk.board.gone(customer, 16, true);
  desk.settle();
  STRCMP_EQUAL("", desk.board.hears(line).c_str());
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  balanced();
}
