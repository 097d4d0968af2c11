// Channels out of service, refused ones, and those that the two sides see differently.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/sig/pri_pair.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::sig;

namespace {
constexpr ChannelState kOut = ChannelState::out_of_service, kIdle = ChannelState::idle, kBusy = ChannelState::busy;

void with(PriPair& p, const char* type) { p.user_config.switch_type = p.net_config.switch_type = type; }

void refuse(PriPair& p, std::uint64_t id, int channel) {  // the center has busied it out
  CHECK(p.net->dial(leg(id), channel, "138", "400"));
  p.run(50ms);
  p.user->booked(p.user_heard.last);
  p.run(50ms);
  STRCMP_CONTAINS(fmt::format("released {} 44 far far_end", id).c_str(), p.net_heard.take().c_str());
}
}  // namespace

TEST_GROUP(PriChannel) {};

TEST(PriChannel, a_busied_out_channel_is_told_by_service_where_the_switch_has_it) {
  for (const char* type : {"ni2", "dms100", "4ess", "5ess"})
    for (const bool by_user : {true, false}) {
      PriPair p(SpanKind::t1);
      with(p, type);
      p.up();
      PriSpan& here = by_user ? *p.user : *p.net;
      PriSpan& there = by_user ? *p.net : *p.user;
      here.busyout(3, true);
      p.run(50ms);
      CHECK(there.channel_state(3) == kOut);
      CHECK(there.channel_state(2) == kIdle);
      CHECK_FALSE(there.dial(leg(500), 3, "1", "2"));
      LONGS_EQUAL(1, here.counters()["service_acknowledged"]);
      here.busyout(3, true);  // once is enough
      here.busyout(3, false);
      p.run(50ms);
      CHECK(there.channel_state(3) == kIdle);
      LONGS_EQUAL(2, there.counters()["service_received"]);
      LONGS_EQUAL(0, here.counters()["libpri_errors"] + there.counters()["libpri_errors"]);
    }
}

TEST(PriChannel, euroisdn_and_qsig_have_no_service_message) {
  for (const char* type : {"euroisdn", "qsig"}) {
    PriPair p;
    with(p, type);
    p.up();
    p.user->busyout(3, true);
    p.run(50ms);
    LONGS_EQUAL(0, p.user_heard.q931_sent());
    CHECK(p.net->channel_state(3) == kIdle);
  }
}

TEST(PriChannel, a_call_on_a_channel_that_is_busied_out_stays_and_the_far_end_is_told_at_its_end) {
  PriPair p(SpanKind::t1);
  with(p, "ni2");
  p.up();
  CHECK(p.net->dial(leg(7), 3, "138", "400"));
  p.run(50ms);
  p.user->booked(leg(1));
  p.user->answer(leg(1));
  p.run(50ms);
  p.user->busyout(3, true);
  p.run(1s);
  LONGS_EQUAL(0, p.net->counters()["service_received"]);
  CHECK(p.user->leg_state(leg(1)) == board::LegState::connected);
  p.net->clear(leg(7), 16);
  p.run(100ms);
  LONGS_EQUAL(1, p.net->counters()["service_received"]);
  CHECK(p.net->channel_state(3) == kOut);
}

TEST(PriChannel, the_far_end_is_told_again_when_the_d_channel_is_back) {
  PriPair p(SpanKind::t1);
  with(p, "ni2");
  p.up();
  p.user->busyout(3, true);
  p.run(50ms);
  p.wire.faults->drop_frames(true);
  p.run(30s);
  CHECK_FALSE(p.net->in_service());
  p.user->busyout(4, true);  // during the silence
  p.wire.faults->drop_frames(false);
  p.run(10s);
  CHECK(p.net->in_service());
  CHECK(p.net->channel_state(3) == kOut);
  CHECK(p.net->channel_state(4) == kOut);
  CHECK(p.net->channel_state(5) == kIdle);
}

TEST(PriChannel, after_44_the_channel_gets_no_call_for_a_minute) {
  PriPair p;
  p.up();
  p.user->busyout(1, true);
  refuse(p, 7, 1);
  CHECK(p.net->channel_state(1) == kOut);
  CHECK_FALSE(p.net->dial(leg(8), 1, "138", "400"));
  CHECK(p.net->channel_state(2) == kIdle);
  p.run(kRestAfter44 - 1s);
  CHECK(p.net->channel_state(1) == kOut);
  p.run(2s);
  CHECK(p.net->channel_state(1) == kIdle);
  refuse(p, 9, 1);
}

