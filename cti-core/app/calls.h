// What the center keeps of a call, a phone and a leg. Owned by Center (center.h), reactor thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "cti-core/acd/agent.h"
#include "cti-core/acd/announce.h"
#include "cti-core/app/call_state.h"
#include "cti-core/app/conference.h"
#include "cti-core/app/consult_state.h"
#include "cti-core/app/line_state.h"
#include "cti-core/app/offers.h"
#include "cti-core/model/config.h"
#include "drivers/board/board.h"

namespace sr::app {

// Shared: a reload may change or remove the number while its calls go on as they began.
using NumberPtr = std::shared_ptr<const NumberConfig>;

struct Consult {                        // what the agent does who has the caller
  ConsultPhase phase = ConsultPhase::none;
  std::string holder{}, digits{};       // his phone; whom he has dialled so far
  bool asking = false;                  // he has flashed while both are there: a digit may follow
  TimerId pause{}, hold_timer{};        // ends the digits; reminds him of whom he holds
  Instant held_at{};
  acd::QueueNo queue = acd::QueueNo::none;  // whose next free agent he wants
  acd::AgentNo agent = acd::AgentNo::none;  // the second, if it is an agent: reserved or talking
  std::string device{};                 // of the second: station or outside number
  LegId leg{};
  bool outside = false;
  std::string span{};                   // of the second's trunk
  Cause cause = Cause::consultation;
};

struct Choice {                         // what the decision saw that gave a call to its agent
  std::size_t idle = 0, waiting = 0;    // agents who could have had it, callers of its queue
  Duration waited{}, idle_for{};
  bool own = false;                     // it waited for this agent alone
};

struct Announcing {                     // to a caller who waits
  TimerId timer{};
  acd::Told told;
  std::size_t turn = 0;                 // of the comfort prompts and the marks
  bool speaking = false;
};

struct Left {                           // the line that he left by its key: he may go back to his place, or keep it and hang up
  acd::QueueNo queue = acd::QueueNo::none;
  Instant since{};
};

struct Call {  // incoming
  CallId id{};
  LegId leg{};                          // the caller's; none: recovered and not yet found again
  Phase phase = Phase::null;
  std::string span, group, calling, called;
  int channel = 0;
  NumberPtr number;
  std::string spot;                     // the TV spot that it is counted to
  Instant offered_at{};
  bool answer_sent = false, up = false; // CONNECT was asked for, has been said
  bool script = false;                  // a session of the engine is alive
  bool script_waits_answer = false;
  bool queue_before_answer = false;     // music as soon as it is up
  bool line = false;                    // an analog line of the exchange
  bool incomplete = false;              // held: its number was not complete
  bool booked = false;                  // answered, served or lost has been journalled
  bool had_agent = false;               // that outcome was: answered
  bool broken = false;                  // a command for it was lost while the link was down
  bool recovered = false;
  bool was_held = false;                // … when the journal ended
  std::optional<LossStage> queue_end;   // how its last queue ended, if the script has not got it any further since
  int capture_cause = 0;                // captured: of its release
  std::string recording;
  std::string digits;                   // typed in this conversation

  acd::QueueNo queue = acd::QueueNo::none;
  int priority = 0;
  Instant queued_at{}, queue_until{};
  bool only_if_idle = false;
  int queue_requests = 0;
  std::optional<Left> left;
  bool only_agent = false;              // leaves when the agent whom it wants is not to be had
  std::string asked;                    // how it entered the line, in words
  std::vector<std::string> decisions;   // earlier ones, in words; at most kDecisionsMax
  bool hears_key = false;
  char callback_key = 0;                // with which he leaves the line to be called back at his turn; 0: his script has no such
  std::string language;                 // its script's; empty: its number's
  Announcing announcing;
  TimerId queue_timer{}, preference_timer{}, ring_timer{}, fallback_timer{};
  acd::AgentNo agent = acd::AgentNo::none;  // reserved for it or talking
  std::string agent_device;
  LegId agent_leg{};                    // also of a phone or number with which it is forwarding or joined; then `agent` is none
  std::string other_span;               // the trunk of that number
  bool other_outside = false;
  Instant rings_until{};                // his phone
  Mates mates;                          // who ring beside him
  Choice choice;                        // of `agent`
  Consult consult;
  Conference conference;                // who hear each other, while they are more than an agent and his caller
  CallId child{};                       // an outgoing call that its script has dialled
  std::map<std::string, std::string> data;
};

inline constexpr std::size_t kDecisionsMax = 8;

inline std::string caller_name(const Call& call) { return call.calling.empty() ? "withheld" : call.calling; }
struct CallbackWish { std::string kind, number, queue, spot; std::optional<Instant> due; };
struct Trunks {                         // of a group
  std::size_t usable = 0, in_use = 0;
  std::size_t free() const { return usable > in_use ? usable - in_use : 0; }
};
ev::Delivered delivered(const Call& call, const acd::Agent& agent, const std::string& queue, Cause cause);  // queueing.cc

// Why a phone was rung in vain; lost: the board or its line went away. And what that means to its agent.
enum class Miss { no_answer, phone_busy, no_trunk, refused, lost };
struct InVain {
  acd::AgentEvent event = acd::AgentEvent::caller_gone;
  const char* reason = "";
};

struct OutCall {
  CallId id{};
  OutPhase phase = OutPhase::null;
  LegId near{}, far{};
  CallId parent{};                      // dialled by this call's script; near is its leg
  std::string station{}, calling{}, called{}, group{}, span{};
  int channel = 0;
  acd::AgentNo agent = acd::AgentNo::none, callee = acd::AgentNo::none;  // who makes it; whom it rings, if it is one of ours
  bool recovered = false, broken = false;
  bool established = false;
  TimerId timer{};
  Instant begun_at{};
  CallId place{};                       // of a caller who is called back at his turn
  bool dialled = false;
  InVain missed{};                      // why his agent, who is reserved, is free again
};

struct Phone {
  bool in_service = false, off_hook = false;
  bool station = false;                 // the board has one of this name
  LegId leg{};                          // on it now, from Ring or Initiated to Released
  std::string digits;
  bool dialing = false;                 // its digits are still read
  TimerId timer{};
  std::optional<PhoneConfig> config{};  // its [[phone]]
  bool awaits_key = false;              // it has answered and must press accept_key
  LinePhase line_phase = LinePhase::down;
  LegId line{};                         // kept up, also while `leg` is a call on it
  int tries = 0;                        // to call it, in vain
  TimerId line_timer{};

  bool outside() const { return config && !config->number.empty(); }
  bool keeps_line() const { return config && config->kept_up; }
  bool needs_key() const { return config && !config->accept_key.empty(); }
  LegId open_leg() const { return leg != LegId::none ? leg : line; }
};
inline constexpr Duration kBeepTime = 500ms, kBeepEvery = 3s;

inline constexpr Duration kWrapUpMax = 3600s;  // of one that was made longer, from then on

enum class LegRole { caller, agent, second, phone, near, far, line, supervisor, gone };  // second: no agent's (consultation, transfer)
struct LegUse {
  LegRole role = LegRole::gone;
  CallId call{};
  std::string station;                  // "" on a trunk
  unsigned link = 0;                    // of which connection to boardd it is
  std::string span{};                   // on which an outside phone is called
  int channel = 0;
};

}  // namespace sr::app
