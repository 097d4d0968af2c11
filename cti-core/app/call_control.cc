// What a client may do with a call that an agent has: the events of the phone's procedure (consult_state.h) without the hook and the digits.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"

namespace sr::app {
namespace {

std::unexpected<CtiError> wrong_state(const Call& call, std::string_view wanted) {
  const bool consults = call.phase == Phase::talking && call.consult.phase != ConsultPhase::none;
  const char* now = consults ? boost::describe::enum_to_string(call.consult.phase, "?") : boost::describe::enum_to_string(call.phase, "?");
  return std::unexpected(CtiError{4090, "call " + std::to_string(to_number(call.id)) + " is " + now + ", not " + std::string(wanted)});
}

template <std::size_t N>
bool is_one_of(ConsultPhase phase, const std::array<ConsultPhase, N>& phases) { return std::ranges::find(phases, phase) != phases.end(); }

}  // namespace

CtiResult<Call*> PhoneProcedure::agents_call(CallId id) {
  Call* call = center_.find(id);
  if (!call) return std::unexpected(CtiError{4041, "no incoming call " + std::to_string(to_number(id))});
  if (!center_.in_step_ || !center_.link_up_) return std::unexpected(CtiError{5031, "the board is not connected"});
  if (call->phase != Phase::talking) return wrong_state(*call, "with an agent");
  return call;
}

CtiResult<void> PhoneProcedure::client_holds(CallId id) {
  const auto call = agents_call(id);
  if (!call) return std::unexpected(call.error());
  if ((*call)->consult.phase != ConsultPhase::none || !can_hold(**call)) return wrong_state(**call, "with an agent and nobody else");
  consult(**call, ConsultEvent::flash);
  return {};
}

CtiResult<void> PhoneProcedure::client_retrieves(CallId id) {
  const auto call = agents_call(id);
  if (!call) return std::unexpected(call.error());
  const ConsultPhase phase = (*call)->consult.phase;
  if (!holds_caller(phase) || phase == ConsultPhase::recalling) return wrong_state(**call, "held");
  consult(**call, both_there(phase) ? ConsultEvent::drop : ConsultEvent::flash);
  return {};
}

CtiResult<void> PhoneProcedure::client_consults(CallId id, const std::string& to) {
  const auto call = agents_call(id);
  if (!call) return std::unexpected(call.error());
  const auto wanted = reachable(to);
  if (!wanted) return std::unexpected(wanted.error());
  Call& c = **call;
  if (!is_one_of(c.consult.phase, std::array{ConsultPhase::none, ConsultPhase::dialling}) || !can_hold(c)) return wrong_state(c, "with an agent and nobody else");
  if (c.consult.phase == ConsultPhase::none) consult(c, ConsultEvent::flash);
  choose(c, *wanted);
  return {};
}

CtiResult<void> PhoneProcedure::client_alternates(CallId id) { return with_both(id, ConsultEvent::alternate); }
CtiResult<void> PhoneProcedure::client_confers(CallId id) { return with_both(id, ConsultEvent::conference); }

CtiResult<void> PhoneProcedure::with_both(CallId id, ConsultEvent event) {
  const auto call = agents_call(id);
  if (!call) return std::unexpected(call.error());
  if (!both_there((*call)->consult.phase)) return wrong_state(**call, "with an agent and a second");
  consult(**call, event);
  return {};
}

CtiResult<void> PhoneProcedure::client_transfers(CallId id) {
  const auto call = agents_call(id);
  if (!call) return std::unexpected(call.error());
  const ConsultPhase phase = (*call)->consult.phase;
  if (!both_there(phase) && phase != ConsultPhase::ringing && phase != ConsultPhase::queued) return wrong_state(**call, "with an agent and a second");
  center_.agent_leaves(**call, 16, true);
  return {};
}

// ECMA-269 Single Step Transfer Call: consulted and transferred in one turn; the agent hears busy tone.
CtiResult<void> PhoneProcedure::client_transfers_at_once(CallId id, const std::string& to) {
  const auto call = agents_call(id);
  if (!call) return std::unexpected(call.error());
  const auto wanted = reachable(to);
  if (!wanted) return std::unexpected(wanted.error());
  Call& c = **call;
  constexpr std::array kAlone = {ConsultPhase::none, ConsultPhase::dialling, ConsultPhase::busy};
  if (!is_one_of(c.consult.phase, kAlone) || !can_hold(c)) return wrong_state(c, "with an agent and nobody else");
  if (c.consult.phase == ConsultPhase::busy) consult(c, ConsultEvent::flash);
  if (c.consult.phase == ConsultPhase::none) consult(c, ConsultEvent::flash);
  c.consult.cause = Cause::singleStepTransfer;
  if (wanted->kind == Destination::Kind::queue) {
    c.consult.queue = wanted->queue;
    consult(c, ConsultEvent::none_free);  // his place in its line, also where somebody is idle
  } else {
    choose(c, *wanted);
  }
  center_.agent_leaves(c, 16, true);
  return {};
}

CtiResult<Destination> PhoneProcedure::reachable(const std::string& to) {
  const Destination wanted = destination_named(to, directory());
  if (wanted.kind == Destination::Kind::wrong || wanted.kind == Destination::Kind::more)
    return std::unexpected(CtiError{4041, "'" + to + "' is no agent, phone or queue, and no outside number behind the access digit"});
  if (!can_ring(wanted)) return std::unexpected(CtiError{5031, "'" + to + "' cannot be rung now: not ready, or the phone is in use"});
  return wanted;
}

// ---- the socket -----------------------------------------------------------------------------------------------------

CtiResult<void> Center::call_hold(CallId call) {
  const Turn turn(*this);
  return procedure_.client_holds(call);
}
CtiResult<void> Center::call_retrieve(CallId call) {
  const Turn turn(*this);
  return procedure_.client_retrieves(call);
}
CtiResult<void> Center::call_consult(CallId call, const std::string& to) {
  const Turn turn(*this);
  return procedure_.client_consults(call, to);
}
CtiResult<void> Center::call_alternate(CallId call) {
  const Turn turn(*this);
  return procedure_.client_alternates(call);
}
CtiResult<void> Center::call_conference(CallId call) {
  const Turn turn(*this);
  return procedure_.client_confers(call);
}
CtiResult<void> Center::call_transfer(CallId call) {
  const Turn turn(*this);
  return procedure_.client_transfers(call);
}
CtiResult<void> Center::call_single_step_transfer(CallId call, const std::string& to) {
  const Turn turn(*this);
  return procedure_.client_transfers_at_once(call, to);
}

}  // namespace sr::app
