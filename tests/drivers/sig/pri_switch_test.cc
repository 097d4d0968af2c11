// Every switch type, user and network side, E1 and T1: calls are made and cleared both ways. libpri is on both ends.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/sig/pri_pair.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::sig;

namespace {
constexpr const char* kSwitches[] = {"euroisdn", "ni2", "dms100", "4ess", "5ess", "qsig"};
constexpr int kBearer = 0x04;

// The octets of an information element of the first message of that type, empty: not there.
std::vector<std::uint8_t> element(const Recorder& heard, int type, int id) {
  for (const auto& f : heard.sent) {
    if (f.size() < 9 || (f[2] & 1) != 0 || f[8] != type) continue;
    for (std::size_t at = 9; at + 1 < f.size();) {
      if (f[at] & 0x80) { ++at; continue; }
      if (f[at] == id) return {f.begin() + static_cast<long>(at) + 2, f.begin() + static_cast<long>(at) + 2 + f[at + 1]};
      at += 2U + f[at + 1];
    }
  }
  return {};
}

// `from` dials on `channel`, `to` answers; cleared by `from` or by `to`.
void call(PriPair& p, PriSpan& from, Recorder& from_heard, PriSpan& to, Recorder& to_heard, int channel, bool caller_clears, std::uint64_t id) {
  CHECK(from.dial(leg(id), channel, "13800001111", "4006001"));
  p.run(50ms);
  const LegId there = to_heard.last;
  STRCMP_EQUAL(fmt::format("offered {} ch{} 13800001111 4006001", to_number(there), channel).c_str(), to_heard.take().c_str());
  to.booked(there);
  to.alert(there);
  to.answer(there);
  p.run(50ms);
  STRCMP_EQUAL(fmt::format("seized {0} ch{1}, proceeding {0}, alerting {0}, answered {0}", id, channel).c_str(), from_heard.take().c_str());
  STRCMP_EQUAL(fmt::format("answered {}", to_number(there)).c_str(), to_heard.take().c_str());
  if (caller_clears) from.clear(leg(id), 16);
  else to.clear(there, 16);
  p.run(50ms);
  STRCMP_EQUAL(fmt::format("released {} 16 {}", id, caller_clears ? "own cleared" : "far far_end").c_str(), from_heard.take().c_str());
  STRCMP_EQUAL(fmt::format("released {} 16 {}", to_number(there), caller_clears ? "far far_end" : "own cleared").c_str(), to_heard.take().c_str());
  CHECK(from.channel_state(channel) == ChannelState::idle);
  CHECK(to.channel_state(channel) == ChannelState::idle);
}
}  // namespace

TEST_GROUP(PriSwitch) {};

TEST(PriSwitch, every_type_makes_and_clears_calls_both_ways_on_e1_and_t1) {
  for (const SpanKind kind : {SpanKind::e1, SpanKind::t1})
    for (const char* type : kSwitches) {
      PriPair p(kind);
      p.user_config.switch_type = p.net_config.switch_type = type;
      p.up();
      const int last = kind == SpanKind::t1 ? 23 : 31;
      LONGS_EQUAL(kind == SpanKind::t1 ? 23 : 30, p.user->channels().size());
      CHECK_FALSE(p.user->dial(leg(1), kind == SpanKind::t1 ? 24 : 16, "1", "2"));
      std::uint64_t id = 500;
      for (const bool caller_clears : {true, false}) {
        call(p, *p.net, p.net_heard, *p.user, p.user_heard, 1, caller_clears, ++id);
        call(p, *p.user, p.user_heard, *p.net, p.net_heard, last, caller_clears, ++id);
      }
      LONGS_EQUAL(0, p.user->counters()["libpri_errors"] + p.net->counters()["libpri_errors"]);
    }
}

TEST(PriSwitch, all_channels_at_once_with_every_type) {
  for (const char* type : kSwitches) {
    PriPair p(SpanKind::t1);
    p.user_config.switch_type = p.net_config.switch_type = type;
    p.up();
    for (int c = 1; c <= 23; ++c) CHECK((c % 2 ? p.net : p.user)->dial(leg(static_cast<std::uint64_t>(500 + c)), c, "138", "400"));
    p.run(1s);
    for (std::uint64_t n = 1; n <= 12; ++n) { p.user->booked(leg(n)); p.user->answer(leg(n)); }
    for (std::uint64_t n = 1001; n <= 1011; ++n) { p.net->booked(leg(n)); p.net->answer(leg(n)); }
    p.run(1s);
    for (int c = 1; c <= 23; ++c) CHECK((c % 2 ? p.net : p.user)->leg_state(leg(static_cast<std::uint64_t>(500 + c))) == board::LegState::connected);
  }
}

