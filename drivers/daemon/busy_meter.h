// Measures the time in which a trunk span had no free channel: what the exchange refused then cannot be seen, so the time must be
// (mission D1). One per trunk span; told of every change.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>
#include <utility>

#include "drivers/base/time.h"

namespace sr::daemon {

class BusyMeter {
 public:
  struct Busy { Instant since; Duration lasted; };
  // `usable`: channels that could carry a call now (in service, not busied out); 0 is no traffic, not "all busy".
  // Returns the time that has just ended, if one has; not one of no length, in which nobody could be refused.
  std::optional<Busy> update(int in_use, int usable, Instant now) {
    const bool busy = usable > 0 && in_use >= usable;
    if (busy && !since_) since_ = now;
    if (busy || !since_) return std::nullopt;
    const Instant since = *std::exchange(since_, std::nullopt);
    return now > since ? std::optional(Busy{since, now - since}) : std::nullopt;
  }

 private:
  std::optional<Instant> since_;
};

}  // namespace sr::daemon
