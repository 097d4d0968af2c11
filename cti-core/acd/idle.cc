// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/idle.h"

namespace sr::acd {

void Idle::grow(std::size_t queues) {
  strategies_.resize(queues);
  steps_.resize(queues);
  headcount_.grow(queues);
  lines_.resize(queues);
}

void Idle::add(AgentNo agent, const Standing& standing, const std::vector<Serving>& queues, Instant now) {
  remove(agent);
  Entry& entry = entries_[agent];
  entry.turns.reserve(queues.size());
  for (const Serving& serving : queues) {
    const Turn turn{serving.step, key(strategy(serving.queue), standing, serving, now), standing.idle_since, agent};
    lines_[index(serving.queue)].insert(turn);
    headcount_.add(serving.queue, serving.step);
    entry.turns.emplace_back(serving.queue, turn);
  }
}

void Idle::remove(AgentNo agent) {
  const auto it = entries_.find(agent);
  if (it == entries_.end()) return;
  for (const auto& [queue, turn] : it->second.turns) {
    lines_[index(queue)].erase(turn);
    headcount_.remove(queue, turn.step);
  }
  entries_.erase(it);
}

}  // namespace sr::acd
