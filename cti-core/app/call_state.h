// The lives of calls as tables. An incoming call is in one phase; whoever hangs up, the phase says where the caller was lost.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <array>
#include <optional>

#include "cti-core/model/events.h"
#include "drivers/base/fsm.h"

namespace sr::app {

// forwarding: transferred to a phone or an outside number that rings; joined: it has answered.
// captured: booked as lost, hears a sentence and is released.
// held: offered while we were away, or recovered: nobody serves it until the board's snapshot has come.
BOOST_DEFINE_ENUM_CLASS(Phase, null, held, overlap, script, queued, ringing, talking, forwarding, joined, fallback, captured, clearing, count_)
BOOST_DEFINE_ENUM_CLASS(CallEvent, offered, offered_incomplete, offered_away, resume, more_digits, enter_queue, reserve, agent_missed, agent_answered, queue_over,
                        agent_left, to_other, forward, other_answered, script_broke, capture, clear, released, count_)
using CallRow = fsm::Row<Phase, CallEvent, int>;

inline constexpr auto kCallTable = [] {
  using P = Phase;
  using E = CallEvent;
  return std::array{
      CallRow{P::null, E::offered, P::script, 0, "Q.931 5.2.1"},
      CallRow{P::null, E::offered_incomplete, P::overlap, 0, "Q.931 5.2.4 overlap receiving"},
      CallRow{P::null, E::offered_away, P::held, 0},
      CallRow{P::null, E::clear, P::clearing, 0, "refused"},

      CallRow{P::held, E::resume, P::script, 0},
      CallRow{P::held, E::more_digits, P::overlap, 0},
      CallRow{P::held, E::enter_queue, P::queued, 0},
      CallRow{P::held, E::clear, P::clearing, 0},
      CallRow{P::held, E::released, P::null, 0},

      CallRow{P::overlap, E::resume, P::script, 0, "the number is complete"},
      CallRow{P::overlap, E::clear, P::clearing, 0},
      CallRow{P::overlap, E::released, P::null, 0},

      CallRow{P::script, E::resume, P::script, 0, "begins anew"},
      CallRow{P::script, E::enter_queue, P::queued, 0},
      CallRow{P::script, E::script_broke, P::fallback, 0},
      CallRow{P::script, E::clear, P::clearing, 0},
      CallRow{P::script, E::released, P::null, 0},

      CallRow{P::script, E::capture, P::captured, 0, "before its script begins"},
      CallRow{P::captured, E::clear, P::clearing, 0},
      CallRow{P::captured, E::released, P::null, 0},

      CallRow{P::fallback, E::enter_queue, P::queued, 0},
      CallRow{P::fallback, E::clear, P::clearing, 0},
      CallRow{P::fallback, E::released, P::null, 0},

      CallRow{P::queued, E::reserve, P::ringing, 0},
      CallRow{P::queued, E::enter_queue, P::queued, 0, "a supervisor puts him into another line"},
      CallRow{P::queued, E::queue_over, P::script, 0},
      CallRow{P::queued, E::clear, P::clearing, 0},
      CallRow{P::queued, E::released, P::null, 0},

      CallRow{P::ringing, E::agent_answered, P::talking, 0},
      CallRow{P::ringing, E::agent_missed, P::queued, 0},
      CallRow{P::ringing, E::clear, P::clearing, 0},
      CallRow{P::ringing, E::released, P::null, 0},

      CallRow{P::talking, E::agent_left, P::script, 0},
      CallRow{P::talking, E::enter_queue, P::queued, 0, "his agent left him on hold"},
      CallRow{P::talking, E::to_other, P::joined, 0, "ECMA-269 Transfer Call"},
      CallRow{P::talking, E::forward, P::forwarding, 0},
      CallRow{P::talking, E::clear, P::clearing, 0},
      CallRow{P::talking, E::released, P::null, 0},

      CallRow{P::forwarding, E::other_answered, P::joined, 0},
      CallRow{P::forwarding, E::enter_queue, P::queued, 0, "it was not answered"},
      CallRow{P::forwarding, E::clear, P::clearing, 0},
      CallRow{P::forwarding, E::released, P::null, 0},

      CallRow{P::joined, E::agent_left, P::script, 0},
      CallRow{P::joined, E::clear, P::clearing, 0},
      CallRow{P::joined, E::released, P::null, 0},

      CallRow{P::clearing, E::released, P::null, 0},
  };
}();
static_assert(fsm::deterministic(kCallTable) && fsm::reachable(kCallTable, Phase::null) && fsm::returns(kCallTable, Phase::null));
static_assert(fsm::handled_everywhere(kCallTable, CallEvent::released, std::array{Phase::null}), "nobody hangs up into a void");
static_assert(fsm::handled_everywhere(kCallTable, CallEvent::clear, std::array{Phase::clearing}));

// Where a caller is lost who goes in this phase. Captured, and from talking on, his outcome is booked already.
constexpr LossStage stage_of(Phase phase) {
  switch (phase) {
    case Phase::overlap: return LossStage::number_incomplete;
    case Phase::script: return LossStage::in_script;
    case Phase::queued: return LossStage::in_queue;
    case Phase::ringing: return LossStage::ringing_agent;
    case Phase::fallback: return LossStage::script_error;
    case Phase::null:
    case Phase::held:
    case Phase::talking:
    case Phase::forwarding:
    case Phase::joined:
    case Phase::captured:
    case Phase::clearing:
    case Phase::count_: break;
  }
  return LossStage::system_fault;
}

// A call made here. near: the phone (or the caller whose script dials); far: the trunk.
BOOST_DEFINE_ENUM_CLASS(OutPhase, null, phone_rings, dialing, delivered, established, clearing, count_)
BOOST_DEFINE_ENUM_CLASS(OutEvent, ring_phone, dial, alerting, answered, clear, over, count_)
using OutRow = fsm::Row<OutPhase, OutEvent, int>;
inline constexpr auto kOutTable = [] {
  using P = OutPhase;
  using E = OutEvent;
  return std::array{
      OutRow{P::null, E::ring_phone, P::phone_rings, 0, "ECMA-269 Make Call"},
      OutRow{P::null, E::dial, P::dialing, 0},
      OutRow{P::phone_rings, E::dial, P::dialing, 0},
      OutRow{P::phone_rings, E::over, P::null, 0},
      OutRow{P::phone_rings, E::clear, P::clearing, 0},
      OutRow{P::dialing, E::alerting, P::delivered, 0},
      OutRow{P::dialing, E::answered, P::established, 0},
      OutRow{P::dialing, E::clear, P::clearing, 0},
      OutRow{P::dialing, E::over, P::null, 0},
      OutRow{P::delivered, E::answered, P::established, 0},
      OutRow{P::delivered, E::clear, P::clearing, 0},
      OutRow{P::delivered, E::over, P::null, 0},
      OutRow{P::established, E::clear, P::clearing, 0},
      OutRow{P::established, E::over, P::null, 0},
      OutRow{P::clearing, E::over, P::null, 0},
  };
}();
static_assert(fsm::deterministic(kOutTable) && fsm::reachable(kOutTable, OutPhase::null) && fsm::returns(kOutTable, OutPhase::null));
static_assert(fsm::handled_everywhere(kOutTable, OutEvent::over, std::array{OutPhase::null}));

}  // namespace sr::app
