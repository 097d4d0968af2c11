// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/waiting.h"

#include <utility>

namespace sr::acd {

void Waiting::add(QueueNo queue, Waiter waiter) {
  remove(waiter.call);
  waiter.counts_from = waiter.since - waiter.priority * priority_worth_;
  places_[waiter.call] = {queue, waiter};
  lines_[index(queue)].insert(waiter);
  if (waiter.owner != AgentNo::none) owned_[waiter.owner].emplace(rank_of(waiter), waiter.call);
}

void Waiting::priority_worth(Duration worth) {
  if (std::exchange(priority_worth_, worth) == worth) return;
  std::vector<Place> ranked;
  for (const auto& [call, place] : places_)
    if (place.waiter.priority != 0) ranked.push_back(place);
  for (const Place& place : ranked) add(place.queue, place.waiter);
}

bool Waiting::remove(CallId call) {
  const auto it = places_.find(call);
  if (it == places_.end()) return false;
  disown(it->second.waiter);
  lines_[index(it->second.queue)].remove(it->second.waiter);
  places_.erase(it);
  return true;
}

void Waiting::open(CallId call) {
  const auto it = places_.find(call);
  if (it == places_.end()) return;
  disown(it->second.waiter);
  lines_[index(it->second.queue)].open(it->second.waiter);
}

std::vector<CallId> Waiting::open_all_of(AgentNo agent) {
  std::vector<CallId> calls;
  if (const auto* mine = owned_by(agent))
    for (const auto& [rank, call] : *mine) calls.push_back(call);
  for (const CallId call : calls) open(call);
  return calls;
}

const Waiting::Place* Waiting::find(CallId call) const {
  const auto it = places_.find(call);
  return it == places_.end() ? nullptr : &it->second;
}

std::size_t Waiting::in_front(CallId call) const {
  const auto* place = find(call);
  return place ? lines_[index(place->queue)].in_front(place->waiter) : 0;
}

const std::map<Rank, CallId>* Waiting::owned_by(AgentNo agent) const {
  const auto it = owned_.find(agent);
  return it == owned_.end() ? nullptr : &it->second;
}

void Waiting::disown(const Waiter& waiter) {
  if (waiter.owner == AgentNo::none) return;
  const auto it = owned_.find(waiter.owner);
  if (it == owned_.end()) return;
  it->second.erase(rank_of(waiter));
  if (it->second.empty()) owned_.erase(it);
}

}  // namespace sr::acd
