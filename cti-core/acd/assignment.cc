// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/assignment.h"

#include <algorithm>

namespace sr::acd {

void assign_skill(AgentConfig& agent, const std::string& skill, int level) {
  if (level > 0) agent.skills[skill] = level;
  else agent.skills.erase(skill);
}

void assign_member(QueueConfig& queue, const std::string& agent, bool member) {
  const auto at = std::ranges::find(queue.agents, agent);
  if (member && at == queue.agents.end()) queue.agents.push_back(agent);
  if (!member && at != queue.agents.end()) queue.agents.erase(at);
}

void assign(CenterConfig& config, const Assignments& kept) {
  for (const auto& one : kept.skills)
    if (const auto agent = std::ranges::find(config.agents, one.agent, &AgentConfig::id); agent != config.agents.end()) assign_skill(*agent, one.skill, one.level);
  for (const auto& one : kept.members) {
    const auto queue = std::ranges::find(config.queues, one.queue, &QueueConfig::name);
    if (queue != config.queues.end() && std::ranges::find(config.agents, one.agent, &AgentConfig::id) != config.agents.end()) assign_member(*queue, one.agent, one.member);
  }
}

}  // namespace sr::acd
