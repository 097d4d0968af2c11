// Calls made here: from a phone (access digit), from a client (the phone is rung first), from a script. Booked apart from the
// incoming ones; while an agent makes one he is busy.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentEvent;

// A phone that is off-hook calls. nullptr: not now; perhaps a call is being offered to its agent at this moment.
OutCall* Center::begin_at(const std::string& station, const std::string& called) {
  acd::Agent* agent = agents_.at_device(station);
  const CallId id = next_call_;
  if (outs_.size() >= kCallsMax || !store_.healthy()) return nullptr;
  if (agent && !agent_event(*agent, AgentEvent::dial, {}, id)) return nullptr;
  next_call_ = CallId{to_number(id) + 1};
  OutCall& out = outs_[id];
  out = {.id = id, .near = phone(station).leg, .station = station, .calling = station, .called = called, .begun_at = timers_.now()};
  if (agent) out.agent = agent->no;
  LegUse& near = legs_[out.near];
  near.role = LegRole::near;
  near.call = id;
  journal(ev::ServiceInitiated{id, station});
  tag(out.near, id, board::Mode::alerting);
  return &out;
}

bool Center::dial_from_phone(const std::string& station, const std::string& number) {
  OutCall* const out = config_.outgoing_group.empty() ? nullptr : begin_at(station, number);
  if (!out) return false;
  send(board::cmd::Silence{out->near});
  dial(*out, config_.outgoing_group, config_.outgoing_calling);
  return true;
}

void Center::dial(OutCall& out, const std::string& group, const std::string& shown) {
  advance(out, OutEvent::dial);
  out.dialled = true;
  out.group = group;
  out.far = new_leg(LegRole::far, out.id);
  const std::string agent = out.agent == acd::AgentNo::none ? std::string() : agents_.at(out.agent).id;
  journal(ev::Originated{out.id, out.calling, out.called, agent, Cause::makeCall});
  send(board::cmd::Dial{out.far, group, shown, out.called, {to_number(out.id), board::Mode::alerting}});
}

CtiResult<CallId> Center::call_make(const std::string& device, const std::string& called) {
  const Turn turn(*this);
  const acd::Agent* named = agents_.find(device);
  const std::string station = named && !named->device.empty() ? named->device : device;
  if (called.empty() || called.find_first_not_of("0123456789*#+") != std::string::npos || called.size() > kPhoneDigitsMax)
    return std::unexpected(CtiError{-32602, "'called' must be a number"});
  if (!phones_.contains(station)) return std::unexpected(CtiError{4041, "no phone or agent '" + device + "'"});
  if (config_.outgoing_group.empty()) return std::unexpected(CtiError{4041, "no trunk group for outgoing calls is configured"});
  if (!in_step_ || !link_up_) return std::unexpected(CtiError{5031, "the board is not connected"});
  if (!phone_idle(station)) return std::unexpected(CtiError{5031, "phone " + station + " is in use"});
  if (outs_.size() >= kCallsMax || !store_.healthy()) return std::unexpected(CtiError{5031, "no room for another call"});
  acd::Agent* agent = agents_.at_device(station);
  const CallId id = next_call_;
  if (agent && !agent_event(*agent, AgentEvent::dial, {}, id)) return std::unexpected(CtiError{4090, "agent " + agent->id + " cannot call now"});
  next_call_ = CallId{to_number(id) + 1};
  OutCall& out = outs_[id];
  out = {.id = id, .station = station, .calling = station, .called = called, .begun_at = timers_.now()};
  if (agent) out.agent = agent->no;
  out.near = devices_.seize(LegRole::near, id, station);
  advance(out, OutEvent::ring_phone);
  journal(ev::ServiceInitiated{id, station});
  devices_.alert(station, called, {});
  guarded(out.timer, config_.no_answer, [this, id] {
    if (OutCall* o = find_out(id); o && o->phase == OutPhase::phone_rings) clear_out(*o, 19);
  });
  return id;
}

void Center::near_answered(OutCall& out) {
  if (out.phase != OutPhase::phone_rings) return;
  stop(out.timer);
  journal(ev::Established{out.id, out.station, {}, out.calling, out.called, Cause::normal});
  if (out.place != CallId::none) return places_.agent_answered(out);
  dial(out, config_.outgoing_group, config_.outgoing_calling);
}

void Center::far_alerting(OutCall& out) {
  if (out.phase != OutPhase::dialing) return;
  advance(out, OutEvent::alerting);
  journal(ev::Delivered{out.id, out.called, out.agent == acd::AgentNo::none ? std::string() : agents_.at(out.agent).id, out.calling, out.called, {}, {}, {}, Cause::newCall});
  send(board::cmd::Tone{out.near, "ringback"});
}

