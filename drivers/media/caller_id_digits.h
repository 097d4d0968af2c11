// DTMF digits of a caller ID: tones of at least 40 ms, up to 1.8 % off, which a talker never disturbs. What falsely sounds like a
// digit is caught by the form of the message (caller_id.h), so that the receiver can be more generous than one in speech.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>

#include "drivers/media/g711.h"

namespace sr::media {

class CallerIdDigits {
 public:
  void reset() { *this = {}; }
  // Feeds one block; a digit that begins to be sure within it, or 0. Digits do not come faster than one per block.
  char feed(const Samples& block);
  bool hears() const { return last_ != 0; }

 private:
  static constexpr int kWindow = 104;  // 13 ms: the next tone of the same group lies near the filter's zero
  char judge() const;

  std::array<std::array<float, 2>, 8> filter_{};
  float energy_ = 0;
  int filled_ = 0, same_ = 0;
  char last_ = 0;      // of the last window
  bool told_ = false;  // the digit that is on
};

}  // namespace sr::media
