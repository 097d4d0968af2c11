// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/idle.h"

#include <algorithm>
#include <numeric>

namespace sr::acd {

void Idle::grow(std::size_t queues) {
  strategies_.resize(queues);
  steps_.resize(queues);
  by_step_.resize(queues);
  lines_.resize(queues);
}

void Idle::add(AgentNo agent, const Standing& standing, const std::vector<Serving>& queues, Instant now) {
  remove(agent);
  Entry& entry = entries_[agent];
  entry.turns.reserve(queues.size());
  for (const Serving& serving : queues) {
    const Turn turn{serving.step, key(strategy(serving.queue), standing, serving, now), standing.idle_since, agent};
    lines_[index(serving.queue)].insert(turn);
    auto& counts = by_step_[index(serving.queue)];
    if (counts.size() <= serving.step) counts.resize(serving.step + 1);
    ++counts[serving.step];
    entry.turns.emplace_back(serving.queue, turn);
  }
}

void Idle::remove(AgentNo agent) {
  const auto it = entries_.find(agent);
  if (it == entries_.end()) return;
  for (const auto& [queue, turn] : it->second.turns) {
    lines_[index(queue)].erase(turn);
    --by_step_[index(queue)][turn.step];
  }
  entries_.erase(it);
}

std::size_t Idle::ready(QueueNo queue) const {
  const auto& counts = by_step_[index(queue)];
  return std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(std::min(step(queue) + 1, counts.size())), std::size_t{0});
}

}  // namespace sr::acd
