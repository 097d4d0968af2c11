// The agents of the center: found by id and by the phone they are logged on at, and which of them can be offered a call.
// An agent can be offered a call when he is ready and his phone is idle (on-hook, in service, no leg on it).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cti-core/acd/agent.h"
#include "cti-core/acd/idle.h"

namespace sr::acd {

class AgentTable {
 public:
  explicit AgentTable(std::size_t queues) : idle_(queues), working_(queues) {}
  explicit AgentTable(std::vector<Strategy> strategies) : AgentTable(strategies.size()) { idle_ = Idle(std::move(strategies)); }  // of the queues

  AgentNo add(Agent agent);                             // its no is given here; ids are unique
  Agent& at(AgentNo no) { return agents_[index(no)]; }
  const Agent& at(AgentNo no) const { return agents_[index(no)]; }
  Agent* find(std::string_view id);
  const Agent* find(std::string_view id) const;
  Agent* at_device(std::string_view device);            // logged on there
  const std::vector<Agent>& all() const { return agents_; }
  const Idle& idle() const { return idle_; }
  std::size_t working(QueueNo queue) const { return working_.upto(queue, idle_.step(queue)); }  // logged on and not on a break, of those who serve it now
  void overflow(QueueNo queue, std::size_t step) { idle_.set_step(queue, step); }

  // The only way to change a state. Keeps devices and idle agents right; `phone_idle` of his device is known from before.
  AgentChange apply(Agent& agent, AgentEvent event, Instant now, std::string_view text = {}, CallId call = {});
  void restore(Agent& agent, AgentState state, std::string_view device, Instant now);  // after a restart of ctid
  void phone_idle(std::string_view device, bool idle, Instant now);

  // Another configuration. Who is idle stays so, as long as he has been.
  void grow(std::size_t queues) { idle_.grow(queues), working_.grow(queues); }
  void strategy(QueueNo queue, Strategy strategy, Instant now);
  void serves(Agent& agent, std::vector<Serving> queues, Instant now);

 private:
  void settle(const Agent& agent, Instant now);
  void stand_anew(const Agent& agent, Instant now);
  void count(const Agent& agent);
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  template <class T>
  using ByName = std::unordered_map<std::string, T, Hash, std::equal_to<>>;
  std::vector<Agent> agents_;
  ByName<AgentNo> by_id_, by_device_;
  ByName<bool> phone_idle_;
  Idle idle_;
  Headcount working_;
  std::vector<std::vector<Serving>> counted_;  // by agent: as what he is in working_
  std::int64_t turns_ = 0;
};

}  // namespace sr::acd
