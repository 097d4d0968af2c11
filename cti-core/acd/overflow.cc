// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/overflow.h"

namespace sr::acd {

bool reached(const Threshold& t, const QueueLoad& load) {
  if (t.spot && load.spot) return true;
  if (load.waiting == 0) return false;
  return (t.waiting && load.waiting >= *t.waiting) || (t.oldest && load.oldest >= *t.oldest) || (t.expected && load.expected && *load.expected >= *t.expected);
}

std::size_t overflow_step(std::size_t step, std::span<const OverflowThresholds> steps, const QueueLoad& load) {
  const std::size_t before = step;
  while (step < steps.size() && reached(steps[step].begin, load)) ++step;
  if (step != before) return step;
  while (step > 0 && !reached(steps[step - 1].end, load)) --step;
  return step;
}

std::optional<Duration> until_next_step(std::size_t step, std::span<const OverflowThresholds> steps, const QueueLoad& load) {
  if (step >= steps.size() || load.waiting == 0 || !steps[step].begin.oldest || load.oldest >= *steps[step].begin.oldest) return std::nullopt;
  return *steps[step].begin.oldest - load.oldest;
}

}  // namespace sr::acd
