// Any configuration that the reader would accept, made of few names, so that they come and go. The same random numbers, the same one.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <functional>
#include <string>

#include "cti-core/model/config.h"

namespace sr::test {

// `base`: its agents, numbers and [center] are drawn from; `below(n)`: 0 … n-1; `needed`: a queue that scripts name.
inline CenterConfig random_config(const CenterConfig& base, const std::function<int(int)>& below, std::string_view needed = {}) {
  const auto one_in = [&](int n) { return below(n) == 0; };
  CenterConfig c = base;
  c.queues.clear();
  c.agents.clear();
  for (AgentConfig a : base.agents) {
    if (one_in(8)) continue;
    a.wrap_up = std::chrono::seconds(below(5));
    if (one_in(2)) a.skills["tv"] = 1 + below(9);
    if (one_in(3)) a.skills["german"] = 1 + below(9);
    c.agents.insert(one_in(2) ? c.agents.begin() : c.agents.end(), a);
  }
  const auto some_agents = [&] {
    std::vector<std::string> out;
    for (const auto& a : c.agents)
      if (!one_in(3)) out.push_back(a.id);
    return out;
  };
  for (const char* name : {"orders", "vip", "service", "night", "tv"}) {
    if (one_in(4) && name != needed && !(c.queues.empty() && std::string_view(name) == "tv")) continue;
    QueueConfig q{.name = name, .agents = some_agents(), .timeout = std::chrono::seconds(5 + below(60)), .length_max = static_cast<std::size_t>(1 + below(50)), .open = !one_in(6)};
    if (one_in(3)) q.skills["tv"] = 1 + below(5);
    q.strategy = static_cast<Strategy>(below(8));
    c.queues.insert(one_in(2) ? c.queues.begin() : c.queues.end(), q);
  }
  for (auto& q : c.queues)
    for (int i = below(3); i > 0; --i) {
      OverflowConfig step;
      const auto& other = c.queues[static_cast<std::size_t>(below(static_cast<int>(c.queues.size())))];
      if (other.name != q.name && one_in(2)) step.queue = other.name;
      else step.agents = some_agents();
      const auto waiting = static_cast<std::size_t>(2 + below(6));
      step.when = {.begin = {.waiting = waiting, .oldest = 20s}, .end = {.waiting = waiting - 1, .oldest = 5s}};
      q.overflow.push_back(step);
    }
  std::erase_if(c.numbers, [&](const auto& n) { return one_in(4) && n.number != base.numbers.front().number; });  // the first stays: tests call it
  for (auto& n : c.numbers) {
    n.queue = c.queues[static_cast<std::size_t>(below(static_cast<int>(c.queues.size())))].name;
    n.digits_always = one_in(4);
  }
  c.no_answer = std::chrono::seconds(3 + below(20));
  c.priority_worth = std::chrono::seconds(1 + below(900));
  return c;
}

}  // namespace sr::test
