// The application's timers T301, T302, T304, T310, overlap in both directions, both sides of glare, RESTART, the D channel.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/sig/pri_pair.h"

#include <map>
#include <random>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::sig;

TEST_GROUP(PriTimer) {
  PriPair p;
  void offer(const std::string& called, int channel = 1) {
    CHECK(p.net->dial(leg(7), channel, "138", called));
    p.run(50ms);
  }
  void connect(int channel = 1) {
    offer("400", channel);
    p.user->booked(leg(1));
    p.user->answer(leg(1));
    p.run(50ms);
    p.user_heard.take();
    p.net_heard.take();
  }
};

TEST(PriTimer, t310_ends_a_call_that_is_only_proceeding) {
  p.net_config.t310 = 12s;
  p.up();
  offer("400");
  p.user->booked(leg(1));
  p.run(11s);
  STRCMP_EQUAL("seized 7 ch1, proceeding 7", p.net_heard.take().c_str());
  p.run(2s);
  STRCMP_EQUAL("released 7 18 own cleared", p.net_heard.take().c_str());
  STRCMP_EQUAL("offered 1 ch1 138 400, released 1 102 far far_end", p.user_heard.take().c_str());
}

TEST(PriTimer, t301_ends_a_call_that_only_rings) {
  p.net_config.t301 = 60s;
  p.up();
  offer("400");
  p.user->booked(leg(1));
  p.user->alert(leg(1));
  p.run(59s);
  STRCMP_EQUAL("seized 7 ch1, proceeding 7, alerting 7", p.net_heard.take().c_str());
  p.run(2s);
  STRCMP_EQUAL("released 7 19 own cleared", p.net_heard.take().c_str());
}

TEST(PriTimer, t301_runs_on_the_user_side_too) {
  p.user_config.t301 = 60s;
  p.up();
  CHECK(p.user->dial(leg(9), 31, "1", "2"));
  p.run(50ms);
  p.net->booked(leg(1001));
  p.net->alert(leg(1001));
  p.run(61s);
  CHECK(p.user_heard.text().find("released 9 19 own cleared") != std::string::npos);
  CHECK(p.net_heard.text().find("released 1001 102 far far_end") != std::string::npos);
}

TEST(PriTimer, an_answer_stops_every_timer) {
  p.net_config.t301 = p.net_config.t310 = p.user_config.t302 = 3s;
  p.up();
  connect();
  p.run(600s);
  STRCMP_EQUAL("", p.net_heard.take().c_str());
  CHECK(p.net->leg_state(leg(7)) == board::LegState::connected);
}

TEST(PriTimer, overlap_ends_when_the_number_has_its_length) {
  p.user_config.overlap_receiving = true;
  p.user_config.number_length = 7;
  p.up();
  offer("400|60,01");
  STRCMP_EQUAL("offered 1 ch1 138 400 ...", p.user_heard.take().c_str());
  p.user->booked(leg(1));
  p.run(100ms);
  LONGS_EQUAL(1, p.user_heard.q931_sent(kSetupAck));
  CHECK(p.user->leg_state(leg(1)) == board::LegState::overlap);
  p.run(1s);
  STRCMP_EQUAL("number_complete 1 4006001", p.user_heard.take().c_str());
  LONGS_EQUAL(4, p.net_heard.q931_sent(kInformation));
  STRCMP_EQUAL("seized 7 ch1, proceeding 7", p.net_heard.take().c_str());
}

TEST(PriTimer, a_number_that_is_whole_in_the_setup_needs_no_overlap) {
  p.user_config.overlap_receiving = true;
  p.up();
  offer("4006001");
  STRCMP_EQUAL("offered 1 ch1 138 4006001", p.user_heard.take().c_str());
}

TEST(PriTimer, t302_takes_what_is_there_when_no_length_is_known) {
  p.user_config.overlap_receiving = true;
  p.up();
  offer("400|6");
  p.user->booked(leg(1));
  p.run(14s);
  STRCMP_EQUAL("offered 1 ch1 138 400 ...", p.user_heard.take().c_str());
  p.run(2s);
  STRCMP_EQUAL("number_complete 1 4006", p.user_heard.take().c_str());
}

