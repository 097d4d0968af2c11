// Consultation and transfer (consult_state.h). `call.agent` is the first agent, who holds the caller; `call.consult` is what he does
// meanwhile. The second agent is reserved as for a call of the queue, so that nobody has two calls. The outcome of the call
// was booked when the first agent answered; nothing here books another.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentEvent;
using acd::AgentState;
using board::Mode;

void Center::consult(Call& call, ConsultEvent event) {
  const auto* row = fsm::find(kConsultTable, call.consult.phase, event);
  if (!row) {
    ++counters_.no_row;
    log::warn("call {}: {} in consultation phase {}", to_number(call.id), boost::describe::enum_to_string(event, "?"),
              boost::describe::enum_to_string(call.consult.phase, "?"));
    return;
  }
  log::info("call {} consultation {} -> {}: {}", to_number(call.id), boost::describe::enum_to_string(call.consult.phase, "?"),
            boost::describe::enum_to_string(row->to, "?"), boost::describe::enum_to_string(event, "?"));
  call.consult.phase = row->to;
  stop(call.consult.pause);
  switch (row->act) {
    case ConsultAction::hold: return hold(call);
    case ConsultAction::ring: return ring_second(call);
    case ConsultAction::give_busy: return send(board::cmd::Tone{call.agent_leg, "busy"});
    case ConsultAction::join: return join_second(call);
    case ConsultAction::retrieve: return retrieve(call);
    case ConsultAction::transfer: return transfer(call);
    case ConsultAction::transfer_ringing: return transfer_ringing(call);
    case ConsultAction::wait_again:
      call.consult = {};
      return wait_again(call);
    case ConsultAction::release: return second_leaves(call, AgentEvent::caller_gone, 16, false);
  }
}

void Center::flashed(LegId leg) {
  const LegUse* use = use_of(leg);
  Call* call = use && use->role == LegRole::agent ? find(use->call) : nullptr;
  if (!call || call->agent_leg != leg || call->phase != Phase::talking || !in_step_)
    return log::info("leg {}: hook-flash; there is no caller to be held", to_number(leg));
  consult(*call, ConsultEvent::flash);
}

void Center::hold(Call& call) {
  call.consult.holder = call.agent_device;
  call.consult.digits.clear();
  journal(ev::Held{call.id, call.agent_device});
  send(board::cmd::Disconnect{call.agent_leg});
  send(board::cmd::Music{call.leg});
  tag(call.leg, call.id, Mode::queued);  // so he keeps his music when we are away
  send(board::cmd::Tone{call.agent_leg, "dial"});
}

void Center::retrieve(Call& call) {
  second_leaves(call, AgentEvent::caller_gone, 16, false);
  journal(ev::Retrieved{call.id, call.agent_device});
  send(board::cmd::Connect{call.leg, call.agent_leg});
  tag(call.leg, call.id, Mode::connected);
}

// ---- who is wanted --------------------------------------------------------------------------------------------------

void Center::consult_digit(Call& call, char digit) {
  if (call.consult.phase != ConsultPhase::dialling || !in_step_) return;
  if (call.consult.digits.empty()) send(board::cmd::Silence{call.agent_leg});
  if (digit == '#') return choose_second(call, true);
  call.consult.digits += digit;
  guarded(call.consult.pause, kInterDigit, [this, id = call.id] {
    if (Call* c = find(id); c && c->consult.phase == ConsultPhase::dialling) choose_second(*c, true);
  });
  choose_second(call, false);
}

// An agent by his id or his phone. As with a phone's other digits, the last one ends them where nothing longer is possible;
// so what is kept is never longer than an id.
void Center::choose_second(Call& call, bool ended) {
  const std::string& digits = call.consult.digits;
  const auto grows = [&](const std::string& name) { return name.size() > digits.size() && name.starts_with(digits); };
  acd::Agent* wanted = agents_.find(digits);
  if (!wanted) wanted = agents_.at_device(digits);
  if (!ended && std::ranges::any_of(agents_.all(), [&](const acd::Agent& a) { return grows(a.id) || grows(a.device); })) return;
  if (!wanted || wanted->state != AgentState::agentReady || !phone_idle(wanted->device)) return consult(call, ConsultEvent::wrong);
  call.consult.agent = wanted->no;
  consult(call, ConsultEvent::chosen);
}

