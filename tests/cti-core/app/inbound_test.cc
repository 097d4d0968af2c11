// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;
using Words = std::vector<std::string>;

TEST_GROUP(Inbound) {
  Desk desk;
  void in_books(std::int64_t offered) {
    const auto b = desk.books();
    CHECK_TRUE(b.balanced);
    CHECK_EQUAL(offered, b.offered);
  }
};

TEST(Inbound, a_call_is_acknowledged_when_its_offer_is_durable) {
  desk.board.call("138", "4006001");
  desk.settle();
  CHECK_EQUAL(desk.board.seq, desk.board.acked);
  CHECK_EQUAL(1, desk.engine.started.size());
}

TEST(Inbound, an_answered_call_from_offer_to_wrap_up) {
  desk.login("2001", "1001");
  const LegId leg = desk.dial();
  const CallId call = desk.last_call();
  STRCMP_EQUAL("orders", desk.engine.infos[call].settings["queue"].c_str());
  CHECK_EQUAL(1, desk.board.count("alert"));
  desk.host().script_answer(call);
  desk.settle();
  STRCMP_EQUAL("answered", desk.engine.heard[call].back().c_str());
  const auto* record = desk.board.last<board::cmd::Record>();
  CHECK_TRUE(record && record->file.ends_with("/" + std::to_string(to_number(call)) + "-13800000001.wav"));
  desk.host().script_set_data(call, "customer", "Mrs Zhang");
  desk.host().script_set_data(call, "last_order", "77");
  desk.host().script_queue(call, {.queue = "orders", .agent = {}});
  desk.settle();
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
  STRCMP_EQUAL("13800000001", desk.board.last<board::cmd::Ring>()->calling.c_str());
  desk.talk("1001");
  STRCMP_EQUAL("agentBusy", desk.state("2001").c_str());
  const auto* connect = desk.board.last<board::cmd::Connect>();
  CHECK_TRUE(connect && connect->a == leg);
  desk.board.gone(leg, 16, true);
  desk.settle();
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  desk.board.on_hook("1001");
  desk.run(3s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  CHECK_TRUE((desk.events(call) == Words{"offered", "established", "callData", "callData", "queued", "delivered", "established", "connectionCleared", "connectionCleared", "callCleared"}));
  CHECK_TRUE((desk.agent_events("2001") == Words{"agentLoggedOn", "agentReady", "agentBusy", "agentWorkingAfterCall", "agentReady"}));
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  CHECK_EQUAL(0, desk.center->calls());
  CHECK_EQUAL(0, desk.center->legs());
  CHECK_EQUAL(0, desk.engine.sessions());
  in_books(1);
}

TEST(Inbound, what_a_caller_types_while_he_talks_is_call_data_where_the_number_wants_it) {
  CenterConfig config = desk_config();
  config.numbers[0].digits_always = true;
  Desk center(config);
  center.login("2001", "1001");
  const LegId leg = center.dial("4006001");
  const CallId call = center.last_call();
  const auto type = [&](const std::string& digits) {
    for (const char d : digits) center.board.happens(board::evt::Digit{leg, d, 80});
    center.settle();
  };
  center.host().script_answer(call);
  center.settle();
  CHECK_EQUAL(1, center.board.count("detect"));
  type("1");
  STRCMP_EQUAL("digit 1", center.engine.heard[call].back().c_str());
  center.host().script_queue(call, {.queue = "orders", .agent = {}});
  center.settle();
  type("2");  // waiting: nobody asked
  center.talk("1001");
  type("42#");
  CHECK_TRUE((center.events(call) == Words{"offered", "established", "queued", "delivered", "established", "callData", "callData", "callData"}));
  const auto* data = std::get_if<ev::CallData>(&center.journal.back().event);
  CHECK_TRUE(data && data->key == "digits" && data->value == "42#");
  type(std::string(app::kTalkDigitsMax, '0'));
  CHECK_EQUAL(3, center.center->counters().digits_over_limit);
}

TEST(Inbound, elsewhere_the_digits_of_a_conversation_are_not_even_listened_for) {
  desk.login("2001", "1001");
  const CallId call = desk.queued();
  desk.talk("1001");
  CHECK_EQUAL(0, desk.board.count("detect"));
  desk.board.happens(board::evt::Digit{LegId{1}, '5', 80});
  desk.settle();
  STRCMP_EQUAL("established", desk.events(call).back().c_str());
}

TEST(Inbound, the_screen_pop_is_journalled_before_the_ring_command) {
  desk.login("2001", "1001");
  std::size_t rings_at_delivered = 99;
  std::string customer;
  desk.center->cti().on_journal([&](const JournalRow& row) {
    if (const auto* d = std::get_if<ev::Delivered>(&row.event)) {
      rings_at_delivered = desk.board.count("ring");
      customer = d->customer + "/" + d->lastOrder + "/" + d->callingDevice + "/" + d->calledDevice;
    }
  });
  desk.dial();
  const CallId call = desk.last_call();
  desk.host().script_set_data(call, "customer", "Zhang");
  desk.host().script_set_data(call, "last_order", "77");
  desk.host().script_queue(call, {.queue = "orders", .agent = {}});
  desk.settle();
  CHECK_EQUAL(0, rings_at_delivered);
  CHECK_EQUAL(1, desk.board.count("ring"));
  STRCMP_EQUAL("Zhang/77/13800000001/4006001", customer.c_str());
}

TEST(Inbound, the_agent_hangs_up_first_and_the_script_goes_on) {
  desk.login("2001", "1001");
  const CallId call = desk.queued();
  desk.talk("1001");
  desk.board.on_hook("1001");
  desk.settle();
  STRCMP_EQUAL("queue answered", desk.engine.heard[call].back().c_str());
  CHECK_EQUAL(0, desk.board.count("clear"));
  desk.host().script_finished(call);
  desk.settle();
  CHECK_EQUAL(0, desk.center->calls());
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  in_books(1);
}

TEST(Inbound, an_unknown_number_is_refused_with_cause_1_and_lost_as_rejected) {
  desk.dial("999");
  CHECK_EQUAL(1, desk.board.last<board::cmd::Clear>()->cause);
  CHECK_EQUAL(1, desk.books().lost["rejected"]);
  CHECK_EQUAL(0, desk.center->legs());
}

TEST(Inbound, overlap_receiving_waits_for_the_number) {
  const LegId leg = desk.board.call("138", "400", false);
  desk.settle();
  CHECK_EQUAL(0, desk.engine.started.size());
  desk.board.happens(board::evt::NumberComplete{leg, "4006002"});
  desk.settle();
  CHECK_EQUAL(1, desk.engine.started.size());
  STRCMP_EQUAL("vip", desk.engine.infos[desk.last_call()].settings["queue"].c_str());
}

TEST(Inbound, a_number_that_stays_too_short_is_refused_with_cause_28) {
  const LegId leg = desk.board.call("138", "400", false);
  desk.settle();
  desk.board.happens(board::evt::NumberComplete{leg, "4006"});
  desk.settle();
  CHECK_EQUAL(28, desk.board.last<board::cmd::Clear>()->cause);
  CHECK_EQUAL(1, desk.books().lost["number_incomplete"]);
}

TEST(Inbound, an_agent_who_does_not_answer_becomes_not_ready_and_the_caller_keeps_his_place) {
  desk.login("2001", "1001");
  const CallId first = desk.queued("1");
  const CallId second = desk.queued("2");
  desk.run(16s);
  STRCMP_EQUAL("agentNotReady", desk.state("2001").c_str());
  CHECK_TRUE(desk.center->cti().agents_json().find("no answer") != std::string::npos);
  desk.board.on_hook("1001");
  desk.login("2002", "1002");
  STRCMP_EQUAL("1", desk.board.legs_.at(desk.board.ringing("1002")).shown.calling.c_str());
  desk.talk("1002");
  STRCMP_EQUAL("answered", desk.outcome(first).c_str());
  STRCMP_EQUAL("in progress", desk.outcome(second).c_str());
}

TEST(Inbound, a_caller_who_hangs_up_while_the_agents_phone_rings_frees_the_agent) {
  desk.login("2001", "1001");
  const LegId leg = desk.dial();
  const CallId call = desk.last_call();
  desk.host().script_queue(call, {.queue = "orders", .agent = {}});
  desk.settle();
  desk.board.gone(leg, 16, true);
  desk.settle();
  STRCMP_EQUAL("lost ringing_agent", desk.outcome(call).c_str());
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  CHECK_EQUAL(0, desk.center->legs());
  desk.queued("2");
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
}

TEST(Inbound, queue_timeout_goes_back_to_the_script_and_is_lost_as_timeout) {
  const CallId call = desk.queued("1", {.queue = "orders", .timeout = 5s, .agent = {}});
  desk.run(6s);
  STRCMP_EQUAL("queue timeout", desk.engine.heard[call].back().c_str());
  desk.host().script_hangup(call, 16);
  desk.settle();
  STRCMP_EQUAL("lost timeout", desk.outcome(call).c_str());
  in_books(1);
}

TEST(Inbound, a_full_or_closed_queue_says_so_in_a_later_turn) {
  desk.queued("1", {.queue = "vip", .agent = {}});
  desk.queued("2", {.queue = "vip", .agent = {}});
  const CallId full = desk.queued("3", {.queue = "vip", .agent = {}});
  STRCMP_EQUAL("queue full", desk.engine.heard[full].back().c_str());
  const CallId closed = desk.queued("4", {.queue = "night", .agent = {}});
  STRCMP_EQUAL("queue closed", desk.engine.heard[closed].back().c_str());
  desk.host().script_finished(full);
  desk.host().script_finished(closed);
  desk.settle();
  STRCMP_EQUAL("lost full", desk.outcome(full).c_str());
  STRCMP_EQUAL("lost closed", desk.outcome(closed).c_str());
}

TEST(Inbound, only_if_idle_leaves_at_once_when_nobody_is_there) {
  const CallId call = desk.queued("1", {.queue = "vip", .agent = {}, .only_if_idle = true});
  STRCMP_EQUAL("queue timeout", desk.engine.heard[call].back().c_str());
  desk.login("2004", "1004");
  const CallId a = desk.queued("2", {.queue = "vip", .agent = {}, .only_if_idle = true});
  CHECK_TRUE(desk.board.ringing("1004") != LegId::none);
  const CallId b = desk.queued("3", {.queue = "vip", .agent = {}, .only_if_idle = true});
  STRCMP_EQUAL("queue timeout", desk.engine.heard[b].back().c_str());
  STRCMP_EQUAL("answered", desk.engine.heard[a].back().c_str());
}

TEST(Inbound, the_agent_of_the_last_order_comes_first_then_anybody) {
  desk.login("2001", "1001");
  desk.login("2002", "1002");
  desk.queued("1", {.queue = "orders", .agent = "2002", .agent_wait = 10s});
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
  desk.talk("1002");
  desk.queued("2", {.queue = "orders", .agent = "2002", .agent_wait = 10s});
  CHECK_TRUE(desk.board.ringing("1001") == LegId::none);
  desk.run(10s);
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
}

TEST(Inbound, nobody_waits_for_an_agent_who_is_not_ready) {
  desk.login("2001", "1001");
  desk.login("2002", "1002", false);
  desk.queued("1", {.queue = "orders", .agent = "2002", .agent_wait = 10s});
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
}

TEST(Inbound, a_served_call_is_not_lost_and_cannot_be_queued_any_more) {
  desk.dial();
  const CallId call = desk.last_call();
  desk.host().script_answer(call);
  desk.settle();
  CHECK_TRUE(desk.host().script_served(call, "order status").has_value());
  CHECK_FALSE(desk.host().script_served(call, "again").has_value());
  desk.host().script_queue(call, {.queue = "orders", .agent = {}});
  desk.settle();
  STRCMP_EQUAL("queue closed", desk.engine.heard[call].back().c_str());
  desk.host().script_finished(call);
  desk.settle();
  STRCMP_EQUAL("served", desk.outcome(call).c_str());
  in_books(1);
}

TEST(Inbound, a_script_that_fails_leads_to_the_prompt_and_then_to_the_numbers_queue) {
  desk.login("2001", "1001");
  const LegId leg = desk.dial();
  const CallId call = desk.last_call();
  desk.host().script_failed(call, Error{"nil value", "main.lua:7", {}});
  desk.settle();
  const auto* play = desk.board.last<board::cmd::Play>();
  CHECK_TRUE(play && play->prompts == Words{"zh/one_moment"});
  desk.board.happens(board::evt::PlayEnded{leg, app::kHostPlay, board::PlayEnd::done, 900, {}});
  desk.settle();
  desk.talk("1001");
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  desk.board.on_hook("1001");
  desk.settle();
  CHECK_EQUAL(0, desk.center->calls());
}

TEST(Inbound, a_script_that_does_not_start_is_a_script_that_fails) {
  desk.engine.refuse = "no such script";
  desk.dial();
  CHECK_EQUAL(1, desk.board.count("play"));
}

TEST(Inbound, a_script_that_asks_in_a_circle_is_stopped_and_the_others_go_on) {
  desk.engine.on_hear = [&](CallId call, const std::string& what) {
    if (what == "queue closed") desk.host().script_queue(call, {.queue = "nowhere", .agent = {}});
  };
  desk.dial();
  const CallId bad = desk.last_call();
  desk.host().script_queue(bad, {.queue = "nowhere", .agent = {}});
  desk.settle();
  CHECK_TRUE(desk.engine.heard[bad].size() <= static_cast<std::size_t>(app::kQueueRequestsMax) + 2);
  CHECK_FALSE(desk.engine.alive.contains(bad));
  CHECK_EQUAL(2, desk.dial() == LegId::none ? 0 : desk.engine.started.size());
}

TEST(Inbound, a_failing_store_refuses_with_cause_42_and_still_books) {
  desk.store->disk_full(true);
  desk.dial();
  desk.dial();
  CHECK_FALSE(desk.store->healthy());
  CHECK_EQUAL(42, desk.board.last<board::cmd::Clear>()->cause);
  const auto b = desk.books();
  CHECK_TRUE(b.balanced);
  CHECK_TRUE(b.lost.at("system_fault") >= 1);
}

// Every stage of a loss can be reached, and is booked.
namespace {
struct Way {
  const char* stage;
  void (*go)(Desk&);
};
LegId with_script(Desk& d) { return d.dial(); }
void offer_without_channel(Desk& d) {
  const LegId leg{++d.board.next_leg};
  d.board.legs_[leg].shown = {.leg = leg, .span = "e1-1", .station = {}, .calling = "138", .called = "4006001", .tag = {}};
  d.board.happens(board::evt::Offered{leg, "e1-1", 0, 1, "city", "138", "4006001", true, board::LineKind::trunk});
  d.settle();
}
const Way kWays[] = {
    {"number_incomplete", [](Desk& d) { const LegId l = d.board.call("1", "40", false); d.settle(); d.board.gone(l, 16, true); }},
    {"rejected", [](Desk& d) { d.dial("1"); }},
    {"in_script", [](Desk& d) { const LegId l = with_script(d); d.board.gone(l, 16, true); }},
    {"in_queue", [](Desk& d) { d.queued(); d.board.gone(LegId{d.board.next_leg}, 16, true); }},
    {"ringing_agent", [](Desk& d) { d.login("2001", "1001"); d.queued(); d.board.gone(LegId{d.board.next_leg}, 16, true); }},
    {"timeout", [](Desk& d) { const CallId c = d.queued(); d.run(61s); d.host().script_finished(c); }},
    {"full", [](Desk& d) { for (int i = 0; i < 3; ++i) d.queued("1", {.queue = "vip", .agent = {}}); d.host().script_finished(d.last_call()); }},
    {"closed", [](Desk& d) { const CallId c = d.queued("1", {.queue = "night", .agent = {}}); d.host().script_finished(c); }},
    {"empty", [](Desk& d) { const CallId c = d.queued("1", {.queue = "unmanned", .agent = {}}); d.host().script_finished(c); }},
    {"place_kept", [](Desk& d) {
      const CallId c = d.queued("13800000001", {.queue = "orders", .agent = {}, .callback_key = '1'});
      d.board.happens(board::evt::Digit{LegId{d.board.next_leg}, '1', 80});
      d.settle();
      CHECK_TRUE(d.host().script_keep_place(c, "13800000001").has_value());
      d.host().script_hangup(c, 16);
    }},
    {"blacklist", [](Desk& d) { with_script(d); d.host().script_lost(d.last_call(), LossStage::blacklist, "17", false); d.host().script_hangup(d.last_call(), 17); }},
    {"captured", [](Desk& d) { with_script(d); d.host().script_lost(d.last_call(), LossStage::captured, "", true); d.host().script_hangup(d.last_call(), 17); }},
    {"no_channel", [](Desk& d) { offer_without_channel(d); }},
    {"script_error", [](Desk& d) { const LegId l = with_script(d); d.host().script_failed(d.last_call(), Error{"x", {}, {}}); d.settle(); d.board.gone(l, 16, true); }},
    {"system_fault", [](Desk& d) { with_script(d); d.board.die(); d.link(); }},
};
}  // namespace

TEST(Inbound, a_call_without_a_channel_meets_no_script) {
  offer_without_channel(desk);
  CHECK_EQUAL(0, desk.engine.started.size());
  CHECK_EQUAL(0, desk.board.count("alert"));
  CHECK_EQUAL(1, desk.books().lost["no_channel"]);
  CHECK_EQUAL(0, desk.center->legs());
  in_books(1);
}

TEST(Inbound, every_stage_of_a_loss_is_reachable_and_booked) {
  std::set<std::string> seen;
  for (const auto& way : kWays) {
    CenterConfig config = desk_config();
    config.queues.push_back({.name = "unmanned", .agents = {"2004"}, .empty = 0s});
    Desk d{config};
    way.go(d);
    const auto b = d.books();
    CHECK_TRUE_TEXT(b.balanced, way.stage);
    CHECK_TRUE_TEXT(b.lost.contains(way.stage), way.stage);
    seen.insert(way.stage);
  }
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<LossStage>>([&](auto e) { CHECK_TRUE_TEXT(seen.contains(e.name), e.name); });
}
