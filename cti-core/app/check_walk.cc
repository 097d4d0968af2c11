// What check() counts once more by walking over all callers, kept places and agents, because the product itself counts as they come and go.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"

namespace sr::app {

std::string Center::check_walk() const {
  using acd::AgentState;
  constexpr std::size_t kSmall = 8;
  constexpr std::uint64_t kNowAndThen = 64;  // a large center is walked after so many events only
  if (agents_.all().size() > kSmall && counters_.events % kNowAndThen != 0) return {};
  std::vector<const acd::Agent*> free;
  for (const acd::Agent& a : agents_.all())
    if (a.state == AgentState::agentReady && phone_idle(a.device)) free.push_back(&a);
  const bool deciding = !in_step_ || !link_up_ || want_match_;
  const auto waits_in_vain = [&](CallId id) -> std::string {
    const auto* place = waiting_.find(id);
    if (!place) return {};
    for (const acd::Agent* a : free) {
      const acd::AgentNo owner = place->waiter.owner;
      const bool may = owner == acd::AgentNo::none ? helps_from(place->queue, *a) <= overflow_[acd::index(place->queue)].step : owner == a->no;
      if (may) return "call " + std::to_string(to_number(id)) + " waits while agent " + a->id + " is ready and his phone is idle";
    }
    return {};
  };
  if (!deciding && !free.empty()) {
    for (const auto& [id, c] : calls_)
      if (std::string wrong = waits_in_vain(id); !wrong.empty()) return wrong;
    for (const auto& [id, place] : places_.all())
      if (std::string wrong = waits_in_vain(id); !wrong.empty()) return wrong;
  }
  for (std::size_t q = 0; q < config_.queues.size(); ++q) {
    const acd::QueueNo queue{static_cast<std::uint32_t>(q)};
    const auto works = static_cast<std::size_t>(std::ranges::count_if(agents_.all(), [&](const acd::Agent& a) {
      return a.state != AgentState::agentNull && a.state != AgentState::agentNotReady && helps_from(queue, a) <= overflow_[q].step;
    }));
    if (works != agents_.working(queue)) return "queue " + config_.queues[q].name + ": " + std::to_string(agents_.working(queue)) + " agents are counted who work, there are " + std::to_string(works);
  }
  std::map<std::string, int> in_use;
  for (const auto& [id, c] : calls_)
    for (const auto* span : {&c.span, &c.consult.span, &c.other_span}) ++in_use[*span];
  for (const auto& [id, o] : outs_) ++in_use[o.span];
  for (const auto& [id, use] : legs_) ++in_use[use.span];
  for (const auto& [name, span] : spans_)
    if (span.in_use != in_use[name]) return "span " + name + ": " + std::to_string(span.in_use) + " channels are counted in use, there are " + std::to_string(in_use[name]);
  return {};
}

}  // namespace sr::app