TEST(PriTimer, t302_begins_anew_with_each_digit) {
  p.user_config.overlap_receiving = true;
  p.user_config.t302 = 1200ms;
  p.up();
  offer("400|,6,,0,,0,,1");
  p.user->booked(leg(1));
  p.run(4s);
  STRCMP_EQUAL("offered 1 ch1 138 400 ...", p.user_heard.take().c_str());
  p.run(1s);
  STRCMP_EQUAL("number_complete 1 4006001", p.user_heard.take().c_str());
}

TEST(PriTimer, t302_ends_an_incomplete_number_with_28) {
  p.user_config.overlap_receiving = true;
  p.user_config.number_length = 7;
  p.up();
  offer("400|6");
  p.user->booked(leg(1));
  p.run(16s);
  STRCMP_EQUAL("offered 1 ch1 138 400 ..., released 1 28 own cleared", p.user_heard.take().c_str());
  CHECK(p.net_heard.text().find("released 7 28 far far_end") != std::string::npos);
}

TEST(PriTimer, t304_ends_a_call_whose_digits_lead_nowhere) {
  p.user_config.overlap_receiving = true;
  p.user_config.t302 = 100s;
  p.net_config.t304 = 20s;
  p.up();
  offer("400|6");
  p.user->booked(leg(1));
  p.run(21s);
  CHECK(p.net_heard.text().find("released 7 28 own cleared") != std::string::npos);
  CHECK(p.user_heard.text().find("released 1 102 far far_end") != std::string::npos);
}

// ---- glare ----------------------------------------------------------------------------------------------------------

TEST(PriTimer, glare_leaves_the_channel_to_the_network_side) {
  p.up();
  CHECK(p.net->dial(leg(7), 5, "138", "400"));
  CHECK(p.user->dial(leg(9), 5, "1", "2"));
  p.run(50ms);
  STRCMP_EQUAL("seized 9 ch5, glare_lost 9, offered 1 ch5 138 400", p.user_heard.take().c_str());
  STRCMP_EQUAL("seized 7 ch5", p.net_heard.take().c_str());  // the user's call is not offered
  LONGS_EQUAL(1, p.net_heard.q931_sent(kReleaseComplete));
  p.user->booked(leg(1));
  p.user->answer(leg(1));
  p.run(50ms);
  STRCMP_EQUAL("proceeding 7, answered 7", p.net_heard.take().c_str());
  CHECK(p.user->leg_state(leg(9)) == board::LegState::null);
}

TEST(PriTimer, a_call_that_lost_may_be_dialled_again_from_inside_glare_lost) {
  p.up();
  int again = 0;
  p.user_heard.on_glare_lost = [&](LegId lost) {
    CHECK_FALSE(p.user->dial(lost, 5, "1", "2"));
    again += p.user->dial(lost, 6, "1", "2");
  };
  p.net->dial(leg(7), 5, "138", "400");
  p.user->dial(leg(9), 5, "1", "2");
  p.run(50ms);
  LONGS_EQUAL(1, again);
  STRCMP_EQUAL("seized 7 ch5, offered 1001 ch6 1 2", p.net_heard.take().c_str());
}

TEST(PriTimer, the_network_may_say_44_before_its_own_setup_is_seen) {
  p.up();
  p.net->busyout(5, true);
  p.user->dial(leg(9), 5, "1", "2");
  p.run(50ms);
  p.net->booked(leg(1001));
  p.run(50ms);
  STRCMP_EQUAL("seized 9 ch5, glare_lost 9", p.user_heard.take().c_str());
}

