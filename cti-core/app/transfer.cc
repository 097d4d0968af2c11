// The first agent is out and his caller goes to the second: to an agent, who is then the call's agent, or to a phone or an outside number,
// with whom the call is `forwarding` and `joined`; or back into a queue.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentEvent;
using board::Mode;

void PhoneProcedure::hand_over(Call& call) {
  Consult& c = call.consult;
  center_.stop(c.pause);
  center_.stop(c.hold_timer);
  call.agent = c.agent;
  call.agent_device = c.device;
  call.agent_leg = c.leg;
  call.other_span = c.span;
  call.other_outside = c.outside;
  const std::string agent = c.agent == acd::AgentNo::none ? std::string() : center_.agents_.at(c.agent).id;
  center_.journal(ev::Transferred{call.id, c.holder, c.device, agent, c.cause == Cause::singleStepTransfer ? c.cause : Cause::transfer});
  c = {};
}

void PhoneProcedure::transfer(Call& call) {
  hand_over(call);
  if (call.agent == acd::AgentNo::none) center_.advance(call, CallEvent::to_other);
  connect_unless_joined(call, call.leg, call.agent_leg);
  center_.tag(call.leg, call.id, Mode::connected);
  center_.tag(call.agent_leg, call.id, Mode::connected);
}

// An agent: from here on it is a call that the queue has offered to him, and who misses it gives the caller back to the queue.
void PhoneProcedure::transfer_ringing(Call& call) {
  if (call.consult.agent == acd::AgentNo::none) {
    const bool outside = call.consult.outside;
    hand_over(call);
    center_.advance(call, CallEvent::forward);
    return limit_forwarding(call, outside);
  }
  wait_again(call, acd::QueueNo::none);
  if (call.phase != Phase::queued) return second_leaves(call, AgentEvent::caller_gone, 16, false);
  center_.waiting_.remove(call.id);
  center_.advance(call, CallEvent::reserve);
  hand_over(call);
  call.choice = {.own = true};
  center_.limit_ringing(call);
}

void PhoneProcedure::transfer_to_queue(Call& call) {
  const acd::QueueNo queue = std::exchange(call.consult.queue, acd::QueueNo::none);
  center_.journal(ev::Transferred{call.id, call.consult.holder, center_.config_.queues[acd::index(queue)].name, {},
                          call.consult.cause == Cause::singleStepTransfer ? Cause::singleStepTransfer : Cause::transfer});
  wait_again(call, queue);
}

// Nobody is with him: he waits as one who has waited since he came, in his number's queue if none is named. Neither a closed nor a full
// queue refuses him.
void PhoneProcedure::wait_again(Call& call, acd::QueueNo queue) {
  if (queue == acd::QueueNo::none || !center_.is_configured(queue)) queue = center_.queue_of_number(call);
  if (queue == acd::QueueNo::none) return center_.clear(call, 16);
  call.recovered = false;
  center_.enqueue(call, queue, {.queue = {}, .priority = call.priority, .agent = {}}, call.offered_at);
}

// ---- a phone or an outside number -----------------------------------------------------------------------------------

void PhoneProcedure::limit_forwarding(Call& call, bool outside) {
  center_.guarded(call.ring_timer, outside ? kOutsideRingTime : center_.config_.no_answer, [this, id = call.id] {
    if (Call* c = center_.find(id)) not_lifted(*c);
  });
}

void PhoneProcedure::other_answered(Call& call) {
  center_.stop(call.ring_timer);
  center_.advance(call, CallEvent::other_answered);
  center_.journal(ev::Established{call.id, call.agent_device, {}, call.calling, call.called, Cause::transfer});
  center_.send(board::cmd::Connect{call.leg, call.agent_leg});
  center_.tag(call.leg, call.id, Mode::connected);
  center_.tag(call.agent_leg, call.id, Mode::connected);
}

// His part is over: he hung up or did not answer, or the caller is gone.
void PhoneProcedure::other_leaves(Call& call, int cause, bool by_far) {
  const LegId leg = std::exchange(call.agent_leg, LegId::none);
  if (leg == LegId::none) return;
  const std::string device = std::exchange(call.agent_device, {});
  center_.stop(call.ring_timer);
  center_.count_span(std::exchange(call.other_span, {}), -1);
  call.other_outside = false;
  center_.send(call.conference.gone(leg));
  center_.devices_.let_go(leg, 16);
  center_.journal(ev::ConnectionCleared{call.id, device, by_far ? device : "center", cause_for(cause), cause});
}

void PhoneProcedure::other_gone(Call& call, int cause, bool by_far) {
  const bool was_there = call.phase == Phase::joined;
  other_leaves(call, cause, by_far);
  if (was_there) return center_.back_to_script(call);
  wait_again(call, acd::QueueNo::none);
}

}  // namespace sr::app
