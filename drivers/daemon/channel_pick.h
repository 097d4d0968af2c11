// Which channel an outgoing call gets: a decision without I/O.
// Q.931 5.6.4.1 leaves glare to the two sides; they meet as late as possible when each hunts from its own end: the network side
// from the lowest channel of the first span upwards, the user side from the highest of the last span downwards. That is the
// default; a group's `hunt` may say otherwise.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "drivers/span/span.h"

namespace sr::daemon {

enum class Hunt {
  ascending,    // first span, lowest channel
  descending,   // last span, highest channel
  round_robin,  // upwards from the one after the last that was picked
  least_recent  // the one that has been without a call for longest; of equals the lowest
};
// "" is the side's default. A word that is none of the four counts as "".
Hunt hunt_of(std::string_view word, bool network_side);

// One span of a trunk group; bit n is channel n. usable: carries calls, in service, not busied out. busy: a leg is on it.
// left: when the last call left each channel, as a count that only grows; 0: never used.
struct TrunkChannels {
  std::uint32_t usable = 0;
  std::uint32_t busy = 0;
  std::array<std::uint64_t, kSpanChannelsMax + 1> left{};
};
struct PickedChannel {
  std::size_t place = 0;  // index in the list given
  int channel = 0;
  auto operator<=>(const PickedChannel&) const = default;
};

// `last`: what this group was given last, for round_robin.
std::optional<PickedChannel> pick_channel(std::span<const TrunkChannels> group, Hunt hunt, PickedChannel last = {});

}  // namespace sr::daemon
