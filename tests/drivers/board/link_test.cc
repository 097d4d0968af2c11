// Server and client of the board link, joined by a real Unix socket in one loop.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "drivers/base/line_socket.h"
#include "drivers/board/board_client.h"
#include "drivers/board/board_server.h"
#include "drivers/board/codec.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::board;

namespace {

class FakeBoard final : public BoardEnd {
 public:
  void attach(BoardListener& l) override {
    listener = &l;
    log.push_back("attach");
    l.on_link(true);
    for (const auto& e : held) l.on_event(e);
    l.on_snapshot(snapshot());
  }
  void detach() override {
    listener = nullptr;
    log.push_back("detach");
  }
  void send(const Command& command) override {
    std::string text;
    write(text, command);
    log.push_back(text);
  }
  Snapshot snapshot() const override {
    Snapshot s{epoch, seq, from_us(1), {}, {}, {}};
    s.spans.push_back({"e1a", "e1", "pstn", true, true, {}, 30, 0, {}});
    s.spans.push_back({"fxs", "fxs", "", true, true, {}, 8, 0, {}});
    return s;
  }
  Result<TestId> begin_test(const LineTest& test, TestSink sink) override {
    log.push_back("begin " + std::visit([](const auto& t) { return std::string(t.kName); }, test));
    if (const auto* bert = std::get_if<sr::board::test::Bert>(&test); bert != nullptr && bert->span != "e1a") return fail("no span '" + bert->span + "'");
    tell = std::move(sink);
    return std::holds_alternative<sr::board::test::Loopback>(test) ? TestId::none : TestId{7};
  }
  void end_test(TestId id) override { log.push_back("end " + std::to_string(static_cast<std::uint64_t>(id))); }
  TestSink tell;
  void emit(Event event) {
    held.push_back({epoch, ++seq, from_us(1), std::move(event)});
    if (listener != nullptr) listener->on_event(held.back());
  }
  std::uint64_t epoch = 100, seq = 0;
  std::vector<Envelope> held;
  std::vector<std::string> log;
  BoardListener* listener = nullptr;
};

class Recorder final : public BoardListener {
 public:
  void on_link(bool up) override { log.push_back(up ? "up" : "down"); }
  void on_event(const Envelope& e) override { log.push_back(std::string(name_of(e.event)) + " " + std::to_string(e.seq)); }
  void on_snapshot(const Snapshot& s) override { log.push_back("snapshot " + std::to_string(s.seq)); }
  std::string all() const {
    std::string text;
    for (const auto& one : log) text += (text.empty() ? "" : ", ") + one;
    return text;
  }
  std::vector<std::string> log;
};

// A peer that speaks raw lines.
struct Raw {
  Raw(Reactor& reactor, const std::string& path) {
    socket = std::make_unique<LineSocket>(reactor, *connect_unix(path, SOCK_STREAM), LineLimits{kBoardLineMax},
                                          LineSocket::Handler{[this](std::string_view line) { lines.emplace_back(line); },
                                                              [this](std::string_view why) { closed = why; }});
  }
  void say(std::string_view line) { socket->send(line); }
  std::unique_ptr<LineSocket> socket;
  std::vector<std::string> lines;
  std::string closed;
};

constexpr std::string_view kObserver = R"({"hello":"boardctl","version":1})";
constexpr std::string_view kController = R"({"hello":"ctid","version":1})";

}  // namespace

