// When the store may commit. A commit costs the same whether one call waits for it or ten, so under load they are spaced; a burst
// of them may be had at once, so that on a quiet system nobody ever waits for anything but the disk. The generic cell rate
// algorithm (ITU-T I.371, annex A.1): one commit per `kCommitSpacing`, `kCommitBurst` ahead of that.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>

#include "drivers/base/time.h"

namespace sr::store {

inline constexpr Duration kCommitSpacing = 20ms;
inline constexpr int kCommitBurst = 5;

class CommitPacer {
 public:
  Instant not_before() const { return due_ - (kCommitBurst - 1) * kCommitSpacing; }
  void committed(Instant now) { due_ = std::max(due_, now) + kCommitSpacing; }

 private:
  Instant due_{};  // of the next one, if they came evenly
};

}  // namespace sr::store
