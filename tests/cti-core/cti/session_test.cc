// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/session.h"

#include "drivers/base/json.h"
#include "tests/cti-core/cti/fake_backend.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::cti;
using namespace sr::cti::test;

namespace {

struct RecordingWire final : Wire {
  void send(std::string_view line) override {
    lines.emplace_back(line);
    waiting += stuck ? line.size() : 0;
  }
  std::size_t backlog() const override { return waiting; }
  void close_after_flush() override { closed = true; }
  void drain() { waiting = 0; }
  std::vector<std::string> lines;
  std::size_t waiting = 0;
  bool stuck = false, closed = false;
};

}  // namespace

TEST_GROUP(Session) {
  VirtualTimers timers;
  FakeBackend backend{timers};
  store::InlineJournalReader reader{backend.writer->database(), timers};
  std::unique_ptr<EventHub> hub = std::make_unique<EventHub>(0);
  std::unique_ptr<SessionWorld> world;
  RecordingWire wire;
  std::unique_ptr<Session> session;

  void setup() override { restart(); }
  void restart() {
    hub = std::make_unique<EventHub>(backend.last);
    world.reset(new SessionWorld{backend, reader, *hub, timers, "test", [this] { timers.after(20ms, [this] { if (session) session->retry(); }); }});
    session = std::make_unique<Session>(*world, wire);
    backend.hearers.clear();
    backend.on_journal([this](const JournalRow& row) {
      hub->add(row);
      if (session) session->pump();
    });
  }
  void teardown() override { session.reset(); }

  boost::json::value last() { return *json::parse(wire.lines.back()); }
  boost::json::value ask(const std::string& method, const std::string& params = "{}") {
    wire.lines.clear();
    session->on_line(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}");
    CHECK(!wire.lines.empty());
    return *json::parse(wire.lines.front());
  }
  void ok(const std::string& method, const std::string& params) {
    const auto answer = ask(method, params);
    if (!answer.get_object().contains("result")) FAIL(wire.lines.front().c_str());
  }
  void refused(int code, const std::string& method, const std::string& params = "{}") {
    const auto answer = ask(method, params);
    const auto* error = answer.get_object().if_contains("error");
    if (!error) FAIL(wire.lines.front().c_str());
    LONGS_EQUAL(code, error->get_object().at("code").get_int64());
  }
  void call_data(int n) {
    for (int i = 0; i < n; ++i) backend.append(ev::CallData{CallId{static_cast<std::uint64_t>(i % 7 + 1)}, "k", std::to_string(i)});
  }
  // The seqs of the events among the lines, after checking that `prev` chains them.
  std::vector<Seq> events(Seq from) {
    std::vector<Seq> out;
    for (const std::string& line : wire.lines) {
      const auto v = *json::parse(line);
      const auto* method = v.get_object().if_contains("method");
      if (!method || method->get_string() != "event") continue;
      const auto& p = v.get_object().at("params").get_object();
      LONGS_EQUAL(out.empty() ? from : out.back(), p.at("prev").get_int64());
      out.push_back(static_cast<Seq>(p.at("seq").get_int64()));
    }
    return out;
  }
  std::string place(Seq seq) { return R"({"from":{"epoch":")" + std::to_string(backend.journal_epoch) + R"(","seq":)" + std::to_string(seq) + "}}"; }
  void check_run(Seq first, Seq end, const std::vector<Seq>& seqs) {
    LONGS_EQUAL(end - first, seqs.size());
    for (std::size_t i = 0; i < seqs.size(); ++i) LONGS_EQUAL(first + i, seqs[i]);
  }
};

TEST(Session, never_speaks_first) { CHECK(wire.lines.empty()); }

TEST(Session, says_hello_with_its_version_epoch_and_limits) {
  const auto answer = ask("session.hello", R"({"client":"crm","versions":[1]})");
  const auto& result = answer.get_object().at("result").get_object();
  LONGS_EQUAL(1, result.at("version").get_int64());
  CHECK(result.at("epoch").get_string() == std::to_string(backend.journal_epoch));
  LONGS_EQUAL(32, result.at("limits").get_object().at("batch").get_int64());
  refused(kInvalidParams, "session.hello", R"({"versions":[2]})");
}