TEST(PriSwitch, the_bearer_is_a_law_on_e1_and_mu_law_on_t1) {
  for (const SpanKind kind : {SpanKind::e1, SpanKind::t1}) {
    PriPair p(kind);
    p.user_config.switch_type = p.net_config.switch_type = kind == SpanKind::t1 ? "ni2" : "euroisdn";
    p.up();
    CHECK(p.user->dial(leg(9), 2, "1", "2"));
    p.run(50ms);
    const auto bearer = element(p.user_heard, kSetup, kBearer);
    LONGS_EQUAL(3, bearer.size());
    LONGS_EQUAL(kind == SpanKind::t1 ? 0xA2 : 0xA3, bearer[2]);
  }
}

TEST(PriSwitch, overlap_is_sent_and_received_by_both_sides) {
  for (const char* type : kSwitches)
    for (const bool user_dials : {true, false}) {
      PriPair p;
      p.user_config.switch_type = p.net_config.switch_type = type;
      p.user_config.overlap_receiving = p.net_config.overlap_receiving = true;
      p.user_config.number_length = p.net_config.number_length = 7;
      p.up();
      PriSpan& from = user_dials ? *p.user : *p.net;
      PriSpan& to = user_dials ? *p.net : *p.user;
      Recorder& heard = user_dials ? p.net_heard : p.user_heard;
      CHECK(from.dial(leg(500), 3, "138", "400|6001"));
      p.run(50ms);
      const LegId there = heard.last;
      STRCMP_EQUAL(fmt::format("offered {} ch3 138 400 ...", to_number(there)).c_str(), heard.take().c_str());
      to.booked(there);
      p.run(50ms);
      STRCMP_EQUAL(fmt::format("number_complete {} 4006001", to_number(there)).c_str(), heard.take().c_str());
      to.answer(there);
      p.run(50ms);
      CHECK(from.leg_state(leg(500)) == board::LegState::connected);
    }
}

TEST(PriSwitch, two_ends_of_one_side_are_noticed_by_both_and_the_line_in_the_profile_is_named) {
  for (const bool network : {false, true}) {
    PriPair p;
    p.user_config.network_side = p.net_config.network_side = network;
    p.start();
    p.run(20s);
    CHECK_FALSE(p.user->in_service());
    CHECK(p.user->counters()["both_sides_same"] > 0);
    CHECK(p.net->counters()["both_sides_same"] > 0);
  }
  PriConfig config;
  config.where = "a.toml:7";
  STRCMP_EQUAL("a.toml:7: span e1-1: both ends of the line are the user side, so the D channel cannot come up "
               "(write side = \"network\" for this span, or make the far end the network side)",
               same_side_text("e1-1", config).c_str());
}

TEST(PriSwitch, thirty_silent_seconds_leave_calls_that_are_up_and_end_the_others_with_27) {
  for (const char* type : kSwitches) {
    PriPair p(SpanKind::t1);
    p.user_config.switch_type = p.net_config.switch_type = type;
    p.up();
    CHECK(p.net->dial(leg(500), 1, "138", "400"));
    CHECK(p.user->dial(leg(501), 23, "1", "2"));
    p.run(50ms);
    p.user->booked(leg(1));
    p.user->answer(leg(1));
    CHECK(p.net->dial(leg(502), 2, "138", "400"));
    p.run(50ms);
    p.user->booked(leg(2));
    p.user->alert(leg(2));
    p.run(50ms);
    p.wire.faults->drop_frames(true);
    p.run(30s);
    CHECK_FALSE(p.user->in_service());
    STRCMP_CONTAINS("released 2 27", p.user_heard.text().c_str());
    STRCMP_CONTAINS("released 501 ", p.user_heard.text().c_str());
    STRCMP_CONTAINS("released 502 ", p.net_heard.text().c_str());
    p.wire.faults->drop_frames(false);
    p.run(120s);
    CHECK(p.user->in_service());
    CHECK(p.user->leg_state(leg(1)) == board::LegState::connected);
    CHECK(p.net->leg_state(leg(500)) == board::LegState::connected);
    p.user->clear(leg(1), 16);
    p.run(100ms);
    for (const int c : p.user->channels()) CHECK(p.user->channel_state(c) == ChannelState::idle && p.net->channel_state(c) == ChannelState::idle);
  }
}
