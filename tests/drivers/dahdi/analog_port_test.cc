// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/analog_port.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::dahdi;

TEST_GROUP(AnalogPort) {
  AnalogPort phone{.kind = SpanKind::fxs}, line{.kind = SpanKind::fxo};
};

TEST(AnalogPort, each_kind_and_start_has_its_signalling) {
  LONGS_EQUAL(abi::kSigFxoKs, signalling_of(SpanKind::fxs, Start::kewl));
  LONGS_EQUAL(abi::kSigFxoLs, signalling_of(SpanKind::fxs, Start::loop));
  LONGS_EQUAL(abi::kSigFxoGs, signalling_of(SpanKind::fxs, Start::ground));
  LONGS_EQUAL(abi::kSigFxsKs, signalling_of(SpanKind::fxo, Start::kewl));
  LONGS_EQUAL(abi::kSigFxsLs, signalling_of(SpanKind::fxo, Start::loop));
  LONGS_EQUAL(abi::kSigFxsGs, signalling_of(SpanKind::fxo, Start::ground));
}

TEST(AnalogPort, a_phone_is_fed_when_it_goes_off_hook_and_rests_when_it_goes_on_hook) {
  auto heard = hear_event(phone, {EventKind::ring_off_hook, 0});
  CHECK(heard.signal == LineSignal::off_hook && heard.follow == Hook::off_hook && phone.off_hook);
  heard = hear_event(phone, {EventKind::ring_off_hook, 0});
  CHECK(!heard.signal && !heard.follow);
  CHECK(hear_event(phone, {EventKind::wink_flash, 0}).signal == LineSignal::flash);
  LONGS_EQUAL('7', hear_event(phone, {EventKind::pulse_digit, '7'}).digit);
  heard = hear_event(phone, {EventKind::on_hook, 0});
  CHECK(heard.signal == LineSignal::on_hook && heard.follow == Hook::on_hook && !phone.off_hook);
  CHECK(!hear_event(phone, {EventKind::wink_flash, 0}).signal);
  LONGS_EQUAL(0, hear_event(phone, {EventKind::pulse_digit, '7'}).digit);
  for (const auto kind : {EventKind::ring_begin, EventKind::polarity, EventKind::hook_complete, EventKind::ringer_on, EventKind::pulse_start})
    CHECK(!hear_event(phone, {kind, 0}).signal);
}

TEST(AnalogPort, the_bell_is_not_touched_once_the_phone_has_answered) {
  CHECK(hook_for(phone, LineSignal::ring_on) == Hook::ring);
  hear_event(phone, {EventKind::ring_off_hook, 0});
  CHECK(!hook_for(phone, LineSignal::ring_off));  // it would take the battery from the phone
  CHECK(!hook_for(phone, LineSignal::ring_on));
  hear_event(phone, {EventKind::on_hook, 0});
  CHECK(hook_for(phone, LineSignal::ring_on) == Hook::ring);
  CHECK(hook_for(phone, LineSignal::ring_off) == Hook::ring_off);
  CHECK(!hook_for(phone, LineSignal::ring_off));
  CHECK(hook_for(phone, LineSignal::battery_drop) == Hook::on_hook);
}

TEST(AnalogPort, an_exchange_line_tells_bursts_reversals_and_the_loss_of_battery_in_a_call) {
  CHECK(hear_event(line, {EventKind::ring_begin, 0}).signal == LineSignal::ring_on);
  CHECK(!hear_event(line, {EventKind::on_hook, 0}).signal);  // ground start, between bursts
  CHECK(hear_event(line, {EventKind::ring_off_hook, 0}).signal == LineSignal::ring_off);
  CHECK(!hear_event(line, {EventKind::ring_off_hook, 0}).signal);
  CHECK(hear_event(line, {EventKind::polarity, 0}).signal == LineSignal::polarity);
  CHECK(hook_for(line, LineSignal::off_hook) == Hook::off_hook);
  CHECK(hear_event(line, {EventKind::on_hook, 0}).signal == LineSignal::battery_drop);
  CHECK(hook_for(line, LineSignal::flash) == Hook::flash);
  CHECK(hook_for(line, LineSignal::on_hook) == Hook::on_hook);
}

TEST(AnalogPort, ground_start_asks_the_exchange_when_we_dial_and_not_when_we_answer) {
  line.start = Start::ground;
  CHECK(hook_for(line, LineSignal::off_hook) == Hook::start);
  hook_for(line, LineSignal::on_hook);
  hear_event(line, {EventKind::ring_begin, 0});
  CHECK(hook_for(line, LineSignal::off_hook) == Hook::off_hook);
}

TEST(AnalogPort, words_of_the_other_kind_of_port_do_nothing) {
  for (const auto signal : {LineSignal::off_hook, LineSignal::on_hook, LineSignal::flash, LineSignal::caller_id, LineSignal::polarity, LineSignal::dial})
    CHECK(!hook_for(phone, signal));
  for (const auto signal : {LineSignal::ring_on, LineSignal::ring_off, LineSignal::battery_drop, LineSignal::caller_id, LineSignal::polarity, LineSignal::dial})
    CHECK(!hook_for(line, signal));
}
