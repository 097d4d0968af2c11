// A DAHDI without a kernel: spans and channels that a test sets up, with the errors, events and blocks it scripts. As in the
// kernel, an event that waits makes read and write fail with ELAST, a channel is open once, and after gone() everything is ENODEV.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <cerrno>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "drivers/dahdi/device.h"

namespace sr::dahdi {

struct FakeChannelState {
  ChannelParams params;
  std::deque<ChannelEvent> events;
  std::deque<std::vector<std::uint8_t>> to_read;  // blocks or frames; empty: EAGAIN
  std::vector<std::vector<std::uint8_t>> written;
  std::size_t write_room = 1'000'000;             // writes that succeed before EAGAIN
  std::map<std::string, int> errors;              // name of a call -> its errno, as long as it stands here
  std::vector<std::string> calls;                 // "audio_mode 1"
  bool open = false, gone = false;
  int rx_bits = 0;
};

class FakeDevice final : public Device {
 public:
  // `count` channels from `first`, all of one signalling; the span is made if it is not there.
  void add(int span, int first, int count, int signalling, Law law = Law::alaw) {
    auto& s = spans_[span];
    s.span = span;
    for (int i = 0; i < count; ++i) {
      auto& c = *(channels_[first + i] = std::make_shared<FakeChannelState>());
      c.params.channel = first + i;
      c.params.span = span;
      c.params.position = ++s.total_channels;
      c.params.signalling = signalling;
      c.params.law = law;
      if (signalling != abi::kSigNone) ++s.configured_channels;
    }
  }
  FakeChannelState& at(int channel) { return *channels_.at(channel); }
  SpanStatus& status(int span) { return spans_.at(span); }
  void alarm(int span, int bits) {
    spans_.at(span).alarms = bits;
    for (auto& [number, c] : channels_)
      if (c->params.span == span && c->open) c->events.push_back({bits == 0 ? EventKind::no_alarm : EventKind::alarm, 0});
  }
  void gone(int span) {  // pulled out; what is open stays dead even if it comes back
    for (auto& [number, c] : channels_)
      if (c->params.span == span) c->gone = true;
    absent_.insert(span);
  }
  void back(int span) {
    absent_.erase(span);
    for (auto& [number, c] : channels_)
      if (c->params.span == span) {
        const auto old = std::exchange(c, std::make_shared<FakeChannelState>());
        c->params = old->params;
      }
  }
  int ctl_error = 0;   // what opening /dev/dahdi/ctl gives
  int open_error = 0;  // what opening /dev/dahdi/channel gives
  int pseudo_error = 0;  // what opening /dev/dahdi/pseudo gives
  int maintenance_error = 0;
  std::vector<std::string> calls;

  Io<std::unique_ptr<Channel>> open(int channel) override {
    if (open_error != 0) return std::unexpected(open_error);
    const auto found = channels_.find(channel);
    if (found == channels_.end() || absent_.contains(found->second->params.span)) return std::unexpected(EINVAL);
    FakeChannelState& c = *found->second;
    if (const auto e = c.errors.find("open"); e != c.errors.end()) return std::unexpected(e->second);
    if (c.params.signalling == abi::kSigNone) return std::unexpected(ENXIO);
    if (c.open) return std::unexpected(EBUSY);
    c.open = true;
    return std::make_unique<FakeChannel>(found->second);
  }
  Io<std::unique_ptr<Channel>> open_pseudo() override {
    if (pseudo_error != 0) return std::unexpected(pseudo_error);
    return std::make_unique<FakeChannel>(channels_[0] = std::make_shared<FakeChannelState>());
  }
  Io<ChannelParams> params(int channel) override {
    if (ctl_error != 0) return std::unexpected(ctl_error);
    const auto found = channels_.find(channel);
    if (found == channels_.end() || absent_.contains(found->second->params.span)) return std::unexpected(EINVAL);
    return found->second->params;
  }
  Io<SpanStatus> span(int number) override {
    if (ctl_error != 0) return std::unexpected(ctl_error);
    if (!spans_.contains(number) || absent_.contains(number)) return std::unexpected(EINVAL);
    SpanStatus s = spans_[number];
    s.total_spans = static_cast<int>(spans_.size() - absent_.size());
    return s;
  }
  Io<void> maintenance(int span, int command) override {
    if (ctl_error != 0) return std::unexpected(ctl_error);
    calls.push_back("maintenance " + std::to_string(span) + " " + std::to_string(command));
    if (maintenance_error != 0) return std::unexpected(maintenance_error);
    return {};
  }

