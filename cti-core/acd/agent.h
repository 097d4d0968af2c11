// The life of an agent as one table: CSTA agent states (ECMA-269 6.2.4) and one of our own, `reserved`: a call has been given to
// him and his phone is about to ring, so that nobody else may have him. `reserved` is never journalled: to the outside the
// agent is ready until he answers. A wish for another state during a call is kept as `pending` and applied after the wrap-up.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cti-core/acd/strategy.h"
#include "cti-core/model/events.h"
#include "drivers/base/fsm.h"

namespace sr::acd {

BOOST_DEFINE_ENUM_CLASS(AgentState, agentNull, agentNotReady, agentReady, reserved, agentBusy, agentWorkingAfterCall, count_)
// more_wrap_up: he wants it longer. dial: he makes a call himself. phone_busy: his phone would not ring. board_lost: the lines went away under his call.
BOOST_DEFINE_ENUM_CLASS(AgentEvent, login, logout, ready, not_ready, wrap_up, reserve, answered, no_answer, phone_busy, caller_gone, dial, call_ended,
                        wrap_up_over, more_wrap_up, board_lost, count_)
// What the call center has to do besides noting the new state.
BOOST_DEFINE_ENUM_CLASS(AgentAction, none, log_on, log_off, become_ready, become_not_ready, become_busy, start_wrap_up, free_again, pend_ready,
                        pend_not_ready, pend_log_off, extend_wrap_up)

using AgentRow = fsm::Row<AgentState, AgentEvent, AgentAction>;

inline constexpr auto kAgentTable = [] {
  using S = AgentState;
  using E = AgentEvent;
  using A = AgentAction;
  return std::array{
      AgentRow{S::agentNull, E::login, S::agentNotReady, A::log_on, "ECMA-269 agentLoggedOn"},

      AgentRow{S::agentNotReady, E::logout, S::agentNull, A::log_off},
      AgentRow{S::agentNotReady, E::ready, S::agentReady, A::become_ready},
      AgentRow{S::agentNotReady, E::not_ready, S::agentNotReady, A::become_not_ready, "another reason"},
      AgentRow{S::agentNotReady, E::wrap_up, S::agentWorkingAfterCall, A::start_wrap_up},
      AgentRow{S::agentNotReady, E::dial, S::agentBusy, A::become_busy, "and not ready again afterwards"},

      AgentRow{S::agentReady, E::logout, S::agentNull, A::log_off},
      AgentRow{S::agentReady, E::not_ready, S::agentNotReady, A::become_not_ready},
      AgentRow{S::agentReady, E::wrap_up, S::agentWorkingAfterCall, A::start_wrap_up},
      AgentRow{S::agentReady, E::reserve, S::reserved, A::none},
      AgentRow{S::agentReady, E::dial, S::agentBusy, A::become_busy},

      AgentRow{S::reserved, E::answered, S::agentBusy, A::become_busy},
      AgentRow{S::reserved, E::no_answer, S::agentNotReady, A::become_not_ready, "redirect on no answer"},
      AgentRow{S::reserved, E::phone_busy, S::agentReady, A::free_again},
      AgentRow{S::reserved, E::caller_gone, S::agentReady, A::free_again},
      AgentRow{S::reserved, E::board_lost, S::agentReady, A::free_again},
      AgentRow{S::reserved, E::ready, S::reserved, A::pend_ready},
      AgentRow{S::reserved, E::not_ready, S::reserved, A::pend_not_ready},
      AgentRow{S::reserved, E::logout, S::reserved, A::pend_log_off},

      AgentRow{S::agentBusy, E::call_ended, S::agentWorkingAfterCall, A::start_wrap_up},
      AgentRow{S::agentBusy, E::board_lost, S::agentWorkingAfterCall, A::start_wrap_up},
      AgentRow{S::agentBusy, E::ready, S::agentBusy, A::pend_ready},
      AgentRow{S::agentBusy, E::not_ready, S::agentBusy, A::pend_not_ready},
      AgentRow{S::agentBusy, E::logout, S::agentBusy, A::pend_log_off},

      AgentRow{S::agentWorkingAfterCall, E::wrap_up_over, S::agentReady, A::become_ready},
      AgentRow{S::agentWorkingAfterCall, E::ready, S::agentReady, A::become_ready},
      AgentRow{S::agentWorkingAfterCall, E::not_ready, S::agentNotReady, A::become_not_ready},
      AgentRow{S::agentWorkingAfterCall, E::logout, S::agentNull, A::log_off},
      AgentRow{S::agentWorkingAfterCall, E::wrap_up, S::agentWorkingAfterCall, A::start_wrap_up, "begins anew"},
      AgentRow{S::agentWorkingAfterCall, E::more_wrap_up, S::agentWorkingAfterCall, A::extend_wrap_up},
      AgentRow{S::agentWorkingAfterCall, E::dial, S::agentBusy, A::become_busy},
  };
}();
static_assert(fsm::deterministic(kAgentTable));
static_assert(fsm::reachable(kAgentTable, AgentState::agentNull));
static_assert(fsm::returns(kAgentTable, AgentState::agentNull));
static_assert(fsm::handled_everywhere(kAgentTable, AgentEvent::logout, std::array{AgentState::agentNull}));
static_assert(fsm::handled_everywhere(kAgentTable, AgentEvent::not_ready, std::array{AgentState::agentNull}));
static_assert(fsm::find(kAgentTable, AgentState::reserved, AgentEvent::reserve) == nullptr, "nobody is reserved twice");

inline constexpr std::string_view kLoggedOn = "logged on";  // why somebody is not ready who has not said yet that he is

enum class Pending { none, not_ready, log_off };

struct Agent {
  AgentNo no = AgentNo::none;
  std::string id{}, name{}, pin{};
  std::optional<Duration> wrap_up = Duration{};  // none: until he is ready by himself
  bool supervisor = false;
  std::vector<Serving> queues{};
  AgentState state = AgentState::agentNull;
  std::string device{};        // station he is logged on at; empty: none
  std::string reason{};        // why not ready
  Pending pending = Pending::none;
  std::string pending_reason{};
  bool leaves = false;         // configured no more: logged off as soon as he has no call and no wrap-up
  CallId call{};               // reserved for, talking, or the one being wrapped up
  Instant since{};             // of this state; reserved and freed again: as if nothing had been
  Instant last_call_end{};
  Instant wraps_until{};       // only while he wraps up, and not without end
  Tally tally{};
  QueueNo serves_for = QueueNo::none;  // the queue of the call he has or wraps up; none: his own
  Instant busy_since{};                // of that call
};

struct AgentChange {
  bool ok = false;             // false: the table has no row
  AgentState from{}, to{};
  AgentAction action = AgentAction::none;
};

// Takes the event: state, since, reason, pending and call as the table says. Pure but for `agent`.
// `text` is the reason (not_ready, no_answer) or the device (login).
AgentChange apply(Agent& agent, AgentEvent event, Instant now, std::string_view text = {}, CallId call = {});

std::string_view name(AgentState state);
std::string_view name(AgentEvent event);
bool state_from(std::string_view name, AgentState& out);

}  // namespace sr::acd
