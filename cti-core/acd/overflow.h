// When others than a queue's own agents take its callers: step by step, each with a threshold that begins it and a lower one that ends
// it, so that it does not flutter. Pure: the same load in the same step gives the same step.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "cti-core/model/distribution.h"

namespace sr::acd {

struct QueueLoad {
  std::size_t waiting = 0;
  Duration oldest{};
  std::optional<Duration> expected{};  // nothing: cannot be told, and reaches nothing
  bool spot = false;
};

bool reached(const Threshold& threshold, const QueueLoad& load);

// The number of steps that are taken, now that `step` of them are: as many more as have begun, or else as many less as have ended.
std::size_t overflow_step(std::size_t step, std::span<const OverflowThresholds> steps, const QueueLoad& load);

// When the longest wait alone would begin the next step; nothing: never, or it has.
std::optional<Duration> until_next_step(std::size_t step, std::span<const OverflowThresholds> steps, const QueueLoad& load);

}  // namespace sr::acd
