// Is somebody (or something) to be heard? Energy of the A-law bytes, with a hangover.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>

#include "drivers/span/span.h"

namespace sr::media {

inline constexpr double kActivityDbm0 = -38.0;
inline constexpr int kHangoverTicks = 10;  // 200 ms

class ActivityDetector {
 public:
  void reset() { quiet_ = kHangoverTicks; on_ = false; }
  // One block's power (alaw_power; 0 for a block that is not there). True: on() has changed.
  bool feed(std::uint32_t power, std::uint32_t threshold) {
    if (power >= threshold) quiet_ = 0;
    else if (quiet_ < kHangoverTicks) ++quiet_;
    const bool now = quiet_ < kHangoverTicks;
    if (now == on_) return false;
    on_ = now;
    return true;
  }
  bool on() const { return on_; }

 private:
  int quiet_ = kHangoverTicks;
  bool on_ = false;
};

}  // namespace sr::media
