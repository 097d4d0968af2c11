// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/router.h"

#include <algorithm>
#include <optional>

namespace sr::acd {
namespace {

// A walk along the lines that passes over whom this decision has given away already.
class Decision {
 public:
  Decision(const Waiting& waiting, const Idle& idle) : waiting_(waiting), idle_(idle), heads_(waiting.queues()) {}

  std::optional<Pair> next(Instant now) {
    Candidate best;
    look_at_owned(best);
    for (std::size_t q = 0; q < waiting_.queues(); ++q) look_at_line(QueueNo{static_cast<std::uint32_t>(q)}, best);
    if (best.call == CallId::none) return std::nullopt;
    calls_.push_back(best.call);
    agents_.push_back(best.agent);
    const auto* place = waiting_.find(best.call);
    return Pair{best.call, best.agent, place->queue, now - place->waiter.since};
  }

 private:
  struct Candidate {
    CallId call{};
    AgentNo agent{};
    Rank rank;
  };
  bool taken(CallId call) const { return std::ranges::find(calls_, call) != calls_.end(); }
  bool taken(AgentNo agent) const { return std::ranges::find(agents_, agent) != agents_.end(); }

  void offer(Candidate& best, const Candidate& c) const {
    if (best.call == CallId::none || c.rank < best.rank) best = c;
  }

  // The smaller of the two sets is walked: agents for whom somebody waits, or idle agents.
  void look_at_owned(Candidate& best) const {
    if (waiting_.owned().size() <= idle_.size()) {
      for (const auto& [agent, callers] : waiting_.owned())
        if (idle_.contains(agent)) look_at_own(agent, callers, best);
    } else {
      for (const auto& [agent, entry] : idle_.entries())
        if (const auto* callers = waiting_.owned_by(agent)) look_at_own(agent, *callers, best);
    }
  }
  void look_at_own(AgentNo agent, const std::map<Rank, CallId>& callers, Candidate& best) const {
    if (callers.empty() || taken(agent)) return;
    const auto& [rank, call] = *callers.begin();  // taken only together with the agent
    offer(best, {call, agent, waiting_.own_customer(rank)});
  }

  void look_at_line(QueueNo queue, Candidate& best) {
    const auto& callers = waiting_.line(queue).unowned();
    const auto& agents = idle_.line(queue);
    if (callers.empty() || agents.empty()) return;
    auto& head = heads_[index(queue)];
    if (!head) head = callers.begin();
    while (*head != callers.end() && taken((*head)->second)) ++*head;
    if (*head == callers.end()) return;
    for (const auto& [key, since, agent] : agents) {  // at most kMatchPairsMax of them are taken
      if (taken(agent)) continue;
      offer(best, {(*head)->second, agent, (*head)->first});
      return;
    }
  }

  const Waiting& waiting_;
  const Idle& idle_;
  std::vector<std::optional<std::map<Rank, CallId>::const_iterator>> heads_;
  std::vector<CallId> calls_;
  std::vector<AgentNo> agents_;
};

}  // namespace

std::vector<Pair> match(const Waiting& waiting, const Idle& idle, Instant now) {
  std::vector<Pair> pairs;
  if (!waiting.total() || !idle.size()) return pairs;
  Decision decision(waiting, idle);
  while (pairs.size() < kMatchPairsMax) {
    const auto pair = decision.next(now);
    if (!pair) break;
    pairs.push_back(*pair);
  }
  return pairs;
}

}  // namespace sr::acd