TEST(Session, the_answer_to_a_reload_comes_when_it_is_done_and_nobody_else_waits_for_it) {
  session->on_line(R"([{"jsonrpc":"2.0","id":7,"method":"config.reload","params":{"who":"li","rollback":true}},{"jsonrpc":"2.0","id":8,"method":"session.ping"}])");
  LONGS_EQUAL(1, wire.lines.size());
  LONGS_EQUAL(8, last().get_array().at(0).get_object().at("id").get_int64());
  session->on_line(R"({"jsonrpc":"2.0","method":"config.reload","params":{"dryRun":true}})");
  CHECK((backend.asked == std::vector<std::string>{"config li back", "config  dry"}));
  backend.reloads.at(0)(R"({"applied":true})");
  LONGS_EQUAL(7, last().get_object().at("id").get_int64());
  CHECK(last().get_object().at("result").get_object().at("applied").get_bool());
  backend.reloads.at(1)("{}");  // it wanted no answer
  LONGS_EQUAL(2, wire.lines.size());
  backend.refuse = CtiError{kNotAccepted, "c.toml:7: wrong"};
  refused(kNotAccepted, "config.reload");
  CHECK(last().get_object().at("error").get_object().at("data").get_object().at("code").get_string() == "not_accepted");
  backend.refuse.reset();
  session->on_line(R"({"jsonrpc":"2.0","id":9,"method":"config.reload"})");
  session.reset();
  backend.reloads.back()("{}");  // it has gone
}

TEST(Session, answers_every_command_and_hands_it_on) {
  ok("session.ping", "{}");
  ok("agent.login", R"({"agent":"1001","device":"P1","pin":"42","ready":true})");
  ok("agent.ready", R"({"agent":"1001"})");
  ok("agent.notReady", R"({"agent":"1001","reason":"lunch"})");
  ok("agent.notReady", R"({"agent":"1001"})");
  ok("agent.wrapUp", R"({"agent":"1001"})");
  ok("agent.logout", R"({"agent":"1001"})");
  ok("call.make", R"({"device":"P1","called":"139"})");
  ok("call.clear", R"({"call":5})");
  for (const char* verb : {"call.hold", "call.retrieve", "call.alternate", "call.conference", "call.transfer"}) ok(verb, R"({"call":5})");
  ok("call.consult", R"({"call":5,"to":"2002"})");
  ok("call.singleStepTransfer", R"({"call":5,"to":"orders"})");
  ok("call.setData", R"({"call":5,"key":"order","value":"O1"})");
  ok("ivr.reload", "{}");
  const std::vector<std::string> expected = {"login 1001 P1 42 ready", "ready 1001", "not ready 1001 lunch", "not ready 1001 ", "wrap up 1001",
                                             "logout 1001", "make P1 139", "clear 5", "hold 5", "retrieve 5", "alternate 5", "conference 5", "transfer 5", "consult 5 2002",
                                             "single step transfer 5 orders", "data 5 order=O1", "reload"};
  CHECK(backend.asked == expected);
  for (const char* list : {"agent.list", "call.list", "queue.list", "span.list"}) LONGS_EQUAL(1, ask(list).at("result").at("items").get_array().size());
}

TEST(Session, callbacks_are_listed_in_pieces_and_closed) {
  STRCMP_EQUAL(R"({"customer":"","after":0,"limit":1000})", boost::json::serialize(ask("callback.list").at("result").at("items").get_array().at(0)).c_str());
  STRCMP_EQUAL(R"({"customer":"139","after":7,"limit":5})", boost::json::serialize(ask("callback.list", R"({"customer":"139","after":7,"limit":5})").at("result").at("items").get_array().at(0)).c_str());
  refused(kInvalidParams, "callback.list", R"({"limit":1001})");
  refused(kInvalidParams, "callback.close", R"({"callback":7})");
  ok("callback.close", R"({"callback":7,"outcome":"ordered"})");
  STRCMP_EQUAL("close callback 7 ordered", backend.asked.back().c_str());
}

TEST(Session, an_answer_carries_the_seq_of_what_it_caused) {
  call_data(3);
  const auto answer = ask("agent.ready", R"({"agent":"1001"})");
  LONGS_EQUAL(4, answer.at("result").at("seq").get_int64());
  LONGS_EQUAL(5, ask("call.make", R"({"device":"P1","called":"1"})").at("result").at("call").get_int64());
}

