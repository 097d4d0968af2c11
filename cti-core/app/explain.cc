// Why a call waits where it does, or why this agent got it: the waiting order in words (ctictl explain).
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "cti-core/app/center.h"

namespace sr::app {
namespace {

constexpr std::size_t kShownMax = 5;  // callers in front

std::string seconds(Duration d) { return fmt::format("{:.1f} s", static_cast<double>(d.count()) / 1e6); }

// "4 agents serve it: 3 idle, 1 agentBusy": the agents of a queue by what they do.
std::string agents_of(const acd::AgentTable& agents, const auto& serves) {
  std::array<int, static_cast<std::size_t>(acd::AgentState::count_)> by_state{};
  int idle = 0, all = 0;
  for (const acd::Agent& agent : agents.all()) {
    if (!serves(agent)) continue;
    ++all;
    if (agents.idle().contains(agent.no)) ++idle;
    else ++by_state[static_cast<std::size_t>(agent.state)];
  }
  std::string out = fmt::format("{} agents serve it: {} idle", all, idle);
  for (std::size_t s = 0; s < by_state.size(); ++s) {
    const auto state = static_cast<acd::AgentState>(s);
    if (by_state[s] > 0) out += fmt::format(", {} {}", by_state[s], state == acd::AgentState::agentReady ? "agentReady with a phone that is not idle" : acd::name(state));
  }
  return out;
}

std::string earlier(const Call& call) {
  std::string out;
  for (const auto& decision : call.decisions) out += "\n  before: " + decision;
  return out;
}

}  // namespace

CtiResult<std::string> Center::call_explain(CallId id) const {
  const auto found = calls_.find(id);
  if (const Place* place = places_.find(id); place && found == calls_.end()) return places_.explain(*place);
  if (found == calls_.end()) return std::unexpected(CtiError{4041, fmt::format("no incoming call {}", to_number(id))});
  const Call& call = found->second;
  const auto* place = waiting_.find(id);
  if (!place) {
    if (call.agent == acd::AgentNo::none) return fmt::format("call {} does not wait: {}{}", to_number(id), boost::describe::enum_to_string(call.phase, ""), earlier(call));
    const Choice& c = call.choice;
    std::string out = fmt::format("call {}: {} with agent {}", to_number(id), call.phase == Phase::ringing ? "ringing" : "talking", agents_.at(call.agent).id);
    if (call.consult.phase != ConsultPhase::none) out += fmt::format(", who is {} in a consultation", boost::describe::enum_to_string(call.consult.phase, ""));
    if (!call.consult.device.empty()) out += " with " + call.consult.device;
    for (const auto& [leg, mate] : call.mates) out += fmt::format("{} {}", leg == call.mates.begin()->first ? ", and beside him ring" : ",", agents_.at(mate.agent).id);
    if (c.idle + c.waiting == 0) return out;  // transferred, or from before a restart
    out += c.own ? "\n  it waited for this agent alone" : fmt::format("\n  {} of its queue were idle, the strategy put him first; he had been idle for {}", c.idle, seconds(c.idle_for));
    return out + fmt::format("\n  it had waited {}, with {} in its queue", seconds(c.waited), c.waiting);
  }
  const QueueConfig& queue = config_.queues[acd::index(place->queue)];
  const Instant now = timers_.now();
  const std::size_t step = overflow_[acd::index(place->queue)].step;
  const std::size_t front = waiting_.in_front(id), all = waiting_.size(place->queue);
  std::string out = fmt::format("call {} waits in {} since {}, place {} of {}", to_number(id), queue.name, seconds(now - place->waiter.since), front + 1, all);
  out += earlier(call);
  if (call.priority != 0)
    out += fmt::format("\n  its wait counts as {}: priority {}, each class worth {}", seconds(now - place->waiter.counts_from), call.priority, seconds(config_.priority_worth));
  if (place->waiter.owner != acd::AgentNo::none) {
    const acd::Agent& owner = agents_.at(place->waiter.owner);
    out += fmt::format("\n  it waits for agent {} alone ({})", owner.id, acd::name(owner.state));
  }
  std::size_t shown = 0;
  for (const auto& [rank, other_id] : waiting_.line(place->queue).unowned()) {
    if (shown == kShownMax || !(rank < acd::rank_of(place->waiter))) break;
    ++shown;
    const auto* other = waiting_.find(other_id);
    out += fmt::format("\n  before it: call {}, waits {}{}", to_number(other_id), seconds(now - other->waiter.since),
                       other->waiter.priority == 0 ? "" : fmt::format(", priority {}", other->waiter.priority));
  }
  if (front > shown) out += fmt::format("\n  and {} more{}", front - shown, shown < kShownMax ? ", each of them waiting for a certain agent" : "");
  out += fmt::format("\n  {}", agents_of(agents_, [&](const acd::Agent& a) { return helps_from(place->queue, a) <= step; }));
  if (step > 0) out += fmt::format(", with overflow step {} of {}", step, queue.overflow.size());
  if (const auto wait = expected_wait(place->queue, front))
    out += fmt::format("\n  expected wait from now: {}, at {} for a call with its wrap-up", seconds(*wait), seconds(handling_[acd::index(place->queue)].mean()));
  const auto& idle = agents_.idle().line(place->queue);
  return out + (agents_.idle().ready(place->queue) == 0 ? fmt::format("\n  who becomes free first takes the first of the queues that he serves (strategy of {}: {})", queue.name, acd::name(queue.strategy))
                             : fmt::format("\n  next by {}: agent {}", acd::name(queue.strategy), agents_.at(idle.begin()->agent).id));
}

}  // namespace sr::app
