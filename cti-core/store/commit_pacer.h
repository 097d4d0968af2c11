// When the store may commit. A commit costs the same whether one call waits for it or ten, so under load they are spaced; a burst
// of them may be had at once, so that on a quiet system nobody ever waits for anything but the disk. The generic cell rate
// algorithm (ITU-T I.371, annex A.1): one commit per `kCommitSpacing`, `kCommitBurst` ahead of that. The burst is for those
// who wait: what nobody waits for takes its turn evenly.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>

#include "drivers/base/time.h"

namespace sr::store {

inline constexpr Duration kCommitSpacing = 50ms;
inline constexpr int kCommitBurst = 5;

class CommitPacer {
 public:
  Instant not_before(bool waited_for) const { return waited_for ? due_ - (kCommitBurst - 1) * kCommitSpacing : due_; }
  void committed(Instant now) { due_ = std::max(due_, now) + kCommitSpacing; }

 private:
  Instant due_{};  // of the next one, if they came evenly
};

}  // namespace sr::store
