// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/staffing.h"

#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

Staffing::~Staffing() {
  for (auto& [queue, state] : queues_) c_.stop(state.timer);
}

// Who helps from an overflow step on counts: callers who wait may begin it.
void Staffing::look() {
  for (std::size_t n = 0; n < c_.config_.queues.size(); ++n) {
    const auto& limit = c_.config_.queues[n].empty;
    const acd::QueueNo queue{static_cast<std::uint32_t>(n)};
    State& state = queues_[queue];
    const bool staffed = !limit || std::ranges::any_of(c_.agents_.all(), [&](const acd::Agent& a) {
      return a.state != acd::AgentState::agentNull && c_.helps_from(queue, a) != std::string::npos;
    });
    if (staffed) {
      state.since.reset();
      c_.stop(state.timer);
    } else if (!state.since || state.timer != TimerId::none) {  // a reload may have changed the limit
      if (!state.since) state.since = c_.timers_.now();
      c_.guarded(state.timer, std::max(*state.since + *limit - c_.timers_.now(), Duration{0}), [this, queue] { leave(queue); });
    }
  }
}

bool Staffing::empty(acd::QueueNo queue) const {
  const auto it = queues_.find(queue);
  const auto& limit = c_.config_.queues[acd::index(queue)].empty;
  return limit && it != queues_.end() && it->second.since && c_.timers_.now() - *it->second.since >= *limit;
}

TimerId Staffing::leaves_at(acd::QueueNo queue) const {
  const auto it = queues_.find(queue);
  return it == queues_.end() ? TimerId::none : it->second.timer;
}

void Staffing::leave(acd::QueueNo queue) {
  std::vector<CallId> waiting;
  for (const auto& [id, call] : c_.calls_)
    if (call.phase == Phase::queued && call.queue == queue) waiting.push_back(id);
  std::ranges::sort(waiting);
  if (!waiting.empty()) log::info("queue {}: nobody is logged on, {} callers leave", c_.config_.queues[acd::index(queue)].name, waiting.size());
  for (const CallId id : waiting)
    if (Call* call = c_.find(id); call && call->phase == Phase::queued) c_.end_queue(*call, ivr::QueueEnd::empty);
}

}  // namespace sr::app