TEST_GROUP(BoardLink) {
  Reactor reactor;
  std::string folder, path;
  FakeBoard board;
  Recorder ctid;
  std::unique_ptr<BoardServer> server;
  void setup() override {
    char name[] = "/tmp/sr_link_XXXXXX";
    folder = ::mkdtemp(name);
    path = folder + "/b.sock";
  }
  void teardown() override {
    server.reset();
    std::filesystem::remove_all(folder);
  }
  void serve() {
    auto opened = BoardServer::open(reactor, path, board);
    CHECK_TRUE(opened.has_value());
    server = std::move(*opened);
  }
  bool until(std::function<bool()> done) {
    if (done()) return true;
    bool ok = false;
    const TimerId guard = reactor.timers().after(20s, [this] { reactor.stop(); });
    std::function<void()> look = [&] {
      if (done()) { ok = true; reactor.stop(); }
      else reactor.timers().after(500us, look);
    };
    look();
    reactor.run();
    reactor.timers().cancel(guard);
    return ok;
  }
  void spin(Duration d) {
    reactor.timers().after(d, [this] { reactor.stop(); });
    reactor.run();
  }
};

TEST(BoardLink, ctid_gets_link_then_unacknowledged_events_then_the_snapshot_then_live_events) {
  serve();
  board.emit(evt::Answered{LegId{1}});
  board.emit(evt::Released{LegId{1}, 16, true, ""});
  BoardClient client(reactor, path, ctid);
  client.start();
  CHECK_TRUE(until([&] { return ctid.log.size() == 4; }));
  board.emit(evt::Alerting{LegId{2}});
  CHECK_TRUE(until([&] { return ctid.log.size() == 5; }));
  STRCMP_EQUAL("up, answered 1, released 2, snapshot 2, alerting 3", ctid.all().c_str());
  CHECK_TRUE(client.up());
  CHECK_TRUE(server->controlled());
}

TEST(BoardLink, commands_arrive_in_order) {
  serve();
  BoardClient client(reactor, path, ctid);
  client.start();
  CHECK_TRUE(until([&] { return client.up(); }));
  client.send(cmd::Answer{LegId{1}});
  client.send(cmd::Clear{LegId{1}, 17});
  CHECK_TRUE(until([&] { return board.log.size() == 3; }));
  STRCMP_EQUAL("attach", board.log[0].c_str());
  STRCMP_EQUAL(R"({"command":"answer","leg":1})", board.log[1].c_str());
  STRCMP_EQUAL(R"({"command":"clear","leg":1,"cause":17})", board.log[2].c_str());
}

TEST(BoardLink, what_the_hello_names_as_durable_is_not_sent_again_but_acknowledged) {
  serve();
  for (int i = 0; i < 3; ++i) board.emit(evt::Answered{LegId{1}});
  BoardClient client(reactor, path, ctid);
  client.acknowledged(100, 2);
  client.start();
  CHECK_TRUE(until([&] { return ctid.log.size() == 3 && board.log.size() == 2; }));
  STRCMP_EQUAL("up, answered 3, snapshot 3", ctid.all().c_str());
  STRCMP_EQUAL(R"({"command":"ack","epoch":100,"seq":2})", board.log[1].c_str());
  CHECK_EQUAL(2u, server->counters().events_known);
}

TEST(BoardLink, an_observer_has_one_test_and_its_reports_and_the_test_ends_with_it) {
  serve();
  Raw raw(reactor, path);
  raw.say(kObserver);
  raw.say(R"({"request":"bert","span":"nospan","channel":1})");
  raw.say(R"({"request":"bert","span":"e1a","channel":1})");
  raw.say(R"({"request":"level","span":"e1a","channel":1})");
  raw.say(R"({"request":"loopback","span":"e1a","channel":2,"on":true})");
  CHECK_TRUE(until([&] { return raw.lines.size() == 5; }));
  STRCMP_EQUAL(R"({"error":"no span 'nospan'","line_no":2})", raw.lines[1].c_str());
  STRCMP_EQUAL(R"({"done":"bert"})", raw.lines[2].c_str());
  STRCMP_EQUAL(R"({"error":"one test at a time: end the other first","line_no":4})", raw.lines[3].c_str());
  STRCMP_EQUAL(R"({"done":"loopback"})", raw.lines[4].c_str());
  Raw other(reactor, path);
  other.say(kObserver);
  CHECK_TRUE(until([&] { return other.lines.size() == 1; }));
  raw.say(R"({"request":"bert","span":"e1a","channel":3})");  // refused: the first runs still
  board.tell(BertReport{"e1a", {{1, 2, 0, 0}}});
  CHECK_TRUE(until([&] { return raw.lines.size() == 7; }));
  CHECK_EQUAL(1u, other.lines.size());
  raw.socket.reset();
  CHECK_TRUE(until([&] { return board.log.back() == "end 7"; }));
  board.tell(BertReport{"e1a", {}});  // nobody listens any more
}

