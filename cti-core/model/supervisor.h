// What a supervisor may order, by phone or over the CTI socket, and the words for it in the audit log.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "cti-core/model/events.h"

namespace sr {

BOOST_DEFINE_ENUM_CLASS(SupervisorVerb, listen, whisper, bargeIn, stopListening, forceClear, forceTransfer, pickup, setState, setSkill, addMember, removeMember, requeue,
                        prioritize)

struct SupervisorOrder {
  SupervisorVerb verb{};
  std::string as{}, pin{};        // a supervisor's id and PIN; without them the socket's user is meant
  std::string user{};             // who is at the other end of the socket
  std::string agent{};            // whom it concerns; or
  CallId call{};
  std::string to{}, queue{}, state{}, reason{}, skill{}, device{};
  int level = 0;                  // of the skill; 0: no longer
  std::optional<int> priority{};  // none: before everybody
  bool operator==(const SupervisorOrder&) const = default;
};

// What supervisors have changed beside the configuration file, in force until it is read anew.
struct Assignments {
  struct Skill { std::string agent, skill; int level = 0; };
  struct Member { std::string queue, agent; bool member = true; };
  std::vector<Skill> skills{};
  std::vector<Member> members{};
};

}  // namespace sr
