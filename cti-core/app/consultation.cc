// The phone's procedure (consult_state.h): what each event does. `call.agent` is the first agent; `call.consult` is what he does while he
// has the caller. The outcome of the call was booked when he answered; nothing here books another.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentEvent;
using acd::AgentState;
using board::Mode;

bool PhoneProcedure::consult(Call& call, ConsultEvent event) {
  const ConsultPhase from = call.consult.phase;
  const auto* row = fsm::find(kConsultTable, from, event);
  if (!row) {
    ++center_.counters_.no_row;
    log::warn("call {}: {} in consultation phase {}", to_number(call.id), boost::describe::enum_to_string(event, "?"), boost::describe::enum_to_string(from, "?"));
    return false;
  }
  log::info("call {} consultation {} -> {}: {}", to_number(call.id), boost::describe::enum_to_string(from, "?"), boost::describe::enum_to_string(row->to, "?"),
            boost::describe::enum_to_string(event, "?"));
  center_.stop(call.consult.pause);
  if (std::exchange(call.consult.asking, false) && from == ConsultPhase::conference) center_.send(call.conference.join(call.agent_leg));
  call.consult.phase = row->to;
  watch_hold(call, from);
  switch (row->act) {
    case ConsultAction::hold: hold(call); break;
    case ConsultAction::ask_digit: ask_digit(call); break;
    case ConsultAction::ring: ring_second(call); break;
    case ConsultAction::wait_for_agent: wait_for_agent(call); break;
    case ConsultAction::give_busy: center_.send(board::cmd::Tone{call.agent_leg, "busy"}); break;
    case ConsultAction::join: join_second(call); break;
    case ConsultAction::retrieve: retrieve(call, from); break;
    case ConsultAction::to_second: to_second(call, from); break;
    case ConsultAction::to_caller: to_caller(call, from); break;
    case ConsultAction::confer: confer(call, from); break;
    case ConsultAction::drop_second:
      second_leaves(call, AgentEvent::caller_gone, 16, false);
      with_caller_again(call);
      break;
    case ConsultAction::second_out: with_caller_again(call); break;
    case ConsultAction::transfer: transfer(call); break;
    case ConsultAction::transfer_ringing: transfer_ringing(call); break;
    case ConsultAction::transfer_to_queue: transfer_to_queue(call); break;
    case ConsultAction::ring_back: ring_back(call); break;
    case ConsultAction::wait_again: wait_again(call, acd::QueueNo::none); break;
    case ConsultAction::go_on_without: go_on_without_caller(call); break;
    case ConsultAction::end: end_remaining(call); break;  // the call is no more
    case ConsultAction::release: second_leaves(call, AgentEvent::caller_gone, 16, false); break;
    case ConsultAction::nothing: break;
  }
  return true;
}

void PhoneProcedure::flashed(LegId leg) {
  const LegUse* use = center_.use_of(leg);
  Call* call = use && use->role == LegRole::agent ? center_.find(use->call) : nullptr;
  if (!call || call->agent_leg != leg || !can_hold(*call)) return log::info("leg {}: hook-flash; there is no caller to be held", to_number(leg));
  consult(*call, ConsultEvent::flash);
}

// Not while somebody else has come into the conversation.
bool PhoneProcedure::can_hold(const Call& call) const {
  return center_.in_step_ && call.phase == Phase::talking && (call.consult.phase != ConsultPhase::none || call.conference.size() == 0);
}

void PhoneProcedure::hold_leg(const Call& call, LegId leg) {
  center_.send(board::cmd::Disconnect{leg});
  center_.send(board::cmd::Music{leg});
  center_.tag(leg, call.id, Mode::queued);  // so he keeps his music when we are away
}

void PhoneProcedure::hold(Call& call) {
  call.consult.holder = call.agent_device;
  call.consult.digits.clear();
  center_.journal(ev::Held{call.id, call.agent_device, caller_name(call), Cause::normal});
  hold_leg(call, call.leg);
  center_.send(board::cmd::Tone{call.agent_leg, "dial"});
  center_.devices_.hear_digits(call.agent_device);
}

