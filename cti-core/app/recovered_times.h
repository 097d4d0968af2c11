// The times that a start takes from the journal, on the clock as it stands now. The clock may have been set meanwhile, and nothing in the
// journal says by how much; a life of ctid without a row for longer than kAwayMax is taken for that.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>

#include "cti-core/store/store.h"

namespace sr::app {

inline constexpr Duration kAwayMax = 10s;  // so much of the time since the last row counts as time that callers have waited

// Set forward: those who wait have not waited an hour for it. Set back: nothing is in the future, or newcomers would stand before them.
inline Recovered on_this_clock(Recovered r, Instant now) {
  const Duration beyond = std::max(now - r.last_at - kAwayMax, Duration{0});
  const auto settle = [&](Instant& t) {
    if (t != Instant{}) t = std::min(t + beyond, now);
  };
  for (auto& call : r.calls) settle(call.queued_at);
  for (auto& place : r.places) settle(place.since);
  for (auto& agent : r.agents) agent.since = std::min(agent.since, now);  // a wrap-up may end early, not late
  return r;
}

}  // namespace sr::app
