// The technician's tests between two board cores: real libpri, real media, virtual time; ctid is attached and hears nothing of them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/daemon/pair.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;
namespace order = sr::board::test;

namespace {

struct Tester {
  explicit Tester(BoardEnd& b) : board(b) {}
  bool begin(const LineTest& what) {
    const auto id = board.begin_test(what, [this](const TestReport& r) { said.push_back(r); });
    why = id ? "" : id.error().text();
    if (id) test = *id;
    return id.has_value();
  }
  void end() { board.end_test(test); }
  template <class T>
  const T* last() const {
    for (auto it = said.rbegin(); it != said.rend(); ++it)
      if (const auto* t = std::get_if<T>(&*it)) return t;
    return nullptr;
  }
  std::vector<std::string> events() const {
    std::vector<std::string> out;
    for (const auto& one : said)
      if (const auto* e = std::get_if<Envelope>(&one)) out.emplace_back(name_of(e->event));
    return out;
  }
  BoardEnd& board;
  TestId test = TestId::none;
  std::string why;
  std::vector<TestReport> said;
};

using Words = std::vector<std::string>;

}  // namespace

TEST_GROUP(LineTest) {
  Pair pair;
  Tester here{*pair.center}, there{*pair.exchange};
};

TEST(LineTest, a_bit_error_test_over_a_looped_channel_finds_no_error) {
  CHECK(there.begin(order::Loopback{"e1-1", 5, true}));
  CHECK(here.begin(order::Bert{"e1-1", 5}));
  pair.run(10100ms);
  const auto* r = here.last<BertReport>();
  CHECK(r != nullptr);
  CHECK_EQUAL(1u, r->channels.size());
  CHECK_EQUAL(5, r->channels[0].channel);
  CHECK(r->channels[0].bits > 9u * 64'000);
  CHECK_EQUAL(0u, r->channels[0].errors);
  CHECK_EQUAL(0u, r->channels[0].losses);
  CHECK_EQUAL(10, static_cast<int>(here.said.size()));
  here.end();
  pair.run(5s);
  CHECK_EQUAL(10, static_cast<int>(here.said.size()));
}

TEST(LineTest, without_a_loop_nothing_comes_back) {
  CHECK(here.begin(order::Bert{"e1-1", 5}));
  pair.run(3100ms);
  CHECK_EQUAL(0u, here.last<BertReport>()->channels[0].bits);
}

TEST(LineTest, a_loop_that_ends_under_the_test_is_a_loss) {
  CHECK(there.begin(order::Loopback{"e1-1", 5, true}));
  CHECK(here.begin(order::Bert{"e1-1", 5}));
  pair.run(2100ms);
  CHECK(there.begin(order::Loopback{"e1-1", 5, false}));
  pair.run(1s);
  CHECK(there.begin(order::Loopback{"e1-1", 5, true}));
  pair.run(2s);
  const auto& c = here.last<BertReport>()->channels[0];
  CHECK(c.errors + c.losses > 0);
}

TEST(LineTest, a_second_test_of_a_channel_begins_from_nothing) {
  CHECK(there.begin(order::Loopback{"e1-1", 5, true}));
  CHECK(here.begin(order::Bert{"e1-1", 5}));
  pair.run(5100ms);
  here.end();
  CHECK(here.begin(order::Bert{"e1-1", 5}));
  pair.run(1100ms);
  const auto& c = here.last<BertReport>()->channels[0];
  CHECK(c.bits > 0 && c.bits < 2u * 64'000);
  CHECK_EQUAL(0u, c.errors);
}

TEST(LineTest, a_whole_span_is_tested_but_for_the_channels_with_calls) {
  pair.call();
  const int busy = pair.ctid.last<evt::Offered>()->channel;
  CHECK(here.begin(order::Bert{"e1-1", 0}));
  pair.run(1100ms);
  const auto* r = here.last<BertReport>();
  CHECK_EQUAL(29u, r->channels.size());
  CHECK(std::ranges::none_of(r->channels, [&](const BertChannel& c) { return c.channel == busy || c.channel == 16; }));
}

TEST(LineTest, a_channel_in_a_test_takes_no_call_and_is_shown) {
  CHECK(here.begin(order::Loopback{"e1-1", 31, true}));
  CHECK(here.board.snapshot().spans[0].in_test == std::vector{31});
  pair.center->send(cmd::Dial{LegId{kCtidLegBase + 1}, "city", "", "5", {}});
  pair.run(100ms);
  CHECK_EQUAL(30, pair.ctid.last<evt::Seized>()->channel);
  pair.center->send(cmd::Dial{LegId{kCtidLegBase + 2}, "e1-1/31", "", "5", {}});
  pair.run(100ms);
  CHECK_EQUAL(34, pair.ctid.last<evt::Released>()->cause);
  CHECK(here.begin(order::Loopback{"e1-1", 31, false}));
  CHECK(here.board.snapshot().spans[0].in_test.empty());
  pair.center->send(cmd::Dial{LegId{kCtidLegBase + 3}, "e1-1/31", "", "5", {}});
  pair.run(100ms);
  CHECK_EQUAL(31, pair.ctid.last<evt::Seized>()->channel);
}

TEST(LineTest, what_cannot_be_is_refused_with_the_reason) {
  pair.call();
  const int busy = pair.ctid.last<evt::Offered>()->channel;
  const auto refused = [&](const LineTest& what, const char* words) {
    CHECK_FALSE(here.begin(what));
    CHECK_TEXT(here.why.find(words) != std::string::npos, here.why.c_str());
  };
  refused(order::Bert{"nospan", 1}, "no span 'nospan'");
  refused(order::Bert{"e1-1", 16}, "has no channel 16");
  refused(order::Bert{"e1-1", busy}, "carries a call");
  refused(order::Bert{"fxs-1", 1}, "is analog");
  refused(order::Loopback{"e1-1", 3, false}, "no loop stands on e1-1/3");
  refused(order::Loopback{"e1-1", 0, true}, "carries a call");
  refused(order::Level{"e1-1", 0}, "needs a channel");
  refused(order::Call{"nogroup", "", "5"}, "no trunk group");
  CHECK(here.begin(order::Loopback{"e1-1", busy == 9 ? 10 : 9, true}));
  refused(order::Bert{"e1-1", busy == 9 ? 10 : 9}, "is in a test already");
}

TEST(LineTest, a_whole_soft_span_is_looped_channel_by_channel) {
  CHECK(there.begin(order::Loopback{"e1-1", 0, true}));
  CHECK(here.begin(order::Bert{"e1-1", 0}));
  pair.run(5100ms);
  const auto* r = here.last<BertReport>();
  CHECK_EQUAL(30u, r->channels.size());
  for (const auto& c : r->channels) {
    CHECK(c.bits > 4u * 64'000);
    CHECK_EQUAL(0u, c.errors + c.losses);
  }
}

TEST(LineTest, the_meter_shows_both_directions_of_a_call) {
  const auto [in, out] = pair.call();
  const int channel = pair.ctid.last<evt::Offered>()->channel;
  CHECK(here.begin(order::Level{"e1-1", channel}));
  pair.run(1s);
  DOUBLES_EQUAL(-80, here.last<LevelReport>()->heard_dbm0, 10);
  pair.exchange->send(cmd::Tone{out, "f=800"});
  pair.center->send(cmd::Tone{in, "f=440+480"});
  pair.run(1s);
  DOUBLES_EQUAL(-10, here.last<LevelReport>()->heard_dbm0, 0.5);
  DOUBLES_EQUAL(-10, here.last<LevelReport>()->sent_dbm0, 0.5);
  CHECK_EQUAL(10, static_cast<int>(here.said.size()));
}

TEST(LineTest, a_test_call_is_the_technicians_alone) {
  const auto before = pair.ctid.events.size();
  CHECK(here.begin(order::Call{"city", "110", "95500"}));
  pair.run(100ms);
  const auto* offered = pair.far.last<evt::Offered>();
  STRCMP_EQUAL("95500", offered->called.c_str());
  STRCMP_EQUAL("110", offered->calling.c_str());
  pair.exchange->send(cmd::Answer{offered->leg});
  pair.run(100ms);
  CHECK_EQUAL(1u, here.board.snapshot().legs.size());
  here.end();
  pair.run(1s);
  CHECK(here.events() == Words({"seized", "proceeding", "answered", "released"}));
  for (auto event = pair.ctid.events.begin() + static_cast<long>(before); event != pair.ctid.events.end(); ++event) CHECK(std::holds_alternative<evt::Channels>(event->event));
  CHECK_EQUAL(30u, pair.ctid.last<evt::Channels>()->usable.size());
  CHECK(pair.center->snapshot().legs.empty());
}

TEST(LineTest, the_far_end_clears_a_test_call) {
  CHECK(here.begin(order::Call{"city", "", "95500"}));
  pair.run(100ms);
  pair.exchange->send(cmd::Clear{pair.far.last<evt::Offered>()->leg, 17});
  pair.run(1s);
  CHECK(here.events().back() == "released");
  CHECK_EQUAL(17, std::get<evt::Released>(here.last<Envelope>()->event).cause);
  here.end();  // it is over already
}

TEST(LineTest, a_test_call_without_a_channel_is_released_at_once) {
  CHECK(here.begin(order::Loopback{"e1-1", 31, true}));
  CHECK(here.begin(order::Call{"e1-1/31", "", "95500"}));
  CHECK(here.events() == Words({"released"}));
}

TEST(LineTest, ctid_gets_no_test_call_in_its_snapshot_and_may_come_and_go) {
  CHECK(here.begin(order::Call{"city", "", "95500"}));
  pair.run(100ms);
  pair.exchange->send(cmd::Answer{pair.far.last<evt::Offered>()->leg});
  pair.run(100ms);
  pair.center->detach();
  pair.run(1s);
  pair.center->attach(pair.ctid);
  pair.run(1s);
  CHECK(pair.ctid.snapshots.back().legs.empty());
  CHECK(pair.ctid.acts().empty());
  CHECK_EQUAL(1u, pair.center->snapshot().legs.size());
}

TEST(LineTest, alarms_are_kept_with_their_times_and_the_oldest_go) {
  const Instant cut = pair.timers.now();
  for (int n = 0; n < 20; ++n) {
    pair.e1.faults->cut(n % 2 == 0);
    pair.run(20s);
  }
  const auto h = pair.center->snapshot().spans[0].history;
  CHECK_EQUAL(kAlarmNotesMax, h.size());
  CHECK(std::ranges::is_sorted(h, {}, &AlarmNote::at));
  CHECK(h.front().at > cut);
  for (std::size_t i = 1; i < h.size(); ++i) CHECK(h[i].alarm != h[i - 1].alarm || h[i].raised != h[i - 1].raised);
}
