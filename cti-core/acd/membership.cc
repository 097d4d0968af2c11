// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/membership.h"

#include <algorithm>
#include <numeric>

namespace sr::acd {

bool has_skills(const AgentConfig& agent, const QueueConfig& queue) {
  const auto has = [&](const auto& asked) {
    const auto level = agent.skills.find(asked.first);
    return level != agent.skills.end() && level->second >= asked.second;
  };
  return !queue.skills.empty() && std::ranges::all_of(queue.skills, has);
}

std::vector<Serving> served_by(const CenterConfig& center, std::size_t place) {
  std::vector<Serving> serves;
  const AgentConfig& agent = center.agents[place];
  for (std::size_t q = 0; q < center.queues.size(); ++q) {
    const QueueConfig& queue = center.queues[q];
    const auto named = std::ranges::find(queue.agents, agent.id);
    if (named == queue.agents.end() && !has_skills(agent, queue)) continue;
    const auto add = [&](int sum, const auto& asked) {
      const auto level = agent.skills.find(asked.first);
      return sum + (level == agent.skills.end() ? 0 : level->second);
    };
    const int at = static_cast<int>(named - queue.agents.begin()) + (named == queue.agents.end() ? static_cast<int>(place) : 0);
    serves.push_back({QueueNo{static_cast<std::uint32_t>(q)}, at, std::accumulate(queue.skills.begin(), queue.skills.end(), 0, add)});
  }
  return serves;
}

}  // namespace sr::acd