TEST(PriTimer, the_choice_of_a_channel) {
  std::array<ChannelView, kSpanChannelsMax + 1> view{};
  view[2] = {true, true, false};
  view[3] = {true, false, false};
  view[4] = {true, false, true};
  const auto is = [](ChannelGrant g, int channel, int cause, bool glare) { return g.channel == channel && g.cause == cause && g.glare == glare; };
  CHECK(is(choose_channel({2, true}, view, false), 2, 0, false));
  CHECK(is(choose_channel({3, true}, view, false), 0, 44, false));
  CHECK(is(choose_channel({3, false}, view, false), 2, 0, false));
  CHECK(is(choose_channel({4, true}, view, false), 4, 0, true));
  CHECK(is(choose_channel({4, true}, view, true), 0, 44, true));
  CHECK(is(choose_channel({4, false}, view, true), 2, 0, false));
  CHECK(is(choose_channel({16, true}, view, false), 0, 82, false));
  CHECK(is(choose_channel({200, true}, view, false), 0, 82, false));
  CHECK(is(choose_channel({-1, true}, view, false), 2, 0, false));
  view[2].idle = false;
  CHECK(is(choose_channel({-1, true}, view, false), 0, 34, false));
  CHECK(is(choose_channel({3, false}, view, false), 0, 34, false));
}

// ---- RESTART --------------------------------------------------------------------------------------------------------

TEST(PriTimer, each_idle_channel_is_restarted_when_the_d_channel_first_comes_up) {
  p.user_config.restart_at_start = true;
  p.start();
  p.run(5s);
  LONGS_EQUAL(30, p.user_heard.q931_sent(kRestart));
  LONGS_EQUAL(30, p.net->counters()["restart_received"]);
  STRCMP_EQUAL("d_channel up", p.net_heard.text().c_str());
  for (const int c : p.user->channels()) CHECK(p.user->channel_state(c) == ChannelState::idle);
  p.wire.faults->drop_frames(true);
  p.run(30s);
  p.wire.faults->drop_frames(false);
  p.run(10s);
  STRCMP_EQUAL("d_channel up, d_channel down, d_channel up", p.user_heard.text().c_str());
  LONGS_EQUAL(30, p.user_heard.q931_sent(kRestart));  // only the first time
}

TEST(PriTimer, a_restart_releases_the_call_on_both_sides) {
  p.up();
  connect(3);
  p.user->restart(3);
  p.run(50ms);
  STRCMP_EQUAL("released 1 41 far restart", p.user_heard.take().c_str());
  STRCMP_EQUAL("released 7 41 far restart", p.net_heard.take().c_str());
  p.run(1s);
  CHECK(p.user->channel_state(3) == ChannelState::idle);
  CHECK(p.net->channel_state(3) == ChannelState::idle);
}

TEST(PriTimer, a_setup_that_crosses_a_restart_is_released) {
  p.up();
  p.net->dial(leg(7), 3, "138", "400");
  p.user->restart(3);
  p.run(50ms);
  STRCMP_EQUAL("offered 1 ch3 138 400, released 1 41 far restart", p.user_heard.take().c_str());
  STRCMP_EQUAL("seized 7 ch3, released 7 41 far restart", p.net_heard.take().c_str());
  p.user->booked(leg(1));
  p.run(30s);
  CHECK(p.net->dial(leg(8), 3, "138", "400"));
}

TEST(PriTimer, the_network_side_dials_nothing_into_the_restarts_of_a_user_that_starts) {
  p.user_config.restart_at_start = true;
  p.start();
  bool dialled = false;
  for (int i = 0; i < 500 && !dialled; ++i) {
    p.run(10ms);
    dialled = p.net->dial(leg(7), 31, "138", "400");
  }
  CHECK(dialled);
  LONGS_EQUAL(30, p.net->counters()["restart_received"]);
}

// Both sides begin to establish the link; the exchange's SABME is lost on a line that is not there yet. It acknowledges ours,
// waits on for its own acknowledgement – our first RESTART falls on deaf ears – and sends SABME again: the link begins anew.
TEST(PriTimer, a_restart_lost_with_a_link_that_began_anew_is_sent_again) {
  p.user_config.restart_at_start = true;
  p.user = std::make_unique<PriSpan>(p.timers, *p.wire.ends.center, p.user_config, p.user_heard);
  p.net = std::make_unique<PriSpan>(p.timers, *p.wire.ends.far, p.net_config, p.net_heard);
  p.wire.faults->drop_frames(true);
  p.net->start();
  p.run(500ms);
  p.wire.faults->drop_frames(false);
  p.user->start();
  p.run(100ms);
  LONGS_EQUAL(1, p.user_heard.q931_sent(kRestart));
  LONGS_EQUAL(0, p.net->counters()["restart_received"]);
  p.run(2s);
  LONGS_EQUAL(30, p.net->counters()["restart_received"]);
  for (const int c : p.user->channels()) CHECK(p.user->channel_state(c) == ChannelState::idle);
  STRCMP_EQUAL("d_channel up", p.user_heard.text().c_str());
  CHECK(p.user->dial(leg(11), 1, "400", "138"));
}

