// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/router.h"

#include <chrono>
#include <random>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::acd;

namespace {
constexpr QueueNo kOrders{0}, kVip{1};
Instant at(int s) { return from_us(s * 1'000'000LL); }
}  // namespace

TEST_GROUP(Router) {
  Waiting waiting{2};
  Idle idle{2};
  void wait(unsigned call, int since, int priority = 0, QueueNo queue = kOrders, AgentNo owner = AgentNo::none) {
    waiting.add(queue, {CallId{call}, priority, at(since), owner});
  }
  void agent(unsigned no, int since, std::vector<Serving> queues = {kOrders}) { idle.add(AgentNo{no}, {.idle_since = at(since)}, queues, at(1000)); }
  std::string pairs() {
    std::string out;
    for (const auto& p : match(waiting, idle, at(1000))) out += std::to_string(to_number(p.call)) + "-" + std::to_string(index(p.agent)) + " ";
    return out;
  }
};

TEST(Router, the_longest_waiting_caller_gets_the_longest_idle_agent) {
  wait(1, 20);
  wait(2, 10);
  agent(7, 5);
  agent(8, 3);
  STRCMP_EQUAL("2-8 1-7 ", pairs().c_str());
}

TEST(Router, priority_goes_before_waiting_time) {
  wait(1, 10);
  wait(2, 20, 5);
  agent(7, 5);
  STRCMP_EQUAL("2-7 ", pairs().c_str());
}

TEST(Router, an_agent_of_two_queues_takes_the_one_who_is_first_in_either) {
  wait(1, 20, 0, kOrders);
  wait(2, 10, 0, kVip);
  agent(7, 5, {kOrders, kVip});
  STRCMP_EQUAL("2-7 ", pairs().c_str());
}

TEST(Router, nobody_gets_an_agent_of_another_queue) {
  wait(1, 10, 0, kVip);
  agent(7, 5, {kOrders});
  STRCMP_EQUAL("", pairs().c_str());
}

TEST(Router, who_waits_for_one_agent_is_nobody_elses_until_that_is_over) {
  wait(1, 10, 0, kOrders, AgentNo{9});
  agent(7, 5);
  STRCMP_EQUAL("", pairs().c_str());
  waiting.open(CallId{1});
  STRCMP_EQUAL("1-7 ", pairs().c_str());
}

TEST(Router, an_agents_own_customer_goes_first_but_not_before_a_higher_priority) {
  wait(1, 10);
  wait(2, 20, 0, kOrders, AgentNo{7});
  agent(7, 5);
  STRCMP_EQUAL("2-7 ", pairs().c_str());
  wait(3, 30, 1);
  STRCMP_EQUAL("3-7 ", pairs().c_str());
}

TEST(Router, one_decision_gives_each_caller_and_each_agent_once) {
  for (unsigned i = 0; i < 200; ++i) wait(i + 1, static_cast<int>(i), 0, i % 2 ? kOrders : kVip, i % 5 == 0 ? AgentNo{i % 7} : AgentNo::none);
  for (unsigned i = 0; i < 100; ++i) agent(i, static_cast<int>(i), i % 3 ? std::vector<Serving>{kOrders} : std::vector<Serving>{kOrders, kVip});
  const auto found = match(waiting, idle, at(1000));
  CHECK_EQUAL(kMatchPairsMax, found.size());
  std::set<CallId> calls;
  std::set<AgentNo> agents;
  for (const auto& p : found) CHECK_TRUE(calls.insert(p.call).second && agents.insert(p.agent).second);
}

TEST(Router, after_matching_until_it_is_empty_nobody_waits_whom_an_idle_agent_may_serve) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    Waiting w(2);
    Idle i(2);
    for (unsigned c = 1; c <= random() % 20; ++c)
      w.add(random() % 2 ? kOrders : kVip, {CallId{c}, static_cast<int>(random() % 3), at(static_cast<int>(random() % 50)), random() % 3 ? AgentNo::none : AgentNo{static_cast<unsigned>(random() % 8)}});
    for (unsigned a = 0; a < 8; ++a)
      if (random() % 2) i.add(AgentNo{a}, {.idle_since = at(static_cast<int>(random() % 50))}, random() % 2 ? std::vector<Serving>{kOrders} : std::vector<Serving>{kOrders, kVip}, at(100));
    for (auto found = match(w, i, at(100)); !found.empty(); found = match(w, i, at(100)))
      for (const auto& p : found) {
        CHECK_TRUE(i.contains(p.agent) && w.find(p.call) && w.find(p.call)->queue == p.queue);
        i.remove(p.agent);
        w.remove(p.call);
      }
    for (const QueueNo q : {kOrders, kVip}) CHECK_TRUE(w.line(q).unowned().empty() || i.line(q).empty());
    for (const auto& [a, callers] : w.owned()) CHECK_TRUE(callers.empty() || !i.contains(a));
  }
}

