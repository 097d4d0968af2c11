// The life of a supervisor's listening as a table. He listens to an agent, not to a call: while that agent has no call the supervisor
// waits for his next one. Nothing here touches the agent's or the caller's own connection.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <array>

#include "drivers/base/fsm.h"

namespace sr::app {

// calling: his phone rings, because a client asked for it.
BOOST_DEFINE_ENUM_CLASS(MonitorPhase, none, calling, waiting, hearing, count_)
// found: the agent talks, on a leg that is not the one before; lost: he does not. mode: a key, or an order. over: he hung up, did not answer,
// has no right any more; or the agent logged off.
BOOST_DEFINE_ENUM_CLASS(MonitorEvent, ring, begin, answered, found, lost, mode, over, count_)
BOOST_DEFINE_ENUM_CLASS(MonitorAction, none, ring_phone, tell_waiting, listen, release)
using MonitorRow = fsm::Row<MonitorPhase, MonitorEvent, MonitorAction>;

inline constexpr auto kMonitorTable = [] {
  using P = MonitorPhase;
  using E = MonitorEvent;
  using A = MonitorAction;
  return std::array{
      MonitorRow{P::none, E::ring, P::calling, A::ring_phone},
      MonitorRow{P::none, E::begin, P::waiting, A::tell_waiting, "his phone is off-hook"},

      MonitorRow{P::calling, E::answered, P::waiting, A::tell_waiting},
      MonitorRow{P::calling, E::mode, P::calling, A::none},
      MonitorRow{P::calling, E::over, P::none, A::release},

      MonitorRow{P::waiting, E::found, P::hearing, A::listen},
      MonitorRow{P::waiting, E::mode, P::waiting, A::none},
      MonitorRow{P::waiting, E::over, P::none, A::release},

      MonitorRow{P::hearing, E::found, P::hearing, A::listen, "another call, or another leg of it"},
      MonitorRow{P::hearing, E::lost, P::waiting, A::tell_waiting},
      MonitorRow{P::hearing, E::mode, P::hearing, A::listen},
      MonitorRow{P::hearing, E::over, P::none, A::release},
  };
}();
static_assert(fsm::deterministic(kMonitorTable) && fsm::reachable(kMonitorTable, MonitorPhase::none) && fsm::returns(kMonitorTable, MonitorPhase::none));
static_assert(fsm::handled_everywhere(kMonitorTable, MonitorEvent::over, std::array{MonitorPhase::none}), "every supervisor's phone is freed");
static_assert(fsm::handled_everywhere(kMonitorTable, MonitorEvent::mode, std::array{MonitorPhase::none}));

}  // namespace sr::app
