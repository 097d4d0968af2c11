// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/idle.h"

namespace sr::acd {

void Idle::add(AgentNo agent, Instant since, const std::vector<QueueNo>& queues) {
  remove(agent);
  for (const QueueNo q : queues) lines_[index(q)].emplace(since, agent);
  entries_.emplace(agent, Entry{since, queues});
}

void Idle::remove(AgentNo agent) {
  const auto it = entries_.find(agent);
  if (it == entries_.end()) return;
  for (const QueueNo q : it->second.queues) lines_[index(q)].erase({it->second.since, agent});
  entries_.erase(it);
}

}  // namespace sr::acd
