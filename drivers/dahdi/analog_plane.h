// Phones on FXS ports and exchange lines on FXO ports of a DAHDI span: the kernel's events as line signals, line signals as hook
// states, and what travels as sound – the caller's number both ways, busy tone, digits – as line signals too, so that nothing above
// knows how it came.
//  - FXS: FSK is sent after the first ring, DTMF before it (before_ring()); a phone that is picked up ends it. A rotary phone's pulses
//    are heard above as DTMF.
//  - A port in alarm, which is what the kernel calls an exchange line without battery, is out of service until the alarm is over.
//  - FXO: a number is listened for while the line is on-hook, busy tone while it is off-hook. dial goes kDialAfter after off_hook.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "drivers/dahdi/analog_audio.h"
#include "drivers/dahdi/analog_port.h"
#include "drivers/dahdi/dahdi_driver.h"

namespace sr::dahdi {

inline constexpr int kDialAfterMs = 1200;         // the exchange has its dial tone on by then (Q.35: 95 % within 3 s; in practice at once)
inline constexpr int kDialAfterStartMs = 3000;    // ground start: the kernel's start (1.5 s) and settling come first
inline constexpr int kBellMaxMs = 60'000;         // one burst ends when the cadence above says so
inline constexpr int kOnHookTransferMs = 6'000;   // the longest caller ID and its pause

struct AnalogConfig {
  Start start = Start::kewl;
  media::CallerIdWay caller_id = media::CallerIdWay::fsk;  // FXS: how it is sent; FXO: none is not listened for
  Duration flash_max = 1250ms;                              // FXS: a longer on-hook is the end
  std::optional<media::BusyKnown> busy{};                   // FXO: nullopt: busy tone says nothing
};

class AnalogPlane final : public LinePlane {
 public:
  AnalogPlane(Loop loop, const SpanSpec& spec, const AnalogConfig& config);
  ~AnalogPlane() override;

  Result<SpanPlan> plan(Device& device, const SpanSpec& spec) const override;
  bool has_frames(int) const override { return false; }
  Status prepare(LineSet& lines) override;
  void on_event(int channel, ChannelEvent event) override;
  AudioPort& sound(AudioPort& board) override;
  void send_frame(std::span<const std::uint8_t>) override {}
  void send_line(int channel, LineSignal signal, std::string_view text) override;
  Duration before_ring(int channel, std::string_view number) const override;
  std::map<std::string, std::uint64_t> counters() const override { return counters_; }

 private:
  struct Line {
    AnalogPort port;
    std::string number;          // FXS: to be sent by FSK after the first ring
    bool number_waits = false;
    bool alarm = false;
  };
  void tell(int channel, LineSignal signal, std::string_view text = {});
  void tell_state();
  void take_alarms(int channel, int alarms);
  void take_heard();
  void listen(int channel);
  void set_hook(int channel, Hook hook);
  void send_number(int channel);
  void say(int channel, const std::vector<Block>& blocks);
  media::WallTime wall_time() const;
  bool is_phone() const { return spec_.kind == SpanKind::fxs; }
  Line& line(int channel) { return lines_by_channel_[static_cast<std::size_t>(channel)]; }
  bool has(int channel) const { return lines_ != nullptr && channel >= 1 && channel <= spec_.channels && lines_->at(channel) != nullptr; }

  Loop loop_;
  const SpanSpec spec_;
  const AnalogConfig config_;
  int wake_fd_;
  std::unique_ptr<Reactor::Watch> wake_;
  std::unique_ptr<AnalogAudio> audio_;
  std::array<Line, kSpanChannelsMax + 1> lines_by_channel_;
  TimerId tell_timer_ = TimerId::none;
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace sr::dahdi