void PhoneProcedure::retrieve(Call& call, ConsultPhase from) {
  second_leaves(call, AgentEvent::caller_gone, 16, false);
  if (from == ConsultPhase::recalling) {
    center_.stop(call.ring_timer);
    center_.tag(call.agent_leg, call.id, Mode::connected);
    center_.journal(ev::Established{call.id, call.agent_device, {}, call.calling, call.called, Cause::recall});  // no agentID: it is no outcome
  }
  center_.journal(ev::Retrieved{call.id, call.agent_device, caller_name(call), Cause::normal});
  center_.send(board::cmd::Connect{call.leg, call.agent_leg});
  center_.tag(call.leg, call.id, Mode::connected);
}

// ---- digits ---------------------------------------------------------------------------------------------------------

// He hears dial tone, the others do not hear what he presses.
void PhoneProcedure::ask_digit(Call& call) {
  call.consult.asking = true;
  if (call.consult.phase == ConsultPhase::conference) center_.send(call.conference.leave(call.agent_leg));
  else center_.send(board::cmd::Disconnect{call.agent_leg});
  center_.send(board::cmd::Tone{call.agent_leg, "dial"});
  center_.guarded(call.consult.pause, kFlashDigit, [this, id = call.id] {
    if (Call* c = center_.find(id); c && c->consult.asking) consult(*c, meaning_after_flash('\0'));
  });
}

void PhoneProcedure::consult_digit(Call& call, char digit) {
  if (!center_.in_step_) return;
  if (call.consult.asking) {
    consult(call, meaning_after_flash(digit));
    return;
  }
  if (call.consult.phase != ConsultPhase::dialling) return;
  if (call.consult.digits.empty()) center_.send(board::cmd::Silence{call.agent_leg});
  call.consult.digits += digit;
  if (call.consult.digits.size() > kPhoneDigitsMax) {
    consult(call, ConsultEvent::wrong);
    return;
  }
  center_.guarded(call.consult.pause, kInterDigit, [this, id = call.id] {
    if (Call* c = center_.find(id); c && c->consult.phase == ConsultPhase::dialling) choose(*c, read_destination(c->consult.digits, true, directory()));
  });
  choose(call, read_destination(call.consult.digits, false, directory()));
}

Directory PhoneProcedure::directory() const { return {center_.config_, center_.agents_, center_.phones_, center_.queue_nos_}; }

bool PhoneProcedure::choose(Call& call, const Destination& wanted) {
  using Kind = Destination::Kind;
  Consult& c = call.consult;
  switch (wanted.kind) {
    case Kind::more: return false;
    case Kind::queue: {
      c.queue = wanted.queue;
      c.agent = idle_agent_of(wanted.queue);
      return consult(call, c.agent == acd::AgentNo::none ? ConsultEvent::none_free : ConsultEvent::chosen);
    }
    case Kind::agent:
    case Kind::phone:
    case Kind::outside:
      if (!can_ring(wanted)) break;
      c.agent = wanted.agent;
      c.device = wanted.number;
      c.outside = wanted.kind == Kind::outside;
      return consult(call, ConsultEvent::chosen);
    case Kind::wrong: break;
  }
  consult(call, ConsultEvent::wrong);
  return false;
}

bool PhoneProcedure::can_ring(const Destination& wanted) const {
  switch (wanted.kind) {
    case Destination::Kind::agent: return center_.agents_.at(wanted.agent).state == AgentState::agentReady && center_.phone_idle(center_.agents_.at(wanted.agent).device);
    case Destination::Kind::phone: return center_.phone_idle(wanted.number);
    case Destination::Kind::outside: return center_.store_.healthy();
    case Destination::Kind::queue: return true;
    case Destination::Kind::more:
    case Destination::Kind::wrong: break;
  }
  return false;
}

}  // namespace sr::app
