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
inline constexpr Duration kPolaritySettle = 600ms;  // a reversal so soon after our off-hook is the loop closing, no answer and no end

enum class FxoPhase {
  idle,
  announced,  // it rings; who calls is not known yet
  offered,    // it rings; the Offered is not durable yet
  ringing,    // booked
  refused,    // it rings on, but its leg was cleared: an analog line cannot say no
  dialled,    // by us; answered for all that we know: the first reversal is the far end's answer
  awaiting,   // dialled by us; the first reversal answers it
  off_hook,   // the far end is there: a reversal says that it has gone
  count_
};
enum class FxoEvent {
  ring_on, ring_unknown, ring_off, ring_gap, caller_id, battery_drop, polarity, busy_tone, line_lost, booked, booked_answered, answer, alert, clear, dial,
  dial_supervised, flash, count_
};
enum class FxoAction {
  offer, offer_gone, keep_number, forget, bell, keep_answer, pick_up, caller_gone, refuse, hang_up, seize, seize_only, far_answered, send_flash, dropped,
  reversed, busy, not_reached, lost, end_ring, nothing
};

using FxoRow = fsm::Row<FxoPhase, FxoEvent, FxoAction>;

namespace fxo_table {
using P = FxoPhase;
using E = FxoEvent;
using A = FxoAction;
inline constexpr std::array kFxoTable = {
    FxoRow{P::idle, E::caller_id, P::idle, A::keep_number, "EN 300 659-1: before the first ring; a ring follows within kRingGap"},
    FxoRow{P::idle, E::ring_on, P::offered, A::offer, "the first burst is the call"},
    FxoRow{P::idle, E::ring_unknown, P::announced, A::bell, "EN 300 659-1: the number comes between the first two rings"},
    FxoRow{P::idle, E::ring_off, P::idle, A::nothing, "the end of a burst that was answered"},
    FxoRow{P::idle, E::ring_gap, P::idle, A::forget, "a number without a ring"},
    FxoRow{P::idle, E::polarity, P::idle, A::nothing, "EN 300 659-1: a number may begin with it"},
    FxoRow{P::idle, E::dial, P::dialled, A::seize, "loop seizure"},
    FxoRow{P::idle, E::dial_supervised, P::awaiting, A::seize_only, "loop seizure; the line tells the answer"},
    FxoRow{P::idle, E::battery_drop, P::idle, A::nothing, "the exchange frees the line"},

    FxoRow{P::announced, E::caller_id, P::offered, A::offer, "the number is complete, withheld ones too"},
    FxoRow{P::announced, E::ring_off, P::announced, A::bell, "the pause in which the number comes"},
    FxoRow{P::announced, E::ring_on, P::offered, A::offer, "the second ring: no number comes"},
    FxoRow{P::announced, E::ring_unknown, P::offered, A::offer, "the second ring: no number comes"},
    FxoRow{P::announced, E::ring_gap, P::idle, A::offer_gone, "somebody called and gave up: booked nevertheless"},
    FxoRow{P::announced, E::polarity, P::announced, A::nothing, "EN 300 659-1"},
    FxoRow{P::announced, E::battery_drop, P::idle, A::offer_gone, "kewl start"},
    FxoRow{P::announced, E::line_lost, P::idle, A::offer_gone, "carrier lost"},

    FxoRow{P::offered, E::ring_on, P::offered, A::bell, "further bursts"},
    FxoRow{P::offered, E::polarity, P::offered, A::nothing, "EN 300 659-1"},
    FxoRow{P::offered, E::ring_unknown, P::offered, A::bell, "further bursts"},
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
    FxoRow{P::ringing, E::polarity, P::ringing, A::nothing, "EN 300 659-1"},
    FxoRow{P::ringing, E::ring_unknown, P::ringing, A::bell, "further bursts"},
    FxoRow{P::ringing, E::ring_off, P::ringing, A::bell, "further bursts"},
    FxoRow{P::ringing, E::alert, P::ringing, A::nothing, "an analog caller hears the exchange's ringback"},
    FxoRow{P::ringing, E::answer, P::off_hook, A::pick_up, "ring trip"},
    FxoRow{P::ringing, E::clear, P::refused, A::refuse, "cannot be told to the caller"},
    FxoRow{P::ringing, E::ring_gap, P::idle, A::caller_gone, "kRingGap"},
    FxoRow{P::ringing, E::battery_drop, P::idle, A::dropped, "kewl start"},
    FxoRow{P::ringing, E::line_lost, P::idle, A::lost, "carrier lost: cause 27"},

    FxoRow{P::refused, E::ring_on, P::refused, A::bell, "it rings on"},
    FxoRow{P::refused, E::polarity, P::refused, A::nothing, "EN 300 659-1"},
    FxoRow{P::refused, E::ring_unknown, P::refused, A::bell, "further bursts"},
    FxoRow{P::refused, E::ring_off, P::refused, A::bell, "it rings on"},
    FxoRow{P::refused, E::ring_gap, P::idle, A::end_ring, "kRingGap"},
    FxoRow{P::refused, E::battery_drop, P::idle, A::end_ring, "kewl start"},
    FxoRow{P::refused, E::line_lost, P::idle, A::end_ring, "carrier lost"},

    FxoRow{P::dialled, E::ring_off, P::dialled, A::nothing, "the burst that we answered, or into which we dialled"},
    FxoRow{P::dialled, E::flash, P::dialled, A::send_flash, "recall"},
    FxoRow{P::dialled, E::polarity, P::off_hook, A::nothing, "the far end answers; we counted it as answered"},
    FxoRow{P::dialled, E::busy_tone, P::idle, A::busy, "Q.35: the far end has hung up"},
    FxoRow{P::dialled, E::clear, P::idle, A::hang_up, "on-hook"},
    FxoRow{P::dialled, E::battery_drop, P::idle, A::dropped, "kewl start: the far end hung up"},
    FxoRow{P::dialled, E::line_lost, P::idle, A::lost, "carrier lost: cause 27"},

    FxoRow{P::awaiting, E::ring_off, P::awaiting, A::nothing, "the burst that we answered, or into which we dialled"},
    FxoRow{P::awaiting, E::flash, P::awaiting, A::send_flash, "recall"},
    FxoRow{P::awaiting, E::polarity, P::off_hook, A::far_answered, "answer supervision"},
    FxoRow{P::awaiting, E::busy_tone, P::idle, A::not_reached, "the number is busy or cannot be reached"},
    FxoRow{P::awaiting, E::clear, P::idle, A::hang_up, "on-hook"},
    FxoRow{P::awaiting, E::battery_drop, P::idle, A::dropped, "kewl start: the far end hung up"},
    FxoRow{P::awaiting, E::line_lost, P::idle, A::lost, "carrier lost: cause 27"},

    FxoRow{P::off_hook, E::ring_off, P::off_hook, A::nothing, "the burst that we answered, or into which we dialled"},
    FxoRow{P::off_hook, E::flash, P::off_hook, A::send_flash, "recall"},
    FxoRow{P::off_hook, E::polarity, P::idle, A::reversed, "the far end has hung up"},
    FxoRow{P::off_hook, E::busy_tone, P::idle, A::busy, "Q.35: the far end has hung up"},
    FxoRow{P::off_hook, E::clear, P::idle, A::hang_up, "on-hook"},
    FxoRow{P::off_hook, E::battery_drop, P::idle, A::dropped, "kewl start: the far end hung up"},
    FxoRow{P::off_hook, E::line_lost, P::idle, A::lost, "carrier lost: cause 27"},
};
static_assert(fsm::deterministic(kFxoTable));
static_assert(fsm::reachable(kFxoTable, P::idle));
static_assert(fsm::returns(kFxoTable, P::idle));
static_assert(fsm::handled_everywhere(kFxoTable, E::battery_drop, std::array<P, 0>{}));
static_assert(fsm::handled_everywhere(kFxoTable, E::line_lost, std::array{P::idle}));
static_assert(fsm::handled_everywhere(kFxoTable, E::polarity, std::array<P, 0>{}));
static_assert(fsm::handled_everywhere(kFxoTable, E::clear, std::array{P::idle, P::announced, P::refused}));
static_assert(fsm::handled_everywhere(kFxoTable, E::ring_gap, std::array{P::dialled, P::awaiting, P::off_hook}));
static_assert(fsm::handled_everywhere(kFxoTable, E::busy_tone, std::array{P::idle, P::announced, P::offered, P::ringing, P::refused}));
}  // namespace fxo_table
using fxo_table::kFxoTable;

bool is_off_hook(FxoPhase phase);
board::LegState to_leg_state(FxoPhase phase);

}  // namespace sr::sig
