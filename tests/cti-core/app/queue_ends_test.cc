// The ends of a wait without an agent – timeout, full, closed, empty –, what the script hears and what the books say; and the steps of
// who gets whom.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/app/desk.h"
#include "tests/support/config_shelf.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {
CenterConfig ending() {
  CenterConfig config = desk_config();
  config.queues[0].empty = 20s;
  config.queues[1].empty = 0s;
  return config;
}
}  // namespace

TEST_GROUP(QueueEnds) {
  ConfigShelf shelf;
  Desk desk{ending()};

  std::string heard(CallId call) { return desk.engine.heard[call].back(); }
  CallId asks(const char* queue) {
    desk.dial();
    const CallId call = desk.last_call();
    desk.host().script_answer(call);
    desk.settle();
    desk.host().script_queue(call, {.queue = queue, .agent = {}});
    desk.settle();
    return call;
  }
  // What the books say when the script goes no further.
  std::string booked(CallId call) {
    desk.host().script_finished(call);
    desk.settle();
    return desk.outcome(call);
  }
};

TEST(QueueEnds, timeout) {
  desk.login("2001", "1001", false);
  const CallId call = asks("orders");
  desk.run(61s);
  STRCMP_EQUAL("queue timeout", heard(call).c_str());
  STRCMP_EQUAL("lost timeout", booked(call).c_str());
}

TEST(QueueEnds, full) {
  desk.login("2004", "1004", false);
  asks("vip");
  asks("vip");
  const CallId call = asks("vip");
  STRCMP_EQUAL("queue full", heard(call).c_str());
  STRCMP_EQUAL("lost full", booked(call).c_str());
}

TEST(QueueEnds, closed) {
  const CallId call = asks("night");
  STRCMP_EQUAL("queue closed", heard(call).c_str());
  STRCMP_EQUAL("lost closed", booked(call).c_str());
}

TEST(QueueEnds, empty_at_once_where_the_limit_is_0) {
  const CallId call = asks("vip");
  STRCMP_EQUAL("queue empty", heard(call).c_str());
  STRCMP_EQUAL("lost empty", booked(call).c_str());
  desk.login("2004", "1004", false);  // on a break, but there
  asks("vip");
  CHECK_EQUAL(1, desk.center->waiting());
}

TEST(QueueEnds, empty_for_some_time_who_waits_leaves_and_who_comes_does_not_enter) {
  const CallId before = asks("orders");
  desk.run(10s);
  CHECK_EQUAL(1, desk.center->waiting());
  desk.run(11s);
  STRCMP_EQUAL("queue empty", heard(before).c_str());
  STRCMP_EQUAL("queue empty", heard(asks("orders")).c_str());
  desk.login("2001", "1001", false);
  asks("orders");
  CHECK_EQUAL(1, desk.center->waiting());
  CHECK(desk.center->cti().agent_logout("2001").has_value());
  desk.run(19s);
  CHECK_EQUAL(1, desk.center->waiting());
  desk.login("2002", "1002", false);
  desk.run(20s);
  CHECK_EQUAL(1, desk.center->waiting());
}

TEST(QueueEnds, another_time_of_a_reload_counts_from_when_the_last_one_logged_off) {
  shelf.file = ending();
  desk.center->reload_from(shelf);
  const CallId call = asks("orders");
  desk.run(10s);
  shelf.file.queues[0].empty = 40s;
  desk.center->cti().config_reload({.who = "li"}, [](const auto&) {});
  desk.run(15s);
  CHECK_EQUAL(1, desk.center->waiting());
  desk.run(16s);
  STRCMP_EQUAL("queue empty", heard(call).c_str());
}

TEST(QueueEnds, somebody_who_would_help_from_an_overflow_step_on_is_somebody) {
  CenterConfig config = ending();
  config.queues[1].overflow = {{.agents = {"2001"}, .when = {.begin = {.waiting = 1}, .end = {.waiting = 0}}}};
  Desk other{config};
  other.login("2001", "1001");
  other.dial();
  other.host().script_answer(other.last_call());
  other.settle();
  other.host().script_queue(other.last_call(), {.queue = "vip", .agent = {}});
  other.settle();
  CHECK(other.board.ringing("1001") != LegId::none);
}

TEST(QueueEnds, a_recovered_caller_whose_time_is_over_hears_so_and_is_promised_a_callback) {
  desk.login("2001", "1001", false);
  const CallId call = asks("orders");
  const LegId leg{desk.board.next_leg};
  desk.kill_ctid();
  desk.start_ctid();
  desk.link();
  desk.run(61s);
  const auto* play = desk.board.last<board::cmd::Play>();
  CHECK(play && play->leg == leg);
  STRCMP_EQUAL("zh/all_busy_will_call_back", play->prompts.front().c_str());
  STRCMP_EQUAL("lost timeout", desk.outcome(call).c_str());
  CHECK(desk.center->cti().callbacks_json({.customer = "13800000001"}).find("promised") != std::string::npos);
  CHECK_TRUE(desk.board.has(leg));
  desk.board.happens(board::evt::PlayEnded{leg, app::kHostPlay, board::PlayEnd::done, 4000, {}});
  desk.settle();
  CHECK_FALSE(desk.board.has(leg));
  CHECK_TRUE(desk.books().balanced);
}