TEST(Router, ten_thousand_may_wait_and_the_position_is_right) {
  std::mt19937 random(3);
  std::vector<unsigned> order;
  for (unsigned c = 1; c <= 10'000; ++c) order.push_back(c);
  std::shuffle(order.begin(), order.end(), random);
  for (const unsigned c : order) wait(c, static_cast<int>(c));
  CHECK_EQUAL(10'000, waiting.size(kOrders));
  for (unsigned c = 1; c <= 10'000; c += 97) CHECK_EQUAL(c - 1, waiting.in_front(CallId{c}));
  CHECK_TRUE(waiting.line(kOrders).oldest() == at(1));
  for (unsigned c = 1; c <= 5'000; ++c) CHECK_TRUE(waiting.remove(CallId{c}));
  CHECK_FALSE(waiting.remove(CallId{1}));
  CHECK_EQUAL(0, waiting.in_front(CallId{5'001}));
  CHECK_TRUE(waiting.line(kOrders).oldest() == at(5'001));
}

TEST(Router, an_agent_who_goes_leaves_his_callers_to_anybody) {
  wait(1, 10, 0, kOrders, AgentNo{9});
  wait(2, 11, 0, kOrders, AgentNo{9});
  CHECK_EQUAL(2, waiting.open_all_of(AgentNo{9}).size());
  CHECK_TRUE(waiting.owned().empty());
  agent(7, 5);
  STRCMP_EQUAL("1-7 ", pairs().c_str());
}

TEST(Router, a_class_of_priority_is_worth_ten_minutes_and_no_more) {
  wait(1, 0, 0);
  wait(2, 599, 1);
  wait(3, 601, 1);
  agent(7, 5);
  agent(8, 6);
  agent(9, 7);
  STRCMP_EQUAL("2-7 1-8 3-9 ", pairs().c_str());
}

TEST(Router, being_an_agents_own_customer_is_worth_half_a_class) {
  wait(1, 0);
  wait(2, 299, 0, kOrders, AgentNo{7});
  agent(7, 5);
  STRCMP_EQUAL("2-7 ", pairs().c_str());
  waiting.remove(CallId{2});
  wait(3, 301, 0, kOrders, AgentNo{7});
  STRCMP_EQUAL("1-7 ", pairs().c_str());
}

TEST(Router, a_queues_strategy_says_who_of_the_idle_is_first) {
  const auto first = [](Strategy strategy) {
    Idle by{std::vector{strategy}};
    const std::vector<Standing> all = {
        {at(900), {.logged_on_at = at(0), .calls = 9, .talked = 500s, .occupied = 600s, .last_turn = 1}},  // 0: first of all by round robin
        {at(910), {.logged_on_at = at(0), .calls = 2, .talked = 700s, .occupied = 800s, .last_turn = 2}},  // 1: fewest calls
        {at(920), {.logged_on_at = at(0), .calls = 8, .talked = 100s, .occupied = 790s, .last_turn = 3}},  // 2: least talk time
        {at(930), {.logged_on_at = at(-9000), .calls = 7, .talked = 900s, .occupied = 900s, .last_turn = 4}},  // 3: least occupied
        {at(940), {.logged_on_at = at(0), .calls = 6, .talked = 800s, .occupied = 850s, .last_turn = 5}},  // 4: top of the list
        {at(950), {.logged_on_at = at(0), .calls = 5, .talked = 810s, .occupied = 860s, .last_turn = 6}},  // 5: knows most
        {at(890), {.logged_on_at = at(0), .calls = 4, .talked = 820s, .occupied = 870s, .last_turn = 7}},  // 6: idle for longest
    };
    for (unsigned n = 0; n < all.size(); ++n) by.add(AgentNo{n}, all[n], {Serving{kOrders, n == 4 ? 0 : static_cast<int>(n) + 1, n == 5 ? 16 : 3}}, at(1000));
    const auto first_of = by.line(kOrders).begin()->agent;
    by.remove(first_of);
    CHECK_EQUAL(all.size() - 1, by.line(kOrders).size());
    return index(first_of);
  };
  LONGS_EQUAL(6, first(Strategy::longest_idle));
  LONGS_EQUAL(1, first(Strategy::fewest_calls));
  LONGS_EQUAL(2, first(Strategy::least_talk_time));
  LONGS_EQUAL(3, first(Strategy::least_occupied));
  LONGS_EQUAL(0, first(Strategy::round_robin));
  LONGS_EQUAL(4, first(Strategy::top_down));
  LONGS_EQUAL(5, first(Strategy::best_skill));
}