TEST(PriTimer, a_far_end_that_begins_anew_again_and_again_costs_two_restarts_and_no_channel) {
  p.up();
  p.user->restart(3);
  const std::vector<std::uint8_t> sabme = {2, 1, 0x7F};
  for (int i = 0; i < 5; ++i) p.wire.ends.far->signalling().send_frame(sabme);
  p.run(1ms);
  LONGS_EQUAL(kRestartTriesMax, p.user_heard.q931_sent(kRestart));
  LONGS_EQUAL(5, p.user->counters()["link_anew"]);
  LONGS_EQUAL(1, p.user->counters()["restart_unanswered"]);
  p.run(30s);
  CHECK(p.user->channel_state(3) == ChannelState::idle);
  CHECK(p.user->dial(leg(11), 3, "400", "138"));
  p.run(50ms);
  STRCMP_CONTAINS("offered 1001 ch3", p.net_heard.text().c_str());
}

TEST(PriTimer, a_restart_whose_frame_is_lost_is_repeated_by_q921) {
  p.up();
  p.wire.faults->drop_frames(true);
  p.user->restart(3);
  p.run(1s);
  CHECK(p.user->channel_state(3) == ChannelState::out_of_service);
  p.wire.faults->drop_frames(false);
  p.run(10s);  // Q.921 has repeated the frame
  CHECK(p.user->channel_state(3) == ChannelState::idle);
  LONGS_EQUAL(0, p.user->counters()["restart_unanswered"]);
}

// ---- D channel ------------------------------------------------------------------------------------------------------

TEST(PriTimer, an_active_call_survives_a_cut_of_30_s) {
  p.up();
  connect();
  p.wire.faults->drop_frames(true);
  p.run(30s);
  STRCMP_EQUAL("d_channel down", p.user_heard.take().c_str());
  STRCMP_EQUAL("d_channel down", p.net_heard.take().c_str());
  CHECK_FALSE(p.user->dial(leg(11), 20, "1", "2"));
  p.wire.faults->drop_frames(false);
  p.run(100s);
  STRCMP_EQUAL("d_channel up", p.user_heard.take().c_str());
  STRCMP_EQUAL("d_channel up", p.net_heard.take().c_str());
  CHECK(p.user->leg_state(leg(1)) == board::LegState::connected);
  p.net->clear(leg(7), 16);
  p.run(50ms);
  STRCMP_EQUAL("released 1 16 far far_end", p.user_heard.take().c_str());
}

TEST(PriTimer, t309_ends_an_active_call_when_the_d_channel_stays_away) {
  p.up();
  connect();
  p.wire.faults->drop_frames(true);
  p.run(90s);
  CHECK(p.user->leg_state(leg(1)) == board::LegState::connected);
  p.run(20s);
  STRCMP_EQUAL("d_channel down, released 1 27 far far_end", p.user_heard.take().c_str());
  STRCMP_EQUAL("d_channel down, released 7 27 far far_end", p.net_heard.take().c_str());
}

TEST(PriTimer, legs_that_are_not_active_end_with_the_d_channel) {
  p.up();
  p.net->dial(leg(7), 1, "138", "1");
  p.net->dial(leg(8), 2, "138", "2");
  p.run(50ms);
  p.user->booked(leg(1));
  p.user->alert(leg(1));
  p.run(50ms);
  p.user_heard.take();
  p.net_heard.take();
  p.wire.faults->drop_frames(true);  // leg 2 is not booked yet
  p.run(30s);
  CHECK(p.user_heard.text().find("released 1 27 far far_end") != std::string::npos);
  CHECK(p.user_heard.text().find("released 2 27 far far_end") != std::string::npos);
  CHECK(p.net_heard.text().find("released 7 27 far far_end") != std::string::npos);
  CHECK(p.net_heard.text().find("released 8 18 far far_end") != std::string::npos);  // T303
}

