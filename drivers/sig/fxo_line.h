// The life of an exchange line (FXO port: we are the phone). An exchange does not say that a caller has given up: the bell just
// stays silent, kRingGap after the last burst.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <string_view>

#include "drivers/base/fsm.h"
#include "drivers/base/time.h"
#include "drivers/board/board.h"

namespace sr::sig {

inline constexpr Duration kRingGap = 6s;  // longer than the pause of any cadence (China 4 s)

enum class FxoPhase {
  idle,
  offered,   // it rings; the Offered is not durable yet
  ringing,   // booked
  refused,   // it rings on, but its leg was cleared: an analog line cannot say no
  off_hook,  // answered or dialled
  count_
};
enum class FxoEvent { ring_on, ring_off, ring_gap, battery_drop, line_lost, booked, booked_answered, answer, alert, clear, dial, flash, count_ };
enum class FxoAction { offer, bell, keep_answer, pick_up, caller_gone, refuse, hang_up, seize, send_flash, dropped, lost, end_ring, nothing };

using FxoRow = fsm::Row<FxoPhase, FxoEvent, FxoAction>;

namespace fxo_table {
using P = FxoPhase;
using E = FxoEvent;
using A = FxoAction;
inline constexpr std::array kFxoTable = {
    FxoRow{P::idle, E::ring_on, P::offered, A::offer, "the first burst is the call"},
    FxoRow{P::idle, E::ring_off, P::idle, A::nothing, "the end of a burst that was answered"},
    FxoRow{P::idle, E::dial, P::off_hook, A::seize, "loop seizure"},
    FxoRow{P::idle, E::battery_drop, P::idle, A::nothing, "the exchange frees the line"},

    FxoRow{P::offered, E::ring_on, P::offered, A::bell, "further bursts"},
    FxoRow{P::offered, E::ring_off, P::offered, A::bell, "further bursts"},
    FxoRow{P::offered, E::alert, P::offered, A::nothing, "an analog caller hears the exchange's ringback"},
    FxoRow{P::offered, E::answer, P::offered, A::keep_answer, "nothing is sent before the Offered is durable"},
    FxoRow{P::offered, E::booked, P::ringing, A::nothing, "the Offered is durable"},
    FxoRow{P::offered, E::booked_answered, P::off_hook, A::pick_up, "the Offered is durable, an answer was kept"},
    FxoRow{P::offered, E::clear, P::refused, A::refuse, "cannot be told to the caller"},
    FxoRow{P::offered, E::ring_gap, P::idle, A::caller_gone, "kRingGap"},
    FxoRow{P::offered, E::battery_drop, P::idle, A::dropped, "kewl start"},
    FxoRow{P::offered, E::line_lost, P::idle, A::lost, "carrier lost: cause 27"},

    FxoRow{P::ringing, E::ring_on, P::ringing, A::bell, "further bursts"},
    FxoRow{P::ringing, E::ring_off, P::ringing, A::bell, "further bursts"},
    FxoRow{P::ringing, E::alert, P::ringing, A::nothing, "an analog caller hears the exchange's ringback"},
    FxoRow{P::ringing, E::answer, P::off_hook, A::pick_up, "ring trip"},
    FxoRow{P::ringing, E::clear, P::refused, A::refuse, "cannot be told to the caller"},
    FxoRow{P::ringing, E::ring_gap, P::idle, A::caller_gone, "kRingGap"},
    FxoRow{P::ringing, E::battery_drop, P::idle, A::dropped, "kewl start"},
    FxoRow{P::ringing, E::line_lost, P::idle, A::lost, "carrier lost: cause 27"},

    FxoRow{P::refused, E::ring_on, P::refused, A::bell, "it rings on"},
    FxoRow{P::refused, E::ring_off, P::refused, A::bell, "it rings on"},
    FxoRow{P::refused, E::ring_gap, P::idle, A::end_ring, "kRingGap"},
    FxoRow{P::refused, E::battery_drop, P::idle, A::end_ring, "kewl start"},
    FxoRow{P::refused, E::line_lost, P::idle, A::end_ring, "carrier lost"},

    FxoRow{P::off_hook, E::ring_off, P::off_hook, A::nothing, "the burst that we answered"},
    FxoRow{P::off_hook, E::flash, P::off_hook, A::send_flash, "recall"},
    FxoRow{P::off_hook, E::clear, P::idle, A::hang_up, "on-hook"},
    FxoRow{P::off_hook, E::battery_drop, P::idle, A::dropped, "kewl start: the far end hung up"},
    FxoRow{P::off_hook, E::line_lost, P::idle, A::lost, "carrier lost: cause 27"},
};
static_assert(fsm::deterministic(kFxoTable));
static_assert(fsm::reachable(kFxoTable, P::idle));
static_assert(fsm::returns(kFxoTable, P::idle));
static_assert(fsm::handled_everywhere(kFxoTable, E::battery_drop, std::array<P, 0>{}));
static_assert(fsm::handled_everywhere(kFxoTable, E::line_lost, std::array{P::idle}));
static_assert(fsm::handled_everywhere(kFxoTable, E::clear, std::array{P::idle, P::refused}));
static_assert(fsm::handled_everywhere(kFxoTable, E::ring_gap, std::array{P::idle, P::off_hook}));
}  // namespace fxo_table
using fxo_table::kFxoTable;

board::LegState to_leg_state(FxoPhase phase);

}  // namespace sr::sig
