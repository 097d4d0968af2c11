// The phone's procedure while an agent has a caller, as a table: he flashes, asks a second (an agent, a phone, an outside number, a
// queue), alternates, confers, transfers (ECMA-269 Hold, Consultation, Alternate, Conference, Transfer, Reconnect Call). docs/ACD.md is
// this table in words. Clients' commands are the same events (call_control.cc). Every way out gives the caller to somebody.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <array>

#include "drivers/base/fsm.h"

namespace sr::app {

BOOST_DEFINE_ENUM_CLASS(ConsultPhase,
                        none,        // he talks to the caller
                        dialling,    // the caller is held; dial tone, then digits
                        queued,      // … and he waits for whoever is free in a queue
                        ringing,     // … and the second rings
                        talking,     // … and he talks to the second
                        alternated,  // he talks to the caller, the second is held
                        conference,  // all three
                        busy,        // the caller is held, there is no second: busy tone
                        recalling,   // he hung up on a held caller: his phone rings
                        remaining,   // the caller has left the conference
                        count_)
// wrong: his digits name nobody who is free. none_free: the queue has nobody now. keep: after a flash a digit that means nothing.
// on_hook: he hung up. first_left: he is out of the call. lifted: he answers the recall. caller_left: out of the conference. over: the call is.
BOOST_DEFINE_ENUM_CLASS(ConsultEvent, flash, chosen, none_free, wrong, second_answered, second_gone, alternate, conference, drop, keep, on_hook, first_left,
                        lifted, caller_left, over, count_)
BOOST_DEFINE_ENUM_CLASS(ConsultAction, hold, ask_digit, ring, wait_for_agent, give_busy, join, retrieve, to_second, to_caller, confer, drop_second, second_out,
                        transfer, transfer_ringing, transfer_to_queue, ring_back, wait_again, go_on_without, end, release, nothing)
using ConsultRow = fsm::Row<ConsultPhase, ConsultEvent, ConsultAction>;

inline constexpr auto kConsultTable = [] {
  using P = ConsultPhase;
  using E = ConsultEvent;
  using A = ConsultAction;
  return std::array{
      ConsultRow{P::none, E::flash, P::dialling, A::hold, "ECMA-269 Hold Call"},

      ConsultRow{P::dialling, E::chosen, P::ringing, A::ring, "ECMA-269 Consultation Call"},
      ConsultRow{P::dialling, E::none_free, P::queued, A::wait_for_agent},
      ConsultRow{P::dialling, E::wrong, P::busy, A::give_busy},
      ConsultRow{P::dialling, E::flash, P::none, A::retrieve, "ECMA-269 Retrieve Call"},
      ConsultRow{P::dialling, E::on_hook, P::recalling, A::ring_back, "only a held caller: the phone rings back"},
      ConsultRow{P::dialling, E::first_left, P::none, A::wait_again, "the number's queue"},
      ConsultRow{P::dialling, E::over, P::none, A::release},

      ConsultRow{P::queued, E::chosen, P::ringing, A::ring},
      ConsultRow{P::queued, E::flash, P::none, A::retrieve, "ECMA-269 Reconnect Call"},
      ConsultRow{P::queued, E::first_left, P::none, A::transfer_to_queue, "the caller takes his place"},
      ConsultRow{P::queued, E::over, P::none, A::release},

      ConsultRow{P::ringing, E::second_answered, P::talking, A::join},
      ConsultRow{P::ringing, E::second_gone, P::busy, A::give_busy},
      ConsultRow{P::ringing, E::flash, P::none, A::retrieve, "ECMA-269 Reconnect Call"},
      ConsultRow{P::ringing, E::first_left, P::none, A::transfer_ringing, "blind: the caller waits for him, or for whoever is free"},
      ConsultRow{P::ringing, E::over, P::none, A::release},

      ConsultRow{P::talking, E::flash, P::talking, A::ask_digit},
      ConsultRow{P::talking, E::keep, P::talking, A::to_second},
      ConsultRow{P::talking, E::alternate, P::alternated, A::to_caller, "ECMA-269 Alternate Call"},
      ConsultRow{P::talking, E::conference, P::conference, A::confer, "ECMA-269 Conference Call"},
      ConsultRow{P::talking, E::drop, P::none, A::retrieve, "ECMA-269 Reconnect Call"},
      ConsultRow{P::talking, E::second_gone, P::busy, A::give_busy},
      ConsultRow{P::talking, E::first_left, P::none, A::transfer, "ECMA-269 Transfer Call"},
      ConsultRow{P::talking, E::over, P::none, A::release},

      ConsultRow{P::alternated, E::flash, P::alternated, A::ask_digit},
      ConsultRow{P::alternated, E::keep, P::alternated, A::to_caller},
      ConsultRow{P::alternated, E::alternate, P::talking, A::to_second},
      ConsultRow{P::alternated, E::conference, P::conference, A::confer},
      ConsultRow{P::alternated, E::drop, P::none, A::drop_second},
      ConsultRow{P::alternated, E::second_gone, P::none, A::second_out},
      ConsultRow{P::alternated, E::first_left, P::none, A::transfer, "both are there: they are joined"},
      ConsultRow{P::alternated, E::over, P::none, A::release},

      ConsultRow{P::conference, E::flash, P::conference, A::ask_digit},
      ConsultRow{P::conference, E::keep, P::conference, A::confer},
      ConsultRow{P::conference, E::conference, P::conference, A::confer},
      ConsultRow{P::conference, E::alternate, P::talking, A::to_second, "the conference is split"},
      ConsultRow{P::conference, E::drop, P::none, A::drop_second},
      ConsultRow{P::conference, E::second_gone, P::none, A::second_out},
      ConsultRow{P::conference, E::first_left, P::none, A::transfer, "the two who are left stay joined"},
      ConsultRow{P::conference, E::caller_left, P::remaining, A::go_on_without},
      ConsultRow{P::conference, E::over, P::none, A::release},

      ConsultRow{P::busy, E::flash, P::none, A::retrieve},
      ConsultRow{P::busy, E::on_hook, P::recalling, A::ring_back},
      ConsultRow{P::busy, E::first_left, P::none, A::wait_again},
      ConsultRow{P::busy, E::over, P::none, A::release},

      ConsultRow{P::recalling, E::lifted, P::none, A::retrieve},
      ConsultRow{P::recalling, E::first_left, P::none, A::wait_again, "not lifted in time"},
      ConsultRow{P::recalling, E::over, P::none, A::release},

      ConsultRow{P::remaining, E::flash, P::remaining, A::nothing, "nobody to be held"},
      ConsultRow{P::remaining, E::second_gone, P::none, A::end},
      ConsultRow{P::remaining, E::first_left, P::none, A::end},
      ConsultRow{P::remaining, E::over, P::none, A::end},
  };
}();
static_assert(fsm::deterministic(kConsultTable) && fsm::reachable(kConsultTable, ConsultPhase::none) && fsm::returns(kConsultTable, ConsultPhase::none));
static_assert(fsm::handled_everywhere(kConsultTable, ConsultEvent::flash, std::array{ConsultPhase::recalling}), "his phone is on-hook there");
static_assert(fsm::handled_everywhere(kConsultTable, ConsultEvent::first_left, std::array{ConsultPhase::none}), "no caller is left on hold");
static_assert(fsm::handled_everywhere(kConsultTable, ConsultEvent::over, std::array{ConsultPhase::none}));

constexpr bool has_second(ConsultPhase phase) {
  using P = ConsultPhase;
  return phase == P::ringing || phase == P::talking || phase == P::alternated || phase == P::conference || phase == P::remaining;
}
constexpr bool both_there(ConsultPhase phase) {  // a flash asks for a digit
  return phase == ConsultPhase::talking || phase == ConsultPhase::alternated || phase == ConsultPhase::conference;
}
constexpr bool holds_caller(ConsultPhase phase) {
  using P = ConsultPhase;
  return phase == P::dialling || phase == P::queued || phase == P::ringing || phase == P::talking || phase == P::busy || phase == P::recalling;
}

enum class Held { nobody, caller, second };
constexpr Held held_in(ConsultPhase phase) {
  if (phase == ConsultPhase::alternated) return Held::second;
  return holds_caller(phase) ? Held::caller : Held::nobody;
}

// After a flash while both are there: what the digit means. '\0': none came in time (kFlashDigit).
constexpr ConsultEvent meaning_after_flash(char digit) {
  switch (digit) {
    case '\0':
    case '2': return ConsultEvent::alternate;
    case '1': return ConsultEvent::drop;
    case '3': return ConsultEvent::conference;
    default: return ConsultEvent::keep;
  }
}

}  // namespace sr::app
