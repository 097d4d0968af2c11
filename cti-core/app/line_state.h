// The line to a phone that is kept up between calls, as a table: an outside number that we have called, or a station of ours whose receiver
// is off (headset). A call is announced on it; whether one is on it is not this table's business (Phone::leg).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <array>

#include "drivers/base/fsm.h"
#include "drivers/base/time.h"

namespace sr::app {

inline constexpr int kRedialMax = 3;                    // calls in vain; then the agent must ask for it
inline constexpr Duration kRedialAfter = 5s, kLineAnswerMax = 40s;

// asked: answered, and a key is awaited, for it may be a voicemail.
BOOST_DEFINE_ENUM_CLASS(LinePhase, down, dialling, asked, up, count_)
// wanted: its agent has logged on, is ready or it is time to call again. lifted: a station's receiver. hung_up: by him; dropped: by anything else.
BOOST_DEFINE_ENUM_CLASS(LineEvent, wanted, lifted, answered, accepted, late, hung_up, dropped, unwanted, count_)
BOOST_DEFINE_ENUM_CLASS(LineAction, none, dial, ask, open, give_up, fail, lose, lose_and_redial, hang_up)
using LineRow = fsm::Row<LinePhase, LineEvent, LineAction>;

inline constexpr auto kLineTable = [] {
  using P = LinePhase;
  using E = LineEvent;
  using A = LineAction;
  return std::array{
      LineRow{P::down, E::wanted, P::dialling, A::dial},
      LineRow{P::down, E::lifted, P::up, A::open},
      LineRow{P::down, E::unwanted, P::down, A::none, "no further try"},

      LineRow{P::dialling, E::answered, P::asked, A::ask},
      LineRow{P::dialling, E::late, P::down, A::give_up},
      LineRow{P::dialling, E::hung_up, P::down, A::fail},
      LineRow{P::dialling, E::dropped, P::down, A::fail, "busy, no trunk, no answer"},
      LineRow{P::dialling, E::unwanted, P::down, A::hang_up},

      LineRow{P::asked, E::accepted, P::up, A::open},
      LineRow{P::asked, E::late, P::down, A::give_up, "nobody pressed the key"},
      LineRow{P::asked, E::hung_up, P::down, A::fail},
      LineRow{P::asked, E::dropped, P::down, A::fail},
      LineRow{P::asked, E::unwanted, P::down, A::hang_up},

      LineRow{P::up, E::hung_up, P::down, A::lose, "he did it himself: he is not called again until he is ready"},
      LineRow{P::up, E::dropped, P::down, A::lose_and_redial},
      LineRow{P::up, E::unwanted, P::down, A::hang_up},
  };
}();
static_assert(fsm::deterministic(kLineTable) && fsm::reachable(kLineTable, LinePhase::down) && fsm::returns(kLineTable, LinePhase::down));
static_assert(fsm::handled_everywhere(kLineTable, LineEvent::unwanted, std::array<LinePhase, 0>{}));
static_assert(fsm::handled_everywhere(kLineTable, LineEvent::dropped, std::array{LinePhase::down}));

}  // namespace sr::app
