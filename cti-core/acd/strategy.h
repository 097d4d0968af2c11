// Who of several idle agents gets the next caller of a queue: a strategy gives each of them a number, the smallest goes first; of equal ones
// the longest idle, then the one who stands first in the configuration. The number is taken when he becomes idle and does not change while
// he is, so that a decision looks at the first of a line and at nobody else.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string_view>

#include "cti-core/acd/ids.h"
#include "cti-core/model/distribution.h"
#include "drivers/base/time.h"

namespace sr::acd {

// A queue that an agent serves. place: among its agents, from 0. level: the sum of his levels in the skills that it asks for.
// step: 0, or the overflow step from which on he helps.
struct Serving {
  QueueNo queue{};
  int place = 0, level = 0;
  std::size_t step = 0;
  bool operator==(const Serving&) const = default;
  Serving(QueueNo q, int at = 0, int sum = 0, std::size_t from = 0) : queue(q), place(at), level(sum), step(from) {}  // NOLINT(google-explicit-constructor)
};

// What an agent has done since he logged on.
struct Tally {
  Instant logged_on_at{};
  std::int64_t calls = 0;          // taken or made
  Duration talked{}, occupied{};   // occupied: talking and wrapping up
  std::int64_t last_turn = 0;      // a number that grows with each call offered to anybody; 0: none yet
};

struct Standing {
  Instant idle_since{};
  Tally tally{};
};

std::int64_t key(Strategy strategy, const Standing& standing, const Serving& serving, Instant now);
std::string_view name(Strategy strategy);
bool strategy_from(std::string_view name, Strategy& out);

}  // namespace sr::acd
