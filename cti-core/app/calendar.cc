// What goes by the clock on the wall: TV spots, opening hours, holidays (model/calendar.h); and the numbers that scripts decide by.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

bool Center::number_open(const NumberConfig& number) const { return sr::is_open(number.hours, config_.holidays, here()); }

bool Center::queue_open(acd::QueueNo queue) const {
  const QueueConfig& q = config_.queues[acd::index(queue)];
  return q.open && sr::is_open(q.hours, config_.holidays, here());
}

bool Center::spot_armed(acd::QueueNo queue) const {
  const std::string& name = config_.queues[acd::index(queue)].name;
  return std::ranges::any_of(config_.numbers, [&](const NumberConfig& n) { return n.queue == name && is_armed(config_.spots, n.number, here()); });
}

std::string Center::spot_now(const NumberConfig* number) const {
  const SpotConfig* spot = number ? spot_of(config_.spots, number->number, here()) : nullptr;
  return spot ? spot_key(*spot) : std::string();
}

void Center::watch_spots() {
  const auto next = next_change(config_.spots, timers_.now());
  if (!next) return stop(spot_timer_);
  guarded(spot_timer_, *next - timers_.now(), [this] {
    for (const SpotConfig& spot : config_.spots)
      if (spot.start - spot.arm_before == timers_.now()) log::info("spot {} is armed", spot_key(spot));
    want_match_ = true;
    watch_spots();
  });
}

// ---- for scripts -----------------------------------------------------------------------------------------------------

ivr::QueueNumbers Center::queue_numbers(const std::string& name) const {
  const acd::QueueNo queue = queue_no(name);
  if (queue == acd::QueueNo::none) return {};
  ivr::QueueNumbers out{.waiting = static_cast<int>(waiting_.size(queue)), .ready = static_cast<int>(agents_.idle().ready(queue)), .expected = expected_wait(queue, waiting_.size(queue))};
  if (out.waiting > 0) out.oldest = timers_.now() - waiting_.line(queue).oldest();
  for (const acd::Agent& agent : agents_.all())
    if (agent.state != acd::AgentState::agentNull && helps_from(queue, agent) <= overflow_[acd::index(queue)].step) ++out.staffed;
  return out;
}

std::optional<ivr::TrunkNumbers> Center::trunk_numbers(const std::string& group) const {
  if (std::ranges::none_of(spans_, [&](const auto& s) { return s.second.shown.group == group; })) return std::nullopt;
  const Trunks now = trunks(group);
  return ivr::TrunkNumbers{static_cast<int>(now.free()), static_cast<int>(now.in_use)};
}

bool Center::is_open(CallId id, const std::string& name) const {
  if (!name.empty()) return queue_no(name) != acd::QueueNo::none && queue_open(queue_no(name));
  const auto call = calls_.find(id);
  if (call == calls_.end() || !call->second.number) return false;
  const NumberConfig& number = *call->second.number;
  return number_open(number) && queue_no(number.queue) != acd::QueueNo::none && queue_open(queue_no(number.queue));
}

std::string Center::holiday() const {
  const HolidayConfig* holiday = holiday_on(config_.holidays, local_time(here()).day);
  return holiday ? holiday->name : std::string();
}

std::string Center::spot(CallId id) const {
  const auto call = calls_.find(id);
  const SpotConfig* spot = call == calls_.end() || !call->second.number ? nullptr : spot_of(config_.spots, call->second.number->number, here());
  return spot ? spot->name : std::string();
}

}  // namespace sr::app
