// The table of a line that is kept up: each row leads where it says; what has none is refused.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/line_state.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::app;

TEST_GROUP(LineTable) {
  LinePhase after(LinePhase from, std::initializer_list<LineEvent> events) {
    for (const LineEvent event : events) {
      const auto* row = fsm::find(kLineTable, from, event);
      if (!row) return LinePhase::count_;
      from = row->to;
    }
    return from;
  }
};

TEST(LineTable, called_answered_accepted_and_lost) {
  using P = LinePhase;
  using E = LineEvent;
  CHECK_TRUE(after(P::down, {E::wanted, E::answered}) == P::asked);
  CHECK_TRUE(after(P::down, {E::wanted, E::answered, E::accepted}) == P::up);
  CHECK_TRUE(after(P::down, {E::wanted, E::answered, E::late, E::wanted}) == P::dialling);
  CHECK_TRUE(after(P::down, {E::lifted, E::hung_up}) == P::down);
  CHECK_TRUE(fsm::find(kLineTable, P::up, E::dropped)->act == LineAction::lose_and_redial);
  CHECK_TRUE(fsm::find(kLineTable, P::up, E::hung_up)->act == LineAction::lose);
}

TEST(LineTable, nothing_opens_a_line_but_the_key_or_the_receiver) {
  using P = LinePhase;
  using E = LineEvent;
  for (const auto& row : kLineTable)
    if (row.to == P::up) CHECK_TRUE(row.on == E::accepted || row.on == E::lifted);
  CHECK_TRUE(after(P::up, {E::wanted}) == P::count_);
  CHECK_TRUE(after(P::dialling, {E::accepted}) == P::count_);
  CHECK_TRUE(after(P::up, {E::lifted}) == P::count_);
}