// ---- the agent of the last order, then the VIP group, then anybody by priority --------------------------------------------------------

TEST_GROUP(WhoFirst) {
  Desk desk;
  CallId asks(ivr::QueueRequest request) {
    desk.dial();
    const CallId call = desk.last_call();
    desk.host().script_answer(call);
    desk.settle();
    queue(call, std::move(request));
    return call;
  }
  void queue(CallId call, ivr::QueueRequest request) {
    desk.host().script_queue(call, request);
    desk.settle();
  }
  std::string heard(CallId call) { return desk.engine.heard[call].back(); }
};

TEST(WhoFirst, only_his_agent_may_have_him_and_for_so_long) {
  desk.login("2001", "1001");
  desk.queued("9");
  desk.talk("1001");
  desk.login("2002", "1002");
  const CallId call = asks({.queue = "orders", .agent = "2001", .agent_wait = 8s, .only_agent = true});
  CHECK(desk.board.ringing("1002") == LegId::none);
  desk.run(7s);
  STRCMP_EQUAL("answered", heard(call).c_str());
  desk.run(2s);
  STRCMP_EQUAL("queue timeout", heard(call).c_str());
}

TEST(WhoFirst, an_agent_who_is_not_there_or_leaves_or_does_not_answer_is_waited_for_no_longer) {
  desk.login("2002", "1002");
  const CallId away = asks({.queue = "orders", .agent = "2001", .agent_wait = 8s, .only_agent = true});
  STRCMP_EQUAL("queue timeout", heard(away).c_str());
  desk.login("2001", "1001");
  desk.queued("9", {.queue = "orders", .agent = "2001", .agent_wait = 5s});
  desk.talk("1001");
  const CallId leaves = asks({.queue = "orders", .agent = "2001", .agent_wait = 80s, .only_agent = true});
  CHECK_EQUAL(1, desk.center->waiting());
  CHECK(desk.center->cti().agent_not_ready("2001", "1").has_value());
  desk.board.on_hook("1001");
  desk.run(4s);
  STRCMP_EQUAL("queue timeout", heard(leaves).c_str());
  CHECK(desk.board.ringing("1002") == LegId::none);
  CHECK(desk.center->cti().agent_ready("2001").has_value());
  desk.settle();
  const CallId unheard = asks({.queue = "orders", .agent = "2001", .agent_wait = 80s, .only_agent = true});
  CHECK(desk.board.ringing("1001") != LegId::none);
  desk.run(16s);
  STRCMP_EQUAL("queue timeout", heard(unheard).c_str());
}

TEST(WhoFirst, the_steps_of_a_vip_are_told_by_explain) {
  desk.login("2001", "1001");
  desk.login("2003", "1003", false);
  desk.queued("9");
  desk.talk("1001");
  const CallId call = asks({.queue = "orders", .priority = 10, .agent = "2001", .agent_wait = 8s, .only_agent = true});
  desk.run(9s);
  queue(call, {.queue = "vip", .priority = 10, .agent = {}, .only_if_idle = true});
  STRCMP_EQUAL("queue timeout", heard(call).c_str());
  queue(call, {.queue = "orders", .priority = 10, .agent = {}});
  const std::string why = *desk.center->cti().call_explain(call);
  CHECK_TEXT(why.find("\n  before: orders for agent 2001 alone with priority 10: timeout after 8.0 s\n  before: vip if somebody is idle with priority 10: timeout\n") != std::string::npos, why.c_str());
  CHECK_TEXT(why.find("waits in orders since 0.0 s, place 1 of 1") != std::string::npos, why.c_str());
}

TEST(WhoFirst, a_vip_waits_ahead_of_a_returning_customer_and_he_ahead_of_strangers) {
  desk.login("2001", "1001", false);
  const CallId stranger = asks({.queue = "orders", .agent = {}});
  desk.run(3s);
  const CallId returning = asks({.queue = "orders", .priority = 5, .agent = {}});
  desk.run(3s);
  const CallId vip = asks({.queue = "orders", .priority = 10, .agent = {}});
  std::string order;
  for (const CallId call : {vip, returning, stranger}) {
    CHECK(desk.center->cti().agent_ready("2001").has_value());
    desk.settle();
    desk.talk("1001");
    order += desk.outcome(call) + " ";
    CHECK(desk.center->cti().agent_not_ready("2001", "1").has_value());
    desk.board.on_hook("1001");
    desk.run(4s);
  }
  STRCMP_EQUAL("answered answered answered ", order.c_str());
}
