// A bank of phones and the far end's ports on one wire in virtual time: `fxs` feeds, `fxo` is the phones.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/fxo_bank.h"
#include "drivers/sig/fxs_bank.h"
#include "tests/drivers/sig/pri_pair.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::sig;

TEST_GROUP(Analog) {
  VirtualTimers timers;
  Wire wire = make_wire(timers, "phones", SpanKind::fxs);
  Recorder heard, far_heard;
  FxsConfig config{.stations = {{1, "801"}, {2, "802"}}};
  FxsBank fxs{timers, *wire.ends.center, config, heard};
  FxoBank fxo{timers, *wire.ends.far, FxoConfig{}, far_heard};

  void setup() override {
    far_heard.next = 1000;
    fxs.start();
    fxo.start();
    timers.run_for(10ms);
    STRCMP_EQUAL("station 801 on in, station 802 on in", heard.take().c_str());
  }
  void run(Duration d) { timers.run_for(d); }
  void hook(LineSignal signal, int channel = 1) { wire.ends.far->signalling().send_line(channel, signal); run(2ms); }
  void is(const char* expected) { STRCMP_EQUAL(expected, heard.take().c_str()); }
  void far_is(const char* expected) { STRCMP_EQUAL(expected, far_heard.take().c_str()); }
  void talk() {
    fxs.ring(leg(50), 1, "138", "");
    run(5ms);
    hook(LineSignal::off_hook);
    heard.take();
  }
};

TEST(Analog, a_phone_rings_with_the_callers_number_and_answers) {
  CHECK(fxs.ring(leg(50), 1, "13800001111", "Wang"));
  CHECK_FALSE(fxs.ring(leg(51), 1, "", ""));
  is("seized 50 ch1, alerting 50");
  run(5ms);
  far_is("offered 1001 ch1 13800001111 ");
  CHECK(fxs.channel_state(1) == ChannelState::busy);
  fxo.booked(leg(1001));
  fxo.answer(leg(1001));
  run(5ms);
  is("station 801 off in, answered 50");
  far_is("answered 1001");
  CHECK(fxs.leg_state(leg(50)) == board::LegState::connected);
  fxo.clear(leg(1001), 16);
  run(5ms);
  is("station 801 on in, released 50 16 far on_hook");
  far_is("released 1001 16 own cleared");
}

TEST(Analog, the_bell_keeps_its_cadence_until_the_caller_gives_up) {
  std::vector<Instant> bursts;
  fxs.ring(leg(50), 1, "138", "");
  run(60s);
  far_is("offered 1001 ch1 138 ");  // one call, however often it rings
  fxs.clear(leg(50), 16);
  run(5s);
  far_is("");
  run(2s);
  far_is("released 1001 16 far ring_stopped");
  heard.take();
  CHECK(fxs.channel_state(1) == ChannelState::idle);
}

TEST(Analog, an_answer_before_the_booking_is_kept) {
  fxs.ring(leg(50), 1, "138", "");
  run(5ms);
  fxo.answer(leg(1001));
  run(5ms);
  CHECK(fxs.phase(1) == FxsPhase::ringing);
  fxo.booked(leg(1001));
  run(5ms);
  CHECK(fxs.phase(1) == FxsPhase::talking);
}

TEST(Analog, a_ringing_line_that_is_refused_is_not_offered_again) {
  fxs.ring(leg(50), 1, "138", "");
  run(5ms);
  fxo.booked(leg(1001));
  fxo.clear(leg(1001), 21);
  run(30s);
  far_is("offered 1001 ch1 138 , released 1001 21 own cleared");
  CHECK(fxo.channel_state(1) == ChannelState::busy);
  fxs.clear(leg(50), 16);
  run(10s);
  CHECK(fxo.channel_state(1) == ChannelState::idle);
}

TEST(Analog, off_hook_by_itself_has_dial_tone_until_the_first_digit) {
  CHECK(fxo.dial(leg(60), 1, "", ""));
  far_is("seized 60 ch1, answered 60");
  run(5ms);
  is("station 801 off in, tone ch1 dial, initiated 1 ch1 801");
  fxs.digit_heard(leg(1));
  fxs.digit_heard(leg(1));
  is("tone ch1 ");
  CHECK(fxs.leg_state(leg(1)) == board::LegState::dialing);
  fxo.flash(leg(60));
  run(5ms);
  is("flashed 1");
  fxs.answer(leg(1));
  CHECK(fxs.leg_state(leg(1)) == board::LegState::connected);
}

