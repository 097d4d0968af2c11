// Skills and queues of agents while the center runs: what a supervisor changes is in the journal, lies over the configuration file, and is
// in force until another configuration is.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <unordered_set>

#include "cti-core/acd/assignment.h"
#include "cti-core/acd/membership.h"
#include "cti-core/app/center.h"

namespace sr::app {
namespace {

std::unexpected<CtiError> refused(int code, std::string why) { return std::unexpected(CtiError{code, std::move(why)}); }

bool known_skill(const CenterConfig& config, const std::string& skill) {
  const auto asks = [&](const auto& one) { return one.skills.contains(skill); };
  return std::ranges::any_of(config.agents, asks) || std::ranges::any_of(config.queues, [&](const QueueConfig& q) { return asks(q) || std::ranges::any_of(q.overflow, asks); });
}

}  // namespace

void Supervisors::restore(const Assignments& kept) {
  kept_ = kept;
  if (kept.skills.empty() && kept.members.empty()) return;
  assigned_ = std::make_unique<CenterConfig>(*c_.in_force_);
  acd::assign(*assigned_, kept_);
  c_.configure(*assigned_, acd::memberships(*assigned_));
}

bool Supervisors::file_counts() {
  const bool anything = !kept_.skills.empty() || !kept_.members.empty();
  kept_ = {};
  return anything;
}

// What is in force now; as the file says it until somebody changes something.
CenterConfig& Supervisors::assigned() {
  if (kept_.skills.empty() && kept_.members.empty()) assigned_ = std::make_unique<CenterConfig>(*c_.in_force_);
  return *assigned_;
}

// Only his own memberships depend on his skills.
CtiResult<void> Supervisors::set_skill(const SupervisorOrder& order) {
  const acd::Agent* agent = c_.agents_.find(order.agent);
  if (!agent || agent->leaves) return refused(4041, "no agent '" + order.agent + "'");
  if (order.level < 0 || order.level > kSkillLevelMax) return refused(-32602, "'level' must be from 1 to " + std::to_string(kSkillLevelMax) + ", or 0: he has it no more");
  if (!known_skill(c_.config_, order.skill)) return refused(4041, "no queue asks for skill '" + order.skill + "', and no agent has it");
  CenterConfig& config = assigned();
  std::erase_if(kept_.skills, [&](const auto& one) { return one.agent == order.agent && one.skill == order.skill; });
  kept_.skills.push_back({order.agent, order.skill, order.level});
  const auto his = std::ranges::find(config.agents, order.agent, &AgentConfig::id);
  SR_ENSURE(his != config.agents.end());
  acd::assign_skill(*his, order.skill, order.level);
  auto serves = acd::served_by(config, static_cast<std::size_t>(his - config.agents.begin()));
  for (auto& one : serves) one.queue = c_.queue_no(config.queues[acd::index(one.queue)].name);
  c_.configure(*his, std::move(serves), c_.queues_in_use());
  c_.want_match_ = true;
  c_.journal(ev::AgentSkill{order.agent, order.skill, order.level});
  return {};
}

// The places of the others in the same queue depend on who is named.
CtiResult<void> Supervisors::set_member(const SupervisorOrder& order) {
  const bool member = order.verb == SupervisorVerb::addMember;
  const acd::Agent* agent = c_.agents_.find(order.agent);
  if (!agent || agent->leaves) return refused(4041, "no agent '" + order.agent + "'");
  const acd::QueueNo queue = c_.queue_no(order.queue);
  if (queue == acd::QueueNo::none) return refused(4041, "no queue '" + order.queue + "'");
  QueueConfig& in_force = c_.config_.queues[acd::index(queue)];
  if (member != (std::ranges::find(in_force.agents, order.agent) == in_force.agents.end()))
    return refused(4090, "queue '" + order.queue + "' names agent " + order.agent + (member ? " already" : " not; if he serves it by his skills, change these"));
  CenterConfig& config = assigned();
  std::erase_if(kept_.members, [&](const auto& one) { return one.agent == order.agent && one.queue == order.queue; });
  kept_.members.push_back({order.queue, order.agent, member});
  const auto its = std::ranges::find(config.queues, order.queue, &QueueConfig::name);
  SR_ENSURE(its != config.queues.end());
  acd::assign_member(*its, order.agent, member);
  in_force.agents = its->agents;
  std::unordered_set<acd::QueueNo> concerned;
  std::vector<acd::QueueNo> nos;
  for (const auto& one : config.queues) {
    nos.push_back(c_.queue_no(one.name));
    if (acd::depends_on(one, order.queue)) concerned.insert(nos.back());
  }
  auto serves = acd::memberships(config, order.queue);
  for (std::size_t n = 0; n < serves.size(); ++n) {
    acd::Agent& one = *c_.agents_.find(config.agents[n].id);
    std::vector<acd::Serving> all = one.queues;
    std::erase_if(all, [&](const acd::Serving& old) { return concerned.contains(old.queue); });
    for (acd::Serving now : serves[n]) {
      now.queue = nos[acd::index(now.queue)];
      all.push_back(now);
    }
    c_.agents_.serves(one, std::move(all), c_.timers_.now());
  }
  c_.want_match_ = true;
  c_.journal(ev::QueueMember{order.queue, order.agent, member});
  return {};
}

}  // namespace sr::app
