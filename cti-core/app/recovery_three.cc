// After a restart of ctid: a call whose agent was not alone with the caller. The legs that carry its number and their modes say how far
// the phone's procedure was: whoever hears music is held. What rang for a consultation is given up, and the first agent has his caller again.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"

namespace sr::app {

using acd::AgentEvent;
using acd::AgentState;
using board::Mode;

namespace {
bool is_up(const board::LegSnapshot& leg) { return leg.state == board::LegState::connected; }
}  // namespace

// Another leg of the call than the caller's and its agent's: an agent who has answered it, or a phone or number that is no agent's.
const board::LegSnapshot* PhoneProcedure::find_second(const Call& call, const board::Snapshot& s) {
  for (const auto& leg : s.legs) {
    if (leg.tag.call != to_number(call.id) || leg.state == board::LegState::clearing || center_.legs_.contains(leg.leg)) continue;
    const std::string device = center_.devices_.device_of(leg);
    if (device.empty() ? !leg.outgoing : device == call.agent_device) continue;
    const acd::Agent* agent = device.empty() ? nullptr : center_.agents_.at_device(device);
    if (!agent || (is_up(leg) && agent->state == AgentState::agentBusy && agent->call == call.id)) return &leg;
  }
  return nullptr;
}

void PhoneProcedure::adopt_leg(const Call& call, const board::LegSnapshot& leg, bool agents) {
  const LegRole role = agents ? LegRole::agent : LegRole::second;
  const std::string device = center_.devices_.device_of(leg);
  if (!device.empty()) return center_.devices_.found(role, call.id, device, leg);
  center_.legs_[leg.leg] = {role, call.id, {}, center_.link_};
  center_.count_span(leg.span, 1);
}

void PhoneProcedure::adopt_second(Call& call, const board::LegSnapshot& leg) {
  const std::string device = center_.devices_.device_of(leg);
  const acd::Agent* agent = device.empty() ? nullptr : center_.agents_.at_device(device);
  adopt_leg(call, leg, agent != nullptr);
  Consult& c = call.consult;
  c.holder = call.agent_device;
  c.leg = leg.leg;
  c.agent = agent ? agent->no : acd::AgentNo::none;
  c.device = center_.devices_.name_of(leg);
  c.outside = device.empty();
  c.span = c.outside ? leg.span : std::string();
}

// Both have answered.
void PhoneProcedure::adopt_three(Call& call, const board::LegSnapshot& callers, const board::LegSnapshot& agents, const board::LegSnapshot& second, bool was_held) {
  adopt_second(call, second);
  const auto again = [&](const board::LegSnapshot& a, const board::LegSnapshot& b) {
    if (a.connected_to != b.leg) center_.send(board::cmd::Connect{a.leg, b.leg});
  };
  if (callers.tag.mode == Mode::queued) {
    call.consult.phase = ConsultPhase::talking;
    if (!was_held) center_.journal(ev::Held{call.id, call.agent_device, caller_name(call), Cause::normal});
    again(agents, second);
  } else if (second.tag.mode == Mode::queued) {
    call.consult.phase = ConsultPhase::alternated;
    if (was_held) center_.journal(ev::Retrieved{call.id, call.agent_device, caller_name(call), Cause::alternate});
    again(callers, agents);
  } else {
    call.consult.phase = ConsultPhase::conference;
    if (was_held) center_.journal(ev::Conferenced{call.id, call.agent_device, call.consult.device});
    for (const LegId leg : {call.leg, call.agent_leg, call.consult.leg}) center_.send(call.conference.join(leg));
  }
  watch_hold(call, ConsultPhase::none);
}

void PhoneProcedure::adopt_recalling(Call& call) {
  call.consult.phase = ConsultPhase::recalling;
  call.consult.holder = call.agent_device;
  watch_hold(call, ConsultPhase::none);
  center_.phone(call.agent_device).off_hook = false;  // off-hook is his answer
  center_.phone_changed(call.agent_device);
  center_.limit_ringing(call);
}

// The caller has left a conference. false: it is not so.
bool PhoneProcedure::adopt_remaining(Call& call, const board::Snapshot& s, const board::LegSnapshot& agents) {
  const auto* second = find_second(call, s);
  const acd::Agent& agent = center_.agents_.at(call.agent);
  if (!second || !is_up(*second) || !is_up(agents) || second->tag.mode != Mode::connected || agents.tag.mode != Mode::connected) return false;
  if (agent.state != AgentState::agentBusy || agent.call != call.id) return false;
  call.recovered = false;
  call.phase = Phase::talking;
  call.agent_leg = agents.leg;
  adopt_leg(call, agents, true);
  adopt_second(call, *second);
  call.consult.phase = ConsultPhase::remaining;
  if (agents.connected_to == second->leg) return true;
  center_.journal(ev::ConnectionCleared{call.id, caller_name(call), caller_name(call), Cause::normalClearing, 16});  // he went while we were away
  center_.send(board::cmd::Connect{agents.leg, second->leg});
  return true;
}

// Transferred to a phone or an outside number, or would have been: his agent is gone.
void PhoneProcedure::adopt_other(Call& call, const board::LegSnapshot& callers, const board::LegSnapshot& other) {
  if (const acd::AgentNo no = std::exchange(call.agent, acd::AgentNo::none); no != acd::AgentNo::none) {
    center_.journal(ev::Transferred{call.id, call.agent_device, center_.devices_.name_of(other), {}, Cause::transfer});
    acd::Agent& agent = center_.agents_.at(no);
    if (agent.state == AgentState::agentBusy && agent.call == call.id) center_.agent_event(agent, AgentEvent::call_ended);
  }
  call.recovered = false;
  call.agent_device = center_.devices_.name_of(other);
  call.agent_leg = other.leg;
  adopt_leg(call, other, false);
  call.other_outside = other.station.empty();
  if (call.other_outside) call.other_span = other.span;
  if (!is_up(other)) {
    call.phase = Phase::forwarding;
    if (!other.station.empty()) center_.phone(other.station).off_hook = false;
    return limit_forwarding(call, call.other_outside);
  }
  call.phase = Phase::joined;
  if (other.connected_to != call.leg) center_.send(board::cmd::Connect{call.leg, call.agent_leg});
  if (callers.tag.mode != Mode::connected) center_.tag(call.leg, call.id, Mode::connected);
}

// The link was lost and something was not heard: begun anew if he still wants it.
void PhoneProcedure::mend_consultation(Call& call) {
  switch (call.consult.phase) {
    case ConsultPhase::recalling: return hold_leg(call, call.leg);
    case ConsultPhase::remaining: return center_.send(board::cmd::Connect{call.agent_leg, call.consult.leg});
    default: consult(call, both_there(call.consult.phase) ? ConsultEvent::drop : ConsultEvent::flash);
  }
}

}  // namespace sr::app