TEST(Analog, a_cleared_phone_has_busy_tone_then_the_howler_until_on_hook) {
  talk();
  fxs.clear(leg(50), 16);
  is("tone ch1 busy, released 50 16 own cleared");
  CHECK_FALSE(fxs.ring(leg(51), 1, "", ""));
  run(29s);
  is("");
  run(2s);
  is("tone ch1 howler");
  run(3600s);
  is("");
  hook(LineSignal::on_hook);
  is("station 801 on in, tone ch1 ");
  CHECK(fxs.channel_state(1) == ChannelState::idle);
}

TEST(Analog, nothing_dialled_ends_in_congestion_and_howler) {
  hook(LineSignal::off_hook);
  heard.take();
  run(14s);
  is("");
  run(2s);
  is("tone ch1 congestion, released 1 28 own nothing_dialled");
  run(30s);
  is("tone ch1 howler");
}

TEST(Analog, while_ctid_is_away_off_hook_gives_congestion_and_no_leg) {
  fxs.set_alone(true);
  hook(LineSignal::off_hook);
  is("station 801 off in, tone ch1 congestion");
  hook(LineSignal::on_hook);
  is("station 801 on in, tone ch1 ");
  fxs.ring(leg(50), 1, "138", "");
  run(5ms);
  hook(LineSignal::off_hook);
  is("seized 50 ch1, alerting 50, station 801 off in, answered 50");
}

TEST(Analog, on_hook_from_anywhere_releases) {
  hook(LineSignal::off_hook);
  heard.take();
  hook(LineSignal::on_hook);
  is("station 801 on in, tone ch1 , released 1 16 far on_hook");
  hook(LineSignal::off_hook);
  fxs.digit_heard(leg(2));
  heard.take();
  hook(LineSignal::on_hook);
  is("station 801 on in, released 2 16 far on_hook");
  talk();
  hook(LineSignal::on_hook);
  is("station 801 on in, released 50 16 far on_hook");
}

TEST(Analog, a_lost_line_releases_all_and_comes_back_on_hook) {
  talk();
  wire.faults->cut(true);
  run(5ms);
  is("station 801 on out, released 50 27 far line_lost, station 802 on out");
  CHECK_FALSE(fxs.ring(leg(51), 2, "", ""));
  wire.faults->cut(false);
  run(5ms);
  is("station 801 on in, station 802 on in");
}

TEST(Analog, a_port_in_alarm_is_no_phone_until_the_alarm_is_over) {
  talk();
  hook(LineSignal::out_of_service);
  is("station 801 on out, released 50 27 far line_lost");
  CHECK_FALSE(fxs.ring(leg(51), 1, "", ""));
  CHECK(fxs.ring(leg(52), 2, "", ""));
  heard.take();
  hook(LineSignal::in_service);
  is("station 801 on in");
  CHECK(fxs.ring(leg(53), 1, "", ""));
}

TEST(Analog, battery_drop_releases_an_exchange_line) {
  CHECK(fxo.dial(leg(60), 2, "", ""));
  CHECK_FALSE(fxo.dial(leg(61), 2, "", ""));
  run(5ms);
  far_heard.take();
  wire.ends.center->signalling().send_line(2, LineSignal::battery_drop);
  run(5ms);
  far_is("released 60 16 far battery_drop");
  CHECK(fxo.channel_state(2) == ChannelState::idle);
}

TEST(Analog, a_carrier_loss_releases_exchange_lines) {
  CHECK(fxo.dial(leg(60), 2, "", ""));
  wire.faults->cut(true);
  run(5ms);
  far_is("seized 60 ch2, answered 60, released 60 27 far line_lost");
}

TEST(Analog, signals_that_make_no_sense_are_counted) {
  hook(LineSignal::ring_on);
  hook(LineSignal::off_hook, 9);
  hook(LineSignal::off_hook);
  hook(LineSignal::off_hook);
  fxs.clear(leg(999), 16);
  fxs.flash(leg(1));
  CHECK_FALSE(fxs.dial(leg(1), 1, "", ""));
  auto n = fxs.counters();
  LONGS_EQUAL(1, n["signal_not_for_fxs"]);
  LONGS_EQUAL(1, n["signal_without_station"]);
  LONGS_EQUAL(1, n["refused_events"]);
  LONGS_EQUAL(3, n["refused_commands"]);
}

TEST(Analog, a_busied_out_port_is_not_rung) {
  fxs.busyout(1, true);
  CHECK(fxs.channel_state(1) == ChannelState::out_of_service);
  CHECK_FALSE(fxs.ring(leg(50), 1, "", ""));
  LONGS_EQUAL(2, fxs.channels().size());
  LONGS_EQUAL(31, fxo.channels().size());
}
