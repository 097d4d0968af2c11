// Orders of supervisors, by phone or over the CTI socket: who may, what is done, and one row in the audit log for each, also for those
// that are refused. Who comes over the local socket without a supervisor's id is an administrator, known by his Unix user.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentEvent;
using acd::AgentState;
using Verb = SupervisorVerb;

namespace {

std::unexpected<CtiError> refused(int code, std::string why) { return std::unexpected(CtiError{code, std::move(why)}); }

std::string detail_of(const SupervisorOrder& o) {
  switch (o.verb) {
    case Verb::forceTransfer: return o.to.empty() ? "to queue " + o.queue : "to agent " + o.to;
    case Verb::setState: return o.state + (o.reason.empty() ? "" : " " + o.reason);
    case Verb::setSkill: return o.skill + " " + std::to_string(o.level);
    case Verb::addMember:
    case Verb::removeMember:
    case Verb::requeue: return "queue " + o.queue;
    case Verb::prioritize: return o.priority ? "priority " + std::to_string(*o.priority) : "to the front";
    default: return o.device.empty() ? "" : "phone " + o.device;
  }
}

}  // namespace

CtiResult<void> Supervisors::order(const SupervisorOrder& order) {
  const Center::Turn turn(c_);
  const bool supervisor = !order.as.empty();
  Actor actor{.who = supervisor ? order.as : "user " + order.user, .from = "socket, user " + order.user};
  const auto done = [&]() -> CtiResult<void> {
    if (supervisor) {
      actor.agent = c_.agents_.find(order.as);
      if (!actor.agent) return refused(4031, "no agent '" + order.as + "'");
      if (actor.agent->pin != order.pin) return refused(4031, "wrong PIN");
      if (!actor.agent->supervisor) return refused(4031, "agent " + order.as + " is no supervisor");
    }
    return obey(actor, order);
  }();
  audit(actor, order, done);
  return done;
}

void Supervisors::order_by_phone(const std::string& station, const SupervisorOrder& order) {
  acd::Agent* agent = c_.agents_.at_device(station);
  const LegId leg = c_.phone(station).leg;
  const Actor actor{.who = agent ? agent->id : "nobody", .from = "phone " + station, .agent = agent, .station = station, .leg = leg};
  const auto done = [&]() -> CtiResult<void> {
    if (!agent) return refused(4031, "nobody is logged on at phone " + station);
    if (!agent->supervisor) return refused(4031, "agent " + agent->id + " is no supervisor");
    return obey(actor, order);
  }();
  audit(actor, order, done);
  const LegUse* use = c_.use_of(leg);
  if (use && use->role != LegRole::phone && use->role != LegRole::line) return;  // he listens, or has the call
  c_.phone_done(station, done.has_value(), !done && done.error().code == 4031 ? "unobtainable" : "busy");
}

void Supervisors::audit(const Actor& actor, const SupervisorOrder& order, const CtiResult<void>& done) {
  CallId call = order.call;
  if (const acd::Agent* agent = c_.agents_.find(order.agent); call == CallId::none && agent)
    if (agent->state == AgentState::agentBusy || agent->state == AgentState::reserved) call = agent->call;
  const std::string act(boost::describe::enum_to_string(order.verb, "?"));
  log::info("{} ({}): {} agent {} call {} {}: {}", actor.who, actor.from, act, order.agent, to_number(call), detail_of(order), done ? "done" : done.error().message);
  c_.journal(ev::SupervisorAct{call, actor.who, actor.from, act, order.agent, detail_of(order), done.has_value(), done ? "" : done.error().message});
  c_.store_.when_durable([] {});  // nobody waits, but it is not to be lost
}

CtiResult<void> Supervisors::obey(const Actor& actor, const SupervisorOrder& order) {
  switch (order.verb) {
    case Verb::listen:
    case Verb::whisper:
    case Verb::bargeIn: return begin_monitor(actor, order);
    case Verb::stopListening: return stop_monitor(actor, order);
    case Verb::forceClear: return force_clear(order);
    case Verb::forceTransfer: return force_transfer(order);
    case Verb::pickup: return pick_up(actor, order);
    case Verb::setState: return force_state(order);
    case Verb::setSkill: return set_skill(order);
    case Verb::addMember:
    case Verb::removeMember: return set_member(order);
    case Verb::requeue: return requeue(order);
    case Verb::prioritize: return prioritize(order);
  }
  return refused(-32602, "no such act");
}

CtiResult<void> Supervisors::stop_monitor(const Actor& actor, const SupervisorOrder& order) {
  const auto device = supervisors_phone(actor, order);
  if (!device) return std::unexpected(device.error());
  if (!monitors_.contains(*device)) return refused(4090, "phone " + *device + " listens to nobody");
  monitor(*device, MonitorEvent::over);
  return {};
}