TEST(BoardLink, a_test_is_ended_by_its_observer_and_ctid_has_none) {
  serve();
  Raw raw(reactor, path);
  raw.say(kObserver);
  raw.say(R"({"request":"end"})");
  raw.say(R"({"request":"level","span":"e1a","channel":1})");
  raw.say(R"({"request":"end"})");
  CHECK_TRUE(until([&] { return raw.lines.size() == 4; }));
  STRCMP_EQUAL(R"({"error":"no test of yours runs","line_no":2})", raw.lines[1].c_str());
  STRCMP_EQUAL(R"({"done":"end"})", raw.lines[3].c_str());
  CHECK_TRUE(board.log.back() == "end 7");
  Raw controller(reactor, path);
  controller.say(kController);
  controller.say(R"({"request":"level","span":"e1a","channel":1})");
  CHECK_TRUE(until([&] { return !controller.lines.empty() && controller.lines.back().find("a line test is for observers") != std::string::npos; }));
}

TEST(BoardLink, the_client_connects_when_boardd_comes_and_again_when_it_comes_back) {
  BoardClient client(reactor, path, ctid);
  client.start();
  CHECK_FALSE(client.up());
  CHECK_FALSE(client.last_error().empty());
  client.send(cmd::Answer{LegId{1}});
  serve();
  CHECK_TRUE(until([&] { return client.up(); }));
  client.send(cmd::Ack{100, 9});
  CHECK_TRUE(until([&] { return board.log.size() == 2; }));
  server.reset();
  CHECK_TRUE(until([&] { return !client.up(); }));
  client.send(cmd::Answer{LegId{2}});
  serve();
  CHECK_TRUE(until([&] { return client.up(); }));
  CHECK_EQUAL(2u, client.counters().connects);
  CHECK_EQUAL(2u, client.counters().dropped);
  STRCMP_EQUAL("up, snapshot 0, down, up, snapshot 0", (until([&] { return ctid.log.size() == 5; }), ctid.all().c_str()));
  for (const auto& line : board.log) CHECK_TRUE(line.find("answer") == std::string::npos);
}

TEST(BoardLink, the_board_hears_that_ctid_has_gone) {
  serve();
  auto client = std::make_unique<BoardClient>(reactor, path, ctid);
  client->start();
  CHECK_TRUE(until([&] { return server->controlled(); }));
  client.reset();
  CHECK_TRUE(until([&] { return !server->controlled(); }));
  STRCMP_EQUAL("detach", board.log.back().c_str());
  board.emit(evt::Answered{LegId{1}});  // goes nowhere
}

TEST(BoardLink, a_second_controller_is_refused_and_the_first_stays) {
  serve();
  BoardClient first(reactor, path, ctid);
  first.start();
  CHECK_TRUE(until([&] { return first.up(); }));
  Recorder other;
  BoardClient second(reactor, path, other);
  second.start();
  CHECK_TRUE(until([&] { return second.last_error() == "another ctid controls this board"; }));
  STRCMP_EQUAL("", other.all().c_str());
  CHECK_TRUE(first.up());
}

