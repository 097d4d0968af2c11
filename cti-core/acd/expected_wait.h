// How long a caller will wait, from how long calls of his queue have kept an agent and how many agents work. Pure.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <optional>

#include "drivers/base/time.h"

namespace sr::acd {

inline constexpr std::size_t kHandledWindow = 100;  // calls: each new one weighs at least 1/100

// Mean of conversation and wrap-up. The first calls weigh alike, later ones the more the newer they are.
class Handling {
 public:
  void add(Duration one);
  Duration mean() const { return Duration(static_cast<std::int64_t>(mean_us_)); }
  std::size_t calls() const { return calls_; }

 private:
  double mean_us_ = 0;
  std::size_t calls_ = 0;
};

// Of a caller with `in_front` before him, when `working` agents serve the queue (logged on and not on a break) and `idle` of them wait for
// calls: (in_front - idle + 1) x mean / working, 0 when an idle one is left for him. Nothing when nobody works or no call was handled yet.
std::optional<Duration> expected_wait(std::size_t in_front, std::size_t working, std::size_t idle, const Handling& handling);

}  // namespace sr::acd
