// The phone's procedure: what an agent does who has a caller – flash, consult, alternate, confer, transfer (consult_state.h is its table).
// A part of Center, which keeps the calls; reactor thread.
//   consultation.cc  events, flash, digits, hold, retrieve     second.cc          the second: rings, joins, leaves
//   three_parties.cc alternate, conference, drop               transfer.cc        the first is out
//   hold_recall.cc   who forgets whom he holds                 call_control.cc    the same, as a client commands it
//   recovery_three.cc after a restart of ctid
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

#include "cti-core/app/calls.h"
#include "cti-core/app/destination.h"
#include "cti-core/cti/backend.h"

namespace sr::app {

class Center;

class PhoneProcedure {
 public:
  explicit PhoneProcedure(Center& center) : center_(center) {}

  // What happens to the first agent, to the second, to whom the caller was given. Afterwards the call may be no more.
  bool consult(Call& call, ConsultEvent event);
  void flashed(LegId leg);
  void consult_digit(Call& call, char digit);
  void second_alerts(Call& call, LegId leg);
  void second_seized(Call& call, LegId leg, const std::string& span);
  void second_gone(Call& call, int cause, bool by_far);
  void not_lifted(Call& call);                        // whoever rings has rung long enough
  void other_answered(Call& call);
  void other_leaves(Call& call, int cause, bool by_far);
  void other_gone(Call& call, int cause, bool by_far);
  void serve_queue_consults();                        // after the callers

  CtiResult<void> client_holds(CallId call);
  CtiResult<void> client_retrieves(CallId call);
  CtiResult<void> client_consults(CallId call, const std::string& to);
  CtiResult<void> client_alternates(CallId call);
  CtiResult<void> client_confers(CallId call);
  CtiResult<void> client_transfers(CallId call);
  CtiResult<void> client_transfers_at_once(CallId call, const std::string& to);

  void wait_again(Call& call, acd::QueueNo queue);    // nobody is with him; none: his number's queue
  void hold_leg(const Call& call, LegId leg);         // music, and a mark that says so

  // recovery_three.cc
  const board::LegSnapshot* find_second(const Call& call, const board::Snapshot& s);
  void adopt_three(Call& call, const board::LegSnapshot& callers, const board::LegSnapshot& agents, const board::LegSnapshot& second, bool was_held);
  void adopt_recalling(Call& call);
  bool adopt_remaining(Call& call, const board::Snapshot& s, const board::LegSnapshot& agents);
  void adopt_other(Call& call, const board::LegSnapshot& callers, const board::LegSnapshot& other);
  void mend_consultation(Call& call);

 private:
  // consultation.cc
  bool can_hold(const Call& call) const;
  void hold(Call& call);
  void retrieve(Call& call, ConsultPhase from);
  void ask_digit(Call& call);
  Directory directory() const;
  bool choose(Call& call, const Destination& wanted);
  bool can_ring(const Destination& wanted) const;

  // second.cc
  acd::AgentNo idle_agent_of(acd::QueueNo queue) const;
  void wait_for_agent(Call& call);
  void ring_second(Call& call);
  LegId ring_other(const Call& call, const std::string& device, bool outside, Cause cause);
  void limit_second(Call& call);
  void join_second(Call& call);
  void second_leaves(Call& call, acd::AgentEvent unanswered, int cause, bool by_far);

  // three_parties.cc
  void to_second(Call& call, ConsultPhase from);
  void to_caller(Call& call, ConsultPhase from);
  void confer(Call& call, ConsultPhase from);
  void with_caller_again(Call& call);
  void connect_unless_joined(Call& call, LegId a, LegId b);
  void go_on_without_caller(Call& call);
  void end_remaining(Call& call);

  // transfer.cc
  void hand_over(Call& call);
  void transfer(Call& call);
  void transfer_ringing(Call& call);
  void transfer_to_queue(Call& call);
  void limit_forwarding(Call& call, bool outside);

  // hold_recall.cc
  void watch_hold(Call& call, ConsultPhase from);
  void await_hold_recall(Call& call);
  void remind(Call& call);
  void ring_back(Call& call);
  void recall_missed(Call& call);

  // call_control.cc
  CtiResult<Call*> agents_call(CallId id);
  CtiResult<void> with_both(CallId id, ConsultEvent event);
  CtiResult<Destination> reachable(const std::string& to);

  // recovery_three.cc
  void adopt_leg(const Call& call, const board::LegSnapshot& leg, bool agents);
  void adopt_second(Call& call, const board::LegSnapshot& leg);

  Center& center_;
  std::vector<CallId> queue_consults_;                // whose agents wait for a queue's next free one
};

}  // namespace sr::app
