// SPDX-License-Identifier: GPL-2.0-or-later
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "drivers/base/pcap.h"
#include "drivers/board/board_server.h"
#include "tools/boardctl/d_frame.h"
#include "tools/boardctl/session.h"
#include "tools/boardctl/status_view.h"
#include "tools/boardctl/verbs.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::board;

namespace {

using Bytes = std::vector<std::uint8_t>;
// SETUP, call reference 17, from the user side (command: C/R 0)
const Bytes kSetup{0x00, 0x01, 0x04, 0x06, 0x08, 0x02, 0x00, 0x11, 0x05, 0x04, 0x03, 0x80, 0x90, 0xA3};
const Bytes kDisconnect{0x02, 0x01, 0x06, 0x08, 0x08, 0x02, 0x80, 0x11, 0x45, 0x08, 0x02, 0x82, 0x91};

Snapshot sample() {
  Snapshot s{100, 7, from_us(1'767'225'600'000'000), {}, {}, {}};
  LegSnapshot leg;
  leg.span = "e1a";
  leg.channel = 3;
  leg.state = LegState::connected;
  leg.recording = true;
  s.legs.push_back(leg);
  leg.channel = 31;
  leg.state = LegState::offered;
  s.legs.push_back(leg);
  leg.channel = 32;  // no such timeslot
  s.legs.push_back(leg);
  s.spans.push_back({"e1a", "e1", "pstn", true, true, {}, 30, 2, {{"slips", 4}}});
  s.spans.push_back({"e1b", "e1", "pstn", false, false, {"red"}, 30, 0, {}});
  s.spans.push_back({"fxs", "fxs", "", true, true, {}, 4, 0, {}});
  s.stations = {{"8001", true, true}, {"8002", false, false}, {"8003", false, true}};
  return s;
}

bool has(const std::string& page, std::string_view text) { return page.find(text) != std::string::npos; }

}  // namespace

TEST_GROUP(FrameLine) {};

TEST(FrameLine, names_the_message_its_call_reference_and_cause) {
  STRCMP_EQUAL("I     sapi 0 tei 0  ns 2 nr 3  SETUP cr 17", boardctl::describe_frame(kSetup).c_str());
  STRCMP_EQUAL("I     sapi 0 tei 0  ns 3 nr 4  DISCONNECT cr 17' cause 17", boardctl::describe_frame(kDisconnect).c_str());
  STRCMP_EQUAL("SABME sapi 0 tei 0  P/F", boardctl::describe_frame(Bytes{0x00, 0x01, 0x7F}).c_str());
  STRCMP_EQUAL("RR    sapi 0 tei 0  nr 5 P/F", boardctl::describe_frame(Bytes{0x02, 0x01, 0x01, 0x0B}).c_str());
  STRCMP_EQUAL("2026-01-01T00:00:00.000Z e1a <- RR    sapi 0 tei 0  nr 5",
               boardctl::frame_line("e1a", false, from_us(1'767'225'600'000'000), Bytes{0x02, 0x01, 0x01, 0x0A}).c_str());
}

TEST(FrameLine, bears_any_bytes) {
  for (std::size_t n = 0; n <= kDisconnect.size(); ++n) CHECK_FALSE(boardctl::describe_frame({kDisconnect.data(), n}).empty());
  std::uint32_t seed = 1;
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes(i % 40);
    for (auto& b : bytes) b = static_cast<std::uint8_t>((seed = seed * 1664525u + 1013904223u) >> 24);
    if (bytes.size() > 4) bytes[2] = 0, bytes[4] = 0x08;
    CHECK_FALSE(boardctl::describe_frame(bytes).empty());
  }
}

TEST(FrameLine, the_command_bit_tells_the_side) {
  CHECK_FALSE(*boardctl::sender_is_network(kSetup));
  CHECK_TRUE(*boardctl::sender_is_network(kDisconnect));
  CHECK_TRUE(*boardctl::sender_is_network(Bytes{0x00, 0x01, 0x73}));  // UA, C/R 0
  CHECK_FALSE(boardctl::sender_is_network(Bytes{0x02, 0x01, 0x01, 0x0A}).has_value());
}

TEST_GROUP(StatusPage) {};

TEST(StatusPage, shows_timeslots_alarms_counters_and_stations) {
  const std::string page = boardctl::status_page(sample(), false);
  CHECK_TRUE(has(page, "e1a e1 group pstn  in service  D up  2 of 30 in use\n     1    ..R............D..............o\n"));
  CHECK_TRUE(has(page, "  counts  slips=4\n"));
  CHECK_TRUE(has(page, "e1b e1 group pstn  OUT OF SERVICE  D DOWN  0 of 30 in use\n  alarms  red\n"));
  CHECK_TRUE(has(page, "fxs fxs  in service  0 of 4 in use\n     1    ....\n"));
  CHECK_TRUE(has(page, "stations  8001* 8002! 8003\n"));
  CHECK_FALSE(has(page, "\x1b"));
}

TEST(StatusPage, shows_what_is_busied_out_and_the_calls_that_are_still_up_there) {
  Snapshot s = sample();
  s.spans[0].busied_out = {1, 3, 30};
  CHECK_TRUE(has(boardctl::status_page(s, false), "2 of 30 in use  3 busied out\n     1    b.R............D.............bo\n"));
}

TEST(StatusPage, shows_what_happened_when_and_the_counters_of_single_channels) {
  Snapshot s = sample();
  s.at = from_us(1'767'225'660'000'000);
  s.spans[0].in_test = {1};
  s.spans[0].counters = {{"overruns", 3}, {"overruns/5", 3}, {"channel_slips/5", 1}};
  s.spans[0].history = {{AlarmKind::red, true, from_us(1'767'225'600'000'000)}, {AlarmKind::red, false, from_us(1'767'225'630'000'000)}};
  s.history = {{AlarmKind::clock, true, from_us(1'767'225'600'000'000)}};
  const std::string page = boardctl::status_page(s, false);
  CHECK_TRUE(has(page, "     1    T.R..."));
  CHECK_TRUE(has(page, "  counts  overruns=3\n  channel  5 channel_slips=1 overruns=3\n"));
  CHECK_TRUE(has(page, "  2026-01-01T00:00:00.000Z  red raised, 60 s ago\n  2026-01-01T00:00:30.000Z  red cleared, 30 s ago\n"));
  CHECK_TRUE(has(page, "board\n  2026-01-01T00:00:00.000Z  clock raised, 60 s ago\n"));
}

TEST(StatusPage, is_coloured_only_when_asked) { CHECK_TRUE(has(boardctl::status_page(sample(), true), "\x1b[31mred\x1b[0m")); }

// A board behind a real server, in a loop of its own, as boardd is to boardctl.
TEST_GROUP(Verbs) {
  class Board final : public BoardEnd {
   public:
    void attach(BoardListener&) override {}
    void detach() override {}
    void send(const Command& command) override {
      if (const auto* b = std::get_if<cmd::Busyout>(&command)) log.push_back("busyout " + b->span + " " + std::to_string(b->channel) + (b->on ? " on" : " off"));
      if (const auto* r = std::get_if<cmd::Restart>(&command)) log.push_back("restart " + r->span + " " + std::to_string(r->channel));
    }
    Snapshot snapshot() const override {
      Snapshot s = sample();
      if (asked++ >= empty_after) s.legs.clear();
      return s;
    }
    Result<TestId> begin_test(const LineTest& test, TestSink tell) override {
      if (const auto* b = std::get_if<sr::board::test::Bert>(&test)) {
        for (int n = 1; n <= 2; ++n) tell(BertReport{b->span, {{b->channel, 64'000u * static_cast<unsigned>(n), errors, 0}}});
        return TestId{1};
      }
      if (const auto* l = std::get_if<sr::board::test::Level>(&test)) {
        for (int n = 0; n < 5; ++n) tell(LevelReport{l->span, l->channel, -10, -80});
        return TestId{2};
      }
      if (const auto* b = std::get_if<sr::board::test::Loopback>(&test)) {
        log.push_back("loopback " + b->span + " " + std::to_string(b->channel) + (b->on ? " on" : " off"));
        return TestId::none;
      }
      return fail("no trunk group");
    }
    std::uint64_t errors = 0;
    mutable int asked = 0;
    int empty_after = 1'000'000;
    std::vector<std::string> log;
  };
  std::string folder, path;
  Board board;
  void setup() override {
    char name[] = "/tmp/sr_boardctl_XXXXXX";
    folder = ::mkdtemp(name);
    path = folder + "/b.sock";
  }
  void teardown() override { std::filesystem::remove_all(folder); }

  template <class Verb>
  int with_board(Verb verb, int frames = 0) {
    Reactor reactor;
    auto server = BoardServer::open(reactor, path, board);
    CHECK_TRUE(server.has_value());
    std::function<void()> feed = [&] {
      for (int i = 0; i < frames; ++i) (*server)->frame("e1a", i % 2 == 0, reactor.timers().now(), i % 2 == 0 ? kSetup : kDisconnect);
      reactor.timers().after(1ms, feed);
    };
    feed();
    int code = -1;
    std::thread loop([&] { reactor.run(); });
    code = verb();
    reactor.post([&] { reactor.stop(); });
    loop.join();
    return code;
  }
  std::string bytes_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST(Verbs, busyout_and_restart_reach_the_board) {
  CHECK_EQUAL(boardctl::kOk, with_board([&] { return boardctl::busyout(path, "e1a", 5, true); }));
  CHECK_EQUAL(boardctl::kOk, with_board([&] { return boardctl::busyout(path, "e1a", 5, false); }));
  CHECK_EQUAL(boardctl::kOk, with_board([&] { return boardctl::restart(path, "e1b", 31); }));
  CHECK_EQUAL(3u, board.log.size());
  STRCMP_EQUAL("busyout e1a 5 on", board.log[0].c_str());
  STRCMP_EQUAL("busyout e1a 5 off", board.log[1].c_str());
  STRCMP_EQUAL("restart e1b 31", board.log[2].c_str());
}

TEST(Verbs, an_unknown_span_is_refused_and_no_file_is_made) {
  const std::string file = folder + "/x.pcap";
  CHECK_EQUAL(boardctl::kRefused, with_board([&] { return boardctl::restart(path, "e9", 1); }));
  CHECK_EQUAL(boardctl::kRefused, with_board([&] { return boardctl::trace(path, "e9", file); }));
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK_EQUAL(0u, board.log.size());
}

TEST(Verbs, drain_busies_out_every_bearer_and_ends_when_the_last_call_has_gone) {
  board.empty_after = 33;  // each command looks at the snapshot too
  CHECK_EQUAL(boardctl::kOk, with_board([&] { return boardctl::drain(path, "e1a", true); }));
  CHECK_TRUE(board.asked > board.empty_after);
  CHECK_EQUAL(30u, board.log.size());
  STRCMP_EQUAL("busyout e1a 1 on", board.log[0].c_str());
  STRCMP_EQUAL("busyout e1a 17 on", board.log[15].c_str());
  STRCMP_EQUAL("busyout e1a 31 on", board.log[29].c_str());
  CHECK_EQUAL(boardctl::kRefused, with_board([&] { return boardctl::drain(path, "e9", true); }));
  CHECK_EQUAL(boardctl::kOk, with_board([&] { return boardctl::drain(path, "e1b", false); }));
  STRCMP_EQUAL("busyout e1b 31 off", board.log.back().c_str());
}

TEST(Verbs, a_test_call_is_refused_where_it_cannot_be_made) {
  const auto quiet = [](const std::string&) {};
  CHECK_EQUAL(boardctl::kNoDaemon, boardctl::test_call(path, {"pstn", "1", "", 1s, 1s}, quiet).exit_code);
  CHECK_EQUAL(boardctl::kRefused, with_board([&] { return boardctl::test_call(path, {"nowhere", "1", "", 1s, 1s}, quiet).exit_code; }));
}

TEST(Verbs, a_bit_error_test_passes_or_fails_by_its_rate) {
  const auto bert = [&](double rate_max) { return with_board([&] { return boardctl::bert(path, {"e1a/5", 2, rate_max, true}); }); };
  CHECK_EQUAL(boardctl::kOk, bert(0));
  board.errors = 1;
  CHECK_EQUAL(boardctl::kTrouble, bert(0));
  CHECK_EQUAL(boardctl::kOk, bert(1e-3));
  CHECK_EQUAL(boardctl::kUsage, with_board([&] { return boardctl::bert(path, {"e1a/x", 2, 0, true}); }));
}

TEST(Verbs, a_meter_ends_after_its_seconds_and_a_loop_is_ordered) {
  CHECK_EQUAL(boardctl::kOk, with_board([&] { return boardctl::level(path, "e1a/3", 1); }));
  CHECK_EQUAL(boardctl::kUsage, with_board([&] { return boardctl::level(path, "e1a", 1); }));
  CHECK_EQUAL(boardctl::kOk, with_board([&] { return boardctl::loopback(path, "e1a", true); }));
  STRCMP_EQUAL("loopback e1a 0 on", board.log.back().c_str());
  CHECK_EQUAL(boardctl::kOk, with_board([&] { return boardctl::loopback(path, "e1a/7", false); }));
  STRCMP_EQUAL("loopback e1a 7 off", board.log.back().c_str());
}

TEST(Verbs, without_a_boardd_the_exit_code_says_so) { CHECK_EQUAL(boardctl::kNoDaemon, boardctl::status(path, true)); }

TEST(Verbs, a_trace_is_a_whole_pcap_file_and_ends_with_the_signal) {
  const std::string file = folder + "/x.pcap";
  const int code = with_board([&] {
    std::thread enough([&] {
      for (std::string text; text.size() < 2000; text = bytes_of(file)) std::this_thread::yield();
      ::raise(SIGINT);
    });
    const int exit_code = boardctl::trace(path, "e1a", file);
    enough.join();
    return exit_code;
  }, 4);
  CHECK_EQUAL(boardctl::kOk, code);
  const std::string text = bytes_of(file);
  CHECK_EQUAL(text.size(), pcap_whole(text));
  CHECK_TRUE(text.size() >= 2000);
}
