// The signalling plane of a soft span: a SOCK_SEQPACKET connection on the reactor, carrier while there is one.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "drivers/base/reactor.h"
#include "drivers/span/soft_packet.h"
#include "drivers/span/span.h"

namespace sr::soft {

inline constexpr std::size_t kSignalQueueMax = 1024;  // packets that a far end has not read; more: it is cut off
inline constexpr int kPacketsPerTurnMax = 64;
inline constexpr std::size_t kPacketsPerReadMax = 4, kPacketsPerSendMax = 8;

class SoftSignal final : public SignallingPort {
 public:
  SoftSignal(Reactor& reactor, std::string name) : reactor_(reactor), name_(std::move(name)) {}
  ~SoftSignal() override;

  void on_start(std::function<void()> run) { on_start_ = std::move(run); }
  void on_lost(std::function<void()> run) { on_lost_ = std::move(run); }
  void adopt(int fd);  // an accepted connection: carrier is there
  void cut(std::string_view why);

  void watch_alarms(std::function<void(SpanAlarm, bool)> changed) override { alarm_ = std::move(changed); }
  void start(Handler handler) override;
  void send_frame(std::span<const std::uint8_t> frame) override;
  void send_line(int channel, LineSignal signal, std::string_view text) override;
  bool carrier() const override { return fd_ >= 0; }

  std::map<std::string, std::uint64_t> counters() const;
  void count(const std::string& what) { ++counters_[what]; }

 private:
  void tell_carrier(bool there);
  void send(std::vector<std::uint8_t> packet);
  void read_some();
  void flush();
  void take(const Packet& packet);

  Reactor& reactor_;
  std::string name_;
  Handler handler_;
  std::function<void(SpanAlarm, bool)> alarm_;
  std::function<void()> on_start_, on_lost_;
  int fd_ = -1;
  std::uint64_t connection_ = 0;  // which one: a handler may cut it
  std::unique_ptr<Reactor::Watch> watch_;
  std::deque<std::vector<std::uint8_t>> queue_;
  TimerId cut_timer_ = TimerId::none;
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // the end of a turn looks whether the span still stands
  struct Traffic { std::uint64_t frames_in = 0, frames_out = 0, signals_in = 0, signals_out = 0; } traffic_;  // counters, too
  std::map<std::string, std::uint64_t> counters_;
};

}  // namespace sr::soft
