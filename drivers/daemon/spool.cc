// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/spool.h"

namespace sr::daemon {

void MemorySpool::keep(const board::Envelope& event, Done done) {
  const Kept answer = disk_.answer;
  if (answer != Kept::failed) disk_.events.push_back(event);
  timers_.after(disk_.delay, [answer, run = std::move(done)] { run(answer); });
}

void MemorySpool::forget(std::uint64_t epoch, std::uint64_t seq) {
  std::erase_if(disk_.events, [&](const board::Envelope& e) { return e.epoch < epoch || (e.epoch == epoch && e.seq <= seq); });
}

}  // namespace sr::daemon
