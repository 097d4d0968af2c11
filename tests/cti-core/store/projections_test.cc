// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/projections.h"

#include "tests/cti-core/store/support.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::store;
using namespace sr::store::test;

TEST_GROUP(Projections) {
  std::unique_ptr<Writer> writer = std::move(*Writer::open(":memory:", 0));
  Database& db = writer->database();
  Pen pen{*writer};
  const CallId call{7};

  void offered() { pen.put(ev::Offered{call, "e1-1", 3, 77, "13800138000", "4006001", "4006001"}); }
  void check(const char* expected, const std::string& sql, int columns = 1) {
    CHECK(pen.ok);
    STRCMP_EQUAL(expected, row(db, sql, columns).c_str());
  }
};

TEST(Projections, offered_opens_a_call_and_the_two_terms_of_the_books) {
  offered();
  check("7|in|e1-1|3|77|13800138000|4006001|4006001", "select call, direction, span, channel, crv, calling, called, number from call", 8);
  check("7|1767225601000000", "select call, offered_at from offered", 2);
  check("7|1767225601000000", "select call, offered_at from in_progress", 2);
}

TEST(Projections, every_event_is_a_row_of_the_journal_with_its_json) {
  offered();
  pen.put(ev::AgentReady{"1001", "P1"});
  check("1|1767225601000000|offered|7", "select seq, at, type, call from event", 4);
  check("{\"call\":7,\"span\":\"e1-1\",\"channel\":3,\"crv\":77,\"calling\":\"13800138000\",\"called\":\"4006001\",\"number\":\"4006001\",\"group\":\"\",\"spot\":\"\"}", "select body from event where seq = 1");
  check("agentReady||{\"agentID\":\"1001\",\"agentDevice\":\"P1\"}", "select type, call, body from event where seq = 2", 3);
}

TEST(Projections, a_second_offer_of_the_same_call_changes_nothing_and_is_counted) {
  offered();
  pen.put(ev::Offered{call, "e1-2", 9, 1, "1", "2", "3"});
  check("1|e1-1", "select count(*), max(span) from offered", 2);
  LONGS_EQUAL(1, writer->counters().doubtful);
}

TEST(Projections, a_completed_number_corrects_call_and_offer) {
  offered();
  pen.put(ev::NumberCompleted{call, "40060012", "400600"});
  check("40060012|400600", "select called, number from call", 2);
  check("40060012|400600", "select called, number from offered", 2);
}

TEST(Projections, the_script_and_the_queue_leave_their_times) {
  offered();
  pen.put(ev::Established{call, "ivr", "", "13800138000", "4006001"}).put(ev::Queued{call, "orders", 5, 2});
  check("1767225602000000|orders|5|1767225603000000|1", "select script_at, queue, priority, queued_at, in_queue from call", 5);
  check("0", "select count(*) from answered");
}

TEST(Projections, a_place_in_the_queue_survives_a_second_entry_but_not_a_leave) {
  offered();
  pen.put(ev::Queued{call, "orders", 0, 0}).put(ev::Queued{call, "orders", 3, 0});
  check("1767225602000000|3", "select queued_at, priority from call", 2);
  pen.put(ev::Diverted{call, "orders", ""});
  check("0|orders", "select in_queue, queue from call", 2);
  pen.put(ev::Queued{call, "orders", 0, 0});
  check("1767225605000000|1", "select queued_at, in_queue from call", 2);
}

TEST(Projections, an_agent_who_is_consulted_gets_the_call_when_it_is_transferred) {
  offered();
  pen.put(ev::Delivered{call, "P1", "1001", "1", "2", "", "", ""}).put(ev::Established{call, "P1", "1001", "1", "2"}).put(ev::Held{call, "P1", "13800138000"});
  pen.put(ev::Delivered{call, "P2", "1002", "1", "2", "", "", ""}).put(ev::Established{call, "P2", "", "1", "2"});
  check("P1|1001|3", "select device, agent, with_agent from call", 3);
  pen.put(ev::ConnectionCleared{call, "P1", "P1"}).put(ev::Transferred{call, "P1", "P2", "1002"});
  check("P2|1002|2", "select device, agent, with_agent from call", 3);
  check("1|1001", "select count(*), max(agent) from answered", 2);
  LONGS_EQUAL(0, writer->counters().doubtful);
}

