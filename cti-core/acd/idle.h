// The agents who can be offered a call now, per queue: its own before those who help from an overflow step on, each in the order of its
// strategy. Who helps from a later step than the queue has taken stands in its line and is passed over.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <compare>
#include <set>
#include <unordered_map>
#include <vector>

#include "cti-core/acd/headcount.h"
#include "cti-core/acd/strategy.h"

namespace sr::acd {

class Idle {
 public:
  struct Turn {
    std::size_t step = 0;
    std::int64_t key = 0;
    Instant since{};
    AgentNo agent{};
    auto operator<=>(const Turn&) const = default;
  };
  using Line = std::set<Turn>;
  explicit Idle(std::size_t queues) : Idle(std::vector<Strategy>(queues)) {}
  explicit Idle(std::vector<Strategy> strategies) : strategies_(std::move(strategies)), steps_(strategies_.size()), headcount_(strategies_.size()), lines_(strategies_.size()) {}

  void grow(std::size_t queues);
  void add(AgentNo agent, const Standing& standing, const std::vector<Serving>& queues, Instant now);
  void remove(AgentNo agent);
  bool contains(AgentNo agent) const { return entries_.contains(agent); }
  std::size_t size() const { return entries_.size(); }
  const Line& line(QueueNo queue) const { return lines_[index(queue)]; }
  bool may(QueueNo queue, const Turn& turn) const { return turn.step <= steps_[index(queue)]; }
  std::size_t ready(QueueNo queue) const { return headcount_.upto(queue, step(queue)); }  // who may be offered its callers now
  std::size_t step(QueueNo queue) const { return steps_[index(queue)]; }
  void set_step(QueueNo queue, std::size_t step) { steps_[index(queue)] = step; }
  Strategy strategy(QueueNo queue) const { return strategies_[index(queue)]; }
  void set_strategy(QueueNo queue, Strategy strategy) { strategies_[index(queue)] = strategy; }  // for those who are added from now on
  // Agents with their places in the lines; for callers who wait for one of them.
  struct Entry { std::vector<std::pair<QueueNo, Turn>> turns; };
  const std::unordered_map<AgentNo, Entry>& entries() const { return entries_; }

 private:
  std::vector<Strategy> strategies_;
  std::vector<std::size_t> steps_;
  Headcount headcount_;                                 // of who stands in the lines
  std::vector<Line> lines_;
  std::unordered_map<AgentNo, Entry> entries_;
};

}  // namespace sr::acd
