// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/analog_port.h"

#include <utility>

namespace sr::dahdi {

int signalling_of(SpanKind kind, Start start) {
  const bool phone = kind == SpanKind::fxs;
  switch (start) {
    case Start::kewl: return phone ? abi::kSigFxoKs : abi::kSigFxsKs;
    case Start::loop: return phone ? abi::kSigFxoLs : abi::kSigFxsLs;
    case Start::ground: return phone ? abi::kSigFxoGs : abi::kSigFxsGs;
  }
  return abi::kSigNone;
}

const char* start_name(Start start) { return start == Start::kewl ? "kewl" : start == Start::loop ? "loop" : "ground"; }

namespace {

PortHeard hear_phone(AnalogPort& port, const ChannelEvent& event) {
  switch (event.kind) {
    case EventKind::ring_off_hook:
      if (std::exchange(port.off_hook, true)) return {};
      port.ringing = false;
      return {LineSignal::off_hook, Hook::off_hook, 0};
    case EventKind::on_hook:
      port.off_hook = false;
      return {LineSignal::on_hook, Hook::on_hook, 0};
    case EventKind::wink_flash: return port.off_hook ? PortHeard{LineSignal::flash, {}, 0} : PortHeard{};
    case EventKind::pulse_digit: return port.off_hook ? PortHeard{{}, {}, event.digit} : PortHeard{};
    default: return {};
  }
}

PortHeard hear_exchange(AnalogPort& port, const ChannelEvent& event) {
  switch (event.kind) {
    case EventKind::ring_begin:
      port.ringing = true;
      return {LineSignal::ring_on, {}, 0};
    case EventKind::ring_off_hook: return std::exchange(port.ringing, false) ? PortHeard{LineSignal::ring_off, {}, 0} : PortHeard{};
    case EventKind::on_hook: return port.off_hook ? PortHeard{LineSignal::battery_drop, {}, 0} : PortHeard{};  // ground start tells it between bursts, too
    case EventKind::polarity: return {LineSignal::polarity, {}, 0};
    default: return {};
  }
}

}  // namespace

PortHeard hear_event(AnalogPort& port, const ChannelEvent& event) { return port.kind == SpanKind::fxs ? hear_phone(port, event) : hear_exchange(port, event); }

std::optional<Hook> hook_for(AnalogPort& port, LineSignal signal) {
  const bool phone = port.kind == SpanKind::fxs;
  switch (signal) {
    case LineSignal::ring_on:
      if (!phone || port.off_hook) return std::nullopt;
      port.ringing = true;
      return Hook::ring;
    case LineSignal::ring_off:
      if (!phone || port.off_hook || !std::exchange(port.ringing, false)) return std::nullopt;  // a phone that answered has ended the ring
      return Hook::ring_off;
    case LineSignal::battery_drop: return phone ? std::optional(Hook::on_hook) : std::nullopt;
    case LineSignal::off_hook:
      if (phone) return std::nullopt;
      port.off_hook = true;
      return port.start == Start::ground && !port.ringing ? Hook::start : Hook::off_hook;
    case LineSignal::on_hook:
      if (phone) return std::nullopt;
      port.off_hook = port.ringing = false;
      return Hook::on_hook;
    case LineSignal::flash: return phone ? std::nullopt : std::optional(Hook::flash);
    case LineSignal::caller_id:
    case LineSignal::polarity:
    case LineSignal::busy_tone:
    case LineSignal::dial:
    case LineSignal::out_of_service:
    case LineSignal::in_service: break;
  }
  return std::nullopt;
}

}  // namespace sr::dahdi
