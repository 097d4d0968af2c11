// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/recover.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "cti-core/store/schema.h"
#include "tests/cti-core/store/support.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::store;
using namespace sr::store::test;

TEST_GROUP(Recover) {
  std::unique_ptr<Writer> writer = std::move(*Writer::open(":memory:", 0));
  Pen pen{*writer};

  Recovered again() {
    CHECK(pen.ok);
    auto found = recover(writer->database());
    CHECK(found.has_value());
    return *found;
  }
  CallId offer(std::uint64_t n) {
    pen.put(ev::Offered{CallId{n}, "e1-1", 3, 77, "139", "4006001", "4006001"});
    return CallId{n};
  }
};

TEST(Recover, the_first_start_of_a_journal_begins_at_one) {
  const Recovered r = again();
  LONGS_EQUAL(1, r.incarnation);
  LONGS_EQUAL(1, r.next_seq);
  LONGS_EQUAL(1, to_number(r.next_call));
  CHECK(r.journal_epoch > 0 && r.journal_epoch < (1ull << 53));
}

TEST(Recover, every_later_start_leaves_a_gap_and_counts_up_even_when_nothing_was_written) {
  const Recovered first = again();
  offer(4);
  const Recovered second = again();
  LONGS_EQUAL(2, second.incarnation);
  LONGS_EQUAL(1 + kSeqGap, second.next_seq);
  LONGS_EQUAL(4 + kSeqGap, to_number(second.next_call));
  const Recovered third = again();
  LONGS_EQUAL(3, third.incarnation);
  LONGS_EQUAL(1 + 2 * kSeqGap, third.next_seq);
  LONGS_EQUAL(4 + 2 * kSeqGap, to_number(third.next_call));
  CHECK(first.journal_epoch == third.journal_epoch);
}

TEST(Recover, two_journals_have_two_epochs) {
  auto other = std::move(*Writer::open(":memory:", 0));
  CHECK(again().journal_epoch != recover(other->database())->journal_epoch);
}

TEST(Recover, finds_a_waiting_call_with_its_place_and_its_data) {
  const CallId call = offer(1);
  pen.put(ev::Established{call, "ivr", "", "139", "4006001"}).put(ev::RecordingStarted{call, "1.wav"}).put(ev::CallData{call, "menu", "2"});
  pen.put(ev::Queued{call, "orders", 5, 3}).put(ev::Delivered{call, "P1", "1001", "139", "4006001", "orders", "", ""});
  const Recovered r = again();
  LONGS_EQUAL(1, r.calls.size());
  const RecoveredCall& c = r.calls[0];
  CHECK(c.call == call && !c.outgoing && !c.answered_by_agent && !c.outcome_booked);
  STRCMP_EQUAL("e1-1", c.span.c_str());
  LONGS_EQUAL(3, c.channel);
  STRCMP_EQUAL("139", c.calling.c_str());
  STRCMP_EQUAL("4006001", c.called.c_str());
  STRCMP_EQUAL("4006001", c.number.c_str());
  STRCMP_EQUAL("orders", c.queue.c_str());
  STRCMP_EQUAL("1001", c.agent.c_str());
  LONGS_EQUAL(5, c.priority);
  CHECK(c.offered_at == at(1) && c.queued_at == at(5));
  STRCMP_EQUAL("1.wav", c.recording.c_str());
  STRCMP_EQUAL("2", c.data.at("menu").c_str());
}

TEST(Recover, a_call_back_in_its_script_is_in_no_queue_and_with_no_agent) {
  const CallId call = offer(1);
  pen.put(ev::Queued{call, "vip", 0, 0}).put(ev::Delivered{call, "P1", "1001", "", "", "vip", "", ""});
  pen.put(ev::Diverted{call, "P1", "1001"}).put(ev::Diverted{call, "vip", "", Cause::queueTimeOverflow});
  const Recovered r = again();
  STRCMP_EQUAL("", r.calls.at(0).queue.c_str());
  STRCMP_EQUAL("", r.calls.at(0).agent.c_str());
}

TEST(Recover, tells_which_outcome_is_booked_already) {
  const CallId answered = offer(1), served = offer(2), lost = offer(3), ended = offer(4);
  pen.put(ev::Established{answered, "P1", "1001", "", ""}).put(ev::Served{served, ""}).put(ev::Lost{lost, LossStage::timeout, "", true});
  pen.put(ev::Lost{ended, LossStage::full, ""}).put(ev::CallCleared{ended});
  pen.put(ev::Originated{CallId{5}, "P2", "138", "1002"});
  const Recovered r = again();
  LONGS_EQUAL(4, r.calls.size());
  CHECK(r.calls[0].answered_by_agent && r.calls[0].outcome_booked);
  STRCMP_EQUAL("1001", r.calls[0].agent.c_str());
  CHECK(!r.calls[1].answered_by_agent && r.calls[1].outcome_booked);
  CHECK(!r.calls[2].answered_by_agent && r.calls[2].outcome_booked);
  CHECK(r.calls[3].outgoing);
  STRCMP_EQUAL("1002", r.calls[3].agent.c_str());
}

