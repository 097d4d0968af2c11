// Who of a call hear each other, when they may be more than two: says what the board must be told as legs come and go. Two are
// connected, from three on they are joined in a conference of the board (≤ kConferenceLegsMax) whose number is the call's. A member
// with the role `listen` hears and is not heard. Pure; the call keeps it (calls.h) while it has more than an agent's leg.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <vector>

#include "cti-core/model/events.h"
#include "drivers/board/board.h"

namespace sr::app {

class Conference {
 public:
  using Commands = std::vector<board::Command>;
  explicit Conference(CallId call = {}) : number_(static_cast<std::uint32_t>(to_number(call))) {}

  // Nothing when it is a member, or there is no room: see has().
  Commands join(LegId leg, board::ConferenceRole role = board::ConferenceRole::talk);
  Commands leave(LegId leg);  // is up, and hears nothing from now on
  Commands gone(LegId leg);   // has been released

  bool has(LegId leg) const;
  std::size_t size() const { return members_.size(); }

 private:
  struct Member { LegId leg{}; board::ConferenceRole role{}; };
  bool connected() const;     // two who both talk
  Commands again() const;     // all of them, anew

  std::uint32_t number_ = 0;
  std::vector<Member> members_;
};

}  // namespace sr::app
