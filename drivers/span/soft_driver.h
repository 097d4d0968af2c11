// A soft span as a SpanDriver: both planes of one span, whichever side opened the connections.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <string>

#include "drivers/span/soft_audio.h"
#include "drivers/span/soft_signal.h"
#include "drivers/span/soft_span.h"

namespace sr::soft {

inline constexpr Duration kReconnect = 200ms;     // the far end looks so often whether it may plug in
inline constexpr Duration kHelloTimeout = 5s;     // a connection that says nothing
inline constexpr std::size_t kUnknownMax = 128;   // connections whose hello is awaited

class SoftDriver final : public SpanDriver {
 public:
  SoftDriver(Reactor& reactor, const SoftSpanConfig& config) : config_(config), signal_(reactor, config.name) {}
  const std::string& name() const override { return config_.name; }
  SpanKind kind() const override { return config_.kind; }
  SignallingPort& signalling() override { return signal_; }
  AudioPort& audio() override { return audio_; }

  SoftSignal& signal() { return signal_; }
  SoftAudio& sound() { return audio_; }
  std::map<std::string, std::uint64_t> counters() const override {
    auto all = signal_.counters();
    const AudioCounters& a = audio_.counters();
    all["audio_in"] = a.in.load(std::memory_order_relaxed);
    all["audio_out"] = a.out.load(std::memory_order_relaxed);
    all["audio_bad"] = a.bad.load(std::memory_order_relaxed);
    all["audio_gaps"] = a.gaps.load(std::memory_order_relaxed);
    all["audio_overruns"] = a.overruns.load(std::memory_order_relaxed);
    return all;
  }

 private:
  SoftSpanConfig config_;
  SoftSignal signal_;
  SoftAudio audio_;
};

// A connection until its hello, or the answer to ours, is there: one packet is read, then `done` gets the fd back (-1: it closed,
// said nothing for kHelloTimeout, or did not begin with a whole packet).
class Greeting {
 public:
  Greeting(Reactor& reactor, int fd, std::function<void(int fd, std::span<const std::uint8_t> packet)> done);
  ~Greeting();
  Greeting(const Greeting&) = delete;
  Greeting& operator=(const Greeting&) = delete;

 private:
  void finish(std::span<const std::uint8_t> packet, bool keep);

  Reactor& reactor_;
  int fd_;
  std::function<void(int, std::span<const std::uint8_t>)> done_;
  std::unique_ptr<Reactor::Watch> watch_;
  TimerId timer_;
};

bool send_packet(int fd, const std::vector<std::uint8_t>& packet);

}  // namespace sr::soft
