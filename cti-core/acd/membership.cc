// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/membership.h"

#include <algorithm>
#include <optional>

namespace sr::acd {
namespace {

using Names = std::vector<std::string>;
using Skills = std::map<std::string, int>;

std::optional<int> place_among(const AgentConfig& agent, std::size_t place, const Names& named, const Skills& asked) {
  const auto at = std::ranges::find(named, agent.id);
  const auto n = static_cast<int>(at - named.begin());
  if (at != named.end()) return n;
  return has_skills(agent, asked) ? std::optional(n + static_cast<int>(place)) : std::nullopt;
}

int levels(const AgentConfig& agent, const Skills& asked) {
  int sum = 0;
  for (const auto& [skill, level] : asked)
    if (const auto has = agent.skills.find(skill); has != agent.skills.end()) sum += has->second;
  return sum;
}

}  // namespace

bool has_skills(const AgentConfig& agent, const Skills& asked) {
  return !asked.empty() && std::ranges::all_of(asked, [&](const auto& one) {
    const auto has = agent.skills.find(one.first);
    return has != agent.skills.end() && has->second >= one.second;
  });
}

std::vector<Serving> served_by(const CenterConfig& center, std::size_t place) {
  std::vector<Serving> serves;
  const AgentConfig& agent = center.agents[place];
  for (std::size_t q = 0; q < center.queues.size(); ++q) {
    const QueueConfig& queue = center.queues[q];
    const QueueNo no{static_cast<std::uint32_t>(q)};
    std::optional<int> at = place_among(agent, place, queue.agents, queue.skills);
    std::size_t step = 0;
    for (; !at && step < queue.overflow.size(); ++step) {
      const OverflowConfig& help = queue.overflow[step];
      const auto other = std::ranges::find(center.queues, help.queue, &QueueConfig::name);
      at = other != center.queues.end() ? place_among(agent, place, other->agents, other->skills) : place_among(agent, place, help.agents, help.skills);
    }
    if (at) serves.push_back({no, *at, levels(agent, queue.skills), step});
  }
  return serves;
}

std::vector<std::vector<Serving>> memberships(const CenterConfig& center) {
  std::vector<std::vector<Serving>> all;
  all.reserve(center.agents.size());
  for (std::size_t n = 0; n < center.agents.size(); ++n) all.push_back(served_by(center, n));
  return all;
}

}  // namespace sr::acd