TEST(Recover, finds_the_agents_and_the_cursors) {
  pen.put(ev::AgentLoggedOn{"1001", "P1"}).put(ev::AgentReady{"1001", "P1"}).put(ev::AgentBusy{"1001", "P1", CallId{9}});
  pen.put(ev::AgentWorkingAfterCall{"1001", "P1", CallId{9}});
  Turn turn;
  turn.cursors = {{5, 100}, {6, 3}};
  CHECK(writer->write({&turn, 1}).has_value());
  const Recovered r = again();
  LONGS_EQUAL(1, r.agents.size());
  STRCMP_EQUAL("agentWorkingAfterCall", r.agents[0].state.c_str());
  STRCMP_EQUAL("P1", r.agents[0].device.c_str());
  LONGS_EQUAL(9, to_number(r.agents[0].call));
  CHECK(r.agents[0].since == at(4) && r.agents[0].last_call_end == at(4));
  LONGS_EQUAL(100, r.board_cursors.at(5));
  LONGS_EQUAL(3, r.board_cursors.at(6));
}

// A child writes turn after turn, each a whole call with its board cursor, and says over a pipe what is durable. It is killed
// in the middle. Whatever it has said must be there, whole, and the books balance.
TEST(Recover, nothing_that_was_durable_is_missing_after_kill_9) {
  ScratchFolder folder;
  for (int round = 0; round < 3; ++round) {
    int pipe_fds[2];
    LONGS_EQUAL(0, ::pipe(pipe_fds));
    const auto before = recover(folder.journal());
    CHECK(before.has_value());
    const pid_t child = ::fork();
    if (child == 0) {
      auto own = std::move(*Writer::open(folder.journal(), 0));
      Seq seq = before->next_seq;
      std::uint64_t call = to_number(before->next_call);
      for (std::uint64_t n = 1;; ++n, ++call) {
        Turn turn;
        turn.rows.push_back({seq++, at(1), ev::Offered{CallId{call}, "e1-1", 1, 1, "139", "4006001", "4006001"}});
        turn.rows.push_back({seq++, at(1), ev::Queued{CallId{call}, "orders", 0, 0}});
        if (n % 3 == 0) turn.rows.push_back({seq++, at(2), ev::Established{CallId{call}, "P1", "1001", "", ""}});
        if (n % 3 == 1) turn.rows.push_back({seq++, at(2), ev::Lost{CallId{call}, LossStage::in_queue, ""}});
        turn.cursors.emplace_back(before->incarnation, n);
        if (!own->write({&turn, 1})) ::_exit(1);
        if (::write(pipe_fds[1], &n, sizeof n) != sizeof n) ::_exit(2);
      }
    }
    ::close(pipe_fds[1]);
    std::uint64_t said = 0, n = 0;
    while (said < 40 + 17u * static_cast<unsigned>(round) && ::read(pipe_fds[0], &n, sizeof n) == sizeof n) said = n;
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    while (::read(pipe_fds[0], &n, sizeof n) == sizeof n) said = n;
    ::close(pipe_fds[0]);

    const auto books = read_books(folder.journal());
    CHECK(books.has_value() && books->balanced);
    auto database = Database::open(folder.journal(), true);
    const std::string cursor = row(*database, "select seq from board_cursor where epoch = " + std::to_string(before->incarnation));
    CHECK(std::stoull(cursor) >= said);  // all of it, and at most what was being committed
    CHECK(std::stoull(cursor) <= said + 1);
    const std::string calls = row(*database, "select count(*) from offered where call >= " + std::to_string(to_number(before->next_call)));
    STRCMP_EQUAL(cursor.c_str(), calls.c_str());  // the cursor and what it stands for are durable together
  }
}

TEST(Recover, finds_the_open_callbacks_in_the_order_of_opening) {
  pen.put(ev::CallbackOpened{CallId{4}, "139", "lost", "4006001", "orders", "", std::nullopt}).put(ev::CallbackOpened{CallId{5}, "138", "lost", "4006001", "orders", "", at(90)});
  pen.put(ev::CallbackUpdated{CallId{6}, CallId{4}, "promised", std::nullopt}).put(ev::CallbackOpened{CallId{7}, "137", "lost", "", "", "", std::nullopt}).put(ev::CallbackClosed{CallId{7}, "137", "ordered", CallId::none});
  const auto found = again().callbacks;
  LONGS_EQUAL(2, found.size());
  STRCMP_EQUAL("139 promised", (found[0].customer + " " + found[0].kind).c_str());
  LONGS_EQUAL(2, found[0].calls);
  CHECK(found[1].due == at(90));
  LONGS_EQUAL(0, writer->counters().doubtful);
}

TEST(Recover, a_second_open_task_of_a_customer_is_refused_and_counted) {
  pen.put(ev::CallbackOpened{CallId{4}, "139", "lost", "", "", "", std::nullopt}).put(ev::CallbackOpened{CallId{5}, "139", "lost", "", "", "", std::nullopt});
  LONGS_EQUAL(1, again().callbacks.size());
  LONGS_EQUAL(1, writer->counters().doubtful);
}

TEST(Recover, a_journal_of_the_first_version_is_brought_up_to_date) {
  offer(1);
  CHECK(writer->database().exec("drop table callback; drop table callback_call; drop table wait_announced; drop table place; drop table audit; drop table agent_skill; drop table queue_member; alter table offered drop column spot; alter table offered drop column trunk_group; "
                                "alter table trunk_busy drop column channels; alter table trunk_busy drop column trunk_group; pragma user_version=1").has_value());
  CHECK(migrate(writer->database()).has_value());
  STRCMP_EQUAL("1|", row(writer->database(), "select call, spot from offered", 2).c_str());
  LONGS_EQUAL(0, again().callbacks.size());
}
