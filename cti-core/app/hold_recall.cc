// Who forgets a held caller is reminded: a beep in his ear, again and again; if he hangs up, his phone rings (ECMA-269 cause `recall`).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"

namespace sr::app {

void PhoneProcedure::watch_hold(Call& call, ConsultPhase from) {
  Consult& c = call.consult;
  if (held_in(from) == held_in(c.phase)) return;
  center_.stop(c.hold_timer);
  if (held_in(c.phase) == Held::nobody) return;
  c.held_at = center_.timers_.now();
  await_hold_recall(call);
}

void PhoneProcedure::await_hold_recall(Call& call) {
  center_.guarded(call.consult.hold_timer, center_.config_.hold_recall, [this, id = call.id] {
    if (Call* c = center_.find(id)) remind(*c);
  });
}

void PhoneProcedure::remind(Call& call) {
  const Consult& c = call.consult;
  await_hold_recall(call);
  const bool listens = c.phase == ConsultPhase::dialling || c.phase == ConsultPhase::busy || ((c.phase == ConsultPhase::talking || c.phase == ConsultPhase::alternated) && !c.asking);
  if (!listens) return;  // he waits for somebody, or presses a digit
  const std::string held = held_in(c.phase) == Held::second ? c.device : caller_name(call);
  center_.journal(ev::HoldRecall{call.id, call.agent_device, held, static_cast<int>((center_.timers_.now() - c.held_at) / 1ms)});
  center_.send(board::cmd::Tone{call.agent_leg, "beep"});
}

// He hung up on a held caller. He stays busy with the call until his phone is lifted or has rung long enough.
void PhoneProcedure::ring_back(Call& call) {
  const acd::Agent& agent = center_.agents_.at(call.agent);
  center_.journal(ev::ConnectionCleared{call.id, agent.device, agent.device, Cause::normalClearing, 16});
  call.agent_leg = center_.ring_agent(call, agent, {}, Cause::recall);
  center_.limit_ringing(call);
}

void PhoneProcedure::recall_missed(Call& call) {
  acd::Agent& agent = center_.agents_.at(call.agent);
  if (agent.pending == acd::Pending::none) center_.agent_event(agent, acd::AgentEvent::not_ready, "no answer");  // after the wrap-up
  center_.agent_leaves(call, 19, true);
}

}  // namespace sr::app
