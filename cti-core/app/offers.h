// To whom a waiting call is offered. Mostly to one agent (Call::agent); of a queue with strategy ring_all other idle agents ring beside
// him, his mates. Whoever answers first becomes Call::agent, and there are no mates any more; who misses leaves the others ringing.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <string>

#include "cti-core/acd/ids.h"
#include "drivers/base/time.h"
#include "drivers/board/board.h"

namespace sr::app {

inline constexpr std::size_t kRingAllMax = 16;  // phones that ring for one call, the longest idle agents'

struct Mate {
  acd::AgentNo agent = acd::AgentNo::none;
  std::string device;
  Instant until{};                      // he has missed it then
  TimerId timer{};
};
using Mates = std::map<LegId, Mate>;    // by his leg; the timer stays where it is

}  // namespace sr::app