TEST(Projections, a_hold_ends_with_retrieve_conference_or_recall_and_a_held_second_is_none) {
  offered();
  const auto is = [&](const char* with_agent) { check(with_agent, "select with_agent from call"); };
  pen.put(ev::Delivered{call, "P1", "1001", "1", "2", "", "", ""}).put(ev::Established{call, "P1", "1001", "1", "2"}).put(ev::Held{call, "P1", "P2"});
  is("2");
  pen.put(ev::Held{call, "P1", "13800138000"});
  is("3");
  pen.put(ev::Retrieved{call, "P1", "P2"});
  is("3");
  pen.put(ev::Retrieved{call, "P1", "13800138000"});
  is("2");
  pen.put(ev::Held{call, "P1", "13800138000"}).put(ev::Conferenced{call, "P1", "P2"});
  is("2");
  pen.put(ev::Held{call, "P1", "13800138000"}).put(ev::ConnectionCleared{call, "P1", "P1"}).put(ev::Delivered{call, "P1", "1001", "1", "2", "", "", "", Cause::recall});
  is("1");
  pen.put(ev::Established{call, "P1", "", "1", "2", Cause::recall}).put(ev::Retrieved{call, "P1", "13800138000"});
  is("2");
  check("1|1001", "select count(*), max(agent) from answered", 2);
}

TEST(Projections, a_blind_transfer_waits_for_its_agent_and_is_answered_once) {
  offered();
  pen.put(ev::Delivered{call, "P1", "1001", "1", "2", "", "", ""}).put(ev::Established{call, "P1", "1001", "1", "2"}).put(ev::Delivered{call, "P2", "1002", "1", "2", "", "", ""});
  pen.put(ev::ConnectionCleared{call, "P1", "P1"}).put(ev::Queued{call, "orders", 0, 0}).put(ev::Transferred{call, "P1", "P2", "1002"});
  check("P2|1002|1|1", "select device, agent, with_agent, in_queue from call", 4);
  pen.put(ev::Established{call, "P2", "1002", "1", "2"});
  check("P2|1002|2|2", "select device, agent, with_agent, in_queue from call", 4);
  check("1|1001", "select count(*), max(agent) from answered", 2);
  LONGS_EQUAL(0, writer->counters().doubtful);
}

TEST(Projections, delivered_keeps_the_screen_pop_and_the_agent) {
  offered();
  pen.put(ev::Delivered{call, "P1", "1001", "13800138000", "4006001", "orders", "C17", "O99"});
  check("P1|1001|1|C17|O99|1767225602000000", "select device, agent, with_agent, customer, last_order, delivered_at from call", 6);
  pen.put(ev::Diverted{call, "P1", "1001"});
  check("0|1001", "select with_agent, agent from call", 2);
}

TEST(Projections, an_agents_answer_is_the_outcome_and_a_second_agent_does_not_book_again) {
  offered();
  pen.put(ev::Established{call, "P1", "1001", "13800138000", "4006001"}).put(ev::Established{call, "P2", "1002", "13800138000", "4006001"});
  check("7|1767225601000000|1767225602000000|1001|P1", "select call, offered_at, at, agent, device from answered", 5);
  check("1", "select count(*) from answered");
  check("0", "select count(*) from in_progress");
  check("1002|1767225602000000|2", "select agent, answered_at, with_agent from call", 3);
}

TEST(Projections, served_and_lost_are_outcomes_with_their_words) {
  offered();
  pen.put(ev::Served{call, "order status told"});
  check("7|1767225601000000|order status told", "select call, offered_at, reason from served", 3);
  check("0", "select count(*) from in_progress");
  pen.put(ev::Offered{CallId{8}, "e1-1", 4, 78, "1391", "4006002", "4006002"}).put(ev::Queued{CallId{8}, "vip", 0, 0});
  pen.put(ev::Lost{CallId{8}, LossStage::in_queue, "hung up", true});
  check("8|in_queue|hung up|1|1391|4006002|4006002|vip", "select call, stage, reason, callback, calling, called, number, queue from lost", 8);
  check("0", "select count(*) from in_progress");
}

TEST(Projections, the_last_events_of_a_call_close_its_row) {
  offered();
  pen.put(ev::Delivered{call, "P1", "1001", "", "", "orders", "", ""});
  pen.put(ev::ConnectionCleared{call, "P1", "P1", Cause::normalClearing, 16});
  check("0|P1|16", "select with_agent, released_by, q850 from call", 3);
  check("7", "select call from call where ended_at is null");
  pen.put(ev::CallCleared{call, Cause::normalClearing});
  check("none", "select call from call where ended_at is null");
  check("normalClearing|1767225604000000", "select cause, ended_at from call", 2);
}