void Center::far_answered(OutCall& out) {
  if (!advance(out, OutEvent::answered)) return;
  stop(out.timer);
  out.established = true;
  if (out.callee != acd::AgentNo::none) {
    const acd::Agent& callee = agents_.at(out.callee);
    journal(ev::Established{out.id, callee.device, callee.id, out.calling, out.called, Cause::normal});
    agent_event(agents_.at(out.callee), AgentEvent::answered, {}, out.id);
  } else journal(ev::Established{out.id, out.called, out.agent == acd::AgentNo::none ? std::string() : agents_.at(out.agent).id, out.calling, out.called, Cause::normal});
  send(board::cmd::Connect{out.near, out.far});
  tag(out.far, out.id, board::Mode::connected);
  tag(out.near, out.parent == CallId::none ? out.id : out.parent, board::Mode::connected);  // nobody listens for digits meanwhile
  if (out.parent != CallId::none && find_script(out.parent)) engine_->on_dial_ended(out.parent, ivr::DialEnd::answered);
  if (out.place != CallId::none) places_.reached(out);
}

namespace {
ivr::DialEnd dial_end(int cause, bool established) {
  if (established) return ivr::DialEnd::finished;
  if (cause == 17) return ivr::DialEnd::busy;
  return cause == 18 || cause == 19 || cause == 102 ? ivr::DialEnd::no_answer : ivr::DialEnd::failed;
}
}  // namespace

// One of the two sides is gone; the other is released.
void Center::out_released(OutCall& out, LegRole role, int cause, bool by_far) {
  const bool near = role == LegRole::near;
  (near ? out.near : out.far) = LegId::none;
  if (near) places_.near_released(out, cause);
  const std::string& party = near ? out.station : out.called;
  if (!near && !out.established) journal(ev::Failed{out.id, out.called, cause_for(cause), cause});
  journal(ev::ConnectionCleared{out.id, party, by_far ? party : "center", cause_for(cause), cause});
  clear_out(out, near ? 16 : cause);
}

// What is still up of it is released; the call itself is over at once.
void Center::clear_out(OutCall& out, int cause) {
  const CallId parent = std::exchange(out.parent, CallId::none);
  const bool scripts = find(parent) || out.station == "ivr";
  for (LegId* leg : {&out.far, &out.near}) {
    const bool callers = scripts && leg == &out.near;  // the caller's own leg is not ours to clear
    if (*leg == LegId::none || callers) continue;
    devices_.let_go(*leg, cause);
    journal(ev::ConnectionCleared{out.id, leg == &out.near ? out.station : out.called, "center", cause_for(cause), cause});
    *leg = LegId::none;
  }
  if (Call* call = find(parent)) {
    call->child = CallId::none;
    if (out.established) {
      send(board::cmd::Disconnect{call->leg});
      tag(call->leg, call->id, board::Mode::script);
    }
    if (call->script)
      defer([this, parent, end = dial_end(cause, out.established)] {
        if (find_script(parent)) engine_->on_dial_ended(parent, end);
      });
  }
  if (out.place != CallId::none) places_.call_over(out, cause);
  finish_out(out, cause_for(cause));
}

void Center::finish_out(OutCall& out, Cause cause) {
  const CallId id = out.id;
  stop(out.timer);
  count_span(out.span, -1);
  callee_leaves(out);
  if (out.agent != acd::AgentNo::none) {
    acd::Agent& agent = agents_.at(out.agent);
    if (agent.state == acd::AgentState::reserved) agent_event(agent, out.missed.event, out.missed.reason);
    else agent_event(agent, AgentEvent::call_ended, {}, id);
  }
  advance(out, OutEvent::over);
  journal(ev::CallCleared{id, cause});
  outs_.erase(id);
}

bool Center::advance(OutCall& out, OutEvent event) {
  const auto* row = fsm::find(kOutTable, out.phase, event);
  if (!row) {
    ++counters_.no_row;
    log::warn("call {}: {} in phase {}", to_number(out.id), boost::describe::enum_to_string(event, "?"), boost::describe::enum_to_string(out.phase, "?"));
    return false;
  }
  if (log::enabled(log::Level::info))
    log::info("call {} {} -> {}: {}", to_number(out.id), boost::describe::enum_to_string(out.phase, "?"), boost::describe::enum_to_string(row->to, "?"),
              boost::describe::enum_to_string(event, "?"));
  out.phase = row->to;
  return true;
}

}  // namespace sr::app
