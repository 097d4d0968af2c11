// The life of a kept place as a table: a caller has left his number and hung up, his place waits on in its queue. At its turn an agent is
// reserved, then the customer is dialled.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <array>

#include "drivers/base/fsm.h"

namespace sr::app {

// resting: the call that left it is still up. called: an agent is reserved for it or the customer is being dialled. paused: between two tries.
BOOST_DEFINE_ENUM_CLASS(PlaceState, none, resting, waiting, called, paused, count_)
// agent_missed: his phone did not answer, nobody was dialled. not_reached: the customer did not answer. over: reached, got through by
// himself, given up.
BOOST_DEFINE_ENUM_CLASS(PlaceEvent, kept, hung_up, reserve, agent_missed, not_reached, no_room, try_again, over, count_)
BOOST_DEFINE_ENUM_CLASS(PlaceAction, rest, stand_in_line, call, pause, close)
using PlaceRow = fsm::Row<PlaceState, PlaceEvent, PlaceAction>;

inline constexpr auto kPlaceTable = [] {
  using S = PlaceState;
  using E = PlaceEvent;
  using A = PlaceAction;
  return std::array{
      PlaceRow{S::none, E::kept, S::resting, A::rest},
      PlaceRow{S::none, E::hung_up, S::waiting, A::stand_in_line, "after a restart"},

      PlaceRow{S::resting, E::hung_up, S::waiting, A::stand_in_line},
      PlaceRow{S::resting, E::over, S::none, A::close},

      PlaceRow{S::waiting, E::reserve, S::called, A::call},
      PlaceRow{S::waiting, E::no_room, S::paused, A::pause, "no call can be made now"},
      PlaceRow{S::waiting, E::over, S::none, A::close},

      PlaceRow{S::called, E::agent_missed, S::waiting, A::stand_in_line, "he keeps his place"},
      PlaceRow{S::called, E::not_reached, S::paused, A::pause},
      PlaceRow{S::called, E::over, S::none, A::close},

      PlaceRow{S::paused, E::try_again, S::waiting, A::stand_in_line},
      PlaceRow{S::paused, E::over, S::none, A::close},
  };
}();
static_assert(fsm::deterministic(kPlaceTable) && fsm::reachable(kPlaceTable, PlaceState::none) && fsm::returns(kPlaceTable, PlaceState::none));
static_assert(fsm::handled_everywhere(kPlaceTable, PlaceEvent::over, std::array{PlaceState::none}), "a place can always end");

}  // namespace sr::app
