// One person of the scenario: a caller, somebody the center calls, or an agent at his phone. What he waits for is a set of Wakes;
// the first that comes ends the wait. Plain data: exchange.cc moves it, script.cc lets him act.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <string>

#include "drivers/board/board.h"
#include "tools/callgen/busy_tone.h"
#include "tools/callgen/call_log.h"
#include "tools/callgen/random.h"

namespace sr::callgen {

enum class PartyId : std::uint64_t { none = 0 };
enum class Role { caller, called, agent };

// What may end a wait; a mask of these.
enum class Wake : unsigned {
  none = 0,
  timeout = 1U << 0,
  answered = 1U << 1,   // his call was answered; for a phone: the line is seized
  cleared = 1U << 2,    // the leg is gone (the center hung up, the line failed)
  refused = 1U << 3,    // no free channel
  ring = 1U << 4,       // an agent's phone rings
  prompt = 1U << 5,     // somebody spoke and has finished
  agent = 1U << 6,      // an agent has answered this caller
  gone = 1U << 7,       // busy tone: the other side is gone
  line = 1U << 8,       // the lines failed and are back: the center may have forgotten this agent
  closing = 1U << 9,    // the show is over: go home
  offered = 1U << 10,   // this caller rings an agent's phone
};
constexpr unsigned operator|(Wake a, Wake b) { return static_cast<unsigned>(a) | static_cast<unsigned>(b); }
constexpr unsigned operator|(unsigned a, Wake b) { return a | static_cast<unsigned>(b); }
constexpr bool has(unsigned mask, Wake w) { return (mask & static_cast<unsigned>(w)) != 0; }

enum class PartyState { idle, dialing, ringing, connected };  // ringing: offered to him (called party, agent's phone)

struct Party {
  PartyId id{};
  Role role = Role::caller;
  std::uint64_t index = 0;         // of his role, from 1
  std::string number;              // his own: caller number, called number, "agent 7"
  int signature_hz = 0;
  Random random{0, 0};

  std::string span;                // agent: his phone's line
  int channel = 0;

  LegId leg{};
  PartyState state = PartyState::idle;
  std::string other;               // agent: number of the caller that rings or talks
  bool with_agent = false;         // caller: an agent has answered him
  bool rings_agent = false;        // caller: an agent's phone rings for him
  bool far_gone = false;           // busy tone was heard
  bool line_back = false;          // latched until asked for
  bool speaking = false;
  bool detecting = false;
  bool hanging_up = false;         // we have sent Clear
  BusyTone busy;
  Instant speaking_since{}, on_hook_at{};

  bool in_prompt_wait = false, heard = false;
  Duration prompt_quiet{};
  TimerId prompt_timer{};

  unsigned waits = 0;              // mask of Wakes; 0: he is acting or has finished
  TimerId timer{};
  bool finished = false;           // his script has ended

  CallRow row;                     // caller, called
  bool row_open = false;
  AgentRow ring;                   // agent: the ring that goes on
  bool ring_open = false;
};

}  // namespace sr::callgen
