// All waiting lines of the center, and who waits for whom. One call waits in one line.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <unordered_map>
#include <vector>

#include "cti-core/acd/queue.h"

namespace sr::acd {

class Waiting {
 public:
  struct Place {
    QueueNo queue = QueueNo::none;
    Waiter waiter;
  };
  explicit Waiting(std::size_t queues, Duration priority_worth = 600s) : priority_worth_(priority_worth), lines_(queues) {}

  void grow(std::size_t queues) { lines_.resize(queues); }
  void priority_worth(Duration worth);                  // who waits is ranked anew by it
  void add(QueueNo queue, Waiter waiter);               // a call that waits already moves there
  bool remove(CallId call);                             // false: it does not wait
  void open(CallId call);                               // its preference is over
  std::vector<CallId> open_all_of(AgentNo agent);       // this agent is not to be had: his callers go to anybody
  const Place* find(CallId call) const;                 // nullptr: it does not wait

  std::size_t size(QueueNo queue) const { return lines_[index(queue)].size(); }
  std::size_t total() const { return places_.size(); }
  std::size_t in_front(CallId call) const;
  std::size_t queues() const { return lines_.size(); }
  const Queue& line(QueueNo queue) const { return lines_[index(queue)]; }
  Rank own_customer(Rank rank) const { return {rank.counts_from - priority_worth_ / 2, rank.call}; }  // seen by his agent
  // In order: those who wait for this agent and for nobody else; nullptr: none. The map: all such agents.
  const std::map<Rank, CallId>* owned_by(AgentNo agent) const;
  const std::unordered_map<AgentNo, std::map<Rank, CallId>>& owned() const { return owned_; }

 private:
  void disown(const Waiter& waiter);
  Duration priority_worth_;
  std::vector<Queue> lines_;
  std::unordered_map<CallId, Place> places_;
  std::unordered_map<AgentNo, std::map<Rank, CallId>> owned_;
};

}  // namespace sr::acd
