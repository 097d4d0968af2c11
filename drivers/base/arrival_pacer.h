// When descriptors become ready in close succession, each is worth little and its wake-up is dear: the process goes to sleep and
// is woken again for every frame. So a busy loop gathers them, as network cards gather their interrupts: it looks at them only
// `spacing` after the last time and takes all that has come meanwhile. A loop to which little comes is never held up.
// Busy: frames come so closely that a look would find kWorthWaiting of them. That measure does not depend on how often the loop
// looks, so a loop that gathers stays busy as long as the far ends are.
// A pure decision; the reactor feeds it each look.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <cstddef>

#include "drivers/base/time.h"

namespace sr {

class ArrivalPacer {
 public:
  explicit ArrivalPacer(Duration spacing = {}) : spacing_(spacing), apart_(kApartMax) {}

  void looked(Instant now, std::size_t found) {
    const Duration gap = std::clamp(now - last_, Duration::zero(), kApartMax);
    if (found > 0) apart_ += (gap / static_cast<Duration::rep>(found) - apart_) / kWeight;
    last_ = now;
  }
  bool busy() const { return apart_ * kWorthWaiting < spacing_; }
  // The next look should not be earlier; an instant in the past for a loop that is not busy.
  Instant not_before() const { return busy() ? last_ + spacing_ : last_; }

 private:
  static constexpr Duration kApartMax = 20ms;  // one long pause does not make a busy minute quiet for longer than some looks
  static constexpr int kWeight = 8;            // the mean runs over about so many looks
  static constexpr int kWorthWaiting = 5;      // frames
  Duration spacing_, apart_;
  Instant last_{};
};

}  // namespace sr