void Center::ring_second(Call& call) {
  acd::Agent& second = agents_.at(call.consult.agent);
  SR_ENSURE(agent_event(second, AgentEvent::reserve, {}, call.id));
  call.consult.device = second.device;
  call.consult.leg = ring_agent(call, second, {}, Cause::consultation);
  limit_ringing(call);
  send(board::cmd::Tone{call.agent_leg, "ringback"});
}

void Center::join_second(Call& call) {
  stop(call.ring_timer);
  agent_event(agents_.at(call.consult.agent), AgentEvent::answered, {}, call.id);
  journal(ev::Established{call.id, call.consult.device, {}, call.agent_device, call.consult.device, Cause::consultation});  // no agentID: it is no outcome
  send(board::cmd::Connect{call.agent_leg, call.consult.leg});
  tag(call.consult.leg, call.id, Mode::connected);
}

// ---- the second is out ----------------------------------------------------------------------------------------------

// `unanswered` is what that means to an agent who had not answered yet.
void Center::second_leaves(Call& call, AgentEvent unanswered, int cause, bool by_far) {
  Consult& c = call.consult;
  stop(c.pause);
  const acd::AgentNo no = std::exchange(c.agent, acd::AgentNo::none);
  const LegId leg = std::exchange(c.leg, LegId::none);
  const std::string device = std::exchange(c.device, {});
  if (no == acd::AgentNo::none) return;
  stop(call.ring_timer);
  let_go(leg, 16);
  journal(ev::ConnectionCleared{call.id, device, by_far ? device : "center", cause_for(cause), cause});
  acd::Agent& second = agents_.at(no);
  if (second.state == AgentState::agentBusy) agent_event(second, AgentEvent::call_ended, {}, call.id);
  else agent_event(second, unanswered, unanswered == AgentEvent::no_answer ? "no answer" : "", call.id);
}

void Center::second_gone(Call& call, int cause, bool by_far) {
  const bool not_his_fault = cause == 17 || cause == 41;  // his phone was in use at this moment; the board went away
  second_leaves(call, not_his_fault ? AgentEvent::phone_busy : AgentEvent::no_answer, cause, by_far);
  consult(call, ConsultEvent::second_gone);
}

// ---- the first is out -----------------------------------------------------------------------------------------------

// The second is now the agent of the call.
void Center::hand_over(Call& call) {
  const Consult c = std::exchange(call.consult, {});
  call.agent = c.agent;
  call.agent_device = c.device;
  call.agent_leg = c.leg;
  journal(ev::Transferred{call.id, c.holder, c.device, agents_.at(c.agent).id});
}

void Center::transfer(Call& call) {
  hand_over(call);
  send(board::cmd::Connect{call.leg, call.agent_leg});
  tag(call.leg, call.id, Mode::connected);
}

// From here on it is a call that the queue has offered to him: who misses it gives the caller back to the queue.
void Center::transfer_ringing(Call& call) {
  wait_again(call);
  if (call.phase != Phase::queued) return second_leaves(call, AgentEvent::caller_gone, 16, false);
  waiting_.remove(call.id);
  advance(call, CallEvent::reserve);
  hand_over(call);
  call.choice = {.own = true};
  limit_ringing(call);
}

// Nobody is with him: he waits as one who has waited since he came. Neither a closed nor a full queue refuses him.
void Center::wait_again(Call& call) {
  const acd::QueueNo queue = queue_of_number(call);
  if (queue == acd::QueueNo::none) return clear(call, 16);
  call.recovered = false;
  enqueue(call, queue, {.queue = {}, .priority = call.priority, .agent = {}}, call.offered_at);
}

// After a restart the first was gone, but the second is up: his transfer was done, or would have been.
const board::LegSnapshot* Center::find_second(const Call& call, const board::Snapshot& s) {
  for (const auto& leg : s.legs) {
    if (leg.tag.call != to_number(call.id) || leg.state != board::LegState::connected) continue;
    const acd::Agent* agent = agents_.at_device(device_of(leg));
    if (agent && agent->no != call.agent && agent->state == AgentState::agentBusy && agent->call == call.id) return &leg;
  }
  return nullptr;
}

}  // namespace sr::app
