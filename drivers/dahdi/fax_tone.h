// Does this line carry a fax? Its calling tone (CNG, 1100 Hz) or called tone (CED, 2100 Hz) of ITU-T T.30 4.1, kFaxToneBlocks long without
// a break. A fax needs the whole way to itself in both directions: an echo canceller is switched off for the rest of the call.
// The kernel by itself knows only the 2100 Hz with phase reversals of G.165. One per channel; no clock, no allocation: media thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cmath>
#include <numbers>

#include "drivers/dahdi/law.h"
#include "drivers/span/span.h"

namespace sr::dahdi {

inline constexpr int kFaxToneBlocks = 18;      // 360 ms: CNG is on for 500 ms ± 15 %, whose first and last block may be cut
inline constexpr int kFaxListenBlocks = 3000;  // a minute: CNG goes on for 35 s or more, and nobody begins a fax later

class FaxTone {
 public:
  // true: once, when it is recognised.
  bool hear(const Block& alaw) {
    if (heard_ >= kFaxListenBlocks) return false;
    ++heard_;
    const int hz = tone_of(alaw);
    in_a_row_ = hz != 0 && hz == hz_ ? in_a_row_ + 1 : hz != 0 ? 1 : 0;
    hz_ = hz;
    if (in_a_row_ < kFaxToneBlocks) return false;
    heard_ = kFaxListenBlocks;
    return true;
  }

 private:
  static constexpr float kShare = 0.5F;       // of the block's energy; a bin hears a tone 20 Hz beside it with 0.57
  static constexpr float kLowest = 200;       // amplitude, about -43 dBm0 (T.30 receivers hear that)

  // 1100, 2100 or 0. A block is 20 ms: its filter is 50 Hz wide, the tones may be 38 and 15 Hz off.
  static int tone_of(const Block& alaw) {
    static const std::array<float, 256> linear = [] {
      std::array<float, 256> out;
      for (int i = 0; i < 256; ++i) out[static_cast<std::size_t>(i)] = static_cast<float>(law::alaw_value(static_cast<std::uint8_t>(i)));
      return out;
    }();
    // Each tone has two bins 20 Hz to its sides, of which the stronger counts.
    constexpr std::array kHz = {1080, 1120, 2090, 2110};
    static const std::array<float, 4> turn = [&] {
      std::array<float, 4> out;
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = 2 * std::cos(2 * std::numbers::pi_v<float> * static_cast<float>(kHz[i]) / 8000);
      return out;
    }();
    std::array<float, 4> a{}, b{};
    float energy = 0;
    for (const std::uint8_t byte : alaw) {
      const float sample = linear[byte];
      energy += sample * sample;
      for (std::size_t i = 0; i < a.size(); ++i) {
        const float next = sample + turn[i] * a[i] - b[i];
        b[i] = a[i];
        a[i] = next;
      }
    }
    const auto n = static_cast<float>(alaw.size());
    if (energy < kLowest * kLowest / 2 * n) return 0;
    const auto power = [&](std::size_t i) { return a[i] * a[i] + b[i] * b[i] - turn[i] * a[i] * b[i]; };
    const float cng = std::max(power(0), power(1)), ced = std::max(power(2), power(3));
    if (std::max(cng, ced) * 2 < kShare * energy * n) return 0;
    return cng > ced ? 1100 : 2100;
  }

  int heard_ = 0, in_a_row_ = 0, hz_ = 0;
};

}  // namespace sr::dahdi
