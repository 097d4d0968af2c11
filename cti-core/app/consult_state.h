// The life of a consultation as a table: an agent with a caller flashes his phone and asks a second agent (ECMA-269
// Consultation Call, Transfer Call). The caller is held all the time; every way out gives him back to somebody.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <array>

#include "drivers/base/fsm.h"

namespace sr::app {

// busy: nobody is with the first agent; he hears busy tone until he flashes or hangs up.
BOOST_DEFINE_ENUM_CLASS(ConsultPhase, none, dialling, ringing, talking, busy, count_)
// wrong: his digits name nobody who is free. second_gone: hung up, did not answer. first_left: the first hung up. over: the call is.
BOOST_DEFINE_ENUM_CLASS(ConsultEvent, flash, chosen, wrong, second_answered, second_gone, first_left, over, count_)
BOOST_DEFINE_ENUM_CLASS(ConsultAction, hold, ring, give_busy, join, retrieve, transfer, transfer_ringing, wait_again, release)
using ConsultRow = fsm::Row<ConsultPhase, ConsultEvent, ConsultAction>;

inline constexpr auto kConsultTable = [] {
  using P = ConsultPhase;
  using E = ConsultEvent;
  using A = ConsultAction;
  return std::array{
      ConsultRow{P::none, E::flash, P::dialling, A::hold, "ECMA-269 Hold Call"},

      ConsultRow{P::dialling, E::chosen, P::ringing, A::ring, "ECMA-269 Consultation Call"},
      ConsultRow{P::dialling, E::wrong, P::busy, A::give_busy},
      ConsultRow{P::dialling, E::flash, P::none, A::retrieve, "ECMA-269 Retrieve Call"},
      ConsultRow{P::dialling, E::first_left, P::none, A::wait_again, "nobody was chosen: the number's queue"},
      ConsultRow{P::dialling, E::over, P::none, A::release},

      ConsultRow{P::ringing, E::second_answered, P::talking, A::join},
      ConsultRow{P::ringing, E::second_gone, P::busy, A::give_busy},
      ConsultRow{P::ringing, E::flash, P::none, A::retrieve, "ECMA-269 Reconnect Call"},
      ConsultRow{P::ringing, E::first_left, P::none, A::transfer_ringing, "blind: the caller waits for him, or for whoever is free"},
      ConsultRow{P::ringing, E::over, P::none, A::release},

      ConsultRow{P::talking, E::second_gone, P::busy, A::give_busy},
      ConsultRow{P::talking, E::flash, P::none, A::retrieve, "ECMA-269 Reconnect Call"},
      ConsultRow{P::talking, E::first_left, P::none, A::transfer, "ECMA-269 Transfer Call"},
      ConsultRow{P::talking, E::over, P::none, A::release},

      ConsultRow{P::busy, E::flash, P::none, A::retrieve},
      ConsultRow{P::busy, E::first_left, P::none, A::wait_again},
      ConsultRow{P::busy, E::over, P::none, A::release},
  };
}();
static_assert(fsm::deterministic(kConsultTable) && fsm::reachable(kConsultTable, ConsultPhase::none) && fsm::returns(kConsultTable, ConsultPhase::none));
static_assert(fsm::handled_everywhere(kConsultTable, ConsultEvent::flash, std::array<ConsultPhase, 0>{}), "a flash always brings the caller back, or holds him");
static_assert(fsm::handled_everywhere(kConsultTable, ConsultEvent::first_left, std::array{ConsultPhase::none}), "no caller is left on hold");
static_assert(fsm::handled_everywhere(kConsultTable, ConsultEvent::over, std::array{ConsultPhase::none}));

}  // namespace sr::app
