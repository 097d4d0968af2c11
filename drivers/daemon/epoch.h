// boardd's epoch: one number per life, larger than every earlier one.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <string>

#include "drivers/base/result.h"
#include "drivers/base/time.h"

namespace sr::daemon {

// The time of the start in microseconds, or one more than the epoch kept in the state file if the clock was set back. Writes the
// new one to the file (a temporary one, fsync, rename) before it returns. Blocking: before the reactor runs.
Result<std::uint64_t> next_epoch(const std::string& state_file, Instant now);

}  // namespace sr::daemon
