// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/agent.h"

#include "cti-core/acd/agent_table.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::acd;
using S = AgentState;
using E = AgentEvent;

TEST_GROUP(Agent) {
  Instant t = from_us(1'000'000);
  Agent in(S state) {
    Agent a;
    a.state = state;
    a.device = "1001";
    a.since = from_us(5);
    return a;
  }
};

TEST(Agent, every_row_leads_where_it_says_and_every_other_event_is_refused) {
  for (std::size_t s = 0; s < static_cast<std::size_t>(S::count_); ++s)
    for (std::size_t e = 0; e < static_cast<std::size_t>(E::count_); ++e) {
      const auto state = static_cast<S>(s);
      const auto event = static_cast<E>(e);
      Agent agent = in(state);
      const auto* row = fsm::find(kAgentTable, state, event);
      const auto change = apply(agent, event, t, "x");
      CHECK_EQUAL(row != nullptr, change.ok);
      CHECK_TRUE(agent.state == (row ? row->to : state));
      if (!row) CHECK_TRUE(agent.since == from_us(5));
    }
}

TEST(Agent, a_wish_during_the_call_is_granted_after_the_wrap_up) {
  Agent agent = in(S::agentBusy);
  CHECK_TRUE(apply(agent, E::not_ready, t, "lunch").ok);
  CHECK_TRUE(agent.state == S::agentBusy);
  apply(agent, E::call_ended, t);
  CHECK_TRUE(agent.state == S::agentWorkingAfterCall);
  const auto change = apply(agent, E::wrap_up_over, t);
  CHECK_TRUE(change.action == AgentAction::become_not_ready && agent.state == S::agentNotReady);
  STRCMP_EQUAL("lunch", agent.reason.c_str());
}

TEST(Agent, the_last_wish_counts) {
  Agent agent = in(S::agentBusy);
  apply(agent, E::logout, t);
  apply(agent, E::ready, t);
  apply(agent, E::call_ended, t);
  apply(agent, E::wrap_up_over, t);
  CHECK_TRUE(agent.state == S::agentReady);
}

TEST(Agent, a_reservation_that_comes_to_nothing_costs_him_no_idle_time) {
  Agent agent = in(S::agentReady);
  apply(agent, E::reserve, t, {}, CallId{7});
  CHECK_TRUE(agent.call == CallId{7});
  apply(agent, E::caller_gone, t);
  CHECK_TRUE(agent.state == S::agentReady && agent.since == from_us(5) && agent.call == CallId::none);
}

TEST(Agent, who_wants_to_leave_while_his_phone_rings_leaves_when_it_stops) {
  Agent agent = in(S::agentReady);
  apply(agent, E::reserve, t, {}, CallId{7});
  apply(agent, E::logout, t);
  CHECK_TRUE(apply(agent, E::no_answer, t, "no answer").action == AgentAction::log_off);
  CHECK_TRUE(agent.state == S::agentNull);
}

TEST(Agent, the_table_offers_only_who_is_ready_and_whose_phone_is_idle) {
  AgentTable table(1);
  Agent a;
  a.id = "2001";
  a.queues = {QueueNo{0}};
  table.add(a);
  Agent& agent = *table.find("2001");
  table.apply(agent, E::login, t, "1001");
  table.apply(agent, E::ready, t);
  CHECK_EQUAL(0, table.idle().size());
  table.phone_idle("1001", true, t);
  CHECK_EQUAL(1, table.idle().size());
  table.apply(agent, E::reserve, t);
  CHECK_EQUAL(0, table.idle().size());
  table.apply(agent, E::caller_gone, t);
  CHECK_EQUAL(1, table.idle().size());
  CHECK_TRUE(table.at_device("1001") == &agent);
  table.apply(agent, E::logout, t);
  CHECK_EQUAL(0, table.idle().size());
  CHECK_TRUE(table.at_device("1001") == nullptr);
  STRCMP_EQUAL("", agent.device.c_str());
}

TEST(Agent, what_he_has_done_is_counted_from_his_log_on) {
  AgentTable table(1);
  Agent& agent = table.at(table.add({.id = "2001"}));
  const auto at = [](int s) { return from_us(s * 1'000'000LL); };
  const auto call = [&](int begins) {
    table.apply(agent, E::reserve, at(begins), {}, CallId{1});
    table.apply(agent, E::answered, at(begins + 2));
    table.apply(agent, E::call_ended, at(begins + 12));
    table.apply(agent, E::wrap_up_over, at(begins + 17));
  };
  table.apply(agent, E::login, at(100), "1001");
  table.apply(agent, E::ready, at(110));
  call(120);
  call(140);
  CHECK_TRUE(agent.tally.logged_on_at == at(100));
  CHECK_EQUAL(2, agent.tally.calls);
  CHECK_EQUAL(2, agent.tally.last_turn);
  CHECK_TRUE(agent.tally.talked == 20s && agent.tally.occupied == 30s);
  table.apply(agent, E::logout, at(170));
  table.apply(agent, E::login, at(200), "1001");
  CHECK_EQUAL(0, agent.tally.calls);
}

// Every event in every order of a few hundred: what is counted is what a walk over the agents finds.
TEST(Agent, who_works_is_counted_per_queue_and_overflow_step_as_a_walk_would_find) {
  AgentTable table(2);
  const QueueNo own{0}, other{1};
  for (const char* id : {"2001", "2002", "2003"}) table.add({.id = id, .queues = {Serving{own}, Serving{other, 0, 0, 1}}});
  table.at(AgentNo{2}).queues.pop_back();
  unsigned random = 1;
  for (int i = 0; i < 500; ++i) {
    random = random * 1'103'515'245 + 12'345;
    Agent& agent = table.at(AgentNo{random >> 16 & 1 ? random >> 18 & 1u : 2u});
    table.apply(agent, static_cast<E>((random >> 20) % static_cast<unsigned>(E::count_)), from_us(i), "100" + agent.id.substr(3), CallId{1});
    std::size_t works = 0, helps = 0;
    for (const Agent& a : table.all())
      if (a.state != S::agentNull && a.state != S::agentNotReady) ++works, helps += a.queues.size() - 1;
    CHECK_EQUAL(works, table.working(own));
    CHECK_EQUAL(0, table.working(other));
    table.overflow(other, 1);
    CHECK_EQUAL(helps, table.working(other));
    table.overflow(other, 0);
  }
}

TEST(Agent, who_has_logged_on_is_not_ready_with_a_reason_also_after_a_call_that_he_made_then) {
  Agent agent = in(S::agentNull);
  apply(agent, E::login, t, "1001");
  STRCMP_EQUAL("logged on", agent.reason.c_str());
  STRCMP_EQUAL("1001", agent.device.c_str());
  apply(agent, E::dial, t);
  apply(agent, E::call_ended, t);
  apply(agent, E::wrap_up_over, t);
  CHECK_TRUE(agent.state == S::agentNotReady);
  STRCMP_EQUAL("logged on", agent.reason.c_str());
}