TEST(PriTimer, no_carrier_is_out_of_service_at_once) {
  p.up();
  p.wire.faults->cut(true);
  p.run(1ms);
  STRCMP_EQUAL("d_channel down", p.user_heard.take().c_str());
  CHECK(p.user->channel_state(1) == ChannelState::out_of_service);
  p.wire.faults->cut(false);
  p.run(1ms);  // both sides have kept the link: one question, one answer
  STRCMP_EQUAL("d_channel up", p.user_heard.take().c_str());
  p.run(kRestartWindow);
  STRCMP_EQUAL("d_channel down, d_channel up", p.net_heard.take().c_str());
  CHECK(p.net->dial(leg(7), 1, "138", "400"));
  p.run(10ms);
  STRCMP_EQUAL("offered 1 ch1 138 400", p.user_heard.take().c_str());
  LONGS_EQUAL(0, p.user->counters()["libpri_errors"] + p.net->counters()["libpri_errors"]);
}

TEST(PriTimer, a_carrier_without_frames_is_no_d_channel) {
  p.up();
  p.wire.faults->cut(true);
  p.run(200ms);
  p.wire.faults->drop_frames(true);
  p.wire.faults->cut(false);
  p.run(3s);
  STRCMP_EQUAL("d_channel down", p.user_heard.take().c_str());
  STRCMP_EQUAL("d_channel down", p.net_heard.take().c_str());
  CHECK_FALSE(p.net->dial(leg(7), 1, "138", "400"));
  p.wire.faults->drop_frames(false);
  p.run(30s);
  STRCMP_EQUAL("d_channel up", p.user_heard.take().c_str());
  STRCMP_EQUAL("d_channel up", p.net_heard.take().c_str());
}

// A center that was killed: its successor's line is there before its Q.921.
TEST(PriTimer, the_exchange_waits_for_the_link_of_a_center_that_has_just_begun) {
  SignallingPort& center = p.wire.ends.center->signalling();
  int questions = 0;
  bool awake = true;
  center.start({.on_frame = [&](std::span<const std::uint8_t> f) {
                  if (f.size() == 3 && f[2] == 0x7F && awake) center.send_frame(std::vector<std::uint8_t>{2, 1, 0x73});  // SABME, UA
                  else questions += f.size() == 4 && (f[2] & 3) == 1 && (f[3] & 1);                                      // RR with P
                },
                .on_line = [](int, LineSignal, std::string_view) {},
                .on_carrier = [](bool) {}});
  p.net = std::make_unique<PriSpan>(p.timers, *p.wire.ends.far, p.net_config, p.net_heard);
  p.net->start();
  p.run(1s);
  STRCMP_EQUAL("d_channel up", p.net_heard.take().c_str());
  awake = false;
  p.wire.faults->cut(true);
  p.run(300ms);
  p.wire.faults->cut(false);
  p.run(1s);
  LONGS_EQUAL(1, questions);
  STRCMP_EQUAL("d_channel down", p.net_heard.take().c_str());
  CHECK_FALSE(p.net->in_service());
  CHECK_FALSE(p.net->dial(leg(7), 1, "138", "400"));
  center.send_frame(std::vector<std::uint8_t>{0, 1, 0x7F});  // now it begins
  p.run(kRestartWindow + 10ms);
  STRCMP_EQUAL("d_channel up", p.net_heard.take().c_str());
  CHECK(p.net->dial(leg(8), 1, "138", "400"));
}

TEST(PriTimer, a_far_end_that_has_forgotten_the_link_is_asked_once_and_it_begins_anew) {
  SignallingPort& center = p.wire.ends.center->signalling();
  center.start({.on_frame = [&](std::span<const std::uint8_t> f) {
                  if (f.size() == 3 && f[2] == 0x7F) center.send_frame(std::vector<std::uint8_t>{2, 1, 0x73});
                  if (f.size() == 4 && (f[2] & 3) == 1 && (f[3] & 1)) center.send_frame(std::vector<std::uint8_t>{2, 1, 0x1F});  // DM with F
                },
                .on_line = [](int, LineSignal, std::string_view) {},
                .on_carrier = [](bool) {}});
  p.net = std::make_unique<PriSpan>(p.timers, *p.wire.ends.far, p.net_config, p.net_heard);
  p.net->start();
  p.run(1s);
  p.wire.faults->cut(true);
  p.run(300ms);
  p.wire.faults->cut(false);
  p.run(kRestartWindow + 10ms);
  STRCMP_EQUAL("d_channel up, d_channel down, d_channel up", p.net_heard.take().c_str());
}

