// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/caller_id_digits.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

namespace sr::media {
namespace {

constexpr std::string_view kDigits = "123A456B789C*0#D";
constexpr std::array<float, 8> kHz = {697, 770, 852, 941, 1209, 1336, 1477, 1633};
constexpr int kSure = 2;                 // equal windows
constexpr float kLowestDbm0 = -42;
constexpr float kShare = 0.55F;          // of the energy that must be in the two tones; 1.5 % off leaves 0.7
constexpr float kOverOthers = 4, kTwist = 10;  // power ratios: within the group, between the groups

const std::array<float, 8> kTurn = [] {
  std::array<float, 8> out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = 2 * std::cos(2 * std::numbers::pi_v<float> * kHz[i] / 8000);
  return out;
}();
const float kFloor = static_cast<float>(amplitude_of(kLowestDbm0) * amplitude_of(kLowestDbm0) / 2);  // mean square

// The strongest of four; -1: another is nearly as strong.
int strongest(const float* power) {
  int best = 0;
  for (int i = 1; i < 4; ++i)
    if (power[i] > power[best]) best = i;
  for (int i = 0; i < 4; ++i)
    if (i != best && power[i] * kOverOthers > power[best]) return -1;
  return best;
}

}  // namespace

char CallerIdDigits::feed(const Samples& block) {
  char digit = 0;
  for (const std::int16_t sample : block) {
    const float x = sample;
    energy_ += x * x;
    for (std::size_t i = 0; i < filter_.size(); ++i) {
      const float next = x + kTurn[i] * filter_[i][0] - filter_[i][1];
      filter_[i][1] = filter_[i][0];
      filter_[i][0] = next;
    }
    if (++filled_ < kWindow) continue;
    const char now = judge();
    same_ = now == last_ ? same_ + 1 : 1;
    last_ = now;
    if (same_ == kSure) {
      if (now != 0 && !told_) digit = now;
      told_ = now != 0;
    }
    filter_ = {};
    energy_ = 0;
    filled_ = 0;
  }
  return digit;
}

char CallerIdDigits::judge() const {
  if (energy_ < kFloor * kWindow) return 0;
  std::array<float, 8> power;
  for (std::size_t i = 0; i < power.size(); ++i)
    power[i] = filter_[i][0] * filter_[i][0] + filter_[i][1] * filter_[i][1] - kTurn[i] * filter_[i][0] * filter_[i][1];
  const int row = strongest(power.data()), column = strongest(power.data() + 4);
  if (row < 0 || column < 0) return 0;
  const float low = power[static_cast<std::size_t>(row)], high = power[static_cast<std::size_t>(column) + 4];
  if (low > high * kTwist || high > low * kTwist) return 0;
  if ((low + high) * 2 < kShare * energy_ * kWindow) return 0;
  return kDigits[static_cast<std::size_t>(row) * 4 + static_cast<std::size_t>(column)];
}

}  // namespace sr::media
