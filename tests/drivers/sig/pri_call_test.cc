// Whole calls between two PriSpans: each way, each way to end, before and after the booking.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/sig/pri_pair.h"

#include <malloc.h>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::sig;

TEST_GROUP(PriCall) {
  PriPair p;
  void offer(int channel = 1) {
    CHECK(p.net->dial(leg(7), channel, "13800001111", "4006001"));
    p.run(50ms);
  }
  void connect() {
    offer();
    p.user->booked(leg(1));
    p.user->alert(leg(1));
    p.user->answer(leg(1));
    p.run(50ms);
    p.user_heard.take();
    p.net_heard.take();
  }
  void nothing_left() {
    LONGS_EQUAL(0, static_cast<int>(p.user->leg_state(leg(1))));
    LONGS_EQUAL(0, static_cast<int>(p.net->leg_state(leg(7))));
    for (const int c : p.user->channels()) {
      CHECK(p.user->channel_state(c) == ChannelState::idle);
      CHECK(p.net->channel_state(c) == ChannelState::idle);
    }
  }
};

TEST(PriCall, the_d_channel_comes_up_on_both_sides) {
  p.start();
  p.run(5s);
  STRCMP_EQUAL("d_channel up", p.user_heard.text().c_str());
  STRCMP_EQUAL("d_channel up", p.net_heard.text().c_str());
  LONGS_EQUAL(30, p.user->channels().size());
}

TEST(PriCall, nothing_is_sent_before_the_call_is_booked) {
  p.up();
  offer();
  STRCMP_EQUAL("offered 1 ch1 13800001111 4006001", p.user_heard.take().c_str());
  CHECK(p.user->channel_state(1) == ChannelState::busy);
  for (const auto& f : p.user_heard.sent) CHECK((f[2] & 1) == 1);  // supervisory frames only
  p.user->booked(leg(1));
  p.run(50ms);
  LONGS_EQUAL(1, p.user_heard.q931_sent(kCallProceeding));
  STRCMP_EQUAL("seized 7 ch1, proceeding 7", p.net_heard.take().c_str());
}

TEST(PriCall, both_sides_name_the_same_call_reference) {
  p.up();
  offer();
  LONGS_EQUAL(p.net_heard.crv, p.user_heard.crv);
  CHECK(p.user_heard.crv > 0);
}

TEST(PriCall, is_answered_and_cleared_by_the_exchange) {
  p.up();
  offer();
  p.user->booked(leg(1));
  p.user->alert(leg(1));
  p.user->answer(leg(1));
  p.run(50ms);
  STRCMP_EQUAL("seized 7 ch1, proceeding 7, alerting 7, answered 7", p.net_heard.take().c_str());
  STRCMP_EQUAL("offered 1 ch1 13800001111 4006001, answered 1", p.user_heard.take().c_str());
  CHECK(p.user->leg_state(leg(1)) == board::LegState::connected);
  p.net->clear(leg(7), 16);
  p.run(50ms);
  STRCMP_EQUAL("released 1 16 far far_end", p.user_heard.take().c_str());
  STRCMP_EQUAL("released 7 16 own cleared", p.net_heard.take().c_str());
  nothing_left();
}

TEST(PriCall, is_cleared_by_the_center_with_its_cause) {
  p.up();
  connect();
  p.user->clear(leg(1), 31);
  p.run(50ms);
  STRCMP_EQUAL("released 1 31 own cleared", p.user_heard.take().c_str());
  STRCMP_EQUAL("released 7 31 far far_end", p.net_heard.take().c_str());
  nothing_left();
}

TEST(PriCall, is_cleared_by_both_at_once) {
  p.up();
  connect();
  p.user->clear(leg(1), 16);
  p.net->clear(leg(7), 16);
  p.run(50ms);
  STRCMP_EQUAL("released 1 16 own cleared", p.user_heard.take().c_str());
  STRCMP_EQUAL("released 7 16 own cleared", p.net_heard.take().c_str());
  nothing_left();
}

TEST(PriCall, commands_before_the_booking_are_kept) {
  p.up();
  offer();
  p.user->alert(leg(1));
  p.user->answer(leg(1));
  p.run(50ms);
  LONGS_EQUAL(0, p.user_heard.q931_sent(kConnect));
  p.user->booked(leg(1));
  p.run(50ms);
  STRCMP_EQUAL("seized 7 ch1, proceeding 7, alerting 7, answered 7", p.net_heard.take().c_str());
}