TEST(PriTimer, a_link_is_begun_when_there_is_a_line) {
  p.wire.faults->cut(true);
  p.start();
  p.run(20s);
  STRCMP_EQUAL("", p.user_heard.take().c_str());
  CHECK(p.user_heard.sent.empty());
  p.wire.faults->cut(false);
  p.run(kRestartWindow + 10ms);
  STRCMP_EQUAL("d_channel up", p.user_heard.take().c_str());
  STRCMP_EQUAL("d_channel up", p.net_heard.take().c_str());
}

// ---- bad input ------------------------------------------------------------------------------------------------------

TEST(PriTimer, random_bytes_as_frames_do_no_harm_to_a_call) {
  p.up();
  connect();
  std::mt19937 random(11);
  SignallingPort& line = p.wire.ends.far->signalling();
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> frame(1 + random() % 60);
    for (auto& octet : frame) octet = static_cast<std::uint8_t>(random());
    if (i % 2 && frame.size() > 5) { frame[0] = 0x02; frame[1] = 0x01; frame[2] = 0x03; frame[3] = 0x08; frame[4] = 0x02; }  // UI frames: straight to Q.931
    if (i % 4 == 1 && frame.size() > 8) { constexpr std::array kTypes = {0x05, 0x07, 0x45, 0x46, 0x4D, 0x5A, 0x62, 0x6E, 0x7B, 0x7D}; frame[7] = static_cast<std::uint8_t>(kTypes[random() % kTypes.size()]); }
    line.send_frame(frame);
    if (i % 50 == 0) p.run(5ms);
  }
  p.run(300s);
  CHECK(p.user->counters()["bad_frames"] > 100);
  for (std::uint64_t n = 1; n <= p.user_heard.next; ++n) p.user->clear(leg(n), 16);
  for (std::uint64_t n = 1; n <= p.user_heard.next; ++n) p.user->booked(leg(n));
  p.run(300s);
  for (std::uint64_t n = 1; n <= p.user_heard.next; ++n) CHECK(p.user->leg_state(leg(n)) == board::LegState::null);
  p.user_heard.heard.clear();
  CHECK(p.net->dial(leg(70), 9, "138", "400"));
  p.run(1s);
  CHECK(p.user_heard.text().find("ch9 138 400") != std::string::npos);
}

// SETUPs and other messages that are nearly right, on eight call references, while the center books and answers.
TEST(PriTimer, nearly_right_messages_never_leave_a_leg_behind) {
  constexpr std::array kTypes = {0x05, 0x05, 0x05, 0x07, 0x01, 0x02, 0x0D, 0x0F, 0x45, 0x46, 0x4D, 0x4E, 0x5A, 0x62, 0x6E, 0x7B, 0x7D, 0x75, 0x24};
  for (unsigned seed = 1; seed <= 3; ++seed) {
    PriPair q;
    q.user_config.overlap_receiving = seed % 2;
    q.up();
    q.user_heard.on_offered = [&q](LegId l) {
      q.timers.after(1ms, [&q, l] { q.user->booked(l); if (to_number(l) % 2) q.user->answer(l); });
    };
    std::mt19937 random(seed);
    const auto any = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
    for (int i = 0; i < 4'000; ++i) {
      const int type = kTypes[any(kTypes.size())];
      std::vector<std::uint8_t> frame = {0x02, 0x01, 0x03, 0x08, 0x02, 0, static_cast<std::uint8_t>(any(8)), static_cast<std::uint8_t>(type)};
      if (type == 0x05)
        for (const int octet : {4, 3, 0x80, 0x90, 0xA3, 0x18, 3, 0xA9, 0x83, 0x81 + static_cast<int>(any(31)), 0x6C, 4, 0x81, 0x31, 0x33, 0x38, 0x70, 3, 0x81, 0x34, 0x30})
          frame.push_back(static_cast<std::uint8_t>(octet));
      for (auto more = any(12); more > 0; --more) frame.push_back(static_cast<std::uint8_t>(random()));
      for (auto change = any(4); change > 0; --change) frame[7 + any(frame.size() - 7)] = static_cast<std::uint8_t>(random());
      q.wire.ends.far->signalling().send_frame(frame);
      if (i % 20 == 0) q.run(3ms);
    }
    q.run(400s);
    for (std::uint64_t n = 1; n <= q.user_heard.next; ++n) q.user->clear(leg(n), 16);
    q.run(400s);
    std::map<std::string, int> offered, released;
    for (const auto& line : q.user_heard.heard) {
      const auto number = [&](std::size_t at) { return line.substr(at, line.find(' ', at) - at); };
      if (line.starts_with("offered ")) ++offered[number(8)];
      if (line.starts_with("released ")) ++released[number(9)];
    }
    CHECK(offered.size() > 100);
    CHECK(offered == released);  // each leg ended exactly once
  }
}

