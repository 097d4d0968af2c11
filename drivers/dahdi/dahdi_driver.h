// A span of a DAHDI board as a SpanDriver: both planes, and the life of the open channels – opened at the start, closed when the
// span is pulled out (ENODEV), opened again when it is back.
//   open  --lost-->  closing (until the media thread has let go)  -->  away --every kReopenFirst … kReopenMax--> open
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <vector>

#include "drivers/base/reactor.h"
#include "drivers/dahdi/dahdi_audio.h"
#include "drivers/dahdi/line_plane.h"

namespace sr::dahdi {

inline constexpr Duration kReopenFirst = 1s, kReopenMax = 30s;  // doubled at each try
inline constexpr Duration kLookEvery = 1s;                      // at the span's alarms, beside the events
inline constexpr Duration kLetGoEvery = 20ms;                   // whether the media thread has
inline constexpr int kEventsPerTurnMax = 64;                    // the kernel's queue

// What the driver needs of the reactor; tests hand in their own.
struct Loop {
  Timers& timers;
  std::function<std::unique_ptr<Reactor::Watch>(int fd, bool data, std::function<void()> ready)> watch;
};
inline Loop loop_of(Reactor& reactor) {
  return {reactor.timers(), [&reactor](int fd, bool data, std::function<void()> ready) { return reactor.watch_urgent(fd, data, std::move(ready)); }};
}

class DahdiDriver final : public SpanDriver, private LinePlane::Host {
 public:
  DahdiDriver(Loop loop, Device& device, SpanSpec spec, std::unique_ptr<LinePlane> plane);
  ~DahdiDriver() override;  // after the media thread's end

  Status open();  // at the start: what is wrong then, the profile or the board must mend

  const std::string& name() const override { return spec_.name; }
  SpanKind kind() const override { return spec_.kind; }
  SignallingPort& signalling() override { return *plane_; }
  AudioPort& audio() override { return plane_->sound(audio_); }
  Status loopback(bool on) override;
  std::map<std::string, std::uint64_t> counters() const override;

 private:
  enum class State { away, open, closing };
  Status try_open();
  void events_wait(int channel) override;
  void lost() override;
  void ready(int channel);
  void look();
  void close_lines();
  void let_go();
  void retry();
  void count_event(int channel, EventKind kind);

  Loop loop_;
  Device& device_;
  const SpanSpec spec_;
  std::unique_ptr<LinePlane> plane_;
  DahdiAudio audio_;
  State state_ = State::away;
  std::unique_ptr<LineSet> lines_;
  std::vector<std::unique_ptr<Reactor::Watch>> watches_;
  AlarmSet alarms_ = kSpanGone;
  SpanStatus status_;
  Duration next_try_ = kReopenFirst;
  std::string told_;                     // the last reason why it cannot be opened
  TimerId look_timer_ = TimerId::none, life_timer_ = TimerId::none, lost_timer_ = TimerId::none;
  std::uint64_t removals_ = 0;
  std::array<std::uint64_t, kSpanChannelsMax + 1> overruns_{}, underruns_{};  // as the kernel tells
};

}  // namespace sr::dahdi