TEST(BoardLink, a_bad_line_gets_an_error_with_its_number_and_harms_nothing) {
  serve();
  Raw raw(reactor, path);
  raw.say(kController);
  raw.say("no json");
  raw.say(R"({"command":"fly"})");
  raw.say(R"({"command":"answer","leg":1})");
  CHECK_TRUE(until([&] { return board.log.size() == 2 && raw.lines.size() == 4; }));
  STRCMP_EQUAL(R"({"hello":"boardd","version":1,"epoch":100})", raw.lines[0].c_str());
  CHECK_TRUE(raw.lines[2].ends_with(R"("line_no":2})"));
  STRCMP_EQUAL(R"({"error":"unknown command 'fly'","line_no":3})", raw.lines[3].c_str());
  STRCMP_EQUAL(R"({"command":"answer","leg":1})", board.log[1].c_str());
  CHECK_EQUAL(2u, server->counters().bad_lines);
}

TEST(BoardLink, nothing_is_done_before_hello_and_a_wrong_version_is_refused) {
  serve();
  Raw raw(reactor, path);
  raw.say(R"({"command":"answer","leg":1})");
  raw.say(R"({"hello":"ctid","version":2})");
  CHECK_TRUE(until([&] { return !raw.closed.empty(); }));
  STRCMP_EQUAL(R"({"error":"say hello first","line_no":1})", raw.lines[0].c_str());
  CHECK_TRUE(raw.lines[1].find("version 2") != std::string::npos);
  CHECK_EQUAL(0u, board.log.size());
}

TEST(BoardLink, an_observer_asks_for_the_status_while_ctid_controls) {
  serve();
  BoardClient client(reactor, path, ctid);
  client.start();
  Raw raw(reactor, path);
  raw.say(kObserver);
  raw.say(R"({"request":"status"})");
  CHECK_TRUE(until([&] { return raw.lines.size() == 2 && client.up(); }));
  const auto report = read_report(raw.lines[1]);
  CHECK_TRUE(std::holds_alternative<Snapshot>(*report));
  STRCMP_EQUAL("e1a", std::get<Snapshot>(*report).spans[0].span.c_str());
}

TEST(BoardLink, an_observer_may_busy_out_and_restart_but_not_touch_calls) {
  serve();
  Raw raw(reactor, path);
  raw.say(kObserver);
  raw.say(R"({"command":"busyout","span":"e1a","channel":31,"on":true})");
  raw.say(R"({"command":"restart","span":"fxs","channel":9})");
  raw.say(R"({"command":"busyout","span":"e9","channel":1,"on":true})");
  raw.say(R"({"command":"clear","leg":1,"cause":16})");
  raw.say(R"({"command":"busyout","span":"e1a","channel":16,"on":true})");
  CHECK_TRUE(until([&] { return raw.lines.size() == 6; }));
  STRCMP_EQUAL(R"({"done":"busyout"})", raw.lines[1].c_str());
  STRCMP_EQUAL(R"({"error":"span 'fxs' has channels 1 to 8","line_no":3})", raw.lines[2].c_str());
  STRCMP_EQUAL(R"({"error":"no span 'e9'","line_no":4})", raw.lines[3].c_str());
  STRCMP_EQUAL(R"({"error":"an observer may not command 'clear'","line_no":5})", raw.lines[4].c_str());
  STRCMP_EQUAL(R"({"error":"channel 16 of span 'e1a' is its D channel","line_no":6})", raw.lines[5].c_str());
  CHECK_EQUAL(1u, board.log.size());
}

TEST(BoardLink, frames_go_to_those_who_trace_that_span_until_they_stop) {
  serve();
  Raw raw(reactor, path), idle(reactor, path);
  raw.say(kObserver);
  idle.say(kObserver);
  raw.say(R"({"request":"trace","span":"e1a"})");
  raw.say(R"({"request":"trace","span":"e9"})");
  CHECK_TRUE(until([&] { return raw.lines.size() == 3 && idle.lines.size() == 1; }));
  const std::uint8_t bytes[] = {1, 2, 3};
  server->frame("e1a", false, from_us(7), bytes);
  server->frame("e1b", false, from_us(7), bytes);
  CHECK_TRUE(until([&] { return raw.lines.size() == 4; }));
  raw.say(R"({"request":"trace","span":"e1a","on":false})");
  CHECK_TRUE(until([&] { return raw.lines.size() == 5; }));
  server->frame("e1a", false, from_us(7), bytes);
  spin(5ms);
  CHECK_EQUAL(5u, raw.lines.size());
  STRCMP_EQUAL(R"({"done":"trace"})", raw.lines[1].c_str());
  STRCMP_EQUAL(R"({"error":"no span 'e9'","line_no":3})", raw.lines[2].c_str());
  STRCMP_EQUAL(R"({"frame":{"span":"e1a","sent":false,"at":7,"hex":"010203"}})", raw.lines[3].c_str());
  CHECK_EQUAL(1u, idle.lines.size());
}

