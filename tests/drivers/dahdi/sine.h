// One or two sines, block by block, in A-law.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "drivers/dahdi/law.h"
#include "drivers/span/span.h"

namespace sr::dahdi {

class Sine {
 public:
  Block block(double hz, double amplitude, double other_hz = 0) {
    Block out;
    for (auto& byte : out) {
      const double t = 2 * std::numbers::pi * static_cast<double>(at_++) / 8000;
      byte = encode(amplitude * (std::sin(hz * t) + (other_hz > 0 ? std::sin(other_hz * t) : 0)));
    }
    return out;
  }

 private:
  static std::uint8_t encode(double wanted) {
    std::uint8_t best = 0;
    double nearest = 1e9;
    for (int i = 0; i < 256; ++i) {
      const double distance = std::abs(wanted - law::alaw_value(static_cast<std::uint8_t>(i)));
      if (distance >= nearest) continue;
      nearest = distance;
      best = static_cast<std::uint8_t>(i);
    }
    return best;
  }
  long at_ = 0;
};

}  // namespace sr::dahdi