TEST(Session, refuses_with_the_backends_code_or_names_the_parameter) {
  refused(kMethodNotFound, "call.explode");
  refused(kInvalidParams, "call.clear");
  STRCMP_EQUAL("member 'call' is missing", last().at("error").at("message").get_string().c_str());
  refused(kInvalidParams, "call.clear", R"({"call":"x"})");
  refused(kInvalidParams, "call.singleStepTransfer", R"({"call":5})");
  STRCMP_EQUAL("member 'to' is missing", last().at("error").at("message").get_string().c_str());
  refused(kInvalidParams, "snapshot.get", R"({"topics":["moon"]})");
  backend.refuse = CtiError{kNoSuchThing, "no agent 9"};
  refused(kNoSuchThing, "agent.ready", R"({"agent":"9"})");
  STRCMP_EQUAL("no_such_thing", last().at("error").at("data").at("code").get_string().c_str());
}

TEST(Session, answers_a_batch_with_a_batch_and_a_notification_with_nothing) {
  session->on_line(R"([{"jsonrpc":"2.0","id":1,"method":"session.ping"},{"jsonrpc":"2.0","method":"agent.ready","params":{"agent":"1"}},{"jsonrpc":"2.0","id":2,"method":"x"}])");
  LONGS_EQUAL(1, wire.lines.size());
  LONGS_EQUAL(2, last().get_array().size());
  LONGS_EQUAL(1, backend.asked.size());
  wire.lines.clear();
  session->on_line(R"({"jsonrpc":"2.0","method":"agent.ready","params":{"agent":"1"}})");
  CHECK(wire.lines.empty());
}

TEST(Session, a_line_that_is_too_long_is_answered_and_ends_it) {
  session->on_line(std::string(kRequestLineMax + 1, 'x'));
  STRCMP_EQUAL("line_too_long", last().at("error").at("data").at("code").get_string().c_str());
  CHECK(wire.closed);
}

TEST(Session, garbage_is_answered_and_harms_nothing) {
  session->on_line("GET / HTTP/1.1");
  LONGS_EQUAL(kParseError, last().at("error").at("code").get_int64());
  ok("session.ping", "{}");
}

TEST(Session, a_snapshot_is_the_state_after_a_seq) {
  call_data(2);
  const auto all = ask("snapshot.get").at("result");
  LONGS_EQUAL(2, all.at("atSeq").get_int64());
  for (const char* topic : {"calls", "agents", "queues", "spans"}) CHECK(all.at(topic).is_array());
  const auto part = ask("snapshot.get", R"({"topics":["agents"]})").at("result");
  CHECK(part.get_object().contains("agents") && !part.get_object().contains("calls"));
}

TEST(Session, a_subscription_from_now_gets_what_comes) {
  call_data(3);
  LONGS_EQUAL(3, ask("sub.open").at("result").at("seq").get_int64());
  call_data(4);
  check_run(4, 8, events(3));
}

TEST(Session, the_answer_comes_before_the_events_that_the_request_caused) {
  ok("sub.open", "{}");
  ok("agent.ready", R"({"agent":"1001"})");
  LONGS_EQUAL(2, wire.lines.size());
  CHECK(json::parse(wire.lines[0])->get_object().contains("result"));
  check_run(1, 2, events(0));
}

TEST(Session, a_filter_skips_and_prev_still_chains) {
  ok("sub.open", R"({"topics":["agent/1001","call/2"]})");
  backend.append(ev::AgentReady{"1001", "P1"});
  backend.append(ev::AgentReady{"1002", "P2"});
  call_data(4);  // calls 1 to 4 at seq 3 to 6
  const auto seqs = events(0);
  LONGS_EQUAL(2, seqs.size());
  LONGS_EQUAL(1, seqs[0]);
  LONGS_EQUAL(4, seqs[1]);
}

TEST(Session, bookmarks_tell_how_far_a_filtered_subscription_is) {
  ok("sub.open", R"({"topics":["system"]})");
  call_data(5);
  session->bookmark();
  STRCMP_EQUAL("bookmark", last().at("method").get_string().c_str());
  LONGS_EQUAL(5, last().at("params").at("seq").get_int64());
  wire.lines.clear();
  session->bookmark();
  CHECK(wire.lines.empty());  // nothing new to tell
  call_data(kBookmarkEvery);
  LONGS_EQUAL(5 + kBookmarkEvery, last().at("params").at("seq").get_int64());
}

TEST(Session, resumes_out_of_the_window_of_recent_events) {
  call_data(50);
  ok("sub.open", place(20));
  check_run(21, 51, events(20));
}

