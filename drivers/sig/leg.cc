// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/leg.h"

namespace sr::sig {

namespace {
constexpr int kNoUserResponding = 18, kNoAnswer = 19, kInvalidNumber = 28, kRecoveryOnTimer = 102;
}

LegTimer timer_of(LegPhase phase, bool in_band, const PriConfig& config) {
  switch (phase) {
    case LegPhase::overlap_receiving: return {LegEvent::t302, config.t302, kInvalidNumber, kInvalidNumber};
    case LegPhase::overlap_sending: return {LegEvent::t304, config.t304, kRecoveryOnTimer, kInvalidNumber};
    case LegPhase::outgoing_proceeding:
      // In-band information stops T310 (5.1.6); T301 then bounds the call, which otherwise could wait for ever.
      if (in_band) return {LegEvent::t301, config.t301, kRecoveryOnTimer, kNoAnswer};
      return {LegEvent::t310, config.t310, kRecoveryOnTimer, kNoUserResponding};
    case LegPhase::call_delivered: return {LegEvent::t301, config.t301, kRecoveryOnTimer, kNoAnswer};
    default: return {};
  }
}

bool number_is_complete(std::string_view digits, bool sending_complete, const PriConfig& config) {
  if (sending_complete || !config.overlap_receiving) return true;
  return config.number_length > 0 && digits.size() >= config.number_length;
}

bool number_will_do(std::string_view digits, const PriConfig& config) { return !digits.empty() && digits.size() >= config.number_length; }

Dialled split_called(const std::string& called) {
  const auto bar = called.find('|');
  if (bar == std::string::npos) return {called, {}, true};
  return {called.substr(0, bar), called.substr(bar + 1), false};
}

board::LegState to_leg_state(LegPhase phase) {
  using board::LegState;
  switch (phase) {
    case LegPhase::null: return LegState::null;
    case LegPhase::call_initiated:
    case LegPhase::overlap_sending: return LegState::dialing;
    case LegPhase::outgoing_proceeding:
    case LegPhase::incoming_proceeding: return LegState::proceeding;
    case LegPhase::call_delivered: return LegState::delivered;
    case LegPhase::call_present: return LegState::offered;
    case LegPhase::overlap_receiving: return LegState::overlap;
    case LegPhase::call_received:
    case LegPhase::connect_request: return LegState::alerting;
    case LegPhase::active: return LegState::connected;
    case LegPhase::disconnect_request:
    case LegPhase::release_request: return LegState::clearing;
    case LegPhase::count_: break;
  }
  return LegState::null;
}

std::string_view phase_name(LegPhase phase) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(LegPhase::count_)> kNames = {
      "null", "call_initiated", "overlap_sending", "outgoing_proceeding", "call_delivered", "call_present", "overlap_receiving",
      "incoming_proceeding", "call_received", "connect_request", "active", "disconnect_request", "release_request"};
  return kNames[static_cast<std::size_t>(phase)];
}

std::string_view event_name(LegEvent event) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(LegEvent::count_)> kNames = {
      "dial", "setup", "booked", "booked_overlap", "booked_refuse", "booked_gone", "alert", "announce", "answer", "clear", "digits", "number_complete", "setup_ack",
      "proceeding", "progress", "alerting", "connect", "connect_ack", "disconnect", "gone", "restart", "glare", "t301", "t302", "t304", "t310"};
  return kNames[static_cast<std::size_t>(event)];
}

}  // namespace sr::sig
