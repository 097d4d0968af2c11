// One waiting line, in the order of the time from which each caller's wait counts. Insert, remove and position cost O(log n), so that ten
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
  Instant counts_from{};          // since, earlier by what his priority is worth; Waiting::add() sets it
};

// The order of a line, and between the heads of several lines.
struct Rank {
  Instant counts_from{};
  std::uint64_t call = 0;  // of two who came in the same microsecond the older call
  auto operator<=>(const Rank&) const = default;
};
inline Rank rank_of(const Waiter& w) { return {w.counts_from, to_number(w.call)}; }

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