TEST(Session, resumes_from_the_journal_and_goes_on_live_without_gap_or_double) {
  call_data(1000);
  restart();  // the window is empty: everything comes from the journal
  ok("sub.open", place(0));
  call_data(10);
  timers.run_for(1ms);
  call_data(10);
  timers.run_for(1s);
  call_data(10);
  check_run(1, 1031, events(0));
}

TEST(Session, resumes_where_journal_and_window_overlap) {
  call_data(static_cast<int>(kRecentMax) + 500);
  ok("sub.open", place(100));
  for (int i = 0; i < 20; ++i) {
    call_data(5);
    timers.run_for(1ms);
  }
  timers.run_for(1s);
  check_run(101, kRecentMax + 601, events(100));
}

TEST(Session, a_gap_that_a_crash_left_in_the_journal_is_passed) {
  call_data(3);
  backend.store.crash();
  FakeBackend after{timers};
  after.last = 65'539;  // a restart begins beyond the gap
  EventHub empty{after.last};
  store::InlineJournalReader none{after.writer->database(), timers};
  SessionWorld later{after, none, empty, timers, "test", [] {}};
  Session other{later, wire};
  wire.lines.clear();
  other.on_line(R"({"jsonrpc":"2.0","id":1,"method":"sub.open","params":{"from":{"epoch":")" + std::to_string(after.journal_epoch) + R"(","seq":70}}})");
  timers.run_for(1s);
  CHECK_FALSE(other.lagging());
  CHECK(last().get_object().contains("result"));
}

TEST(Session, refuses_a_place_that_the_journal_does_not_know) {
  call_data(3);
  refused(kResumeTooOld, "sub.open", R"({"from":{"epoch":"1","seq":1}})");
  LONGS_EQUAL(3, last().at("error").at("data").at("currentSeq").get_int64());
  refused(kResumeTooOld, "sub.open", place(4));
  refused(kInvalidParams, "sub.open", R"({"from":"yesterday"})");
  refused(kInvalidParams, "sub.open", R"({"from":{"seq":1}})");
  refused(kInvalidParams, "sub.open", R"({"topics":["moon"]})");
}

TEST(Session, tells_a_subscription_that_its_place_was_trimmed_away) {
  call_data(100);
  CHECK(backend.writer->database().exec("delete from event where seq <= 50").has_value());
  restart();
  ok("sub.open", place(10));
  timers.run_for(1s);
  STRCMP_EQUAL("subClosed", last().at("method").get_string().c_str());
  LONGS_EQUAL(kResumeTooOld, last().at("params").at("code").get_int64());
  LONGS_EQUAL(51, last().at("params").at("oldestSeq").get_int64());
  refused(kNoSuchThing, "sub.close", R"({"sub":"s1"})");
}

TEST(Session, from_snapshot_goes_on_where_the_snapshot_stands) {
  call_data(3);
  const auto result = ask("sub.open", R"({"from":"snapshot"})").at("result");
  LONGS_EQUAL(3, result.at("snapshot").at("atSeq").get_int64());
  call_data(1);
  check_run(4, 5, events(3));
}

TEST(Session, a_closed_subscription_is_silent_and_their_number_is_limited) {
  ok("sub.open", "{}");
  ok("sub.close", R"({"sub":"s1"})");
  wire.lines.clear();
  call_data(1);
  CHECK(wire.lines.empty());
  for (std::size_t i = 0; i < kSubsMax; ++i) ok("sub.open", "{}");
  refused(kResourceBusy, "sub.open");
}

TEST(Session, a_slow_reader_stops_getting_events_and_loses_none) {
  ok("sub.open", "{}");
  wire.lines.clear();
  wire.stuck = true;
  call_data(20'000);  // far more than the window
  CHECK(wire.waiting >= kSoftBacklog && wire.waiting < kSoftBacklog + 4096);
  CHECK(session->lagging());
  for (int i = 0; i < 100 && session->lagging(); ++i) {
    wire.drain();
    timers.run_for(100ms);
  }
  call_data(5);
  timers.run_for(1s);
  check_run(1, 20'006, events(0));
}

TEST(Session, too_many_actions_are_refused_for_a_while) {
  for (int i = 0; i < kActionsBurst; ++i) ok("agent.ready", R"({"agent":"1001"})");
  refused(kRateLimited, "agent.ready", R"({"agent":"1001"})");
  ok("session.ping", "{}");
  timers.run_for(100ms);
  ok("agent.ready", R"({"agent":"1001"})");
}
