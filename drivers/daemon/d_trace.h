// Takes each Q.921 frame of each span for the technician's trace. Reactor thread; never waits for the disk.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <span>

#include "drivers/base/time.h"

namespace sr::daemon {

class DTrace {
 public:
  virtual ~DTrace() = default;
  virtual void frame(int span, bool sent, std::span<const std::uint8_t> frame, Instant at) = 0;
};

}  // namespace sr::daemon
