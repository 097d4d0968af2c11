// The seam to the DAHDI kernel driver: typed calls, one per request, and nothing decided here. The real one (kernel_device.cc)
// speaks to /dev/dahdi; tests script a fake (tests/drivers/dahdi/fake_device.h).
// An error is the kernel's errno and nothing else; causes and fixes in words are open_error.h's. No call blocks: channels are
// opened non-blocking. A Channel has no state but its descriptor: calls from the reactor (events, hooks) and from the media
// thread (read, write) may run at the same time.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>

#include "drivers/dahdi/abi.h"
#include "drivers/dahdi/law.h"

namespace sr::dahdi {

template <class T>
using Io = std::expected<T, int>;  // errno of the kernel; abi::kElast: an event waits, fetch it with event()

enum class Law { by_span = 0, mulaw = 1, alaw = 2 };
enum class Hook { on_hook = 0, off_hook = 1, wink = 2, flash = 3, start = 4, ring = 5, ring_off = 6 };

// What event() gives. pulse_digit, dtmf_down and dtmf_up carry the digit in their low bits.
enum class EventKind : int {
  none = 0, on_hook = 1, ring_off_hook = 2, wink_flash = 3, alarm = 4, no_alarm = 5, hdlc_abort = 6, hdlc_overrun = 7, bad_fcs = 8,
  dial_complete = 9, ringer_on = 10, ringer_off = 11, hook_complete = 12, bits_changed = 13, pulse_start = 14, timer_expired = 15,
  timer_ping = 16, polarity = 17, ring_begin = 18, echo_cancel_off = 19, removed = 20, neon_mwi_on = 21, neon_mwi_off = 22,
  tx_ced = 23, rx_ced = 24, tx_cng = 25, rx_cng = 26, nlp_off = 27, nlp_on = 28, read_overrun = 29, write_underrun = 30,
  pulse_digit = 1 << 16, dtmf_down = 1 << 17, dtmf_up = 1 << 18,
};
struct ChannelEvent { EventKind kind = EventKind::none; char digit = 0; };
ChannelEvent channel_event(int code);

struct ChannelParams {
  int channel = 0;    // in the whole system
  int span = 0;       // 0: none
  int position = 0;   // in the span, from 1
  int signalling = 0; // abi::kSig…
  bool rx_off_hook = false;  // FXS port: the phone is off-hook; FXO port: the line has battery
  Law law = Law::by_span;
  std::string name;
  int flash_ms = 0, pre_flash_ms = 0, start_ms = 0, rx_wink_ms = 0, rx_flash_ms = 0, debounce_ms = 0;
  int alarms = 0;
};
struct SpanStatus {
  int span = 0;
  std::string name, description, location, device, type;
  int alarms = 0;       // abi::kAlarm…
  int line_config = 0;  // abi::kLine…
  int configured_channels = 0, total_channels = 0, total_spans = 0, sync_source = 0;
  int bpv = 0, crc4 = 0, ebit = 0, fas = 0, irq_misses = 0;
};
struct Buffers { int count = 0, size = 0; };  // policy is always "at once"

class Channel {
 public:
  virtual ~Channel() = default;  // closes it
  virtual int fd() const = 0;    // POLLIN: a block or frame, POLLPRI: an event, POLLERR: the hardware is gone

  virtual Io<ChannelParams> params() = 0;
  virtual Io<void> set_times(const ChannelParams& times) = 0;  // its …_ms members; the others are the kernel's
  virtual Io<void> set_buffers(Buffers buffers) = 0;
  virtual Io<void> set_law(Law law) = 0;
  virtual Io<void> audio_mode(bool on) = 0;
  virtual Io<void> buffer_events(bool on) = 0;
  virtual Io<void> flush() = 0;          // both buffers and the events
  virtual Io<void> flush_audio() = 0;    // both buffers
  virtual Io<void> set_gains(const LawTable& rx, const LawTable& tx) = 0;
  virtual Io<void> set_hw_gain(bool tx, int tenth_db) = 0;
  virtual Io<void> echo_cancel(int taps) = 0;  // 0: off. Does nothing without `echocanceller=` in system.conf and without audio mode
  virtual Io<void> echo_cancel_fax() = 0;
  virtual Io<void> monitor_digital(int channel) = 0;  // what that channel (in the whole system) receives is sent here; 0: no more
  virtual Io<void> loopback(bool on) = 0;

  virtual Io<void> hook(Hook hook) = 0;  // EINPROGRESS of the kernel is success: hook_complete, ringer_off or dial_complete follows
  virtual Io<void> set_ring_cadence(std::span<const int> on_off_ms) = 0;
  virtual Io<void> set_tone_zone(int zone) = 0;  // -1: the default one; without a zone the bell cannot ring
  virtual Io<void> on_hook_transfer(int ms) = 0; // audio reaches a phone that is on-hook: caller ID
  virtual Io<void> set_polarity(bool reversed) = 0;
  virtual Io<int> rx_bits() = 0;                 // CAS: ABCD
  virtual Io<void> set_tx_bits(int bits) = 0;

  virtual Io<ChannelEvent> event() = 0;          // the oldest; kind none: there is none
  virtual Io<std::size_t> read(std::span<std::uint8_t> into) = 0;
  virtual Io<std::size_t> write(std::span<const std::uint8_t> from) = 0;
};

class Device {
 public:
  virtual ~Device() = default;
  virtual Io<std::unique_ptr<Channel>> open(int channel) = 0;  // number in the whole system, from 1
  virtual Io<std::unique_ptr<Channel>> open_pseudo() = 0;      // of no span: its blocks only keep the board's time
  virtual Io<ChannelParams> params(int channel) = 0;           // without opening it
  virtual Io<SpanStatus> span(int number) = 0;
  virtual Io<void> maintenance(int span, int command) = 0;
};

inline constexpr const char* kDahdiDir = "/dev/dahdi";
std::unique_ptr<Device> make_kernel_device(std::string dir = kDahdiDir);

}  // namespace sr::dahdi