// The call that an order names: by its number, or as what an agent has now.
CtiResult<CallId> Supervisors::call_of_order(const SupervisorOrder& order) const {
  if (order.call != CallId::none) {
    if (!c_.calls_.contains(order.call) && !c_.outs_.contains(order.call)) return refused(4041, "no call " + std::to_string(to_number(order.call)));
    return order.call;
  }
  const acd::Agent* agent = c_.agents_.find(order.agent);
  if (!agent) return refused(4041, "no agent '" + order.agent + "'");
  if (agent->state != AgentState::agentBusy && agent->state != AgentState::reserved) return refused(4090, "agent " + agent->id + " has no call");
  return agent->call;
}

CtiResult<void> Supervisors::force_clear(const SupervisorOrder& order) {
  const auto call = call_of_order(order);
  if (!call) return std::unexpected(call.error());
  if (Call* c = c_.find(*call)) c_.book_lost(*c, c->queue_end && c->phase == Phase::script ? *c->queue_end : stage_of(c->phase), "released by a supervisor");
  return c_.call_clear(*call);
}

// The agent is out at once and wraps up. The caller waits as one who has waited since he came, for the agent who is named if there is one.
CtiResult<void> Supervisors::force_transfer(const SupervisorOrder& order) {
  const auto id = call_of_order(order);
  if (!id) return std::unexpected(id.error());
  Call* call = c_.find(*id);
  if (!call || call->phase != Phase::talking || call->leg == LegId::none) return refused(4090, "call " + std::to_string(to_number(*id)) + " has no caller who talks to an agent");
  const acd::Agent* to = order.to.empty() ? nullptr : c_.agents_.find(order.to);
  if (!order.to.empty() && !to) return refused(4041, "no agent '" + order.to + "'");
  if (to && !c_.agents_.idle().contains(to->no)) return refused(4090, "agent " + to->id + " is not ready for a call");
  const acd::QueueNo queue = to ? c_.queue_of_number(*call) : c_.queue_no(order.queue);
  if (!to && queue == acd::QueueNo::none) return refused(4041, order.queue.empty() ? "'to' or 'queue' is missing" : "no queue '" + order.queue + "'");
  if (queue == acd::QueueNo::none) return refused(4090, "no queue is configured");
  c_.agent_leaves(*call, 16, false);
  call->recovered = false;
  c_.enqueue(*call, queue, {.queue = {}, .priority = call->priority, .agent = to ? to->id : std::string()}, call->offered_at);
  return {};
}

// ---- taking a call oneself -------------------------------------------------------------------------------------------

// What rings at an agent; a call by its number; or, of all who wait, the first.
CtiResult<CallId> Supervisors::call_to_pick_up(const SupervisorOrder& order) const {
  if (!order.agent.empty()) {
    const acd::Agent* agent = c_.agents_.find(order.agent);
    if (!agent) return refused(4041, "no agent '" + order.agent + "'");
    const auto it = c_.calls_.find(agent->call);
    if (agent->state != AgentState::reserved || it == c_.calls_.end() || it->second.phase != Phase::ringing) return refused(4090, "no call rings at agent " + agent->id);
    return agent->call;
  }
  if (order.call != CallId::none) {
    const auto it = c_.calls_.find(order.call);
    if (it == c_.calls_.end()) return refused(4041, "no call " + std::to_string(to_number(order.call)));
    if (it->second.phase != Phase::queued && it->second.phase != Phase::ringing) return refused(4090, "call " + std::to_string(to_number(order.call)) + " neither waits nor rings");
    return order.call;
  }
  std::optional<std::pair<acd::Rank, CallId>> first;
  for (std::size_t q = 0; q < c_.waiting_.queues(); ++q)
    if (const auto& line = c_.waiting_.line(acd::QueueNo{static_cast<std::uint32_t>(q)}).unowned(); !line.empty() && (!first || line.begin()->first < first->first)) first = *line.begin();
  if (!first) return refused(4090, "nobody waits");
  return first->second;
}

CtiResult<void> Supervisors::pick_up(const Actor& actor, const SupervisorOrder& order) {
  if (!actor.agent) return refused(-32602, "'as' must name the supervisor who takes the call");
  const auto call = call_to_pick_up(order);
  if (!call) return std::unexpected(call.error());
  const auto device = supervisors_phone(actor, order);
  if (!device) return std::unexpected(device.error());
  if (actor.leg != LegId::none) return take_call(*actor.agent, *call, *device, actor.leg);
  if (*device != actor.agent->device) return refused(4090, "agent " + actor.agent->id + " is not logged on at phone " + *device);
  if (monitors_.contains(*device)) return refused(5031, "phone " + *device + " is in use");
  return ring_or_take(actor, *device, {.who = actor.who, .from = actor.from, .supervisor = actor.agent->id, .agent = order.agent, .picks_up = true, .call = *call});
}

