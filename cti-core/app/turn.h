// An entry into the center from outside. Included by center.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "cti-core/app/center.h"

namespace sr::app {

// A turn: while it lives, at() is the event's time; the outermost one settles.
struct Center::Turn {
  explicit Turn(Center& c, Instant at = {}) : center(c), before(c.at_) {
    ++center.depth_;
    if (at != Instant{}) center.at_ = at;
  }
  ~Turn() {
    center.at_ = before;
    if (center.depth_ == 1) center.settle();
    --center.depth_;
  }
  Turn(const Turn&) = delete;
  Center& center;
  Instant before;
};

}  // namespace sr::app
