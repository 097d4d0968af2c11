// An exponential time for each purpose and caller: splitmix64 of the seed at the caller's place, so that the same seed brings the same
// callers whatever else happens.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cmath>
#include <cstdint>

#include "drivers/base/time.h"

namespace sr::acd {

inline Duration simulated_seconds(double s) { return Duration(std::llround(s * 1e6)); }

class Chance {
 public:
  enum class Purpose : std::uint64_t { arrival, handling, patience };
  explicit Chance(std::uint64_t seed) {
    for (std::uint64_t purpose = 0; purpose < keys_.size(); ++purpose) keys_[purpose] = mix(mix(seed) + purpose + 1);
  }
  double exponential(Purpose purpose, std::uint64_t call) const {  // of the mean 1
    const std::uint64_t bits = mix(keys_[static_cast<std::size_t>(purpose)] + call * 0x9E3779B97F4A7C15ULL);
    return -std::log((static_cast<double>(bits >> 11) + 0.5) * 0x1p-53);
  }
  Duration exponential(Purpose purpose, std::uint64_t call, double mean_s) const { return simulated_seconds(mean_s * exponential(purpose, call)); }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::array<std::uint64_t, 3> keys_{};
};

}  // namespace sr::acd
