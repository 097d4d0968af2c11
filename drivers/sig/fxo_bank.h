// An analog bank whose ports are phones to an exchange: callgen's phones, and exchange lines of a center without an E1.
//  - A call is offered() with the number of the caller_id signal: at the first ring_on when it came before or is not awaited, else
//    when it comes, at the latest at the second ring_on. An empty number is a withheld one.
//  - dial() goes off-hook: seized and answered at once, or answered by reversal (answer_by_polarity; what the line says meanwhile is
//    progress_audio). The digits are the media's, or the line's (line_dials); `called` may be empty.
//  - clear() goes on-hook; while it rings nothing can be sent, and the bursts that go on are nobody's.
//  - The far end has hung up: battery_drop, a reversal, busy tone: released(16, by_far); busy tone before the answer: cause 17. The
//    cadences by which it was recognised are counters: busy_tone_350_350. No burst for kRingGap: released(16, by_far, "ring_stopped").
//    Whoever picks up inside that gap, when the caller has given up already, hears the exchange's dial tone: nothing on the line
//    tells the two apart, and a real phone does the same.
//  - out_of_service: no battery, so no call; one that is there is released(27, "line_lost").
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <map>

#include "drivers/sig/fxo_line.h"
#include "drivers/sig/sig.h"

namespace sr::sig {

class FxoBank final : public Signalling {
 public:
  FxoBank(Timers& timers, SpanDriver& span, const FxoConfig& config, Observer& observer);
  ~FxoBank() override;

  void start() override;
  void booked(LegId leg) override;
  void alert(LegId leg) override;
  void progress(LegId leg) override;
  void answer(LegId leg) override;
  void clear(LegId leg, int cause) override;
  void flash(LegId leg) override;
  bool dial(LegId leg, int channel, const std::string& calling, const std::string& called) override;
  bool ring(LegId leg, int channel, const std::string& calling, const std::string& name) override;
  void digit_heard(LegId) override {}
  void set_alone(bool) override {}
  void restart(int channel) override;
  void busyout(int channel, bool on) override;
  ChannelState channel_state(int channel) const override;
  std::vector<int> channels() const override;
  board::LegState leg_state(LegId leg) const override;
  bool in_service() const override { return span_.signalling().carrier(); }

  FxoPhase phase(int channel) const { return lines_[static_cast<std::size_t>(channel)].phase; }
  std::map<std::string, std::uint64_t> counters() const override { return counters_; }

 private:
  struct Line {
    int channel = 0;
    FxoPhase phase = FxoPhase::idle;
    LegId leg = LegId::none;
    std::string calling;
    int cause = 16;
    bool number_known = false, keep_answer = false, busyout = false, dead = false;
    Instant off_hook_at{};
    TimerId gap = TimerId::none;
  };

  bool handle(Line& line, FxoEvent event);
  void act(Line& line, FxoAction action);
  void command(LegId leg, FxoEvent event);
  void offer(Line& line);
  void go_off_hook(Line& line);
  void go_on_hook(Line& line, int cause, bool by_far, std::string_view why);
  void release(Line& line, int cause, bool by_far, std::string_view why);
  void heard_caller(Line& line, std::string_view number);
  void heard_polarity(Line& line);
  void heard_busy(Line& line, std::string_view cadence);
  void watch_gap(Line& line);
  void in_alarm(Line& line, bool dead);
  void on_line(int channel, LineSignal signal, std::string_view text);
  Line* find(LegId leg);
  void count(const std::string& what) { ++counters_[what]; }

  Timers& timers_;
  SpanDriver& span_;
  const FxoConfig config_;
  Observer& observer_;
  std::array<Line, kSpanChannelsMax + 1> lines_;
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace sr::sig