TEST(PriChannel, a_resting_channel_still_takes_calls_of_the_far_end) {
  PriPair p;
  p.up();
  p.user->busyout(1, true);
  refuse(p, 7, 1);
  p.user->busyout(1, false);
  CHECK(p.user->dial(leg(9), 1, "1", "2"));
  p.run(50ms);
  STRCMP_CONTAINS("ch1 1 2", p.net_heard.take().c_str());
  p.net->booked(p.net_heard.last);
  p.run(50ms);
  p.user->clear(leg(9), 16);
  p.run(100ms);
  CHECK(p.net->channel_state(1) == kIdle);  // and is no longer resting
}

TEST(PriChannel, a_refusal_with_44_that_no_call_explains_brings_a_restart) {
  PriPair p;
  p.up();
  p.net->busyout(5, true);
  CHECK(p.user->dial(leg(9), 5, "1", "2"));
  p.run(50ms);
  p.net->booked(p.net_heard.last);
  p.run(kStuckLook - 200ms);
  LONGS_EQUAL(0, p.user_heard.q931_sent(kRestart));
  p.run(1s);
  LONGS_EQUAL(1, p.user_heard.q931_sent(kRestart));
  LONGS_EQUAL(1, p.user->counters()["channels_stuck"]);
  p.run(kRestAfter44);
  LONGS_EQUAL(1, p.user_heard.q931_sent(kRestart));
  CHECK(p.user->channel_state(5) == kIdle);
}

TEST(PriChannel, a_call_that_only_one_side_has_ends_when_the_other_uses_its_channel) {
  PriPair p;
  p.up();
  CHECK(p.net->dial(leg(7), 5, "138", "400"));
  p.run(50ms);
  p.user->booked(leg(1));
  p.user->answer(leg(1));
  p.run(50ms);
  p.net_heard.take();
  p.user = std::make_unique<PriSpan>(p.timers, *p.wire.ends.center, p.user_config, p.user_heard);  // begun anew
  p.user->start();
  p.run(3s);
  p.user->dial(leg(9), 5, "1", "2");
  p.run(kStuckLook + 1s);
  STRCMP_CONTAINS("released 7 ", p.net_heard.text().c_str());
  p.net->booked(p.net_heard.last);
  p.run(1s);
  CHECK(p.net->channel_state(5) == kIdle);
  CHECK(p.user->channel_state(5) == kIdle);
}

TEST(PriChannel, glare_is_no_stuck_channel) {
  PriPair p;
  p.up();
  CHECK(p.net->dial(leg(7), 5, "138", "400"));
  CHECK(p.user->dial(leg(9), 5, "1", "2"));
  p.run(10s);
  LONGS_EQUAL(0, p.user->counters()["channels_stuck"] + p.net->counters()["channels_stuck"]);
  LONGS_EQUAL(0, p.user_heard.q931_sent(kRestart) + p.net_heard.q931_sent(kRestart));
}

TEST(PriChannel, a_setup_where_our_call_is_up_ends_it_by_restart) {
  PriPair p;
  p.up();
  CHECK(p.net->dial(leg(7), 5, "138", "400"));
  p.run(50ms);
  p.user->booked(leg(1));
  p.user->answer(leg(1));
  p.run(50ms);
  p.user_heard.take();
  // The exchange has forgotten the call: a SETUP of another reference on channel 5.
  auto setup = [&] {
    for (const auto& f : p.net_heard.sent)
      if (f.size() > 8 && (f[2] & 1) == 0 && f[8] == kSetup) return f;
    return std::vector<std::uint8_t>{};
  }();
  CHECK(!setup.empty());
  setup.erase(setup.begin() + 3);  // as UI: no sequence numbers
  setup[2] = 0x03;
  setup[6] = 0x77;
  p.wire.ends.far->signalling().send_frame(setup);
  p.run(50ms);
  STRCMP_CONTAINS("released 1 41 far restart", p.user_heard.text().c_str());
  STRCMP_CONTAINS("offered 2 ch0", p.user_heard.text().c_str());
  p.user->booked(leg(2));
  p.run(1s);
  STRCMP_CONTAINS("released 2 44 own no_channel", p.user_heard.text().c_str());
  LONGS_EQUAL(1, p.user_heard.q931_sent(kRestart));
  LONGS_EQUAL(1, p.user->counters()["channels_stuck"]);
  CHECK(p.user->channel_state(5) == kIdle);
}
