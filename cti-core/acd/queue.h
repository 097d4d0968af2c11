// One waiting line: larger priority first, then the longer wait. Insert, remove and position cost O(log n), so that ten
// thousand callers may wait. A caller who waits for a certain agent (his last order) keeps his place in the line, but is
// nobody else's until open() is called for him.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "cti-core/acd/ids.h"
#include "cti-core/model/events.h"

namespace sr::acd {

struct Waiter {
  CallId call{};
  int priority = 0;
  Instant since{};
  AgentNo owner = AgentNo::none;  // only this agent may have him
};

// The order of a line, and between the heads of several lines.
struct Rank {
  int priority = 0;
  Instant since{};
  std::uint64_t call = 0;  // of two who came in the same microsecond the older call
  bool operator<(const Rank& o) const {
    if (priority != o.priority) return priority > o.priority;
    if (since != o.since) return since < o.since;
    return call < o.call;
  }
};
inline Rank rank_of(const Waiter& w) { return {w.priority, w.since, to_number(w.call)}; }

class Queue {
 public:
  Queue();
  ~Queue();
  Queue(Queue&&) noexcept;
  Queue& operator=(Queue&&) noexcept;

  void insert(const Waiter& waiter);
  void remove(const Waiter& waiter);
  void open(Waiter& waiter);                          // anybody may have him from now on
  std::size_t size() const;
  std::size_t in_front(const Waiter& waiter) const;   // callers before him
  Instant oldest() const;                             // the longest wait's begin; only if size()

  // In order: those whom anybody may have.
  const std::map<Rank, CallId>& unowned() const { return open_; }

 private:
  struct Order;                                       // all of them, with order statistics
  std::unique_ptr<Order> all_;
  std::map<Rank, CallId> open_;
};

}  // namespace sr::acd
