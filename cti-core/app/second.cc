// The second of a consultation: an agent is reserved as for a call of the queue, so that nobody has two calls; a phone without an agent
// rings, an outside number is dialled.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"

namespace sr::app {

using acd::AgentEvent;
using acd::AgentState;
using board::Mode;

acd::AgentNo PhoneProcedure::idle_agent_of(acd::QueueNo queue) const {
  for (const auto& turn : center_.agents_.idle().line(queue))
    if (center_.agents_.idle().may(queue, turn)) return turn.agent;
  return acd::AgentNo::none;
}

void PhoneProcedure::wait_for_agent(Call& call) {
  queue_consults_.push_back(call.id);
  center_.send(board::cmd::Music{call.agent_leg});
}

// When the callers have had their choice: no agent is here whom one of them waits for.
void PhoneProcedure::serve_queue_consults() {
  std::erase_if(queue_consults_, [this](CallId id) {
    Call* call = center_.find(id);
    if (!call || call->consult.phase != ConsultPhase::queued) return true;
    call->consult.agent = idle_agent_of(call->consult.queue);
    return call->consult.agent != acd::AgentNo::none && consult(*call, ConsultEvent::chosen);
  });
}

void PhoneProcedure::ring_second(Call& call) {
  Consult& c = call.consult;
  if (c.agent != acd::AgentNo::none) {
    acd::Agent& second = center_.agents_.at(c.agent);
    SR_ENSURE(center_.agent_event(second, AgentEvent::reserve, {}, call.id));
    c.device = second.device;
    c.leg = center_.ring_agent(call, second, {}, c.cause);
  } else {
    c.leg = ring_other(call, c.device, c.outside, c.cause);
  }
  limit_second(call);
  if (c.outside) center_.send(board::cmd::Silence{call.agent_leg});
  else center_.send(board::cmd::Tone{call.agent_leg, "ringback"});
}

LegId PhoneProcedure::ring_other(const Call& call, const std::string& device, bool outside, Cause cause) {
  const LegId leg = outside ? center_.new_leg(LegRole::second, call.id) : center_.devices_.seize(LegRole::second, call.id, device);
  center_.journal(ev::Delivered{call.id, device, {}, call.calling, call.called, {}, {}, {}, cause});
  if (outside) center_.send(board::cmd::Dial{leg, center_.config_.outgoing_group, center_.config_.outgoing_calling, device, {to_number(call.id), Mode::alerting}});
  else center_.devices_.alert(device, call.calling, {});
  return leg;
}

void PhoneProcedure::limit_second(Call& call) {
  if (!call.consult.outside) return center_.limit_ringing(call);
  center_.guarded(call.ring_timer, kOutsideRingTime, [this, id = call.id] {
    if (Call* c = center_.find(id)) not_lifted(*c);
  });
}

// Whoever of a consultation rings has rung long enough.
void PhoneProcedure::not_lifted(Call& call) {
  if (call.consult.phase == ConsultPhase::ringing) second_gone(call, 19, false);
  else if (call.consult.phase == ConsultPhase::recalling) recall_missed(call);
  else if (call.phase == Phase::forwarding) other_gone(call, 19, false);
}

void PhoneProcedure::second_alerts(Call& call, LegId leg) {
  if (call.consult.phase == ConsultPhase::ringing && call.consult.leg == leg && call.consult.outside) center_.send(board::cmd::Tone{call.agent_leg, "ringback"});
}

void PhoneProcedure::second_seized(Call& call, LegId leg, const std::string& span) {
  std::string* at = call.consult.leg == leg ? &call.consult.span : call.agent_leg == leg ? &call.other_span : nullptr;
  if (!at) return;
  center_.count_span(*at, -1);  // a second try after glare is on another channel
  *at = span;
  center_.count_span(*at, 1);
}

void PhoneProcedure::join_second(Call& call) {
  center_.stop(call.ring_timer);
  const Consult& c = call.consult;
  if (c.agent != acd::AgentNo::none) center_.agent_event(center_.agents_.at(c.agent), AgentEvent::answered, {}, call.id);
  center_.journal(ev::Established{call.id, c.device, {}, call.agent_device, c.device, Cause::consultation});  // no agentID: it is no outcome
  center_.send(board::cmd::Connect{call.agent_leg, c.leg});
  center_.tag(c.leg, call.id, Mode::connected);
}

// `unanswered` is what that means to an agent who had not answered yet.
void PhoneProcedure::second_leaves(Call& call, AgentEvent unanswered, int cause, bool by_far) {
  Consult& c = call.consult;
  center_.stop(c.pause);
  const acd::AgentNo no = std::exchange(c.agent, acd::AgentNo::none);
  const LegId leg = std::exchange(c.leg, LegId::none);
  const std::string device = std::exchange(c.device, {});
  center_.count_span(std::exchange(c.span, {}), -1);
  c.outside = false;
  c.cause = Cause::consultation;
  if (leg == LegId::none) return;
  center_.stop(call.ring_timer);
  center_.send(call.conference.gone(leg));
  const char* in_vain = center_.devices_.in_vain(device, Miss::no_answer).reason;
  center_.devices_.let_go(leg, 16);
  center_.journal(ev::ConnectionCleared{call.id, device, by_far ? device : "center", cause_for(cause), cause});
  if (no == acd::AgentNo::none) return;
  acd::Agent& second = center_.agents_.at(no);
  if (second.state == AgentState::agentBusy) center_.agent_event(second, AgentEvent::call_ended, {}, call.id);
  else center_.agent_event(second, unanswered, unanswered == AgentEvent::no_answer ? in_vain : "", call.id);
}

void PhoneProcedure::second_gone(Call& call, int cause, bool by_far) {
  const bool line_lost = cause != 19 && center_.devices_.keeps_line(call.consult.device);
  const bool not_his_fault = cause == 17 || cause == 41 || line_lost;  // his phone was in use at this moment; the board or his line went away
  second_leaves(call, not_his_fault ? AgentEvent::phone_busy : AgentEvent::no_answer, cause, by_far);
  consult(call, ConsultEvent::second_gone);
}

}  // namespace sr::app
