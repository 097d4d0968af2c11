// The life of a phone's line (FXS port). `busy_tone` and what follows are the line's own: the leg is released by then.
// Ring cadence (China: 1 s on, 4 s off) and tones are the board's; what the phone does comes as line signals.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <string_view>

#include "drivers/base/fsm.h"
#include "drivers/board/board.h"

namespace sr::sig {

enum class FxsPhase {
  idle,         // on-hook
  ringing,      // a leg rings it
  dial_tone,    // off-hook by itself, no digit yet; has a leg
  dialling,     // a digit was heard; has a leg
  talking,      // it answered, or its call goes on; has a leg
  congestion,   // off-hook without a leg: ctid is away, or nothing was dialled
  busy_tone,    // off-hook, its call is over
  howler,       // off-hook for too long
  count_
};
enum class FxsEvent { ring, off_hook, on_hook, flash, digit, clear, answer, line_lost, t_dial, t_howler, off_hook_alone, count_ };
enum class FxsAction { start_ringing, answered, stop_ringing, begin, begin_alone, end, end_silently, stop_tone, flashed, give_up, give_busy, howl, quiet, through, nothing };

using FxsRow = fsm::Row<FxsPhase, FxsEvent, FxsAction>;

namespace fxs_table {
using P = FxsPhase;
using E = FxsEvent;
using A = FxsAction;
inline constexpr std::array kFxsTable = {
    FxsRow{P::idle, E::ring, P::ringing, A::start_ringing, "ETS 300 001 ch. 6: ringing current"},
    FxsRow{P::idle, E::off_hook, P::dial_tone, A::begin, "Q.35: dial tone"},
    FxsRow{P::idle, E::off_hook_alone, P::congestion, A::begin_alone, "protocol-board.md, Alone"},
    FxsRow{P::idle, E::on_hook, P::idle, A::nothing, "a repeated signal"},
    FxsRow{P::idle, E::flash, P::idle, A::nothing, "a flash on-hook"},

    FxsRow{P::ringing, E::off_hook, P::talking, A::answered, "ring trip"},
    FxsRow{P::ringing, E::off_hook_alone, P::talking, A::answered, "ring trip; the leg was there before ctid went"},
    FxsRow{P::ringing, E::clear, P::idle, A::stop_ringing, "the caller is gone"},
    FxsRow{P::ringing, E::on_hook, P::ringing, A::nothing, "a repeated signal"},
    FxsRow{P::ringing, E::line_lost, P::idle, A::end, "carrier lost: cause 27"},

    FxsRow{P::dial_tone, E::digit, P::dialling, A::stop_tone, "Q.35: dial tone ends with the first digit"},
    FxsRow{P::dial_tone, E::t_dial, P::congestion, A::give_up, "nothing dialled: congestion, then howler"},
    FxsRow{P::dial_tone, E::answer, P::talking, A::through, "the leg goes on without a number (callback to its owner)"},
    FxsRow{P::dial_tone, E::clear, P::busy_tone, A::give_busy, "Q.35: busy tone"},
    FxsRow{P::dial_tone, E::on_hook, P::idle, A::end, "on-hook"},
    FxsRow{P::dial_tone, E::flash, P::dial_tone, A::nothing, "nothing to flash"},
    FxsRow{P::dial_tone, E::line_lost, P::idle, A::end, "carrier lost: cause 27"},

    FxsRow{P::dialling, E::digit, P::dialling, A::nothing, "further digits"},
    FxsRow{P::dialling, E::answer, P::talking, A::through, "the call goes through"},
    FxsRow{P::dialling, E::clear, P::busy_tone, A::give_busy, "Q.35: busy tone"},
    FxsRow{P::dialling, E::on_hook, P::idle, A::end, "on-hook"},
    FxsRow{P::dialling, E::flash, P::dialling, A::flashed, "recall"},
    FxsRow{P::dialling, E::line_lost, P::idle, A::end, "carrier lost: cause 27"},

    FxsRow{P::talking, E::clear, P::busy_tone, A::give_busy, "Q.35: busy tone when the other side is gone"},
    FxsRow{P::talking, E::on_hook, P::idle, A::end, "on-hook"},
    FxsRow{P::talking, E::flash, P::talking, A::flashed, "recall"},
    FxsRow{P::talking, E::digit, P::talking, A::nothing, "digits in speech are ctid's"},
    FxsRow{P::talking, E::line_lost, P::idle, A::end, "carrier lost: cause 27"},

    FxsRow{P::congestion, E::on_hook, P::idle, A::quiet, "on-hook"},
    FxsRow{P::congestion, E::t_howler, P::howler, A::howl, "Q.35: howler"},
    FxsRow{P::congestion, E::flash, P::congestion, A::nothing, "nothing to flash"},
    FxsRow{P::congestion, E::line_lost, P::idle, A::end_silently, "carrier lost"},

    FxsRow{P::busy_tone, E::on_hook, P::idle, A::quiet, "on-hook"},
    FxsRow{P::busy_tone, E::t_howler, P::howler, A::howl, "Q.35: howler"},
    FxsRow{P::busy_tone, E::flash, P::busy_tone, A::nothing, "nothing to flash"},
    FxsRow{P::busy_tone, E::line_lost, P::idle, A::end_silently, "carrier lost"},

    FxsRow{P::howler, E::on_hook, P::idle, A::quiet, "on-hook ends it"},
    FxsRow{P::howler, E::flash, P::howler, A::nothing, "nothing to flash"},
    FxsRow{P::howler, E::line_lost, P::idle, A::end_silently, "carrier lost"},
};
static_assert(fsm::deterministic(kFxsTable));
static_assert(fsm::reachable(kFxsTable, P::idle));
static_assert(fsm::returns(kFxsTable, P::idle));
static_assert(fsm::handled_everywhere(kFxsTable, E::on_hook, std::array<P, 0>{}));
static_assert(fsm::handled_everywhere(kFxsTable, E::flash, std::array{P::ringing}));
static_assert(fsm::handled_everywhere(kFxsTable, E::line_lost, std::array{P::idle}));
static_assert(fsm::handled_everywhere(kFxsTable, E::clear, std::array{P::idle, P::congestion, P::busy_tone, P::howler}));
}  // namespace fxs_table
using fxs_table::kFxsTable;

bool is_off_hook(FxsPhase phase);
bool has_leg(FxsPhase phase);
std::string_view tone_in(FxsPhase phase);  // what the line itself plays: dial congestion busy howler, "" nothing
board::LegState to_leg_state(FxsPhase phase);

}  // namespace sr::sig
