// Overflow: when a queue's load reaches a threshold others help, until it has fallen below a lower one (acd/overflow.h decides).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/overflow.h"
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

// Before each decision. A queue whose longest wait alone will begin the next step has a timer for that moment.
void Center::settle_overflow() {
  for (std::size_t q = 0; q < overflow_.size(); ++q) {
    Overflow& overflow = overflow_[q];
    if (overflow.steps.empty()) continue;
    const acd::QueueNo queue{static_cast<std::uint32_t>(q)};
    acd::QueueLoad load{.waiting = waiting_.size(queue), .oldest = {}, .expected = {}, .spot = std::ranges::any_of(overflow.steps, [](const auto& step) { return step.begin.spot; }) && spot_armed(queue)};
    if (load.waiting > 0) {
      load.oldest = timers_.now() - waiting_.line(queue).oldest();
      load.expected = expected_wait(queue, load.waiting);
    }
    const std::size_t step = acd::overflow_step(overflow.step, overflow.steps, load);
    const auto after = acd::until_next_step(step, overflow.steps, load);
    const Instant next = after ? timers_.now() + *after : Instant{};
    if (next != overflow.next || overflow.timer == TimerId::none) {  // a hundred queues may have one; few of them change
      overflow.next = next;
      stop(overflow.timer);
      if (after) guarded(overflow.timer, *after, [this] { want_match_ = true; });
    }
    if (step == overflow.step) continue;
    take_overflow_step(queue, step, load.oldest);
  }
}

void Center::take_overflow_step(acd::QueueNo queue, std::size_t step, Duration oldest) {
  Overflow& overflow = overflow_[acd::index(queue)];
  const std::string& name = config_.queues[acd::index(queue)].name;
  const std::size_t waiting = waiting_.size(queue);
  log::info("queue {}: overflow step {} -> {}, {} waiting", name, overflow.step, step, waiting);
  overflow.step = step;
  agents_.overflow(queue, step);
  journal(ev::QueueOverflow{name, static_cast<int>(step), static_cast<int>(waiting), static_cast<int>(oldest / 1ms)});
}

std::size_t Center::helps_from(acd::QueueNo queue, const acd::Agent& agent) const {
  const auto serving = std::ranges::find(agent.queues, queue, &acd::Serving::queue);
  return serving == agent.queues.end() ? std::string::npos : serving->step;
}

}  // namespace sr::app
