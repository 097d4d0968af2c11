// The phone's procedure digit by digit (docs/ACD.md): while both are there, recall, whom he may want, off-hook after the call.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <map>

#include "cti-core/app/consult_state.h"
#include "tests/cti-core/app/agent_with_caller.h"

using namespace sr;
using namespace sr::test;

TEST_GROUP_BASE(Procedure, AgentWithCaller) {};

// ---- both are there -------------------------------------------------------------------------------------------------

TEST(Procedure, a_flash_gives_dial_tone_and_without_a_digit_it_alternates_and_back) {
  second_talks();
  hear("music", "1002", "1001");
  flash();
  hear("music", "tone dial", "");
  desk.run(app::kFlashDigit - 1ms);
  hear("music", "tone dial", "");
  desk.run(1ms);
  hear("1001", caller_number, "music");
  alternate();
  hear("music", "1002", "1001");
  STRCMP_EQUAL(("held " + caller_number + ", held 1002, retrieved " + caller_number + ", held " + caller_number + ", retrieved 1002").c_str(), holds().c_str());
  CHECK_TRUE(said<ev::Held>()[1].cause == Cause::alternate);
  end();
}

TEST(Procedure, a_2_alternates_at_once_and_another_digit_leaves_it_as_it_is) {
  second_talks();
  flash("2");
  hear("1001", caller_number, "music");
  flash("7");
  hear("1001", caller_number, "music");
  flash("2");
  hear("music", "1002", "1001");
  for (const char* nothing : {"0", "4", "9", "*", "#"}) {
    flash(nothing);
    hear("music", "1002", "1001");
  }
  end();
}

TEST(Procedure, a_3_makes_a_conference_from_both_sides_and_the_recording_goes_on) {
  for (const bool alternated : {false, true}) {
    second_talks();
    if (alternated) flash("2");
    flash("3");
    hear("1001+1002", "1002+" + caller_number, "1001+" + caller_number);
    flash("5");
    hear("1001+1002", "1002+" + caller_number, "1001+" + caller_number);
    flash("1");
    with_caller();
    hangs_up("1002");
    desk.run(3s);
  }
  const auto c = said<ev::Conferenced>();
  LONGS_EQUAL(2, c.size());
  STRCMP_EQUAL("1001 1002", (c[0].conferencingDevice + " " + c[0].addedParty).c_str());
  LONGS_EQUAL(1, desk.board.count("record"));
  LONGS_EQUAL(0, desk.board.count("stop_record"));
  end();
}

TEST(Procedure, in_a_conference_he_hears_dial_tone_alone_while_he_chooses_and_may_split_it) {
  second_talks();
  flash("3");
  flash();
  hear("1002", "tone dial", caller_number);
  desk.run(app::kFlashDigit);
  hear("music", "1002", "1001");
  flash("3");
  hear("1001+1002", "1002+" + caller_number, "1001+" + caller_number);
  end();
}

TEST(Procedure, a_1_drops_the_second_wherever_both_are_there) {
  for (const char* before : {"", "2", "3"}) {
    second_talks();
    if (*before) flash(before);
    flash("1");
    with_caller();
    states("agentBusy", "agentWorkingAfterCall");
    hangs_up("1002");
    desk.run(3s);
  }
  end();
}

TEST(Procedure, the_second_hangs_up_while_he_chooses) {
  for (const char* before : {"", "2", "3"}) {
    second_talks();
    if (*before) flash(before);
    flash();
    hangs_up("1002");
    if (*before) with_caller();
    else hear("music", "tone busy", "gone");
    if (!*before) flash();
    desk.run(3s);
    with_caller();
  }
  end();
}

TEST(Procedure, whoever_leaves_a_conference_the_others_stay_joined) {
  second_talks();
  flash("3");
  hangs_up("1002");
  with_caller();
  desk.run(3s);
  second_talks();
  flash("3");
  hangs_up("1001");
  hear("1002", "gone", caller_number);
  STRCMP_EQUAL("1001 1002 2002", (said<ev::Transferred>()[0].transferringDevice + " " + said<ev::Transferred>()[0].transferredToDevice + " " + said<ev::Transferred>()[0].agentID).c_str());
  states("agentWorkingAfterCall", "agentBusy");
  end();
}

