// What a queue's configuration says of its distribution; acd decides by it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstddef>
#include <optional>

#include "drivers/base/time.h"

namespace sr {

// Who of several idle agents gets the next caller (acd/strategy.h).
BOOST_DEFINE_ENUM_CLASS(Strategy, longest_idle, fewest_calls, least_talk_time, least_occupied, round_robin, top_down, best_skill, ring_all)

struct Threshold {  // only what is set counts
  std::optional<std::size_t> waiting{};
  std::optional<Duration> oldest{}, expected{};
  bool spot = false;              // a TV spot of one of its numbers is armed
};
BOOST_DESCRIBE_STRUCT(Threshold, (), (waiting, oldest, expected, spot))
// Of an overflow step. begin: any of it is reached. end: none of it is; the same members, each lower.
struct OverflowThresholds { Threshold begin{}, end{}; };
BOOST_DESCRIBE_STRUCT(OverflowThresholds, (), (begin, end))

}  // namespace sr
