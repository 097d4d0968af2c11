// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/channel_pick.h"

namespace sr::daemon {
namespace {

// Whether `a` is better than `b`; both are free.
bool before(PickedChannel a, PickedChannel b, std::span<const TrunkChannels> group, Hunt hunt, PickedChannel last) {
  const auto left = [&](PickedChannel p) { return group[p.place].left[static_cast<std::size_t>(p.channel)]; };
  switch (hunt) {
    case Hunt::ascending: return a < b;
    case Hunt::descending: return b < a;
    case Hunt::round_robin:
      if ((a > last) != (b > last)) return a > last;
      return a < b;
    case Hunt::least_recent: return left(a) != left(b) ? left(a) < left(b) : a < b;
  }
  return false;
}

}  // namespace

Hunt hunt_of(std::string_view word, bool network_side) {
  if (word == "ascending") return Hunt::ascending;
  if (word == "descending") return Hunt::descending;
  if (word == "round_robin") return Hunt::round_robin;
  if (word == "least_recent") return Hunt::least_recent;
  return network_side ? Hunt::ascending : Hunt::descending;
}

std::optional<PickedChannel> pick_channel(std::span<const TrunkChannels> group, Hunt hunt, PickedChannel last) {
  std::optional<PickedChannel> best;
  for (std::size_t place = 0; place < group.size(); ++place)
    for (int channel = 1; channel <= kSpanChannelsMax; ++channel) {
      const PickedChannel one{place, channel};
      if (((group[place].usable & ~group[place].busy) >> channel & 1U) != 0 && (!best || before(one, *best, group, hunt, last))) best = one;
    }
  return best;
}

}  // namespace sr::daemon
