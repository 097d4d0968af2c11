// What the digits of a phone mean: feature codes and outgoing calls. Pure.
//   *11 id pin     log in (id and pin may be parted by *)     *12 log out      *13 ready      *14 reason   not ready
//   *15            more wrap-up      *3 …   a supervisor's order (supervisor_codes.h)
//   0 number       outgoing call (the access digit)         id   call to that agent
// # ends; without it a pause ends (kInterDigit), or the last digit where nothing longer is possible.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>

#include "cti-core/model/config.h"
#include "cti-core/model/events.h"
#include "cti-core/model/supervisor.h"

namespace sr::app {

struct PhoneOrder {
  enum class Kind { more, login, logout, ready, not_ready, more_wrap_up, dial, call_agent, supervise, wrong };
  Kind kind = Kind::more;
  std::string agent{};   // login, call_agent
  std::string pin{};
  std::string reason{};  // not_ready: in words
  std::string number{};  // dial
  SupervisorOrder order{};
  bool operator==(const PhoneOrder&) const = default;
};

PhoneOrder read_digits(std::string_view digits, bool ended, const CenterConfig& config);

Cause cause_for(int q850);  // Q.850 → CSTA

}  // namespace sr::app