TEST(PriTimer, a_flood_of_setups_is_limited_and_named) {
  p.up();
  SignallingPort& line = p.wire.ends.far->signalling();
  for (int n = 1; n <= 200; ++n)
    line.send_frame(std::vector<std::uint8_t>{0x02, 0x01, 0x03, 0x08, 0x02, static_cast<std::uint8_t>(0x10 + n / 128), static_cast<std::uint8_t>(n), 0x05, 0x04, 0x03, 0x80,
                                              0x90, 0xA3, 0x18, 0x03, 0xA9, 0x83, 0x81, 0x70, 0x02, 0x81, '1'});
  p.run(1s);
  LONGS_EQUAL(kPriCallsMax, p.user_heard.heard.size());
  CHECK(p.user->counters()["setup_over_limit"] >= 100);
  STRCMP_EQUAL("offered 1 ch1  1", p.user_heard.heard[0].c_str());
  STRCMP_EQUAL("offered 2 ch0  1", p.user_heard.heard[1].c_str());
}

TEST(PriTimer, frames_are_looked_at_before_libpri_sees_them) {
  const auto ok = [](std::vector<std::uint8_t> f) { return plausible_frame(f); };
  CHECK_FALSE(ok({}));
  CHECK_FALSE(ok({2, 1}));
  CHECK_FALSE(ok({2, 1, 1}));
  CHECK(ok({2, 1, 1, 0}));
  CHECK(ok({2, 1, 0x7F}));
  CHECK_FALSE(ok({2, 1, 0, 0, 8}));
  CHECK_FALSE(ok({2, 1, 0, 0, 8, 2, 0, 1}));
  CHECK(ok({2, 1, 0, 0, 8, 2, 0, 1, 5}));
  CHECK_FALSE(ok({2, 1, 0, 0, 8, 15, 0, 1, 5}));
  CHECK_FALSE(ok(std::vector<std::uint8_t>(kFrameOctetsMax + 1)));
  const std::vector<std::uint8_t> disconnect = {2, 1, 0, 0, 8, 2, 0x81, 0x02, 0x45, 0x08, 0x02, 0x81, 0x90};
  const MessageSeen seen = peek_message(disconnect);
  CHECK(seen.disconnect && seen.crv == 0x102 && seen.cause == 16);
  const std::vector<std::uint8_t> short_reference = {2, 1, 3, 8, 1, 0x85, 0x45};
  CHECK(peek_message(short_reference).crv == 5 && peek_message(short_reference).disconnect);
  LONGS_EQUAL(-1, peek_message(std::vector<std::uint8_t>{2, 1, 1, 0}).crv);
  CHECK(peek_message(std::vector<std::uint8_t>{2, 1, 0x7F}).sabme && peek_message(std::vector<std::uint8_t>{2, 1, 0x6F}).sabme);
  CHECK_FALSE(peek_message(std::vector<std::uint8_t>{2, 1, 0x73}).sabme);  // UA
}
