// Which channel an outgoing call gets: a decision without I/O.
// Q.931 5.6.4.1 leaves glare to the two sides; they meet as late as possible when each hunts from its own end: the network side
// from the lowest channel of the first span upwards, the user side from the highest of the last span downwards.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace sr::daemon {

// One span of a trunk group; bit n is channel n. usable: carries calls, in service, not busied out. busy: a leg is on it.
struct TrunkChannels {
  std::uint32_t usable = 0;
  std::uint32_t busy = 0;
};
struct PickedChannel {
  std::size_t place = 0;  // index in the list given
  int channel = 0;
  bool operator==(const PickedChannel&) const = default;
};

std::optional<PickedChannel> pick_channel(std::span<const TrunkChannels> group, bool network_side);

}  // namespace sr::daemon
