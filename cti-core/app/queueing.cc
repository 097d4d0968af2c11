// Waiting and being offered to an agent. Who gets whom is decided by acd::match; here both are reserved, told and, when the agent
// answers, connected. A caller whose agent does not answer keeps his place.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "cti-core/app/queue_words.h"
#include "drivers/base/log.h"

namespace sr::app {

namespace {
std::string data_of(const Call& call, const char* key) {
  const auto it = call.data.find(key);
  return it == call.data.end() ? std::string() : it->second;
}
}  // namespace

ev::Delivered delivered(const Call& call, const acd::Agent& agent, const std::string& queue, Cause cause) {
  return {call.id, agent.device, agent.id, call.calling, call.called, queue, data_of(call, "customer"), data_of(call, "last_order"), cause};
}

acd::QueueNo Center::queue_no(const std::string& name) const {
  const auto it = queue_nos_.find(name);
  return it == queue_nos_.end() ? acd::QueueNo::none : it->second;
}

std::optional<Duration> Center::expected_wait(acd::QueueNo queue, std::size_t in_front) const {
  return acd::expected_wait(in_front, agents_.working(queue), agents_.idle().ready(queue), handling_[acd::index(queue)]);
}

void Center::enqueue(Call& call, acd::QueueNo queue, const ivr::QueueRequest& request, Instant waits_since) {
  if (!advance(call, CallEvent::enter_queue)) return;
  const QueueConfig& q = config_.queues[acd::index(queue)];
  const Instant now = timers_.now();
  call.queue = queue;
  call.queue_end.reset();
  call.only_if_idle = request.only_if_idle;
  call.only_agent = request.only_agent;
  call.asked = in_words(request);
  const bool keeps_place = call.recovered && call.queued_at != Instant{};
  if (!keeps_place) {
    call.priority = request.priority;
    call.queued_at = waits_since == Instant{} ? now : waits_since;
  }
  if (!request.language.empty() && request.language != language_of(call)) (void)call_set_data(call.id, "language", call.language = request.language);
  call.queue_until = (keeps_place ? call.queued_at : now) + (request.timeout > 0us ? request.timeout : q.timeout);

  acd::AgentNo owner = acd::AgentNo::none;
  if (const acd::Agent* a = request.agent.empty() ? nullptr : agents_.find(request.agent))
    if (a->state != acd::AgentState::agentNull && a->state != acd::AgentState::agentNotReady) owner = a->no;
  stand_in_line(call, owner);
  if (owner != acd::AgentNo::none) {
    if (request.agent_wait > 0us)
      guarded(call.preference_timer, request.agent_wait, [this, id = call.id] {
        Call* c = find(id);
        if (c && c->only_agent) return end_queue(*c, ivr::QueueEnd::timeout);
        waiting_.open(id);
        want_match_ = true;
        if (c && c->only_if_idle) undecided_.push_back(id);
      });
    else if (!call.only_if_idle && !call.only_agent) undecided_.push_back(call.id);  // him now, or anybody
  }
  if (!keeps_place) journal(ev::Queued{call.id, q.name, call.priority, static_cast<int>(waiting_.in_front(call.id)), Cause::enteringDistribution});
  if (call.up) send(board::cmd::Music{call.leg});
  else call.queue_before_answer = true;
  tag(call.leg, call.id, board::Mode::queued);
  const bool returns = call.left && call.left->queue == queue;  // to his place
  call.left.reset();
  call.callback_key = request.callback_key;
  hear_key(call);
  guarded(call.queue_timer, std::max(call.queue_until - now, Duration{0}), [this, id = call.id] {
    if (Call* c = find(id)) queue_timed_out(*c);
  });
  if (!keeps_place && !returns) call.announcing.told = {};
  if (q.announce.first > 0us) announce_after(call, q.announce.first);
}

void Center::stand_in_line(Call& call, acd::AgentNo owner) {
  waiting_.add(call.queue, {call.id, call.priority, call.queued_at, owner});
  if (call.only_if_idle) undecided_.push_back(call.id);
  want_match_ = true;
}

void Center::leave_line(Call& call) {
  if (waiting_.remove(call.id) && !overflow_[acd::index(call.queue)].steps.empty()) want_match_ = true;  // a step may end
  stop(call.queue_timer);
  stop(call.preference_timer);
  stop(call.ring_timer);
  stop_announcing(call);
}

void Center::queue_timed_out(Call& call) {
  if (call.phase == Phase::queued) end_queue(call, ivr::QueueEnd::timeout);
  // ringing: the agent may still take him; if not, agent_misses() sees that his time is over
}

void Center::end_queue(Call& call, ivr::QueueEnd end) {
  leave_line(call);
  const std::string& name = config_.queues[acd::index(call.queue)].name;
  const auto [cause, stage] = ended(end);
  if (end == ivr::QueueEnd::callback) call.left = Left{call.queue, call.queued_at};
  note_end(call, name, call.asked, end, timers_.now() - call.queued_at);
  call.callback_key = 0;
  hear_key(call);
  journal(ev::Diverted{call.id, name, {}, cause});
  const acd::QueueNo queue = std::exchange(call.queue, acd::QueueNo::none);
  call.queued_at = {};
  call.recovered = false;
  if (!call.only_if_idle && !call.only_agent) call.queue_end = stage;
  advance(call, CallEvent::queue_over);
  if (!call.script) return see_off(call, queue, stage);
  tag(call.leg, call.id, board::Mode::script);
  defer([this, id = call.id, end] {
    if (Call* c = find_script(id); c && c->phase == Phase::script) engine_->on_queue_ended(id, end);
  });
}

void Center::run_match() {
  constexpr int kRoundsMax = 1024;  // × kMatchPairsMax pairs; what is left is matched in the next turn
  want_match_ = false;
  if (!link_up_ || !in_step_) return;
  for (int round = 0; round < kRoundsMax; ++round) {
    settle_overflow();
    const auto pairs = acd::match(waiting_, agents_.idle(), timers_.now());
    for (const auto& pair : pairs) reserve(pair);
    if (!pairs.empty()) continue;
    if (undecided_.empty()) {
      invite_mates();
      return procedure_.serve_queue_consults();
    }
    const auto rest = std::exchange(undecided_, {});  // nobody was there for them at this moment
    for (const CallId id : rest) {
      Call* call = find(id);
      if (!call || call->phase != Phase::queued) continue;
      if (call->only_if_idle) {
        if (call->preference_timer == TimerId::none) end_queue(*call, ivr::QueueEnd::timeout);
      } else {
        waiting_.open(id);
      }
    }
  }
  want_match_ = true;
}

// Both at once: from here on nobody else may have either.
void Center::reserve(const acd::Pair& pair) {
  if (places_.has(pair.call) && !find(pair.call)) return places_.call_back(pair);
  Call* call = find(pair.call);
  acd::Agent& agent = agents_.at(pair.agent);
  SR_ENSURE(call && call->phase == Phase::queued);
  call->choice = {agents_.idle().ready(call->queue), waiting_.size(call->queue), pair.waited, timers_.now() - agent.since,
                  waiting_.find(call->id)->waiter.owner == agent.no};
  SR_ENSURE(agent_event(agent, acd::AgentEvent::reserve, {}, call->id));
  waiting_.remove(call->id);
  stop(call->preference_timer);
  advance(*call, CallEvent::reserve);
  call->agent = agent.no;
  call->agent_device = agent.device;
  call->agent_leg = ring_agent(*call, agent, config_.queues[acd::index(call->queue)].name, Cause::distributed);
  limit_ringing(*call);
  if (rings_all(*call)) ringing_all_.push_back(call->id);
}

LegId Center::ring_agent(const Call& call, const acd::Agent& agent, const std::string& queue, Cause cause) {
  const LegId leg = devices_.seize(LegRole::agent, call.id, agent.device);
  journal(delivered(call, agent, queue, cause));
  devices_.alert(agent.device, call.calling, data_of(call, "customer"));
  return leg;
}

void Center::ring_until(Call& call, Instant until) {
  call.rings_until = until;
  guarded(call.ring_timer, std::max(until - timers_.now(), Duration{0}), [this, id = call.id] {
    Call* c = find(id);
    if (c && c->phase == Phase::ringing) agent_misses(*c, Miss::no_answer);
    else if (c) procedure_.not_lifted(*c);
  });
}

void Center::agent_answers(Call& call) {
  acd::Agent& agent = agents_.at(call.agent);
  free_mates(call, true);
  stop(call.ring_timer);
  stop(call.queue_timer);
  stop_announcing(call);
  call.callback_key = 0;
  hear_key(call);
  advance(call, CallEvent::agent_answered);
  const acd::QueueNo queue = std::exchange(call.queue, acd::QueueNo::none);
  call.queued_at = {};
  call.recovered = false;
  call.booked = call.had_agent = true;
  call.digits.clear();
  journal(ev::Established{call.id, call.agent_device, agent.id, call.calling, call.called, Cause::normal});
  got_through(call);
  if (agent.state == acd::AgentState::reserved) agent_event(agent, acd::AgentEvent::answered, {}, call.id);  // else he has taken it himself
  agent.serves_for = call.number && call.number->agent == agent.id ? acd::QueueNo::none : queue;
  agent.busy_since = timers_.now();
  send(board::cmd::Connect{call.leg, call.agent_leg});
  tag(call.leg, call.id, board::Mode::connected);
  tag(call.agent_leg, call.id, board::Mode::connected);
}

// His phone rang in vain, or would not ring. The caller goes back to where he stood, unless others still ring for him.
void Center::agent_misses(Call& call, Miss why) {
  const LegId leg = std::exchange(call.agent_leg, LegId::none);
  const acd::AgentNo no = std::exchange(call.agent, acd::AgentNo::none);
  const std::string device = std::exchange(call.agent_device, {});
  stop(call.ring_timer);
  const bool rings_on = promote_mate(call);
  if (!rings_on) advance(call, CallEvent::agent_missed);
  missed(call, leg, no, device, why);
  if (rings_on) return;
  stand_in_line(call, acd::AgentNo::none);
  if (call.queue_timer == TimerId::none || call.only_agent) end_queue(call, ivr::QueueEnd::timeout);
}

void Center::missed(const Call& call, LegId leg, acd::AgentNo no, const std::string& device, Miss why) {
  acd::Agent& agent = agents_.at(no);
  const InVain in_vain = devices_.in_vain(device, why);
  if (why == Miss::no_answer) devices_.let_go(leg, 16);
  journal(ev::Diverted{call.id, device, agent.id, why == Miss::no_answer ? Cause::alertTimeExpired : Cause::busy});
  agent_event(agent, in_vain.event, in_vain.reason);
}

// The agent's part is over: he hung up, or the caller did, or the call is cleared.
void Center::agent_leaves(Call& call, int cause, bool caller_stays) {
  if (!caller_stays && call.consult.phase != ConsultPhase::none) procedure_.consult(call, ConsultEvent::over);
  free_mates(call, false);
  acd::Agent& agent = agents_.at(call.agent);
  const std::string device = std::exchange(call.agent_device, {});
  const bool talking = call.phase == Phase::talking;
  stop(call.ring_timer);
  send(call.conference.gone(call.agent_leg));
  devices_.let_go(call.agent_leg, cause);
  call.agent = acd::AgentNo::none;
  call.agent_leg = LegId::none;
  journal(ev::ConnectionCleared{call.id, device, caller_stays ? device : "center", cause_for(cause), cause});
  agent_event(agent, talking ? acd::AgentEvent::call_ended : acd::AgentEvent::caller_gone, {}, call.id);
  if (!caller_stays) return;
  if (call.consult.phase == ConsultPhase::none) back_to_script(call);
  else procedure_.consult(call, ConsultEvent::first_left);
}

void Center::back_to_script(Call& call) {
  if (!call.script) return clear(call, 16);
  advance(call, CallEvent::agent_left);
  tag(call.leg, call.id, board::Mode::script);
  defer([this, id = call.id] {
    if (Call* c = find_script(id); c && c->phase == Phase::script) engine_->on_queue_ended(id, ivr::QueueEnd::answered);
  });
}

}  // namespace sr::app
