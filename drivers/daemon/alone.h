// What boardd does by itself while ctid is away, as one table: what happened × what ctid's call was doing (Tag.mode) → act.
// docs/protocol-board.md, "Alone", is this table in words. Pure: core_alone.cc does what alone_act() says.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <string_view>

#include "drivers/board/board.h"

namespace sr::daemon {

enum class Happening {
  lost_unanswered,  // the link went while this incoming leg was not answered yet
  lost_dialling,    // … while this phone had dial tone or was dialling
  lost_outgoing,    // … while this leg was being called (Dial, Ring)
  lost_answered,    // … while this leg was up
  other_gone,       // the other party of its call has hung up
  offered,          // a new SETUP came; its Offered is in the spool file
  waited,           // fallback_after has passed since it was alerted
  answered,         // a leg that ctid was calling has been answered
  prompt_ended,     // what it was told is over
  off_hook,         // a phone went off-hook by itself
  count_
};

enum class AloneAct {
  keep,         // as it is
  music,        // music at once
  music_after,  // music, after the announcement it hears now
  congestion,   // congestion tone
  release,      // cause 16; a phone gets busy tone
  alert,        // CALL PROCEEDING, ALERTING, and the clock of the fallback starts
  fallback,     // answer and play the fallback announcement
};

struct AloneRow {
  Happening on;
  std::array<AloneAct, 5> by_mode;  // none, script, queued, alerting, connected
  std::string_view says;
};

inline constexpr std::array kAlone = {
    //                                      none         script       queued       alerting     connected
    AloneRow{Happening::lost_unanswered, {AloneAct::alert, AloneAct::alert, AloneAct::alert, AloneAct::alert, AloneAct::alert}, "treated as a new SETUP"},
    AloneRow{Happening::lost_dialling, {AloneAct::congestion, AloneAct::congestion, AloneAct::keep, AloneAct::keep, AloneAct::keep}, "nobody hears the digits"},
    AloneRow{Happening::lost_outgoing, {AloneAct::keep, AloneAct::keep, AloneAct::keep, AloneAct::keep, AloneAct::keep}, "goes on; the timers of the leg run"},
    AloneRow{Happening::lost_answered, {AloneAct::music, AloneAct::music, AloneAct::music_after, AloneAct::keep, AloneAct::keep}, "a queued leg keeps its music, a leg in a script gets music"},
    AloneRow{Happening::other_gone, {AloneAct::release, AloneAct::music, AloneAct::music_after, AloneAct::release, AloneAct::release}, "one party hangs up: the other is released"},
    AloneRow{Happening::offered, {AloneAct::alert, AloneAct::alert, AloneAct::alert, AloneAct::alert, AloneAct::alert}, "spooled, proceeded, alerted"},
    AloneRow{Happening::waited, {AloneAct::fallback, AloneAct::fallback, AloneAct::fallback, AloneAct::fallback, AloneAct::fallback}, "answered with the fallback announcement"},
    AloneRow{Happening::answered, {AloneAct::music, AloneAct::music, AloneAct::music, AloneAct::music, AloneAct::keep}, "waits with music for ctid to connect it"},
    AloneRow{Happening::prompt_ended, {AloneAct::music, AloneAct::music, AloneAct::music, AloneAct::music, AloneAct::keep}, "music until ctid is back"},
    AloneRow{Happening::off_hook, {AloneAct::congestion, AloneAct::congestion, AloneAct::congestion, AloneAct::congestion, AloneAct::congestion}, "no call can be made now"},
};

constexpr bool alone_complete() {  // one row per happening, in its order
  if (kAlone.size() != static_cast<std::size_t>(Happening::count_)) return false;
  for (std::size_t i = 0; i < kAlone.size(); ++i)
    if (static_cast<std::size_t>(kAlone[i].on) != i) return false;
  return true;
}
static_assert(alone_complete());

constexpr AloneAct alone_act(Happening what, board::Mode mode) {
  return kAlone[static_cast<std::size_t>(what)].by_mode[static_cast<std::size_t>(mode)];
}

// The word in evt::Alone; "" for acts that change nothing and are no event.
constexpr std::string_view alone_word(AloneAct act) {
  switch (act) {
    case AloneAct::keep:
    case AloneAct::music_after: return "";  // its word comes when the music begins
    case AloneAct::music: return "music";
    case AloneAct::congestion: return "congestion";
    case AloneAct::release: return "released";
    case AloneAct::alert: return "alerted";
    case AloneAct::fallback: return "fallback";
  }
  return "";
}

}  // namespace sr::daemon
