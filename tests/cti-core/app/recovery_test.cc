// ctid's kill -9, boardd's kill -9, a link that breaks.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/recovered_times.h"
#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

TEST_GROUP(Recovery) {
  Desk desk;
  void restart() {
    desk.kill_ctid();
    desk.start_ctid();
    desk.link();
  }
  void over(std::int64_t offered) {
    const auto b = desk.books();
    CHECK_TRUE(b.balanced);
    CHECK_EQUAL(offered, b.offered);
    CHECK_EQUAL(0, b.in_progress);
    CHECK_EQUAL(0, desk.center->calls());
  }
};

TEST(Recovery, an_established_call_stays_up_and_ends_as_any_other) {
  desk.login("2001", "1001");
  const CallId call = desk.queued();
  const LegId leg{desk.board.next_leg};
  desk.talk("1001");
  const auto commands = desk.board.sent.size();
  restart();
  for (std::size_t i = commands; i < desk.board.sent.size(); ++i) CHECK_TRUE(std::holds_alternative<board::cmd::Ack>(desk.board.sent[i]));
  STRCMP_EQUAL("agentBusy", desk.state("2001").c_str());
  desk.board.gone(leg, 16, true);
  desk.settle();
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  over(1);
}

TEST(Recovery, queued_callers_keep_their_places) {
  for (const char* who : {"1", "2", "3"}) desk.queued(who);
  desk.run(5s);
  restart();
  CHECK_EQUAL(3, desk.center->waiting());
  desk.login("2001", "1001");
  STRCMP_EQUAL("1", desk.board.legs_.at(desk.board.ringing("1001")).shown.calling.c_str());
  desk.login("2002", "1002");
  STRCMP_EQUAL("2", desk.board.legs_.at(desk.board.ringing("1002")).shown.calling.c_str());
}

TEST(Recovery, a_caller_in_a_script_goes_to_his_numbers_queue) {
  desk.dial();
  desk.host().script_answer(desk.last_call());
  desk.settle();
  restart();
  CHECK_EQUAL(1, desk.center->waiting());
  desk.login("2001", "1001");
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
}

