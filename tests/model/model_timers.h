// Time for the model: it stands still until the model says that the next timer is due. What is due within `soon` (acknowledgements, work
// for the next turn) may run without the clock moving, so that states differ only where it matters.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <unordered_map>

#include "drivers/base/time.h"

namespace sr::test {

class ModelTimers final : public Timers {
 public:
  Instant now() const override { return now_; }
  TimerId at(Instant when, Callback run) override {
    const std::uint64_t id = ++last_;
    queue_.emplace(std::pair(std::max(when, now_), id), std::move(run));
    when_[id] = std::max(when, now_);
    return TimerId{id};
  }
  void cancel(TimerId id) override {
    const auto it = when_.find(static_cast<std::uint64_t>(id));
    if (it == when_.end()) return;
    queue_.erase({it->second, it->first});
    when_.erase(it);
  }
  Duration left(TimerId id) const {
    const auto it = when_.find(static_cast<std::uint64_t>(id));
    return it == when_.end() ? Duration{-1} : it->second - now_;
  }
  bool run_one(Duration soon) {
    if (queue_.empty() || queue_.begin()->first.first > now_ + soon) return false;
    run_first();
    return true;
  }
  bool jump() {  // to the next timer, which runs
    if (queue_.empty()) return false;
    now_ = queue_.begin()->first.first;
    run_first();
    return true;
  }
  void pass(Duration d) {
    const Instant end = now_ + d;
    while (!queue_.empty() && queue_.begin()->first.first <= end) jump();
    now_ = end;
  }
  std::size_t pending() const { return queue_.size(); }

 private:
  void run_first() {
    auto node = queue_.extract(queue_.begin());
    when_.erase(node.key().second);
    node.mapped()();
  }
  Instant now_ = from_us(1'767'225'600'000'000);  // 2026-01-01T00:00:00Z
  std::uint64_t last_ = 0;
  std::map<std::pair<Instant, std::uint64_t>, Callback> queue_;
  std::unordered_map<std::uint64_t, Instant> when_;
};

}  // namespace sr::test
