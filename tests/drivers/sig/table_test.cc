// Every row of the three tables, and that every other (state, event) is refused. Rows are checked against the rules that they
// must obey rather than repeated; whole runs are in the tests of the banks.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <set>

#include "drivers/sig/fxo_line.h"
#include "drivers/sig/fxs_line.h"
#include "drivers/sig/leg.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::sig;

TEST_GROUP(Tables) {
  // Each (state, event) is either the one row that says so or refused; returns how many are refused.
  template <class State, class Event, class Table>
  int refused(const Table& table) {
    int none = 0;
    for (int s = 0; s < static_cast<int>(State::count_); ++s)
      for (int e = 0; e < static_cast<int>(Event::count_); ++e) {
        int rows = 0;
        for (const auto& row : table) rows += row.from == State{s} && row.on == Event{e};
        CHECK(rows <= 1);
        const auto* found = fsm::find(table, State{s}, Event{e});
        CHECK((found != nullptr) == (rows == 1));
        if (!found) ++none;
        else CHECK(found->from == State{s} && found->on == Event{e} && !found->clause.empty());
      }
    return none;
  }
};

TEST(Tables, every_pair_without_a_row_is_refused) {
  LONGS_EQUAL(static_cast<int>(LegPhase::count_) * static_cast<int>(LegEvent::count_) - static_cast<int>(kLegTable.size()), (refused<LegPhase, LegEvent>(kLegTable)));
  LONGS_EQUAL(static_cast<int>(FxsPhase::count_) * static_cast<int>(FxsEvent::count_) - static_cast<int>(kFxsTable.size()), (refused<FxsPhase, FxsEvent>(kFxsTable)));
  LONGS_EQUAL(static_cast<int>(FxoPhase::count_) * static_cast<int>(FxoEvent::count_) - static_cast<int>(kFxoTable.size()), (refused<FxoPhase, FxoEvent>(kFxoTable)));
}

TEST(Tables, nothing_is_sent_while_the_call_is_not_booked) {
  const std::set<LegAction> silent = {LegAction::keep_alert, LegAction::keep_progress, LegAction::keep_answer, LegAction::keep_clear, LegAction::keep_disconnect, LegAction::take_digits, LegAction::tell_released, LegAction::drop};
  for (const auto& row : kLegTable)
    if (row.from == LegPhase::call_present && row.on != LegEvent::booked && row.on != LegEvent::booked_overlap && row.on != LegEvent::booked_refuse && row.on != LegEvent::booked_gone)
      CHECK(silent.contains(row.act));
}

TEST(Tables, a_leg_ends_only_where_it_is_told) {
  for (const auto& row : kLegTable)
    if (row.to == LegPhase::null) CHECK(row.act == LegAction::tell_released || row.act == LegAction::end || row.act == LegAction::drop);
}

TEST(Tables, each_timer_is_handled_in_the_phase_in_which_it_runs) {
  const PriConfig config;
  for (int s = 0; s < static_cast<int>(LegPhase::count_); ++s)
    for (const bool in_band : {false, true}) {
      const LegTimer timer = timer_of(LegPhase{s}, in_band, config);
      if (timer.event == LegEvent::count_) continue;
      CHECK(timer.length > 0s && timer.wire > 0 && timer.told > 0);
      CHECK(fsm::find(kLegTable, LegPhase{s}, timer.event) != nullptr);
    }
  CHECK(timer_of(LegPhase::overlap_receiving, false, config).event == LegEvent::t302);
  CHECK(timer_of(LegPhase::overlap_sending, false, config).event == LegEvent::t304);
  CHECK(timer_of(LegPhase::outgoing_proceeding, false, config).event == LegEvent::t310);
  CHECK(timer_of(LegPhase::outgoing_proceeding, true, config).event == LegEvent::t301);
  CHECK(timer_of(LegPhase::call_delivered, false, config).event == LegEvent::t301);
  CHECK(timer_of(LegPhase::active, false, config).event == LegEvent::count_);
}

TEST(Tables, every_phase_and_event_has_its_name) {
  std::set<std::string_view> names;
  for (int s = 0; s < static_cast<int>(LegPhase::count_); ++s) names.insert(phase_name(LegPhase{s}));
  LONGS_EQUAL(static_cast<int>(LegPhase::count_), names.size());
  names.clear();
  for (int e = 0; e < static_cast<int>(LegEvent::count_); ++e) names.insert(event_name(LegEvent{e}));
  LONGS_EQUAL(static_cast<int>(LegEvent::count_), names.size());
  CHECK(!names.contains(""));
}

TEST(Tables, a_number_is_whole_by_its_flag_its_length_or_the_mode) {
  PriConfig config;
  CHECK(number_is_complete("4", false, config));  // en bloc
  config.overlap_receiving = true;
  CHECK_FALSE(number_is_complete("4006001", false, config));
  CHECK(number_is_complete("4", true, config));
  CHECK(number_will_do("4", config));
  CHECK_FALSE(number_will_do("", config));
  config.number_length = 7;
  CHECK(number_is_complete("4006001", false, config));
  CHECK_FALSE(number_will_do("400600", config));
}

TEST(Tables, a_bar_divides_what_is_dialled) {
  const Dialled whole = split_called("4006001"), parts = split_called("400|6001");
  CHECK(whole.complete && whole.in_setup == "4006001" && whole.by_information.empty());
  CHECK(!parts.complete && parts.in_setup == "400" && parts.by_information == "6001");
}

TEST(Tables, an_off_hook_phone_without_a_leg_hears_a_tone) {
  for (int s = 0; s < static_cast<int>(FxsPhase::count_); ++s) {
    const auto phase = FxsPhase{s};
    if (is_off_hook(phase) && !has_leg(phase)) CHECK(!tone_in(phase).empty());
    if (!is_off_hook(phase)) CHECK(tone_in(phase).empty());
    CHECK((to_leg_state(phase) != board::LegState::null) == has_leg(phase));
  }
}
