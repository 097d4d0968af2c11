// The agents who can be offered a call now, per queue, the longest idle first.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cti-core/acd/ids.h"
#include "drivers/base/time.h"

namespace sr::acd {

class Idle {
 public:
  using Line = std::set<std::pair<Instant, AgentNo>>;
  explicit Idle(std::size_t queues) : lines_(queues) {}

  void add(AgentNo agent, Instant since, const std::vector<QueueNo>& queues);
  void remove(AgentNo agent);
  bool contains(AgentNo agent) const { return entries_.contains(agent); }
  std::size_t size() const { return entries_.size(); }
  const Line& line(QueueNo queue) const { return lines_[index(queue)]; }
  // Agents with their queues; for callers who wait for one of them.
  struct Entry { Instant since; std::vector<QueueNo> queues; };
  const std::unordered_map<AgentNo, Entry>& entries() const { return entries_; }

 private:
  std::vector<Line> lines_;
  std::unordered_map<AgentNo, Entry> entries_;
};

}  // namespace sr::acd