TEST(Recovery, an_agents_phone_that_rang_goes_on_ringing_and_its_answer_is_heard) {
  desk.login("2001", "1001");
  const CallId call = desk.queued();
  restart();
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  desk.talk("1001");
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(Recovery, an_agent_who_answered_while_we_were_away_is_connected) {
  desk.login("2001", "1001");
  const CallId call = desk.queued();
  desk.kill_ctid();
  desk.board.off_hook("1001");
  desk.start_ctid();
  desk.link();
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  CHECK_EQUAL(1, desk.board.count("connect"));
}

TEST(Recovery, a_caller_whose_wait_was_over_while_the_link_was_down_is_not_offered_after_the_restart) {
  const CallId call = desk.queued();
  const LegId leg{desk.board.next_leg};
  desk.unlink();
  desk.run(61s);
  desk.host().script_lost(call, LossStage::timeout, "nobody came", true);
  desk.settle();
  restart();
  CHECK_FALSE(desk.board.has(leg));
  desk.login("2001", "1001");
  CHECK_TRUE(desk.board.ringing("1001") == LegId::none);
  STRCMP_EQUAL("lost timeout", desk.outcome(call).c_str());
  over(1);
}

TEST(Recovery, a_queued_caller_who_hung_up_meanwhile_is_lost_in_the_queue) {
  const CallId call = desk.queued();
  desk.kill_ctid();
  desk.board.gone(LegId{desk.board.next_leg}, 16, true);
  desk.start_ctid();
  desk.link();
  STRCMP_EQUAL("lost in_queue", desk.outcome(call).c_str());
  over(1);
}

TEST(Recovery, both_sides_gone_meanwhile_puts_the_agent_into_wrap_up) {
  desk.login("2001", "1001");
  const CallId call = desk.queued();
  const LegId leg{desk.board.next_leg};
  desk.talk("1001");
  desk.kill_ctid();
  desk.board.gone(leg, 16, true);
  desk.board.on_hook("1001");
  desk.start_ctid();
  desk.link();
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  desk.run(3s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  over(1);
}

TEST(Recovery, a_new_call_while_we_were_away_is_booked_and_served) {
  desk.kill_ctid();
  desk.board.call("5", "4006001");
  desk.start_ctid();
  desk.link();
  CHECK_EQUAL(1, desk.engine.started.size());
  CHECK_EQUAL(desk.board.seq, desk.board.acked);
}

TEST(Recovery, a_call_that_boardd_answered_alone_goes_to_the_numbers_queue_and_is_recorded) {
  desk.kill_ctid();
  const LegId leg = desk.board.call("5", "4006001");
  desk.board.happens(board::evt::Alone{leg, "fallback"});
  desk.board.answer(leg);
  desk.start_ctid();
  desk.link();
  CHECK_EQUAL(1, desk.center->waiting());
  CHECK_EQUAL(1, desk.board.count("record"));
  CHECK_EQUAL(0, desk.engine.started.size());
}

TEST(Recovery, a_caller_who_came_and_went_while_we_were_away_is_booked) {
  desk.kill_ctid();
  const LegId leg = desk.board.call("5", "4006001");
  desk.board.gone(leg, 16, true);
  desk.start_ctid();
  desk.link();
  CHECK_EQUAL(1, desk.books().lost["system_fault"]);
  over(1);
}

TEST(Recovery, events_that_are_in_the_journal_are_dropped_and_acknowledged_again) {
  const auto leg = desk.dial();
  auto kept = desk.board.kept;
  desk.board.happens(board::evt::Digit{leg, '1', 80});
  desk.settle();
  kept = desk.board.kept;  // the digit is not acknowledged yet
  desk.unlink();
  desk.board.kept = kept;
  desk.link();
  CHECK_TRUE(desk.center->counters().replayed >= 1);
  const auto& heard = desk.engine.heard[desk.last_call()];
  CHECK_EQUAL(1, std::count(heard.begin(), heard.end(), "digit 1"));
  CHECK_EQUAL(desk.board.seq, desk.board.acked);
}

TEST(Recovery, an_offer_of_boardds_former_life_is_booked_and_lost) {
  desk.kill_ctid();
  desk.board.call("5", "4006001");
  desk.board.die();
  desk.start_ctid();
  desk.link();
  CHECK_EQUAL(1, desk.books().lost["system_fault"]);
  over(1);
  CHECK_EQUAL(0, desk.engine.started.size());
}

TEST(Recovery, boardds_death_ends_every_call_and_frees_every_agent) {
  desk.login("2001", "1001");
  desk.login("2002", "1002");
  const CallId talking = desk.queued("1");
  desk.talk("1001");
  const CallId rings = desk.queued("2");
  const CallId waits = desk.queued("3");
  desk.unlink();
  desk.board.die();
  desk.link();
  STRCMP_EQUAL("answered", desk.outcome(talking).c_str());
  STRCMP_EQUAL("lost system_fault", desk.outcome(rings).c_str());
  STRCMP_EQUAL("lost system_fault", desk.outcome(waits).c_str());
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  STRCMP_EQUAL("agentReady", desk.state("2002").c_str());
  over(3);
  desk.queued("4");
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
}

TEST(Recovery, a_link_that_breaks_and_comes_back_costs_nobody_his_call) {
  desk.login("2001", "1001");
  desk.queued("1");
  desk.talk("1001");
  const CallId waits = desk.queued("2");
  desk.unlink();
  desk.run(2s);
  desk.link();
  STRCMP_EQUAL("agentBusy", desk.state("2001").c_str());
  STRCMP_EQUAL("in progress", desk.outcome(waits).c_str());
  CHECK_EQUAL(1, desk.center->waiting());
}

TEST(Recovery, a_ring_that_was_never_heard_gives_the_agent_back_and_the_caller_his_place) {
  const CallId call = desk.queued("1");
  desk.login("2001", "1001", false);
  desk.up = false;  // boardd is gone, we do not know it yet
  CHECK_TRUE(desk.center->cti().agent_ready("2001").has_value());
  const LegId ring = desk.board.ringing("1001");
  desk.board.legs_.erase(ring);
  desk.unlink();
  desk.link();
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);  // offered anew
  STRCMP_EQUAL("in progress", desk.outcome(call).c_str());
}

TEST(Recovery, a_leg_that_nobody_knows_is_cleared) {
  desk.unlink();
  desk.board.legs_[LegId{777}].shown = {.leg = LegId{777}, .line = board::LineKind::trunk, .span = "e1-1", .channel = 9, .station = {}, .calling = {}, .called = {}, .outgoing = true, .state = board::LegState::connected, .tag = {}};
  desk.link();
  CHECK_FALSE(desk.board.has(LegId{777}));
  CHECK_EQUAL(0, desk.center->legs());
}

TEST(Recovery, an_outgoing_call_stays_up) {
  desk.login("2001", "1001");
  CHECK_TRUE(desk.center->cti().call_make("2001", "139").has_value());
  desk.settle();
  desk.talk("1001");
  desk.board.answer(desk.board.dialled());
  desk.settle();
  restart();
  STRCMP_EQUAL("agentBusy", desk.state("2001").c_str());
  CHECK_EQUAL(0, desk.board.count("clear"));
  desk.board.on_hook("1001");
  desk.settle();
  CHECK_TRUE(desk.board.dialled() == LegId::none);
  over(0);
}

TEST(Recovery, a_wrap_up_goes_on_after_the_restart) {
  desk.login("2001", "1001");
  desk.queued();
  desk.talk("1001");
  desk.board.gone(LegId{desk.board.next_leg}, 16, true);
  desk.board.on_hook("1001");
  desk.settle();
  restart();
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  desk.run(3s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
}

TEST(Recovery, a_board_whose_clock_is_an_hour_behind_books_by_ours) {
  desk.unlink();
  desk.board.ahead = -1h;
  desk.link();
  desk.login("2001", "1001");
  const Instant before = desk.timers.now();
  desk.queued();
  desk.talk("1001");
  for (const auto& row : desk.journal)
    if (std::holds_alternative<ev::Offered>(row.event) || std::holds_alternative<ev::Established>(row.event)) CHECK_TRUE(row.at >= before);
}

TEST(Recovery, a_recording_that_began_as_ctid_died_is_in_the_books) {
  const LegId leg = desk.dial();
  desk.host().script_answer(desk.last_call());
  desk.settle();
  desk.run(1s);
  desk.kill_ctid();
  auto& journal = desk.writer->database();
  CHECK_TRUE(journal.exec("delete from recording; update call set recording = ''").has_value());
  desk.start_ctid();
  desk.link();
  desk.run(1s);
  CHECK_TRUE(desk.board.has(leg));
  auto files = *store::Statement::prepare(journal, "select count(*) from recording join call on call.recording = recording.file");
  CHECK_TRUE(files.next());
  LONGS_EQUAL(1, files.integer(0));
}

TEST(Recovery, times_of_the_journal_are_put_on_a_clock_that_was_set) {
  const Instant now = from_us(1'800'000'000'000'000);
  Recovered found;
  found.last_at = now - 10s;
  found.calls.resize(2);
  found.calls[0].queued_at = now - 40s;
  CHECK_TRUE(app::on_this_clock(found, now).calls[0].queued_at == now - 40s);
  CHECK_TRUE(app::on_this_clock(found, now + 1h).calls[0].queued_at == now + 1h - 40s);
  CHECK_TRUE(app::on_this_clock(found, now - 1h).calls[0].queued_at == now - 1h);
  CHECK_TRUE(app::on_this_clock(found, now - 1h).calls[1].queued_at == Instant{});
}