 private:
  class FakeChannel final : public Channel {
   public:
    explicit FakeChannel(std::shared_ptr<FakeChannelState> state) : state_(std::move(state)), c_(*state_) {}
    ~FakeChannel() override { c_.open = false; }
    int fd() const override { return 10'000 + c_.params.channel; }  // never a real one

    Io<ChannelParams> params() override {
      if (auto ok = note("params"); !ok) return std::unexpected(ok.error());
      return c_.params;
    }
    Io<void> set_times(const ChannelParams& t) override { return note("set_times", std::to_string(t.rx_flash_ms)); }
    Io<void> set_buffers(Buffers b) override { return note("set_buffers", std::to_string(b.count) + "x" + std::to_string(b.size)); }
    Io<void> set_law(Law law) override { return note("set_law", std::to_string(static_cast<int>(law))); }
    Io<void> audio_mode(bool on) override {
      if (c_.params.signalling != abi::kSigClear) return std::unexpected(EINVAL);
      return note("audio_mode", std::to_string(on));
    }
    Io<void> buffer_events(bool on) override { return note("buffer_events", std::to_string(on)); }
    Io<void> flush() override {
      c_.events.clear();
      c_.to_read.clear();
      return note("flush");
    }
    Io<void> flush_audio() override {
      c_.to_read.clear();
      return note("flush_audio");
    }
    Io<void> set_gains(const LawTable& rx, const LawTable& tx) override {
      return note("set_gains", std::to_string(rx[0]) + " " + std::to_string(tx[0]));
    }
    Io<void> set_hw_gain(bool tx, int tenth_db) override { return note("set_hw_gain", (tx ? "tx " : "rx ") + std::to_string(tenth_db)); }
    Io<void> echo_cancel(int taps) override { return note("echo_cancel", std::to_string(taps)); }
    Io<void> echo_cancel_fax() override { return note("echo_cancel_fax"); }
    Io<void> monitor_digital(int channel) override { return note("monitor_digital", std::to_string(channel)); }
    Io<void> loopback(bool on) override { return note("loopback", std::to_string(on)); }
    Io<void> hook(Hook hook) override { return note("hook", std::to_string(static_cast<int>(hook))); }
    Io<void> set_ring_cadence(std::span<const int> ms) override { return note("set_ring_cadence", std::to_string(ms.size())); }
    Io<void> set_tone_zone(int zone) override { return note("set_tone_zone", std::to_string(zone)); }
    Io<void> on_hook_transfer(int ms) override { return note("on_hook_transfer", std::to_string(ms)); }
    Io<void> set_polarity(bool reversed) override { return note("set_polarity", std::to_string(reversed)); }
    Io<int> rx_bits() override {
      if (auto ok = note("rx_bits"); !ok) return std::unexpected(ok.error());
      return c_.rx_bits;
    }
    Io<void> set_tx_bits(int bits) override { return note("set_tx_bits", std::to_string(bits)); }
    Io<ChannelEvent> event() override {
      if (auto ok = blocked("event"); !ok) return std::unexpected(ok.error());
      if (c_.events.empty()) return ChannelEvent{};
      const ChannelEvent e = c_.events.front();
      c_.events.pop_front();
      return e;
    }
    Io<std::size_t> read(std::span<std::uint8_t> into) override {
      if (auto ok = blocked("read"); !ok) return std::unexpected(ok.error());
      if (!c_.events.empty()) return std::unexpected(abi::kElast);
      if (c_.to_read.empty()) return std::unexpected(EAGAIN);
      const auto block = std::move(c_.to_read.front());
      c_.to_read.pop_front();
      const std::size_t n = std::min(block.size(), into.size());
      std::copy_n(block.begin(), n, into.begin());
      return n;
    }
    Io<std::size_t> write(std::span<const std::uint8_t> from) override {
      if (auto ok = blocked("write"); !ok) return std::unexpected(ok.error());
      if (!c_.events.empty()) return std::unexpected(abi::kElast);
      if (c_.write_room == 0) return std::unexpected(EAGAIN);
      --c_.write_room;
      c_.written.emplace_back(from.begin(), from.end());
      return from.size();
    }

   private:
    Io<void> blocked(const std::string& call) {
      if (c_.gone) return std::unexpected(ENODEV);
      if (const auto e = c_.errors.find(call); e != c_.errors.end()) return std::unexpected(e->second);
      return {};
    }
    Io<void> note(const std::string& call, const std::string& argument = {}) {
      if (auto ok = blocked(call); !ok) return ok;
      c_.calls.push_back(argument.empty() ? call : call + " " + argument);
      return {};
    }
    const std::shared_ptr<FakeChannelState> state_;  // as in the kernel, it outlives its span
    FakeChannelState& c_;
  };

  std::map<int, SpanStatus> spans_;
  std::map<int, std::shared_ptr<FakeChannelState>> channels_;
  std::set<int> absent_;
};

}  // namespace sr::dahdi
