// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/fxs_line.h"

namespace sr::sig {

bool is_off_hook(FxsPhase phase) { return phase != FxsPhase::idle && phase != FxsPhase::ringing; }

bool has_leg(FxsPhase phase) {
  return phase == FxsPhase::ringing || phase == FxsPhase::dial_tone || phase == FxsPhase::dialling || phase == FxsPhase::talking;
}

std::string_view tone_in(FxsPhase phase) {
  switch (phase) {
    case FxsPhase::dial_tone: return "dial";
    case FxsPhase::congestion: return "congestion";
    case FxsPhase::busy_tone: return "busy";
    case FxsPhase::howler: return "howler";
    default: return "";
  }
}

board::LegState to_leg_state(FxsPhase phase) {
  using board::LegState;
  switch (phase) {
    case FxsPhase::ringing: return LegState::delivered;
    case FxsPhase::dial_tone: return LegState::initiated;
    case FxsPhase::dialling: return LegState::dialing;
    case FxsPhase::talking: return LegState::connected;
    default: return LegState::null;
  }
}

}  // namespace sr::sig
