// The seam to the wire: a Span of channels behind a SpanDriver, soft or real. Nothing above asks which.
// A span has two planes that different threads serve: Signalling (reactor: D-channel frames, analog line signals, alarms) and
// Audio (media thread: one block of 20 ms per channel and tick). Channels are numbered from 1 as on the line: on E1 the
// timeslot (16 = D), on T1 1…24 (24 = D), on analog banks the port.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "drivers/base/result.h"
#include "drivers/base/time.h"

namespace sr {

inline constexpr int kBlockSamples = 160;      // 20 ms at 8,000 samples/s
inline constexpr Duration kTick = 20ms;
inline constexpr int kSpanChannelsMax = 31;    // channel numbers 1…31
inline constexpr std::uint8_t kAlawSilence = 0xD5;
using Block = std::array<std::uint8_t, kBlockSamples>;  // A-law bytes as on the line, bit 7 first, even bits inverted (G.711)

enum class SpanKind { e1, t1, fxs, fxo };  // fxs: our ports feed phones; fxo: our ports are phones to an exchange

// Analog signals. From an FXS port's line: off_hook, on_hook, flash. From an FXO port's line: ring_on, ring_off, battery_drop, and
// caller_id, which the driver reads from the audio: before the first ring_on or after it. Towards them, the same words in the other
// direction. Only boards have: polarity (of the exchange's battery, reversed), busy_tone (heard; its text is the cadence in ms,
// "350/350", " learned" after one that was unknown), dial (towards the exchange: its text are the digits), and the alarm of one port:
// out_of_service (an exchange line without battery, a phone's port that has failed) until in_service. A port begins in service.
enum class LineSignal : std::uint8_t {
  off_hook = 1, on_hook = 2, flash = 3, ring_on = 4, ring_off = 5, battery_drop = 6, caller_id = 7, polarity = 8, busy_tone = 9, dial = 10,
  out_of_service = 11, in_service = 12
};

// What the board reports about the line, integrated by it already. Each of them ends the carrier.
enum class SpanAlarm : std::uint8_t { red, yellow, blue, los };  // no signal or frame here; there (RAI); an unframed all-ones (AIS); no pulses

// One tick of one span. A channel whose bit is clear carries silence and its block is not looked at.
struct SpanAudio {
  std::uint32_t present = 0;  // bit n: channel n
  std::array<Block, kSpanChannelsMax + 1> blocks;
  bool has(int channel) const { return (present >> channel) & 1U; }
};

// Reactor thread. Frames are Q.921 frames without flags and FCS.
class SignallingPort {
 public:
  struct Handler {
    std::function<void(std::span<const std::uint8_t>)> on_frame;
    std::function<void(int channel, LineSignal signal, std::string_view text)> on_line;  // text: the number with caller_id
    std::function<void(bool up)> on_carrier;  // false: alarm RED (nothing comes), true: it is back
  };
  virtual ~SignallingPort() = default;
  // Each alarm that stands, then each change, before on_carrier says what it means for calls. Once, before start().
  virtual void watch_alarms(std::function<void(SpanAlarm alarm, bool raised)>) {}
  virtual void start(Handler handler) = 0;  // once, before anything else
  virtual void send_frame(std::span<const std::uint8_t> frame) = 0;  // lost without carrier, as on a wire
  virtual void send_line(int channel, LineSignal signal, std::string_view text = {}) = 0;
  virtual bool carrier() const = 0;
  // FXS: so long after caller_id the first ring_on has to wait, because the number is sent before it.
  virtual Duration before_ring(int /*channel*/, std::string_view /*number*/) const { return Duration{}; }
};

// Where a driver can join two channels by itself: `line` is the channel's number there, 0: it cannot. Only two of one kind (driver
// and law) go together.
struct Junction { int line = 0, kind = 0; };

// Media thread (in the World: the only thread). Never blocks.
class AudioPort {
 public:
  virtual ~AudioPort() = default;
  virtual bool receive(SpanAudio& in) = 0;        // the next block that arrived, oldest first; false: none
  virtual void send(const SpanAudio& out) = 0;    // one block per tick; what the line does not take is counted as an overrun
  virtual void use(std::uint32_t) {}              // bit n: a call is on channel n; the others need neither be read nor written
  virtual void exact(std::uint32_t) {}            // before use(); bit n: the bits of channel n pass unchanged, no echo canceller
  virtual Junction junction(int) const { return {}; }
  // From now on `channel` hears what `line` says without us: it is neither received nor sent. false: refused, nothing has changed.
  virtual bool join(int, int /*line*/) { return false; }
  // No more. `goes_on`: send() continues the same sound, so the change is made when it has come through; else at once.
  virtual void part(int, bool /*goes_on*/) {}
  virtual int fd() const = 0;                     // readable when a block may be there; -1: nothing to poll (the World)
};

class SpanDriver {
 public:
  virtual ~SpanDriver() = default;
  virtual const std::string& name() const = 0;
  virtual SpanKind kind() const = 0;
  virtual SignallingPort& signalling() = 0;
  virtual AudioPort& audio() = 0;
  virtual Status loopback(bool /*on*/) { return fail("the driver cannot loop a span"); }  // the line hears its own signal back
  virtual std::map<std::string, std::uint64_t> counters() const { return {}; }  // since the start; "overruns/5": of channel 5
};

}  // namespace sr
