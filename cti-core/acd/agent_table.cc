// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/agent_table.h"

namespace sr::acd {

AgentNo AgentTable::add(Agent agent) {
  agent.no = AgentNo{static_cast<std::uint32_t>(agents_.size())};
  by_id_[agent.id] = agent.no;
  agents_.push_back(std::move(agent));
  counted_.emplace_back();
  return agents_.back().no;
}

Agent* AgentTable::find(std::string_view id) {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : &at(it->second);
}
const Agent* AgentTable::find(std::string_view id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : &at(it->second);
}
Agent* AgentTable::at_device(std::string_view device) {
  const auto it = by_device_.find(device);
  return it == by_device_.end() ? nullptr : &at(it->second);
}

AgentChange AgentTable::apply(Agent& agent, AgentEvent event, Instant now, std::string_view text, CallId call) {
  const auto change = acd::apply(agent, event, now, text, call);
  if (!change.ok) return change;
  if (change.action == AgentAction::log_on) by_device_[agent.device] = agent.no;
  if (change.to == AgentState::reserved && change.from != change.to) agent.tally.last_turn = ++turns_;
  settle(agent, now);
  if (change.action == AgentAction::log_off) agent.device.clear();
  return change;
}

void AgentTable::restore(Agent& agent, AgentState state, std::string_view device, Instant now) {
  agent.state = state;
  turns_ = std::max(turns_, agent.tally.last_turn);
  if (state != AgentState::agentNull) {
    agent.device = device;
    by_device_[agent.device] = agent.no;
  }
  settle(agent, now);
}

void AgentTable::phone_idle(std::string_view device, bool idle, Instant now) {
  phone_idle_[std::string(device)] = idle;
  if (const Agent* agent = at_device(device)) settle(*agent, now);
}

void AgentTable::strategy(QueueNo queue, Strategy strategy, Instant now) {
  if (idle_.strategy(queue) == strategy) return;
  idle_.set_strategy(queue, strategy);
  const Idle::Line line = idle_.line(queue);
  for (const Idle::Turn& turn : line) stand_anew(at(turn.agent), now);
}

void AgentTable::serves(Agent& agent, std::vector<Serving> queues, Instant now) {
  if (agent.queues == queues) return;
  agent.queues = std::move(queues);
  if (idle_.contains(agent.no)) stand_anew(agent, now);
  count(agent);
}

void AgentTable::stand_anew(const Agent& agent, Instant now) { idle_.add(agent.no, {agent.since, agent.tally}, agent.queues, now); }

void AgentTable::settle(const Agent& agent, Instant now) {
  if (agent.state == AgentState::agentNull) {
    if (const auto it = by_device_.find(agent.device); it != by_device_.end() && it->second == agent.no) by_device_.erase(it);
  }
  const auto phone = phone_idle_.find(agent.device);
  const bool can = agent.state == AgentState::agentReady && phone != phone_idle_.end() && phone->second;
  if (can && !idle_.contains(agent.no)) idle_.add(agent.no, {agent.since, agent.tally}, agent.queues, now);
  if (!can) idle_.remove(agent.no);
  count(agent);
}

void AgentTable::count(const Agent& agent) {
  static const std::vector<Serving> kNothing;
  const bool works = agent.state != AgentState::agentNull && agent.state != AgentState::agentNotReady;
  const auto& now = works ? agent.queues : kNothing;
  auto& counted = counted_[index(agent.no)];
  if (counted == now) return;
  for (const Serving& s : counted) working_.remove(s.queue, s.step);
  for (const Serving& s : now) working_.add(s.queue, s.step);
  counted = now;
}

}  // namespace sr::acd
