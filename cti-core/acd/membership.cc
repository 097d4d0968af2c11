// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/membership.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace sr::acd {
namespace {

using Names = std::vector<std::string>;
using Skills = std::map<std::string, int>;

int levels(const AgentConfig& agent, const Skills& asked) {
  int sum = 0;
  for (const auto& [skill, level] : asked)
    if (const auto has = agent.skills.find(skill); has != agent.skills.end()) sum += has->second;
  return sum;
}

// Who belongs to what, by agents' places: the work grows with those who serve, not with agents times queues.
class Groups {
 public:
  explicit Groups(const CenterConfig& center) : center_(center), serves_(center.agents.size()), last_queue_(center.agents.size(), QueueNo::none) {
    for (std::size_t place = 0; place < center.agents.size(); ++place) {
      places_.emplace(center.agents[place].id, place);
      for (const auto& [skill, level] : center.agents[place].skills) skilled_[skill].push_back(place);
    }
  }

  // Those who are named or have the skills, but for whom serves the queue already.
  void serve(QueueNo queue, const Names& named, const Skills& asked, std::size_t step) {
    for (std::size_t n = 0; n < named.size(); ++n)
      if (const auto at = places_.find(named[n]); at != places_.end()) serve(queue, at->second, n, step);
    if (asked.empty()) return;
    const std::vector<std::size_t>* fewest = nullptr;
    for (const auto& [skill, level] : asked) {
      const auto found = skilled_.find(skill);
      if (found == skilled_.end()) return;
      if (!fewest || found->second.size() < fewest->size()) fewest = &found->second;
    }
    for (const std::size_t place : *fewest)
      if (has_skills(center_.agents[place], asked)) serve(queue, place, named.size() + place, step);
  }

  std::vector<std::vector<Serving>> take() { return std::move(serves_); }

 private:
  void serve(QueueNo queue, std::size_t place, std::size_t at, std::size_t step) {
    if (std::exchange(last_queue_[place], queue) == queue) return;
    serves_[place].push_back({queue, static_cast<int>(at), levels(center_.agents[place], center_.queues[index(queue)].skills), step});
  }

  const CenterConfig& center_;
  std::unordered_map<std::string_view, std::size_t> places_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> skilled_;
  std::vector<std::vector<Serving>> serves_;
  std::vector<QueueNo> last_queue_;
};

}  // namespace

bool has_skills(const AgentConfig& agent, const Skills& asked) {
  return !asked.empty() && std::ranges::all_of(asked, [&](const auto& one) {
    const auto has = agent.skills.find(one.first);
    return has != agent.skills.end() && has->second >= one.second;
  });
}

bool depends_on(const QueueConfig& queue, const std::string& name) {
  return queue.name == name || std::ranges::find(queue.overflow, name, &OverflowConfig::queue) != queue.overflow.end();
}

std::vector<Serving> served_by(const CenterConfig& center, std::size_t place) {
  std::vector<Serving> serves;
  const AgentConfig& agent = center.agents[place];
  const auto among = [&](const Names& named, const Skills& asked) -> std::optional<std::size_t> {
    const auto at = std::ranges::find(named, agent.id);
    if (at != named.end() || has_skills(agent, asked)) return static_cast<std::size_t>(at - named.begin()) + (at != named.end() ? 0 : place);
    return std::nullopt;
  };
  for (std::size_t q = 0; q < center.queues.size(); ++q) {
    const QueueConfig& queue = center.queues[q];
    auto at = among(queue.agents, queue.skills);
    std::size_t step = 0;
    for (; !at && step < queue.overflow.size(); ++step) {
      const OverflowConfig& help = queue.overflow[step];
      const auto other = std::ranges::find(center.queues, help.queue, &QueueConfig::name);
      at = other != center.queues.end() ? among(other->agents, other->skills) : among(help.agents, help.skills);
    }
    if (at) serves.push_back({QueueNo{static_cast<std::uint32_t>(q)}, static_cast<int>(*at), levels(agent, queue.skills), step});
  }
  return serves;
}

std::vector<std::vector<Serving>> memberships(const CenterConfig& center, const std::string& of) {
  Groups groups(center);
  for (std::size_t q = 0; q < center.queues.size(); ++q) {
    const QueueConfig& queue = center.queues[q];
    if (!of.empty() && !depends_on(queue, of)) continue;
    const QueueNo no{static_cast<std::uint32_t>(q)};
    groups.serve(no, queue.agents, queue.skills, 0);
    for (std::size_t n = 0; n < queue.overflow.size(); ++n) {
      const OverflowConfig& help = queue.overflow[n];
      const auto other = std::ranges::find(center.queues, help.queue, &QueueConfig::name);
      if (other != center.queues.end()) groups.serve(no, other->agents, other->skills, n + 1);
      else groups.serve(no, help.agents, help.skills, n + 1);
    }
  }
  return groups.take();
}

}  // namespace sr::acd
