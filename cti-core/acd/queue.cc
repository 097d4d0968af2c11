// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/queue.h"

#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/tree_policy.hpp>
#include <set>

namespace sr::acd {

struct Queue::Order {
  __gnu_pbds::tree<Rank, __gnu_pbds::null_type, std::less<Rank>, __gnu_pbds::rb_tree_tag, __gnu_pbds::tree_order_statistics_node_update> tree;
  std::multiset<Instant> since;
};

Queue::Queue() : all_(std::make_unique<Order>()) {}
Queue::~Queue() = default;
Queue::Queue(Queue&&) noexcept = default;
Queue& Queue::operator=(Queue&&) noexcept = default;

void Queue::insert(const Waiter& waiter) {
  const Rank rank = rank_of(waiter);
  all_->tree.insert(rank);
  all_->since.insert(waiter.since);
  if (waiter.owner == AgentNo::none) open_.emplace(rank, waiter.call);
}

void Queue::remove(const Waiter& waiter) {
  const Rank rank = rank_of(waiter);
  if (!all_->tree.erase(rank)) return;
  all_->since.erase(all_->since.find(waiter.since));
  open_.erase(rank);
}

void Queue::open(Waiter& waiter) {
  if (waiter.owner == AgentNo::none) return;
  waiter.owner = AgentNo::none;
  open_.emplace(rank_of(waiter), waiter.call);
}

std::size_t Queue::size() const { return all_->tree.size(); }
std::size_t Queue::in_front(const Waiter& waiter) const { return all_->tree.order_of_key(rank_of(waiter)); }
Instant Queue::oldest() const { return *all_->since.begin(); }

}  // namespace sr::acd
