// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/agent.h"

#include <boost/mp11.hpp>

namespace sr::acd {
namespace {

void keep_wish(Agent& agent, AgentAction action, std::string_view text) {
  switch (action) {
    case AgentAction::pend_ready: agent.pending = Pending::none; agent.pending_reason.clear(); break;
    case AgentAction::pend_not_ready: agent.pending = Pending::not_ready; agent.pending_reason = text; break;
    case AgentAction::pend_log_off: agent.pending = Pending::log_off; agent.pending_reason.clear(); break;
    default: break;
  }
}

// He would be ready now; but during the call he asked for something else.
AgentChange fulfil_wish(Agent& agent, AgentChange change) {
  if (agent.leaves && (change.to == AgentState::agentReady || change.to == AgentState::agentNotReady)) {
    change.to = AgentState::agentNull;
    change.action = AgentAction::log_off;
    return change;
  }
  if (change.to != AgentState::agentReady || agent.pending == Pending::none) return change;
  if (agent.pending == Pending::not_ready) {
    change.to = AgentState::agentNotReady;
    change.action = AgentAction::become_not_ready;
    agent.reason = agent.pending_reason;
  } else {
    change.to = AgentState::agentNull;
    change.action = AgentAction::log_off;
  }
  return change;
}

// Before `since` changes: what the state that ends has been worth.
void count(Agent& agent, const AgentChange& change, Instant now) {
  Tally& tally = agent.tally;
  if (change.from == AgentState::agentNull) tally = {.logged_on_at = now};
  if (change.from == AgentState::agentBusy || change.from == AgentState::agentWorkingAfterCall) tally.occupied += now - agent.since;
  if (change.from == change.to) return;
  if (change.to == AgentState::agentBusy) ++tally.calls;
  if (change.from == AgentState::agentBusy) tally.talked += now - agent.since;
}

}  // namespace

AgentChange apply(Agent& agent, AgentEvent event, Instant now, std::string_view text, CallId call) {
  const auto* row = fsm::find(kAgentTable, agent.state, event);
  if (!row) return {.ok = false, .from = agent.state, .to = agent.state};
  AgentChange change{.ok = true, .from = agent.state, .to = row->to, .action = row->act};
  keep_wish(agent, change.action, text);
  if (change.from == change.to && change.action >= AgentAction::pend_ready) return change;
  if (event == AgentEvent::ready) agent.pending = Pending::none;

  if (event == AgentEvent::dial && change.from == AgentState::agentNotReady) {
    agent.pending = Pending::not_ready;  // who was not ready before his own call is not ready after it
    agent.pending_reason = agent.reason;
  }
  if (event == AgentEvent::login) agent.device = text;
  if (change.to == AgentState::agentNotReady) agent.reason = event == AgentEvent::login ? kLoggedOn : text;
  else agent.reason.clear();
  if (event == AgentEvent::no_answer && agent.pending == Pending::log_off) {
    change.to = AgentState::agentNull;
    change.action = AgentAction::log_off;
  }
  change = fulfil_wish(agent, change);

  if (change.to == AgentState::reserved || change.to == AgentState::agentBusy) {
    if (call != CallId::none) agent.call = call;
  } else if (change.to != AgentState::agentWorkingAfterCall) {
    agent.call = CallId::none;
    agent.pending = Pending::none;
    agent.pending_reason.clear();
  }
  if (change.to == AgentState::agentWorkingAfterCall && change.from == AgentState::agentBusy) agent.last_call_end = now;
  count(agent, change, now);
  const bool only_reserved = change.to == AgentState::reserved || (change.from == AgentState::reserved && change.to == AgentState::agentReady);
  if (!only_reserved) agent.since = now;
  agent.state = change.to;
  return change;
}

std::string_view name(AgentState state) { return boost::describe::enum_to_string(state, "?"); }
std::string_view name(AgentEvent event) { return boost::describe::enum_to_string(event, "?"); }

bool state_from(std::string_view text, AgentState& out) {
  bool found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<AgentState>>([&](auto d) {
    if (text == d.name && d.value != AgentState::count_) { out = d.value; found = true; }
  });
  return found;
}

}  // namespace sr::acd
