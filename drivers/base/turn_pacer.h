// When turns follow each other closely, each is worth little and its wake-up is dear: the process goes to sleep and is woken
// again for every line that arrives. So the turns of a busy loop are spaced, as network cards space their interrupts: the next
// one begins `spacing` after the last one began and takes all that has come meanwhile. A loop whose turns are rare is never
// held up, and one that is behind (a turn longer than the spacing) neither.
// A pure decision; the reactor feeds it the beginning of each turn.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>

#include "drivers/base/time.h"

namespace sr {

class TurnPacer {
 public:
  explicit TurnPacer(Duration spacing = {}) : spacing_(spacing), gap_(kGapMax) {}

  void began(Instant turn) {
    const Duration gap = std::clamp(turn - last_, Duration::zero(), kGapMax);
    gap_ += (gap - gap_) / kWeight;
    last_ = turn;
  }
  bool busy() const { return spacing_ > Duration::zero() && gap_ * 2 < spacing_ * 3; }
  // The next turn should not begin earlier; an instant in the past for a loop that is not busy.
  Instant not_before() const { return busy() ? last_ + spacing_ : last_; }

 private:
  static constexpr Duration kGapMax = 20ms;  // one long pause does not make a busy minute quiet for longer than some turns
  static constexpr int kWeight = 8;          // the mean runs over about so many turns
  Duration spacing_, gap_;
  Instant last_{};
};

}  // namespace sr
