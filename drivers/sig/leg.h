// The life of a trunk leg: Q.931's states as the user sees them (figures A.1 to A.6), for both sides, because libpri hides the
// differences. Rows say what we do; what libpri does by itself (T303, T305, T308, T309, T313, retransmission) is not repeated.
// call_present lasts until the Offered is durable: nothing is sent there, commands are kept, and so is the caller's own clearing,
// whose answer would be our first reply to the SETUP.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <string_view>

#include "drivers/base/fsm.h"
#include "drivers/base/time.h"
#include "drivers/board/board.h"
#include "drivers/sig/sig.h"

namespace sr::sig {

enum class LegPhase {
  null,                 // U0
  call_initiated,       // U1  SETUP sent
  overlap_sending,      // U2  SETUP ACKNOWLEDGE came
  outgoing_proceeding,  // U3
  call_delivered,       // U4
  call_present,         // U6  SETUP came, not booked yet
  overlap_receiving,    // U25
  incoming_proceeding,  // U9
  call_received,        // U7  ALERTING sent
  connect_request,      // U8  CONNECT sent
  active,               // U10
  disconnect_request,   // U11 we clear
  release_request,      // U19 the far end cleared, RELEASE sent; nobody above knows the leg any more
  count_
};

enum class LegEvent {
  dial, setup,                                                              // a new leg
  booked, booked_overlap, booked_refuse, booked_gone, alert, announce, answer, clear,              // commands
  digits, number_complete, setup_ack, proceeding, progress, alerting, connect, connect_ack, disconnect, gone, restart, glare,  // the line
  t301, t302, t304, t310,
  count_
};

enum class LegAction {
  send_setup, offer, keep_alert, keep_progress, keep_answer, keep_clear, keep_disconnect,
  send_proceeding, send_setup_ack, refuse, take_digits, complete_number, send_alerting, send_progress, send_connect,
  send_digits, tell_proceeding, tell_progress, tell_alerting, take_connect, tell_answered,
  send_disconnect, time_out, send_release, tell_released, end, drop, lose, nothing
};

using LegRow = fsm::Row<LegPhase, LegEvent, LegAction>;

namespace leg_table {
using P = LegPhase;
using E = LegEvent;
using A = LegAction;
inline constexpr std::array kLegTable = {
    LegRow{P::null, E::dial, P::call_initiated, A::send_setup, "Q.931 5.1.1"},
    LegRow{P::null, E::setup, P::call_present, A::offer, "Q.931 5.2.1"},

    LegRow{P::call_initiated, E::setup_ack, P::overlap_sending, A::send_digits, "Q.931 5.1.3"},
    LegRow{P::call_initiated, E::proceeding, P::outgoing_proceeding, A::tell_proceeding, "Q.931 5.1.5.1"},
    LegRow{P::call_initiated, E::alerting, P::call_delivered, A::tell_alerting, "Q.931 5.1.7"},
    LegRow{P::call_initiated, E::connect, P::active, A::take_connect, "Q.931 5.1.8"},
    LegRow{P::call_initiated, E::progress, P::call_initiated, A::tell_progress, "Q.931 5.1.6"},
    LegRow{P::call_initiated, E::clear, P::disconnect_request, A::send_disconnect, "Q.931 5.3.3"},
    LegRow{P::call_initiated, E::disconnect, P::release_request, A::send_release, "Q.931 5.3.4"},
    LegRow{P::call_initiated, E::gone, P::null, A::tell_released, "Q.931 5.1.4, T303"},
    LegRow{P::call_initiated, E::restart, P::null, A::drop, "Q.931 5.5"},
    LegRow{P::call_initiated, E::glare, P::disconnect_request, A::lose, "Q.931 5.7"},

    LegRow{P::overlap_sending, E::proceeding, P::outgoing_proceeding, A::tell_proceeding, "Q.931 5.1.5.2"},
    LegRow{P::overlap_sending, E::alerting, P::call_delivered, A::tell_alerting, "Q.931 5.1.7"},
    LegRow{P::overlap_sending, E::connect, P::active, A::take_connect, "Q.931 5.1.8"},
    LegRow{P::overlap_sending, E::progress, P::overlap_sending, A::tell_progress, "Q.931 5.1.6"},
    LegRow{P::overlap_sending, E::clear, P::disconnect_request, A::send_disconnect, "Q.931 5.3.3"},
    LegRow{P::overlap_sending, E::disconnect, P::release_request, A::send_release, "Q.931 5.3.4"},
    LegRow{P::overlap_sending, E::gone, P::null, A::tell_released, "Q.931 5.3.4"},
    LegRow{P::overlap_sending, E::restart, P::null, A::drop, "Q.931 5.5"},
    LegRow{P::overlap_sending, E::t304, P::disconnect_request, A::time_out, "Q.931 table 9-2, T304"},

    LegRow{P::outgoing_proceeding, E::alerting, P::call_delivered, A::tell_alerting, "Q.931 5.1.7"},
    LegRow{P::outgoing_proceeding, E::connect, P::active, A::take_connect, "Q.931 5.1.8"},
    LegRow{P::outgoing_proceeding, E::progress, P::outgoing_proceeding, A::tell_progress, "Q.931 5.1.6"},
    LegRow{P::outgoing_proceeding, E::clear, P::disconnect_request, A::send_disconnect, "Q.931 5.3.3"},
    LegRow{P::outgoing_proceeding, E::disconnect, P::release_request, A::send_release, "Q.931 5.3.4"},
    LegRow{P::outgoing_proceeding, E::gone, P::null, A::tell_released, "Q.931 5.3.4"},
    LegRow{P::outgoing_proceeding, E::restart, P::null, A::drop, "Q.931 5.5"},
    LegRow{P::outgoing_proceeding, E::t310, P::disconnect_request, A::time_out, "Q.931 table 9-2, T310"},
    LegRow{P::outgoing_proceeding, E::t301, P::disconnect_request, A::time_out, "T301 after PROGRESS stopped T310"},

    LegRow{P::call_delivered, E::connect, P::active, A::take_connect, "Q.931 5.1.8"},
    LegRow{P::call_delivered, E::progress, P::call_delivered, A::tell_progress, "Q.931 5.1.6"},
    LegRow{P::call_delivered, E::clear, P::disconnect_request, A::send_disconnect, "Q.931 5.3.3"},
    LegRow{P::call_delivered, E::disconnect, P::release_request, A::send_release, "Q.931 5.3.4"},
    LegRow{P::call_delivered, E::gone, P::null, A::tell_released, "Q.931 5.3.4"},
    LegRow{P::call_delivered, E::restart, P::null, A::drop, "Q.931 5.5"},
    LegRow{P::call_delivered, E::t301, P::disconnect_request, A::time_out, "Q.931 table 9-2, T301"},

    LegRow{P::call_present, E::alert, P::call_present, A::keep_alert, "nothing is sent before the Offered is durable"},
    LegRow{P::call_present, E::announce, P::call_present, A::keep_progress, "nothing is sent before the Offered is durable"},
    LegRow{P::call_present, E::answer, P::call_present, A::keep_answer, "nothing is sent before the Offered is durable"},
    LegRow{P::call_present, E::clear, P::call_present, A::keep_clear, "nothing is sent before the Offered is durable"},
    LegRow{P::call_present, E::digits, P::call_present, A::take_digits, "Q.931 5.2.4"},
    LegRow{P::call_present, E::booked, P::incoming_proceeding, A::send_proceeding, "Q.931 5.2.5.1"},
    LegRow{P::call_present, E::booked_overlap, P::overlap_receiving, A::send_setup_ack, "Q.931 5.2.4"},
    LegRow{P::call_present, E::booked_refuse, P::disconnect_request, A::refuse, "Q.931 5.2.5.1, 5.3.2"},
    LegRow{P::call_present, E::disconnect, P::call_present, A::keep_disconnect, "nothing is sent before the Offered is durable"},
    LegRow{P::call_present, E::booked_gone, P::release_request, A::send_release, "Q.931 5.3.4, kept until now"},
    LegRow{P::call_present, E::gone, P::null, A::tell_released, "Q.931 5.3.2: cleared before our first reply"},
    LegRow{P::call_present, E::restart, P::null, A::drop, "Q.931 5.5"},

    LegRow{P::overlap_receiving, E::digits, P::overlap_receiving, A::take_digits, "Q.931 5.2.4: T302 begins anew"},
    LegRow{P::overlap_receiving, E::number_complete, P::incoming_proceeding, A::complete_number, "Q.931 5.2.5.1"},
    LegRow{P::overlap_receiving, E::alert, P::call_received, A::send_alerting, "Q.931 5.2.5.2"},
    LegRow{P::overlap_receiving, E::answer, P::connect_request, A::send_connect, "Q.931 5.2.7"},
    LegRow{P::overlap_receiving, E::clear, P::disconnect_request, A::send_disconnect, "Q.931 5.3.3"},
    LegRow{P::overlap_receiving, E::disconnect, P::release_request, A::send_release, "Q.931 5.3.4"},
    LegRow{P::overlap_receiving, E::gone, P::null, A::tell_released, "Q.931 5.3.4"},
    LegRow{P::overlap_receiving, E::restart, P::null, A::drop, "Q.931 5.5"},
    LegRow{P::overlap_receiving, E::t302, P::disconnect_request, A::time_out, "Q.931 5.2.4: number incomplete, cause 28"},

    LegRow{P::incoming_proceeding, E::alert, P::call_received, A::send_alerting, "Q.931 5.2.5.2"},
    LegRow{P::incoming_proceeding, E::announce, P::incoming_proceeding, A::send_progress, "Q.931 5.2.6: in-band information before the answer"},
    LegRow{P::incoming_proceeding, E::answer, P::connect_request, A::send_connect, "Q.931 5.2.7"},
    LegRow{P::incoming_proceeding, E::clear, P::disconnect_request, A::send_disconnect, "Q.931 5.3.3"},
    LegRow{P::incoming_proceeding, E::disconnect, P::release_request, A::send_release, "Q.931 5.3.4"},
    LegRow{P::incoming_proceeding, E::gone, P::null, A::tell_released, "Q.931 5.3.4"},
    LegRow{P::incoming_proceeding, E::restart, P::null, A::drop, "Q.931 5.5"},

    LegRow{P::call_received, E::announce, P::call_received, A::send_progress, "Q.931 5.2.6"},
    LegRow{P::call_received, E::answer, P::connect_request, A::send_connect, "Q.931 5.2.7"},
    LegRow{P::call_received, E::clear, P::disconnect_request, A::send_disconnect, "Q.931 5.3.3"},
    LegRow{P::call_received, E::disconnect, P::release_request, A::send_release, "Q.931 5.3.4"},
    LegRow{P::call_received, E::gone, P::null, A::tell_released, "Q.931 5.3.4"},
    LegRow{P::call_received, E::restart, P::null, A::drop, "Q.931 5.5"},

    LegRow{P::connect_request, E::connect_ack, P::active, A::tell_answered, "Q.931 5.2.8"},
    LegRow{P::connect_request, E::clear, P::disconnect_request, A::send_disconnect, "Q.931 5.3.3"},
    LegRow{P::connect_request, E::disconnect, P::release_request, A::send_release, "Q.931 5.3.4"},
    LegRow{P::connect_request, E::gone, P::null, A::tell_released, "Q.931 5.2.8: T313"},
    LegRow{P::connect_request, E::restart, P::null, A::drop, "Q.931 5.5"},

    LegRow{P::active, E::connect_ack, P::active, A::nothing, "Q.931 5.1.8: the user may acknowledge"},
    LegRow{P::active, E::progress, P::active, A::nothing, "Q.931 5.1.6"},
    LegRow{P::active, E::clear, P::disconnect_request, A::send_disconnect, "Q.931 5.3.3"},
    LegRow{P::active, E::disconnect, P::release_request, A::send_release, "Q.931 5.3.4"},
    LegRow{P::active, E::gone, P::null, A::tell_released, "Q.931 5.3.4, T309"},
    LegRow{P::active, E::restart, P::null, A::drop, "Q.931 5.5"},

    LegRow{P::disconnect_request, E::disconnect, P::disconnect_request, A::send_release, "Q.931 5.3.5: clear collision"},
    LegRow{P::disconnect_request, E::gone, P::null, A::end, "Q.931 5.3.3"},
    LegRow{P::disconnect_request, E::restart, P::null, A::drop, "Q.931 5.5"},
    LegRow{P::disconnect_request, E::clear, P::disconnect_request, A::nothing, "it is being cleared"},

    LegRow{P::release_request, E::gone, P::null, A::end, "Q.931 5.3.4"},
    LegRow{P::release_request, E::restart, P::null, A::drop, "Q.931 5.5"},
};
static_assert(fsm::deterministic(kLegTable));
static_assert(fsm::reachable(kLegTable, P::null));
static_assert(fsm::returns(kLegTable, P::null));
static_assert(fsm::handled_everywhere(kLegTable, E::gone, std::array{P::null}));
static_assert(fsm::handled_everywhere(kLegTable, E::restart, std::array{P::null}));
static_assert(fsm::handled_everywhere(kLegTable, E::clear, std::array{P::null, P::release_request}));
static_assert(fsm::handled_everywhere(kLegTable, E::disconnect, std::array{P::null, P::release_request}));
}  // namespace leg_table
using leg_table::kLegTable;

// The application's timer that runs in a phase (Q.931 table 9-2), its length, and what its end means. `wire`: the cause in
// our DISCONNECT; `told`: the cause in released() (what the far party's side would be told).
struct LegTimer { LegEvent event = LegEvent::count_; Duration length{}; int wire = 0; int told = 0; };
LegTimer timer_of(LegPhase phase, bool in_band, const PriConfig& config);

// Overlap receiving: whether these digits are a whole number, on arrival and when T302 has run out.
bool number_is_complete(std::string_view digits, bool sending_complete, const PriConfig& config);
bool number_will_do(std::string_view digits, const PriConfig& config);

// A called number to be dialled: "400|6001" sends 400 in the SETUP without Sending Complete and 6001 by INFORMATION.
struct Dialled { std::string in_setup, by_information; bool complete = true; };
Dialled split_called(const std::string& called);

board::LegState to_leg_state(LegPhase phase);
std::string_view phase_name(LegPhase phase);
std::string_view event_name(LegEvent event);

}  // namespace sr::sig
