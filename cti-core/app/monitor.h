// What the center keeps of a supervisor who listens (monitor_state.h), and of who acts. Owned by Center (center.h), reactor thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

#include "cti-core/acd/agent.h"
#include "cti-core/app/monitor_state.h"
#include "drivers/board/board.h"

namespace sr::app {

inline constexpr std::size_t kMonitorsMax = 64;  // supervisors' phones that listen, or ring for it

struct Monitor {                        // of one phone
  MonitorPhase phase = MonitorPhase::none;
  std::string who{}, from{};            // for the audit log
  std::string supervisor{};             // who is logged on there; empty: the phone was named
  std::string agent{};                  // whom he listens to
  board::ListenAs as = board::ListenAs::listen;
  bool picks_up = false;                // no listening: his phone rings so that he takes `call`
  bool listened = false;                // his phone was answered
  LegId leg{}, target{};
  CallId call{};                        // that he hears, or heard last
  TimerId timer{};
};

struct Actor {                          // who gives an order, and where from
  std::string who{}, from{};
  acd::Agent* agent = nullptr;          // none: an administrator
  std::string station{};                // by phone: which, and its leg
  LegId leg{};
};

}  // namespace sr::app
