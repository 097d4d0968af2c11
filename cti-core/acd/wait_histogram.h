// How many waited how long: counts per class, each at most 1/256 of its wait wide, so that millions of waits take little room.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "drivers/base/time.h"

namespace sr::acd {

class WaitHistogram {
 public:
  void add(Duration wait);                 // below zero counts as zero
  void add(const WaitHistogram& other);
  std::uint64_t count() const { return count_; }
  double quantile_s(double share) const;   // seconds; NaN: nobody waited, not even no time

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
};

}  // namespace sr::acd