TEST(Procedure, when_the_caller_leaves_a_conference_the_two_talk_on_until_one_hangs_up) {
  for (const char* who : {"1001", "1002"}) {
    Desk other;
    other.login("2001", "1001");
    other.queued();
    const LegId far = other.board.legs_.begin()->first;
    other.talk("1001");
    other.login("2002", "1002");
    other.board.flash("1001", "2002");
    other.settle();
    other.talk("1002");
    other.board.flash("1001", "3");
    other.settle();
    other.board.gone(far, 16, true);
    other.settle();
    LONGS_EQUAL(1, other.center->calls());
    for (const auto& [id, l] : other.board.legs_) STRCMP_EQUAL(l.shown.station == "1001" ? "1002" : "1001", other.board.hears(id).c_str());
    other.board.flash("1001");
    other.run(5s);
    LONGS_EQUAL(2, other.board.legs_.size());
    other.board.on_hook(who);
    other.settle();
    LONGS_EQUAL(0, other.center->calls());
    LONGS_EQUAL(0, other.board.legs_.size());
    STRCMP_EQUAL("agentWorkingAfterCall", other.state("2001").c_str());
    STRCMP_EQUAL("agentWorkingAfterCall", other.state("2002").c_str());
    CHECK_TRUE(other.books().balanced);
    LONGS_EQUAL(0, other.center->counters().no_row);
  }
}

TEST(Procedure, a_client_clears_what_remains_of_a_conference) {
  second_talks();
  flash("3");
  caller_goes();
  CHECK_TRUE(desk.center->cti().call_clear(call).has_value());
  desk.settle();
  LONGS_EQUAL(0, desk.center->calls());
  end();
}

TEST(Procedure, who_hangs_up_while_the_second_is_held_transfers) {
  second_talks();
  flash("2");
  hangs_up("1001");
  hear("1002", "gone", caller_number);
  states("agentWorkingAfterCall", "agentBusy");
  end();
}

// ---- only a held caller ---------------------------------------------------------------------------------------------

TEST(Procedure, on_hook_with_only_a_held_caller_the_phone_rings_back_and_lifted_it_has_him) {
  for (const char* digits : {"", "7"}) {
    flash(digits);
    hangs_up("1001");
    CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
    STRCMP_EQUAL("music", desk.board.hears(caller).c_str());
    CHECK_TRUE(said<ev::Delivered>().back().cause == Cause::recall);
    states("agentBusy", "agentReady");
    desk.queued("139");  // nobody else's call comes between
    desk.board.gone(LegId{desk.board.next_leg}, 16, true);
    desk.run(desk.config.no_answer - 1s);
    desk.talk("1001");
    with_caller();
    if (leg("1002") != LegId::none) hangs_up("1002");
    desk.run(5s);
  }
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  LONGS_EQUAL(0, desk.center->counters().no_row);
}

TEST(Procedure, a_recall_that_nobody_lifts_sends_the_caller_to_the_queue_and_the_agent_to_a_break) {
  flash();
  hangs_up("1001");
  desk.run(desk.config.no_answer);
  CHECK_TRUE(desk.board.ringing("1001") == LegId::none);
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);  // the queue's next
  desk.run(3s);
  states("agentNotReady", "agentReady");
  desk.talk("1002");
  hear("1002", "gone", caller_number);
  end();
}

TEST(Procedure, the_caller_goes_while_the_phone_rings_back) {
  flash();
  hangs_up("1001");
  caller_goes();
  CHECK_TRUE(desk.board.ringing("1001") == LegId::none);
  states("agentWorkingAfterCall", "agentReady");
  end();
}

TEST(Procedure, a_phone_that_dies_with_a_held_caller_is_not_rung) {
  flash();
  desk.board.gone(leg("1001"), 27, true);
  desk.settle();
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
  end();
}

