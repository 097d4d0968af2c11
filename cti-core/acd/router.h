// The decision: which caller is offered to which agent. Pure: it looks at the lines and at the idle agents and says pairs; the
// call center reserves both at once. Each pair costs a look at the heads of the lines, never at all who wait.
// Who has waited longest goes first, where each class of priority counts as so much time waited and being an agent's own customer as half
// a class; so nobody waits for ever behind better ones. He gets the agent of his last order while he waits for that one alone, otherwise
// the one whom his queue's strategy puts first.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <vector>

#include "cti-core/acd/idle.h"
#include "cti-core/acd/waiting.h"

namespace sr::acd {

struct Pair {
  CallId call{};
  AgentNo agent{};
  QueueNo queue{};
  Duration waited{};
  bool operator==(const Pair&) const = default;
};

inline constexpr std::size_t kMatchPairsMax = 64;  // of one decision; whoever asked asks again until it says none

std::vector<Pair> match(const Waiting& waiting, const Idle& idle, Instant now);

}  // namespace sr::acd
