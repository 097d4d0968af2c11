// How many of some agents serve a queue, from an overflow step or before it: counted when they come and go, never walked.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <numeric>
#include <vector>

#include "cti-core/acd/strategy.h"

namespace sr::acd {

class Headcount {
 public:
  explicit Headcount(std::size_t queues) : by_step_(queues) {}

  void grow(std::size_t queues) { by_step_.resize(queues); }
  void add(QueueNo queue, std::size_t step) {
    auto& counts = by_step_[index(queue)];
    if (counts.size() <= step) counts.resize(step + 1);
    ++counts[step];
  }
  void remove(QueueNo queue, std::size_t step) { --by_step_[index(queue)][step]; }
  std::size_t upto(QueueNo queue, std::size_t step) const {
    const auto& counts = by_step_[index(queue)];
    return std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(std::min(step + 1, counts.size())), std::size_t{0});
  }

 private:
  std::vector<std::vector<std::size_t>> by_step_;  // of each queue: how many serve it from which step on
};

}  // namespace sr::acd