TEST(BoardLink, an_observer_that_does_not_read_is_cut_off_and_ctid_is_not_disturbed) {
  serve();
  BoardClient client(reactor, path, ctid);
  client.start();
  const int slow = *connect_unix(path, SOCK_STREAM);
  const std::string hello = std::string(kObserver) + "\n" + R"({"request":"trace","span":"e1a"})" + "\n";
  CHECK_EQUAL(static_cast<ssize_t>(hello.size()), ::write(slow, hello.data(), hello.size()));
  CHECK_TRUE(until([&] { return server->counters().lines == 3; }));
  const std::vector<std::uint8_t> bytes(kFrameBytesMax, 0xAA);
  CHECK_TRUE(until([&] {
    for (int i = 0; i < 2000; ++i) server->frame("e1a", true, from_us(1), bytes);
    return server->counters().cut_off == 1;
  }));
  ::close(slow);
  board.emit(evt::Answered{LegId{1}});
  CHECK_TRUE(until([&] { return ctid.log.back() == "answered 1"; }));
}

TEST(BoardLink, too_many_observers_are_refused_and_ctid_still_gets_in) {
  serve();
  std::vector<std::unique_ptr<Raw>> crowd;
  for (std::size_t i = 0; i < kObserversMax + 3; ++i) {
    crowd.push_back(std::make_unique<Raw>(reactor, path));
    crowd.back()->say(kObserver);
    CHECK_TRUE(until([&] { return !crowd.back()->lines.empty(); }));
  }
  std::size_t refused = 0;
  for (auto& one : crowd) refused += one->lines[0].find("too many") != std::string::npos;
  CHECK_EQUAL(3u, refused);
  BoardClient client(reactor, path, ctid);
  client.start();
  CHECK_TRUE(until([&] { return client.up(); }));
}

TEST(BoardLink, a_second_server_on_the_path_is_refused) {
  serve();
  const auto second = BoardServer::open(reactor, path, board);
  CHECK_FALSE(second.has_value());
  STRCMP_EQUAL(("another process is already listening on " + path).c_str(), second.error().what.c_str());
}

TEST(BoardLink, a_line_from_boardd_that_is_not_understood_is_counted_and_the_link_stays) {
  std::unique_ptr<LineSocket> boardd;
  auto listener = UnixListener::open(reactor, path, SOCK_STREAM, 0600, [&](int fd) {
    boardd = std::make_unique<LineSocket>(reactor, fd, LineLimits{}, LineSocket::Handler{[&](std::string_view) {
      boardd->send(R"({"hello":"boardd","version":1,"epoch":5})");
      boardd->send("garbage");
      boardd->send(R"({"event":"teleported","epoch":5,"seq":1,"at":1})");
      boardd->send(R"({"event":"answered","epoch":5,"seq":2,"at":1,"leg":1})");
    }, [](std::string_view) {}});
  });
  BoardClient client(reactor, path, ctid);
  client.start();
  CHECK_TRUE(until([&] { return ctid.log.size() == 2; }));
  STRCMP_EQUAL("up, answered 2", ctid.all().c_str());
  CHECK_EQUAL(2u, client.counters().bad_lines);
  CHECK_TRUE(client.up());
}