TEST(PriCall, a_clear_before_the_booking_refuses_with_its_cause) {
  for (const int cause : {1, 17, 21, 34, 42, 44}) {
    PriPair q;
    q.up();
    CHECK(q.net->dial(leg(7), 1, "138", "4006001"));
    q.run(50ms);
    q.user->clear(leg(1), cause);
    q.run(50ms);
    LONGS_EQUAL(0, q.user_heard.q931_sent(kReleaseComplete) + q.user_heard.q931_sent(kDisconnect));
    q.user->booked(leg(1));
    q.run(50ms);
    CHECK(q.user_heard.text().find(fmt::format("released 1 {} own cleared", cause)) != std::string::npos);
    CHECK(q.net_heard.text().find(fmt::format("released 7 {} far far_end", cause)) != std::string::npos);
    CHECK(q.user->channel_state(1) == ChannelState::idle);
    CHECK(q.net->channel_state(1) == (cause == 44 ? ChannelState::out_of_service : ChannelState::idle));
  }
}

TEST(PriCall, who_gives_up_before_the_booking_hears_nothing_before_it_either) {
  p.up();
  offer();
  p.net->clear(leg(7), 16);
  p.run(490ms);
  LONGS_EQUAL(0, p.user_heard.q931_sent());
  STRCMP_EQUAL("seized 7 ch1", p.net_heard.take().c_str());
  p.user->alert(leg(1));  // ctid does not know yet
  p.user->booked(leg(1));
  p.run(50ms);
  STRCMP_EQUAL("offered 1 ch1 13800001111 4006001, released 1 16 far far_end", p.user_heard.take().c_str());
  STRCMP_EQUAL("released 7 16 own cleared", p.net_heard.take().c_str());
  LONGS_EQUAL(1, p.user_heard.q931_sent());
  LONGS_EQUAL(1, p.user_heard.q931_sent(kReleaseComplete));
  p.run(60s);
  nothing_left();
}

TEST(PriCall, a_release_before_the_booking_is_answered_after_it) {
  p.up();
  offer();
  const auto reference = p.net_heard.crv;
  p.wire.ends.far->signalling().send_frame(std::vector<std::uint8_t>{2, 1, 3, 8, 2, static_cast<std::uint8_t>(reference >> 8), static_cast<std::uint8_t>(reference), kRelease, 8, 2, 0x81, 0x90});
  p.run(100ms);
  p.net->clear(leg(7), 16);  // and once more
  p.run(100ms);
  LONGS_EQUAL(0, p.user_heard.q931_sent());
  p.user->booked(leg(1));
  p.run(1s);
  LONGS_EQUAL(1, p.user_heard.q931_sent(kReleaseComplete));
  STRCMP_EQUAL("offered 1 ch1 13800001111 4006001, released 1 16 far far_end", p.user_heard.take().c_str());
  p.run(60s);
  nothing_left();
}

TEST(PriCall, a_clear_of_both_sides_before_the_booking_is_one_end) {
  p.up();
  offer();
  p.user->clear(leg(1), 17);
  p.net->clear(leg(7), 16);
  p.run(100ms);
  LONGS_EQUAL(0, p.user_heard.q931_sent());
  p.user->booked(leg(1));
  p.run(60s);
  STRCMP_EQUAL("offered 1 ch1 13800001111 4006001, released 1 16 far far_end", p.user_heard.take().c_str());
  nothing_left();
}

TEST(PriCall, a_disconnect_for_our_own_call_is_not_kept_for_an_unbooked_one_with_the_same_number) {
  p.up();
  p.user->dial(leg(9), 31, "1", "2");
  p.net->dial(leg(7), 1, "138", "400");
  p.run(50ms);
  LONGS_EQUAL(p.net_heard.crv, p.user_heard.crv);  // both sides count from the same number, apart by the flag
  p.net->booked(leg(1001));
  p.run(50ms);
  p.net->clear(leg(1001), 17);
  p.run(50ms);
  STRCMP_CONTAINS("released 9 17 far far_end", p.user_heard.take().c_str());
  p.user->booked(leg(1));
  p.run(50ms);
  CHECK(p.user->leg_state(leg(1)) == board::LegState::proceeding);
}

