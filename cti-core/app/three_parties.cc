// The first agent, his caller and the second at once: who hears whom (consult_state.h: talking, alternated, conference, remaining).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"

namespace sr::app {

using board::Mode;

// The caller waits, the agent has the second.
void PhoneProcedure::to_second(Call& call, ConsultPhase from) {
  Consult& c = call.consult;
  if (from == ConsultPhase::conference) center_.send(call.conference.leave(call.leg));
  if (from != ConsultPhase::talking) {
    center_.journal(ev::Held{call.id, call.agent_device, caller_name(call), Cause::alternate});
    if (from == ConsultPhase::alternated) center_.journal(ev::Retrieved{call.id, call.agent_device, c.device, Cause::alternate});
  }
  hold_leg(call, call.leg);
  center_.tag(c.leg, call.id, Mode::connected);
  connect_unless_joined(call, call.agent_leg, c.leg);
}

// The second waits, the agent has the caller.
void PhoneProcedure::to_caller(Call& call, ConsultPhase from) {
  if (from != ConsultPhase::alternated) {
    center_.journal(ev::Held{call.id, call.agent_device, call.consult.device, Cause::alternate});
    center_.journal(ev::Retrieved{call.id, call.agent_device, caller_name(call), Cause::alternate});
  }
  hold_leg(call, call.consult.leg);
  center_.tag(call.leg, call.id, Mode::connected);
  center_.send(board::cmd::Connect{call.leg, call.agent_leg});
}

void PhoneProcedure::confer(Call& call, ConsultPhase from) {
  if (from == ConsultPhase::conference) return;  // he is back in it
  center_.journal(ev::Conferenced{call.id, call.agent_device, call.consult.device});
  for (const LegId leg : {call.leg, call.agent_leg, call.consult.leg}) {
    center_.send(call.conference.join(leg));
    center_.tag(leg, call.id, Mode::connected);
  }
}

// The second is out, the caller was not held.
void PhoneProcedure::with_caller_again(Call& call) { connect_unless_joined(call, call.leg, call.agent_leg); }

// Two are left, or more whom the board has in a conference.
void PhoneProcedure::connect_unless_joined(Call& call, LegId a, LegId b) {
  if (call.conference.size() > 2) return;
  call.conference = Conference(call.id);
  center_.send(board::cmd::Connect{a, b});
}

void PhoneProcedure::go_on_without_caller(Call& call) {
  center_.send(call.conference.gone(std::exchange(call.leg, LegId::none)));
  connect_unless_joined(call, call.agent_leg, call.consult.leg);
  center_.end_script(call);
}

// One of the two whom the caller has left is out; the other hears busy tone.
void PhoneProcedure::end_remaining(Call& call) {
  second_leaves(call, acd::AgentEvent::caller_gone, 16, false);
  if (call.agent != acd::AgentNo::none) center_.agent_leaves(call, 16, false);
  center_.finish(call, Cause::normalClearing);
}

}  // namespace sr::app
