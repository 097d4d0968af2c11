// An analog bank whose ports feed phones: one FxsLine table per station, the ringing cadence, and what the phones do.
//  - ring(): seized, alerting; caller_id (the calling number, empty: withheld) goes before the first ring_on. kRingOn / kRingOff is China's 1/4 s.
//  - A phone that goes off-hook by itself has dial tone and initiated(); while alone it has congestion and no leg.
//  - clear() of a phone that is off-hook: released() at once, then busy tone, after howler_after the howler, until on-hook.
//  - answer() of an initiated leg says that its call goes on without (further) digits; it is not needed for digits heard.
//  - Nothing dialled for dial_tone_max: released(28, "nothing_dialled") and congestion tone.
//  - Without carrier every line counts as on-hook; legs are released with cause 27. The far end says again which phones are
//    off-hook when it comes back (docs/protocol-softspan.md).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <map>

#include "drivers/sig/fxs_line.h"
#include "drivers/sig/sig.h"

namespace sr::sig {

inline constexpr Duration kRingOn = 1s, kRingOff = 4s;

class FxsBank final : public Signalling {
 public:
  FxsBank(Timers& timers, SpanDriver& span, const FxsConfig& config, Observer& observer);
  ~FxsBank() override;

  void start() override;
  void booked(LegId leg) override;
  void alert(LegId leg) override;
  void progress(LegId leg) override;
  void answer(LegId leg) override;
  void clear(LegId leg, int cause) override;
  void flash(LegId leg) override;
  bool dial(LegId leg, int channel, const std::string& calling, const std::string& called) override;
  bool ring(LegId leg, int channel, const std::string& calling, const std::string& name) override;
  void digit_heard(LegId leg) override;
  void set_alone(bool alone) override { alone_ = alone; }
  void restart(int channel) override;
  void busyout(int channel, bool on) override;
  ChannelState channel_state(int channel) const override;
  std::vector<int> channels() const override;
  board::LegState leg_state(LegId leg) const override;
  bool in_service() const override { return span_.signalling().carrier(); }

  FxsPhase phase(int channel) const { return lines_[static_cast<std::size_t>(channel)].phase; }
  std::map<std::string, std::uint64_t> counters() const override { return counters_; }

 private:
  struct Line {
    int channel = 0;
    std::string station;  // empty: no phone there
    FxsPhase phase = FxsPhase::idle;
    LegId leg = LegId::none;
    int cause = 16;
    bool busyout = false, bell = false, dead = false;
    Duration bell_delay{};
    TimerId bell_timer = TimerId::none, timer = TimerId::none;
  };

  bool handle(Line& line, FxsEvent event);
  void act(Line& line, FxsAction action);
  void run_timer(Line& line);
  void release(Line& line, int cause, bool by_far, std::string_view why);
  void bell(Line& line, bool on);
  void first_bell(Line& line);
  void silence_bell(Line& line);
  void on_line(int channel, LineSignal signal);
  void on_carrier(bool up);
  void in_alarm(Line& line, bool dead);
  void tell_station(const Line& line);
  Line* find(LegId leg);
  Line* port(int channel);
  void count(const char* what) { ++counters_[what]; }

  Timers& timers_;
  SpanDriver& span_;
  FxsConfig config_;
  Observer& observer_;
  std::array<Line, kSpanChannelsMax + 1> lines_;
  bool alone_ = false;
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace sr::sig
