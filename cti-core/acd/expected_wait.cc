// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/expected_wait.h"

#include <algorithm>

namespace sr::acd {

void Handling::add(Duration one) {
  ++calls_;
  mean_us_ += (static_cast<double>(one.count()) - mean_us_) / static_cast<double>(std::min(calls_, kHandledWindow));
}

std::optional<Duration> expected_wait(std::size_t in_front, std::size_t working, std::size_t idle, const Handling& handling) {
  if (in_front < idle) return Duration{0};
  if (working == 0 || handling.calls() == 0) return std::nullopt;
  return handling.mean() * static_cast<std::int64_t>(in_front - idle + 1) / static_cast<std::int64_t>(working);
}

}  // namespace sr::acd
