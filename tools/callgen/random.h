// A stream of random numbers for one person of the scenario: made of the seed and his index, so that what he does depends on
// nobody else's timing.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cmath>
#include <cstdint>

namespace sr::callgen {

class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) : state_(seed * 0x9E3779B97F4A7C15ULL + stream * 0xD1B54A32D192ED03ULL) { next(); next(); }

  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }  // [0, 1)
  double between(double low, double high) { return low + (high - low) * unit(); }
  std::int64_t integer(std::int64_t low, std::int64_t high) {  // both included
    return high <= low ? low : low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(double p) { return unit() < p; }
  double exponential(double mean) { return -mean * std::log(1.0 - unit()); }

 private:
  std::uint64_t state_;
};

}  // namespace sr::callgen
