// The media thread's loop: waits for the span that drives the tick, or for the machine's clock when none does, and ticks.
// Each tick takes a credit, and credits come at kGuardMs: a recording is as long as the call, whatever the far end sends. What a far
// end sends faster than that, or late when the clock has already ticked in its place, is dropped (a slip).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <functional>

#include "drivers/media/audio_loop.h"

namespace sr::media {

inline constexpr int kMasterLostMs = 60;       // the driving span has missed three blocks
inline constexpr int kIdleWakesMax = 3;        // readable, but without a block: so often in a row
inline constexpr int kCatchUpTicksMax = 50;    // after a late wake-up; what is older is not made good
inline constexpr int kAheadTicksMax = 10;      // credits saved up: so far may a span's blocks be ahead of this machine's clock
inline constexpr int kTakeMax = 256;           // blocks taken from the driving span at one wake-up; more wait for the next
inline constexpr int kGuardMs = 19;            // a span's clock may be 5 % faster than this machine's, not more
inline constexpr int kTicksPerDrain = 16;      // how often followers are looked at for slips

class MediaThread {
 public:
  // after_ticks runs after each wake-up that ticked. stop_fd: readable when the loop has to end.
  MediaThread(AudioLoop& loop, bool own_clock, int stop_fd, std::function<void()> after_ticks);
  ~MediaThread();
  MediaThread(const MediaThread&) = delete;
  MediaThread& operator=(const MediaThread&) = delete;

  void run();        // until stop_fd is readable
  // One wait and what follows from it, for tests: false when stop_fd was readable.
  bool wake();
  int master() const { return master_; }

 private:
  void on_timer();
  void on_master(bool readable);
  void lose_master();
  void set_timer(bool on);
  void earn();
  void spend() { credit_ = std::max(credit_ - 1, 0); }

  AudioLoop& loop_;
  const bool own_clock_;
  const int stop_fd_, timer_fd_, guard_fd_;
  std::function<void()> after_ticks_;
  int master_ = -1;
  bool lost_told_ = false, timer_on_ = false;
  int credit_ = kAheadTicksMax, idle_wakes_ = 0, ticks_to_drain_ = kTicksPerDrain;
};

// Asks for SCHED_FIFO (this thread) and locked memory; what was refused, in words; empty: nothing.
std::string ask_realtime();

}  // namespace sr::media
