// A configuration is put in force while calls run, at the start and at each reload in the same way (configure()). Queues and agents keep
// the numbers that they had; what went keeps its number too, so that it can come back: a queue takes no new callers and serves
// those who wait, an agent is logged off as soon as no call needs him. A call keeps the number on which it came.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <unordered_set>

#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentEvent;
using acd::AgentState;

void Center::configure(const CenterConfig& next, const std::vector<std::vector<acd::Serving>>& serves) {
  const std::vector<bool> draining = queues_in_use();
  std::vector<QueueConfig> queues = std::move(config_.queues);
  std::vector<AgentConfig> agents = std::move(config_.agents);
  config_ = next;
  config_.queues = std::move(queues);
  config_.agents = std::move(agents);

  numbers_.clear();
  for (const auto& n : next.numbers) numbers_[n.number] = std::make_shared<const NumberConfig>(n);
  std::vector<acd::QueueNo> nos;  // of the queues of `next`
  queue_nos_.clear();
  for (const auto& queue : next.queues) nos.push_back(queue_nos_[queue.name] = configure(queue));
  for (auto& queue : config_.queues)
    if (!queue_nos_.contains(queue.name)) queue.open = false;
  waiting_.priority_worth(config_.priority_worth);
  watch_spots();

  for (std::size_t n = 0; n < next.agents.size(); ++n) {
    std::vector<acd::Serving> serving = serves[n];
    for (auto& one : serving) one.queue = nos[acd::index(one.queue)];
    configure(next.agents[n], std::move(serving), draining);
  }
  std::unordered_set<std::string_view> listed;
  for (const auto& agent : next.agents) listed.insert(agent.id);
  for (const auto& agent : agents_.all())
    if (!listed.contains(agent.id) && !agent.leaves) dismiss(agents_.at(agent.no));

  devices_.configure();

  ringing_all_.clear();  // a strategy may have become ring_all, or be it no more
  for (const auto& [id, call] : calls_)
    if (rings_all(call)) ringing_all_.push_back(id);
  std::ranges::sort(ringing_all_);
  staffing_.look();
  want_match_ = true;
}

acd::QueueNo Center::configure(const QueueConfig& queue) {
  const acd::QueueNo no = known_queues_.try_emplace(queue.name, acd::QueueNo{static_cast<std::uint32_t>(config_.queues.size())}).first->second;
  const std::size_t q = acd::index(no);
  if (q == config_.queues.size()) {
    config_.queues.emplace_back();
    handling_.emplace_back();
    overflow_.emplace_back();
    waiting_.grow(q + 1);
    agents_.grow(q + 1);
  }
  config_.queues[q] = queue;
  agents_.strategy(no, queue.strategy, timers_.now());
  Overflow& overflow = overflow_[q];
  overflow.steps.clear();
  for (const auto& step : queue.overflow) overflow.steps.push_back(step.when);
  if (overflow.step > overflow.steps.size()) take_overflow_step(no, overflow.steps.size());
  return no;
}

// Whom he served before he serves on while a queue that went is not empty yet.
void Center::configure(const AgentConfig& a, std::vector<acd::Serving> serving, const std::vector<bool>& draining) {
  acd::Agent* agent = agents_.find(a.id);
  if (!agent) {
    agents_.add({.id = a.id, .name = a.name, .pin = a.pin, .wrap_up = a.wrap_up, .supervisor = a.supervisor, .queues = std::move(serving)});
    config_.agents.push_back(a);
    wrap_timers_.emplace_back();
    return;
  }
  config_.agents[acd::index(agent->no)] = a;
  agent->name = a.name;
  agent->pin = a.pin;
  agent->wrap_up = a.wrap_up;
  agent->supervisor = a.supervisor;
  agent->leaves = false;
  for (const auto& old : agent->queues)
    if (!is_configured(old.queue) && draining[acd::index(old.queue)]) serving.push_back(old);
  agents_.serves(*agent, std::move(serving), timers_.now());
}

void Center::dismiss(acd::Agent& agent) {
  agent.leaves = true;
  agents_.serves(agent, {}, timers_.now());
  open_callers_of(agent.no);
  if (agent.state == AgentState::agentReady || agent.state == AgentState::agentNotReady) agent_event(agent, AgentEvent::logout, "configured no more");
}

bool Center::is_configured(acd::QueueNo queue) const { return queue_nos_.contains(config_.queues[acd::index(queue)].name); }

// Somebody waits there, or is rung for and may come back. By number.
std::vector<bool> Center::queues_in_use() const {
  std::vector<bool> used(config_.queues.size());
  for (const auto& [id, call] : calls_)
    if (call.queue != acd::QueueNo::none) used[acd::index(call.queue)] = true;
  for (std::size_t q = 0; q < used.size(); ++q)  // kept places
    if (waiting_.size(acd::QueueNo{static_cast<std::uint32_t>(q)}) > 0) used[q] = true;
  return used;
}

// Where a caller belongs whose script has nothing better: the queue of the number on which he came; if that queue went, what his number says
// now; if the number went, the first one there is.
acd::QueueNo Center::queue_of_number(const Call& call) const {
  for (const auto& number : {call.number, match_number(call.number ? call.number->number : call.called)})
    if (number)
      if (const acd::QueueNo no = queue_no(number->queue); no != acd::QueueNo::none) return no;
  const auto first = std::ranges::min_element(queue_nos_, {}, [](const auto& one) { return one.second; });
  return first == queue_nos_.end() ? acd::QueueNo::none : first->second;
}

std::set<std::string> Center::scripts() const {
  std::set<std::string> out;
  for (const auto& number : config_.numbers)
    if (!number.script.empty()) out.insert(number.script);
  return out;
}

}  // namespace sr::app
