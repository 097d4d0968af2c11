// The sum of a few voices in one block: saturated, and a single one passes bit by bit.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "drivers/media/g711.h"

namespace sr::media {

class VoiceSum {
 public:
  void add(const Block* voice) {
    if (voice == nullptr) return;
    if (count_++ == 0) {
      first_ = *voice;
      return;
    }
    if (count_ == 2)
      for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] = alaw_decode(first_[i]);
    for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += alaw_decode((*voice)[i]);
  }
  bool write(Block& out) const {  // false: nobody said anything
    if (count_ == 0) return false;
    if (count_ == 1) out = first_;
    else
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = alaw_encode(static_cast<std::int16_t>(std::clamp(sum_[i], -32'768, 32'767)));
    return true;
  }

 private:
  int count_ = 0;
  Block first_;
  std::array<std::int32_t, kBlockSamples> sum_;
};

}  // namespace sr::media