TEST(Procedure, who_forgets_a_held_caller_hears_a_beep_again_and_again) {
  flash("7");
  desk.run(desk.config.hold_recall - 1ms);
  LONGS_EQUAL(0, said<ev::HoldRecall>().size());
  desk.run(1ms);
  hear("music", "tone beep", "gone");
  desk.run(desk.config.hold_recall);
  const auto reminded = said<ev::HoldRecall>();
  LONGS_EQUAL(2, reminded.size());
  STRCMP_EQUAL(("1001 " + caller_number).c_str(), (reminded[0].holdingDevice + " " + reminded[0].heldDevice).c_str());
  LONGS_EQUAL(60'000, reminded[0].heldMs);
  LONGS_EQUAL(120'000, reminded[1].heldMs);
  flash();
  desk.run(desk.config.hold_recall * 3);
  LONGS_EQUAL(2, said<ev::HoldRecall>().size());
  end();
}

TEST(Procedure, the_beep_is_also_for_a_held_second_and_each_hold_counts_anew) {
  second_talks();
  desk.run(desk.config.hold_recall - 1s);
  flash("2");
  desk.run(desk.config.hold_recall);
  const auto reminded = said<ev::HoldRecall>();
  LONGS_EQUAL(1, reminded.size());
  STRCMP_EQUAL("1002", reminded[0].heldDevice.c_str());
  flash("3");
  desk.run(desk.config.hold_recall * 2);
  LONGS_EQUAL(1, said<ev::HoldRecall>().size());
  end();
}

// ---- whom he may want -----------------------------------------------------------------------------------------------

TEST(Procedure, a_phone_without_an_agent_answers_and_keeps_the_caller) {
  flash("1003");
  STRCMP_EQUAL("tone ringback", desk.board.hears(leg("1001")).c_str());
  STRCMP_EQUAL("1003", said<ev::Delivered>().back().alertingDevice.c_str());
  desk.talk("1003");
  STRCMP_EQUAL("1003", desk.board.hears(leg("1001")).c_str());
  hangs_up("1001");
  STRCMP_EQUAL("1003", desk.board.hears(caller).c_str());
  STRCMP_EQUAL("", said<ev::Transferred>().back().agentID.c_str());
  states("agentWorkingAfterCall", "agentReady");
  hangs_up("1003");
  STRCMP_EQUAL("queue answered", desk.engine.heard[call].back().c_str());
  end();
}

TEST(Procedure, blind_to_a_phone_it_rings_on_and_is_answered_or_the_caller_goes_to_the_queue) {
  flash("1003");
  hangs_up("1001");
  STRCMP_EQUAL("music", desk.board.hears(caller).c_str());
  desk.talk("1003");
  STRCMP_EQUAL("1003", desk.board.hears(caller).c_str());
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  caller_goes();
  CHECK_TRUE(leg("1003") == LegId::none);
  end();
}

TEST(Procedure, a_phone_that_does_not_answer_a_blind_transfer_gives_him_to_the_queue) {
  flash("1003");
  hangs_up("1001");
  desk.run(desk.config.no_answer);
  CHECK_TRUE(desk.board.ringing("1003") == LegId::none);
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
  desk.talk("1002");
  end();
}

TEST(Procedure, a_phone_in_use_is_busy) {
  desk.board.off_hook("1003");
  desk.settle();
  flash("1003");
  hear("music", "tone busy", "gone");
  end();
}

TEST(Procedure, an_outside_number_is_dialled_behind_the_access_digit) {
  flash("0139");
  CHECK_TRUE(outside() == LegId::none);
  desk.run(app::kInterDigit);
  const auto* d = desk.board.last<board::cmd::Dial>();
  STRCMP_EQUAL("city 4006001 139", (d->group + " " + d->calling + " " + d->called).c_str());
  STRCMP_EQUAL("", desk.board.hears(leg("1001")).c_str());
  desk.board.happens(board::evt::Alerting{outside()});
  desk.settle();
  STRCMP_EQUAL("tone ringback", desk.board.hears(leg("1001")).c_str());
  desk.board.answer(outside());
  desk.settle();
  STRCMP_EQUAL("139", desk.board.hears(leg("1001")).c_str());
  flash("3");
  STRCMP_EQUAL(("1001+" + caller_number).c_str(), desk.board.hears(outside()).c_str());
  hangs_up("1001");
  STRCMP_EQUAL("139", desk.board.hears(caller).c_str());
  desk.board.gone(outside(), 16, true);
  desk.settle();
  STRCMP_EQUAL("queue answered", desk.engine.heard[call].back().c_str());
  end();
}

TEST(Procedure, an_outside_number_that_is_busy_or_rings_too_long) {
  flash("0139#");
  desk.board.gone(outside(), 17, true);
  desk.settle();
  hear("music", "tone busy", "gone");
  flash();
  flash("0139#");
  desk.run(app::kOutsideRingTime);
  hear("music", "tone busy", "gone");
  flash();
  flash("0139#");
  hangs_up("1001");
  (void)desk.center->cti().agent_not_ready("2002", "1");
  desk.run(app::kOutsideRingTime - 1s);
  LONGS_EQUAL(0, desk.center->waiting());
  desk.run(1s);
  CHECK_TRUE(outside() == LegId::none);
  end();
}

TEST(Procedure, a_queue_s_extension_rings_whoever_is_free_there) {
  desk.login("2003", "1003");
  flash("600");
  CHECK_TRUE(desk.board.ringing("1003") != LegId::none);
  desk.talk("1003");
  hangs_up("1001");
  STRCMP_EQUAL("1003", desk.board.hears(caller).c_str());
  STRCMP_EQUAL("2003", said<ev::Transferred>().back().agentID.c_str());
  end();
}

TEST(Procedure, where_nobody_is_free_he_waits_with_music_behind_the_callers_and_may_leave_his_caller_there) {
  flash("600");
  hear("music", "music", "gone");
  desk.queued("139", {.queue = "vip", .agent = {}});
  desk.login("2003", "1003");
  desk.talk("1003");  // the caller came first
  STRCMP_EQUAL("139", desk.board.hears(leg("1003")).c_str());
  desk.login("2004", "1004");
  CHECK_TRUE(desk.board.ringing("1004") != LegId::none);
  hear("music", "tone ringback", "gone");
  flash();
  with_caller();
  CHECK_TRUE(desk.center->cti().agent_not_ready("2004", "1").has_value());
  flash("600");
  hangs_up("1001");
  LONGS_EQUAL(1, desk.center->waiting());
  STRCMP_EQUAL("vip", said<ev::Queued>().back().queue.c_str());
  STRCMP_EQUAL("vip", said<ev::Transferred>().back().transferredToDevice.c_str());
}

// ---- after the call -------------------------------------------------------------------------------------------------

TEST(Procedure, the_caller_is_gone_he_hears_busy_tone_and_his_wrap_up_runs) {
  caller_goes();
  const auto* c = desk.board.last<board::cmd::Clear>();
  CHECK_TRUE(c && !desk.board.has(c->leg) && c->cause == 16);  // a phone gets busy tone, then the howler (fxs_line.h)
  states("agentWorkingAfterCall", "agentReady");
  hangs_up("1001");
  desk.run(3s);
  states("agentReady", "agentReady");
  end();
}

TEST(Procedure, wrap_up_over_and_still_off_hook_he_is_not_ready_until_he_says_so) {
  caller_goes();
  desk.run(3s);
  states("agentNotReady", "agentReady");
  STRCMP_EQUAL("phone off-hook", said<ev::AgentNotReady>().back().reason.c_str());
  hangs_up("1001");
  desk.run(60s);
  states("agentNotReady", "agentReady");
  CHECK_TRUE(desk.center->cti().agent_ready("2001").has_value());
  states("agentReady", "agentReady");
  end();
}

TEST(Procedure, what_he_asked_for_during_the_call_counts_more_than_his_handset) {
  CHECK_TRUE(desk.center->cti().agent_not_ready("2001", "2").has_value());
  caller_goes();
  desk.run(3s);
  STRCMP_EQUAL("lunch", said<ev::AgentNotReady>().back().reason.c_str());
  end();
}

TEST(Procedure, who_dials_while_his_wrap_up_ends_is_ready) {
  hangs_up("1001");
  desk.board.off_hook("1001");
  desk.run(3s);
  states("agentReady", "agentReady");
}

// ---- the table ------------------------------------------------------------------------------------------------------

TEST(Procedure, every_event_without_a_row_is_refused_by_the_table) {
  using P = app::ConsultPhase;
  using E = app::ConsultEvent;
  const std::map<P, std::set<E>> expected = {
      {P::none, {E::flash}},
      {P::dialling, {E::chosen, E::none_free, E::wrong, E::flash, E::on_hook, E::first_left, E::over}},
      {P::queued, {E::chosen, E::flash, E::first_left, E::over}},
      {P::ringing, {E::second_answered, E::second_gone, E::flash, E::first_left, E::over}},
      {P::talking, {E::flash, E::keep, E::alternate, E::conference, E::drop, E::second_gone, E::first_left, E::over}},
      {P::alternated, {E::flash, E::keep, E::alternate, E::conference, E::drop, E::second_gone, E::first_left, E::over}},
      {P::conference, {E::flash, E::keep, E::alternate, E::conference, E::drop, E::second_gone, E::first_left, E::caller_left, E::over}},
      {P::busy, {E::flash, E::on_hook, E::first_left, E::over}},
      {P::recalling, {E::lifted, E::first_left, E::over}},
      {P::remaining, {E::flash, E::second_gone, E::first_left, E::over}},
  };
  LONGS_EQUAL(static_cast<int>(P::count_), expected.size());
  std::size_t rows = 0;
  for (const auto& [phase, events] : expected)
    for (int e = 0; e < static_cast<int>(E::count_); ++e) {
      CHECK_EQUAL(events.contains(static_cast<E>(e)), fsm::find(app::kConsultTable, phase, static_cast<E>(e)) != nullptr);
      rows += events.contains(static_cast<E>(e));
    }
  LONGS_EQUAL(app::kConsultTable.size(), rows);
}
