// Agents: every change of state goes through agent_event(), which journals what the table says and keeps the timers.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentAction;
using acd::AgentEvent;
using acd::AgentState;

bool Center::agent_event(acd::Agent& agent, AgentEvent event, std::string_view text, CallId call) {
  const std::string device = event == AgentEvent::login ? std::string(text) : agent.device;
  const auto change = agents_.apply(agent, event, timers_.now(), text, call);
  if (!change.ok) {
    ++counters_.no_row;
    log::debug("agent {}: {} in state {}", agent.id, acd::name(event), acd::name(agent.state));
    return false;
  }
  if (change.from != change.to)
    log::info("agent {} {} -> {}: {}{}{}", agent.id, acd::name(change.from), acd::name(change.to), acd::name(event), text.empty() ? "" : " ", text);
  if (change.action != AgentAction::start_wrap_up && change.from == AgentState::agentWorkingAfterCall && change.to != change.from)
    stop(wrap_timers_[acd::index(agent.no)]);
  const auto works = [](AgentState s) { return s == AgentState::agentBusy || s == AgentState::agentWorkingAfterCall; };
  if (works(change.from) && (!works(change.to) || event == AgentEvent::dial) && agent.serves_for != acd::QueueNo::none)
    handling_[acd::index(std::exchange(agent.serves_for, acd::QueueNo::none))].add(timers_.now() - agent.busy_since);
  switch (change.action) {
    case AgentAction::log_on: journal(ev::AgentLoggedOn{agent.id, device}); break;
    case AgentAction::log_off: journal(ev::AgentLoggedOff{agent.id, device, std::string(text)}); break;
    case AgentAction::become_ready: journal(ev::AgentReady{agent.id, device}); break;
    case AgentAction::become_not_ready: journal(ev::AgentNotReady{agent.id, device, agent.reason}); break;
    case AgentAction::become_busy: journal(ev::AgentBusy{agent.id, device, agent.call}); break;
    case AgentAction::start_wrap_up:
      wrap_up_until(agent, agent.wrap_up ? timers_.now() + *agent.wrap_up : Instant{});
      break;
    case AgentAction::extend_wrap_up:
    case AgentAction::none:
    case AgentAction::free_again:
    case AgentAction::pend_ready:
    case AgentAction::pend_not_ready:
    case AgentAction::pend_log_off: break;
  }
  devices_.follow(device, change.action);
  if (agent.state == AgentState::agentNull || agent.state == AgentState::agentNotReady) open_callers_of(agent.no);
  if (change.from != change.to && (change.from == AgentState::agentNull || change.to == AgentState::agentNull)) staffing_.look();
  if (agent.state != AgentState::reserved && agent.state != AgentState::agentBusy) want_match_ = true;
  return true;
}

void Center::open_callers_of(acd::AgentNo agent) {  // who waits for him need not wait longer
  for (const CallId waiter : waiting_.open_all_of(agent))
    if (Call* c = find(waiter)) {
      stop(c->preference_timer);
      if (c->only_agent) end_queue(*c, ivr::QueueEnd::timeout);
      else if (c->only_if_idle) undecided_.push_back(waiter);
    }
}

// {}: without end.
void Center::wrap_up_until(acd::Agent& agent, Instant until) {
  const Duration left = until == Instant{} ? Duration{} : std::max(until - timers_.now(), Duration{1ms});
  journal(ev::AgentWorkingAfterCall{agent.id, agent.device, agent.call, left / 1ms});
  time_wrap_up(agent, until);
}

void Center::time_wrap_up(acd::Agent& agent, Instant until) {
  TimerId& timer = wrap_timers_[acd::index(agent.no)];
  agent.wraps_until = until;
  stop(timer);
  if (until == Instant{}) return;
  guarded(timer, std::max(until - timers_.now(), Duration{0}), [this, no = agent.no] { wrap_up_over(agents_.at(no)); });
}

bool Center::more_wrap_up(acd::Agent& agent, Duration by) {
  if (!agent_event(agent, AgentEvent::more_wrap_up)) return false;
  if (agent.wraps_until != Instant{}) wrap_up_until(agent, std::min(agent.wraps_until + by, timers_.now() + kWrapUpMax));
  return true;
}

CtiResult<void> Center::log_on(const std::string& id, const std::string& device, const std::string& pin, bool ready) {
  acd::Agent* agent = agents_.find(id);
  if (!agent || agent->leaves) return std::unexpected(CtiError{4041, "no agent '" + id + "'"});
  if (agent->pin != pin) {
    log::warn("agent {}: wrong PIN at {}", id, device);
    return std::unexpected(CtiError{4031, "wrong PIN"});
  }
  if (device.empty() || (in_step_ && !phones_.contains(device))) return std::unexpected(CtiError{4041, "no phone '" + device + "'"});
  const acd::Agent* sits_there = agents_.at_device(device);
  if (sits_there && sits_there != agent) return std::unexpected(CtiError{4090, "agent " + sits_there->id + " is logged on at " + device});
  if (agent->state != AgentState::agentNull) {
    if (agent->device != device) return std::unexpected(CtiError{4090, "agent " + id + " is logged on at " + agent->device});
  } else {
    agent_event(*agent, AgentEvent::login, device);
  }
  if (ready && agent->state == AgentState::agentNotReady) agent_event(*agent, AgentEvent::ready);
  return {};
}

// After a restart: as the journal has it. Who was on a call stays so until the board's snapshot shows whether the call is up.
void Center::restore_agents(const std::vector<RecoveredAgent>& agents) {
  for (const auto& r : agents) {
    acd::Agent* agent = agents_.find(r.agent);
    AgentState state{};
    if (!agent || agent->leaves || !acd::state_from(r.state, state) || state == AgentState::agentNull || r.device.empty() || agents_.at_device(r.device)) continue;
    agent->reason = r.reason;
    agent->call = state == AgentState::agentBusy || state == AgentState::agentWorkingAfterCall ? r.call : CallId::none;
    agent->since = r.since;
    agent->last_call_end = r.last_call_end;
    agent->tally = {r.logged_on_at, r.calls, r.talked, r.occupied, static_cast<std::int64_t>(r.last_call)};
    agents_.restore(*agent, state, r.device, timers_.now());
    if (state == AgentState::agentWorkingAfterCall) {
      const Duration lasts = r.wrap_up.value_or(agent->wrap_up.value_or(Duration{}));
      time_wrap_up(*agent, lasts == Duration{} ? Instant{} : r.since + lasts);
    }
  }
}

}  // namespace sr::app