// He is off-hook on `leg`. Whose phone rang in vain is ready again.
CtiResult<void> Supervisors::take_call(acd::Agent& taker, CallId id, const std::string& station, LegId leg) {
  Call* call = c_.find(id);
  if (!call || (call->phase != Phase::queued && call->phase != Phase::ringing)) return refused(4090, "call " + std::to_string(to_number(id)) + " has an agent, or is gone");
  const bool free = taker.state == AgentState::agentReady || taker.state == AgentState::agentNotReady || taker.state == AgentState::agentWorkingAfterCall;
  if (!free || !c_.agent_event(taker, AgentEvent::dial, {}, id)) return refused(4090, "agent " + taker.id + " is in state " + std::string(acd::name(taker.state)));
  if (call->phase == Phase::ringing) {
    c_.stop(call->ring_timer);
    c_.devices_.let_go(call->agent_leg, 16);
    acd::Agent& rung = c_.agents_.at(call->agent);
    c_.journal(ev::Diverted{id, call->agent_device, rung.id, Cause::callPickup});
    c_.agent_event(rung, AgentEvent::caller_gone, {}, id);
  } else {
    c_.waiting_.remove(id);
    c_.stop(call->preference_timer);
    c_.advance(*call, CallEvent::reserve);
  }
  call->agent = taker.no;
  call->agent_device = station;
  call->agent_leg = leg;
  LegUse& use = c_.legs_[leg];
  use.role = LegRole::agent;
  use.call = id;
  c_.journal(delivered(*call, taker, c_.config_.queues[acd::index(call->queue)].name, Cause::callPickup));
  if (!c_.devices_.is_line(leg)) c_.send(board::cmd::Answer{leg});
  c_.agent_answers(*call);
  return {};
}

// ---- agents and queues -------------------------------------------------------------------------------------------------

CtiResult<void> Supervisors::force_state(const SupervisorOrder& order) {
  const bool not_ready = order.state == "notReady" || order.state == "agentNotReady";
  if (!not_ready && !order.reason.empty()) return refused(-32602, "'reason' is for notReady");
  if (not_ready) return c_.agent_not_ready(order.agent, order.reason.empty() ? "supervisor" : order.reason);
  if (order.state == "ready" || order.state == "agentReady") return c_.agent_ready(order.agent);
  if (order.state == "workingAfterCall" || order.state == "agentWorkingAfterCall") return c_.agent_wrap_up(order.agent);
  if (order.state == "loggedOff" || order.state == "agentNull") return c_.agent_logout(order.agent);
  return refused(-32602, "'state' cannot be '" + order.state + "': ready, notReady, workingAfterCall or loggedOff");
}

CtiResult<void> Supervisors::requeue(const SupervisorOrder& order) {
  Call* call = c_.find(order.call);
  if (!call) return refused(4041, "no call " + std::to_string(to_number(order.call)));
  if (call->phase != Phase::queued) return refused(4090, "call " + std::to_string(to_number(order.call)) + " does not wait");
  const acd::QueueNo queue = c_.queue_no(order.queue);
  if (queue == acd::QueueNo::none) return refused(4041, "no queue '" + order.queue + "'");
  if (!c_.queue_open(queue)) return refused(4090, "queue '" + order.queue + "' is closed");
  c_.leave_line(*call);
  call->recovered = false;
  c_.enqueue(*call, queue, {.queue = {}, .priority = call->priority, .agent = {}}, call->queued_at);
  return {};
}

CtiResult<void> Supervisors::prioritize(const SupervisorOrder& order) {
  constexpr int kPriorityMax = 1000;
  Call* call = c_.find(order.call);
  if (!call) return refused(4041, "no call " + std::to_string(to_number(order.call)));
  const auto* place = c_.waiting_.find(order.call);
  if (!place) return refused(4090, "call " + std::to_string(to_number(order.call)) + " does not wait");
  if (order.priority && (*order.priority < 0 || *order.priority > kPriorityMax)) return refused(-32602, "'priority' must be from 0 to " + std::to_string(kPriorityMax));
  const acd::AgentNo owner = place->waiter.owner;
  const auto stands = [&](int priority) {
    c_.waiting_.add(call->queue, {call->id, call->priority = priority, call->queued_at, owner});
    return c_.waiting_.in_front(call->id);
  };
  if (order.priority) stands(*order.priority);
  else
    for (int p = call->priority; stands(p) > 0 && p < kPriorityMax;) ++p;
  c_.want_match_ = true;
  c_.journal(ev::Queued{call->id, c_.config_.queues[acd::index(call->queue)].name, call->priority, static_cast<int>(c_.waiting_.in_front(call->id)), Cause::redirected});
  return {};
}

}  // namespace sr::app
