// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace sr {

std::string to_iso8601(Instant t) {
  const std::int64_t us = to_us(t);
  const std::time_t seconds = us / 1'000'000;
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                     tm.tm_min, tm.tm_sec, us / 1000 % 1000);
}

TimerId TimerQueue::add(Instant when, Timers::Callback run) {
  const std::uint64_t id = ++last_;
  queue_.emplace(std::pair(when, id), std::move(run));
  when_.emplace(id, when);
  return TimerId{id};
}

void TimerQueue::cancel(TimerId id) {
  const auto found = when_.find(static_cast<std::uint64_t>(id));
  if (found == when_.end()) return;
  queue_.erase({found->second, found->first});
  when_.erase(found);
}

bool TimerQueue::run_one(Instant now) {
  if (queue_.empty() || queue_.begin()->first.first > now) return false;
  auto node = queue_.extract(queue_.begin());
  when_.erase(node.key().second);
  node.mapped()();
  return true;
}

bool VirtualTimers::step(Instant end) {
  if (queue_.empty() || queue_.next() > end) return false;
  now_ = std::max(now_, queue_.next());
  return queue_.run_one(now_);
}

void VirtualTimers::run_until(Instant end) {
  while (step(end)) {
  }
  now_ = std::max(now_, end);
}

}  // namespace sr
