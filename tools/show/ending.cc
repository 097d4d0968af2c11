// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/ending.h"

namespace sr::show {

Urge urge(const Ending& e, Instant now) {
  if (e.hang_up_at) return now - *e.hang_up_at >= kHangUpMax ? Urge::kill : Urge::none;
  if (e.stopped_at && now - *e.stopped_at >= kDrainAfterStop) return Urge::hang_up;
  if (e.seconds > 0 && to_seconds(now - e.running_since) >= e.seconds + to_seconds(kDrainMax)) return Urge::hang_up;
  return Urge::none;
}

}  // namespace sr::show