TEST(Projections, an_outgoing_call_is_booked_apart_and_answered_by_its_far_end_only) {
  pen.put(ev::ServiceInitiated{call, "P1"}).put(ev::Established{call, "P1", "1001", "P1", ""});
  check("in_progress|", "select outcome, answered_at from outgoing", 2);
  pen.put(ev::Originated{call, "P1", "013912345678", "1001"}).put(ev::Established{call, "P1", "1001", "P1", ""});
  check("in_progress|P1|013912345678|1001", "select outcome, calling, called, agent from outgoing", 4);
  pen.put(ev::Established{call, "013912345678", "1001", "P1", "013912345678"});
  check("answered|1767225605000000", "select outcome, answered_at from outgoing", 2);
  check("out|1767225605000000", "select direction, answered_at from call", 2);
  pen.put(ev::CallCleared{call, Cause::normalClearing});
  check("answered|1767225606000000", "select outcome, ended_at from outgoing", 2);
  check("0", "select count(*) from answered");
}

TEST(Projections, an_outgoing_call_that_is_not_answered_says_how) {
  pen.put(ev::Originated{CallId{1}, "P1", "2", "1001"}).put(ev::Failed{CallId{1}, "2", Cause::busy, 17}).put(ev::CallCleared{CallId{1}, Cause::busy});
  pen.put(ev::Originated{CallId{2}, "P1", "2", "1001"}).put(ev::CallCleared{CallId{2}, Cause::callCancelled});
  pen.put(ev::ServiceInitiated{CallId{3}, "P1"}).put(ev::CallCleared{CallId{3}, Cause::normalClearing});
  check("failed|busy|17", "select outcome, cause, q850 from outgoing where call = 1", 3);
  check("not_answered|callCancelled", "select outcome, cause from outgoing where call = 2", 2);
  check("not_dialled", "select outcome from outgoing where call = 3");
}

TEST(Projections, call_data_keeps_the_last_value_of_each_key) {
  offered();
  pen.put(ev::CallData{call, "menu", "1"}).put(ev::CallData{call, "menu", "2"}).put(ev::CallData{call, "order", "x"});
  check("menu|2", "select key, value from call_data order by key limit 1", 2);
  check("2", "select count(*) from call_data");
}

TEST(Projections, a_recording_runs_from_start_to_end) {
  offered();
  pen.put(ev::RecordingStarted{call, "a/7.wav"});
  check("a/7.wav|7|1767225602000000|", "select file, call, started_at, ended_at from recording", 4);
  check("a/7.wav", "select recording from call");
  pen.put(ev::RecordingEnded{call, "a/7.wav", 4200, "done"});
  check("1767225602000000|1767225603000000|4200|done", "select started_at, ended_at, duration_ms, end from recording", 4);
  pen.put(ev::RecordingEnded{CallId{9}, "a/9.wav", 100, "released"});
  check("9|100", "select call, duration_ms from recording where file = 'a/9.wav'", 2);
}

TEST(Projections, an_agents_states_are_kept_with_their_history) {
  pen.put(ev::AgentLoggedOn{"1001", "P1"});
  check("P1|agentNotReady|1767225601000000", "select device, state, logged_on_at from agent", 3);
  pen.put(ev::AgentReady{"1001", "P1"}).put(ev::AgentBusy{"1001", "P1", call});
  check("agentBusy|7|0", "select state, call, last_call_end from agent", 3);
  pen.put(ev::AgentWorkingAfterCall{"1001", "P1", call}).put(ev::AgentNotReady{"1001", "P1", "lunch"});
  check("agentNotReady|lunch|1767225604000000|1767225605000000", "select state, reason, last_call_end, since from agent", 4);
  pen.put(ev::AgentLoggedOff{"1001", "P1", "shift over"});
  check("agentNull|shift over|", "select state, reason, logged_on_at from agent", 3);
  check("6", "select count(*) from agent_state where agent = '1001'");
  check("agentBusy|7", "select state, call from agent_state where seq = 3", 2);
}

TEST(Projections, alarms_busy_times_and_the_systems_own_events_have_their_tables) {
  pen.put(ev::Alarm{"e1-1", "red", true}).put(ev::AllTrunksBusy{"e1-1", at(10), 2500ms});
  pen.put(ev::SystemStarted{4}).put(ev::BoardLink{99, false}).put(ev::BoardActedAlone{call, "released"});
  check("e1-1|red|1", "select span, alarm, raised from alarm", 3);
  check("e1-1|1767225610000000|2500000", "select span, since, lasted from trunk_busy", 3);
  check("4", "select incarnation from system_start");
  check("4", "select value from meta where name = 'incarnation'");
  check("99|0", "select board_epoch, up from board_link", 2);
  check("7|released", "select call, act from board_alone", 2);
}