TEST(PriCall, a_setup_that_nobody_books_is_repeated_once_and_offered_once) {
  p.up();
  offer();
  p.run(7s);
  LONGS_EQUAL(2, p.net_heard.q931_sent(kSetup));
  STRCMP_EQUAL("offered 1 ch1 13800001111 4006001", p.user_heard.take().c_str());
  p.run(2s);
  STRCMP_EQUAL("seized 7 ch1, released 7 18 far far_end", p.net_heard.take().c_str());
  p.user->booked(leg(1));
  p.run(1s);
  STRCMP_EQUAL("released 1 81 far far_end", p.user_heard.take().c_str());
  nothing_left();
}

TEST(PriCall, an_outgoing_call_of_the_center_is_answered) {
  p.up();
  p.net_heard.on_offered = [&](LegId) {};
  CHECK(p.user->dial(leg(9), 31, "02161234567", "13900002222"));
  CHECK_FALSE(p.user->dial(leg(10), 31, "", "1"));
  p.run(50ms);
  STRCMP_EQUAL("offered 1001 ch31 02161234567 13900002222", p.net_heard.take().c_str());
  p.net->booked(leg(1001));
  p.net->alert(leg(1001));
  p.net->answer(leg(1001));
  p.run(50ms);
  STRCMP_EQUAL("seized 9 ch31, proceeding 9, alerting 9, answered 9", p.user_heard.take().c_str());
  STRCMP_EQUAL("answered 1001", p.net_heard.take().c_str());
  p.net->clear(leg(1001), 16);
  p.run(50ms);
  STRCMP_EQUAL("released 9 16 far far_end", p.user_heard.take().c_str());
}

TEST(PriCall, a_busied_out_channel_refuses_after_the_booking) {
  p.up();
  p.user->busyout(1, true);
  CHECK(p.user->channel_state(1) == ChannelState::out_of_service);
  offer();
  STRCMP_EQUAL("offered 1 ch0 13800001111 4006001", p.user_heard.take().c_str());
  p.user->answer(leg(1));
  p.user->booked(leg(1));
  p.run(50ms);
  STRCMP_EQUAL("released 1 44 own no_channel", p.user_heard.take().c_str());
  STRCMP_EQUAL("seized 7 ch1, released 7 44 far far_end", p.net_heard.take().c_str());
}

TEST(PriCall, thirty_calls_at_once_and_no_more) {
  p.up();
  int dialled = 0;
  for (int c = 1; c <= 31; ++c) dialled += p.net->dial(leg(static_cast<std::uint64_t>(100 + c)), c, "138", "400") ? 1 : 0;
  LONGS_EQUAL(30, dialled);
  p.run(1s);
  LONGS_EQUAL(30, p.user_heard.heard.size());
  for (std::uint64_t n = 1; n <= 30; ++n) { p.user->booked(leg(n)); p.user->answer(leg(n)); }
  p.run(1s);
  for (std::uint64_t n = 1; n <= 30; ++n) { CHECK(p.user->leg_state(leg(n)) == board::LegState::connected); p.user->clear(leg(n), 16); }
  p.run(1s);
  nothing_left();
}

TEST(PriCall, commands_for_an_unknown_leg_do_nothing_but_count) {
  p.up();
  p.user->booked(leg(99));
  p.user->alert(leg(99));
  p.user->answer(leg(99));
  p.user->clear(leg(99), 16);
  p.user->flash(leg(99));
  CHECK_FALSE(p.user->ring(leg(99), 1, "", ""));
  LONGS_EQUAL(6, p.user->counters()["refused_commands"]);
}

TEST(PriCall, a_thousand_calls_leave_no_memory_behind) {
  p.up();
  const auto calls = [&](int n) {
    for (int i = 0; i < n; ++i) {
      const auto id = static_cast<std::uint64_t>(10'000 + i);
      CHECK(p.net->dial(leg(id), 1 + i % 15, "138", "400"));
      p.run(10ms);
      const LegId mine = p.user_heard.last;
      p.user->booked(mine);
      if (i % 3) p.user->answer(mine);
      p.run(10ms);
      if (i % 2) p.user->clear(mine, 16);
      else p.net->clear(leg(id), 16);
      p.run(10ms);
      p.user_heard = Recorder{};
      p.user_heard.next = to_number(mine);
      p.net_heard = Recorder{};
    }
  };
  calls(100);
  const auto before = ::mallinfo2().uordblks;
  calls(1000);
  const auto after = ::mallinfo2().uordblks;
  CHECK(after < before + 50'000);  // a forgotten call record of libpri has 1.75 KB
}
