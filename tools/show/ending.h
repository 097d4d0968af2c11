// How long callgen may take to end, and what it is told when it does not. A pure function of the times.
//   kDrainAfterStop after the first Ctrl-C, or kDrainMax after the seconds are over:  SIGTERM, hang everybody up
//   kHangUpMax after that:                                                            SIGKILL
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>

#include "drivers/base/time.h"

namespace sr::show {

inline constexpr Duration kDrainAfterStop = 25s;
inline constexpr Duration kDrainMax = 300s;   // the scenario's own drain and the agents' way home are shorter
inline constexpr Duration kHangUpMax = 30s;   // callgen itself gives up after 15 s, its lines 2 s later

struct Ending {
  double seconds = 0;                         // of arrivals, 0: until Ctrl-C
  Instant running_since{};
  std::optional<Instant> stopped_at;          // SIGINT was sent
  std::optional<Instant> hang_up_at;          // SIGTERM was sent
};
enum class Urge { none, hang_up, kill };
Urge urge(const Ending& ending, Instant now);

}  // namespace sr::show
