// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/channel_pick.h"

#include <bit>

namespace sr::daemon {

std::optional<PickedChannel> pick_channel(std::span<const TrunkChannels> group, bool network_side) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    const std::size_t place = network_side ? i : group.size() - 1 - i;
    const std::uint32_t free = group[place].usable & ~group[place].busy;
    if (free == 0) continue;
    return PickedChannel{place, network_side ? std::countr_zero(free) : 31 - std::countl_zero(free)};
  }
  return std::nullopt;
}

}  // namespace sr::daemon
