// The audio plane of a DAHDI span, tick by tick.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/dahdi/rig.h"
#include "tests/drivers/dahdi/sine.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::dahdi;

TEST_GROUP(DahdiAudio) {
  Rig rig;
  SpanAudio in, out;
  void setup() override { out.present = 0; }
  AudioPort& audio() { return rig.driver->audio(); }
  bool tick(std::initializer_list<int> delivered, std::uint8_t value) {
    for (const int c : delivered) rig.block(c, value);
    return audio().receive(in);
  }
};

TEST(DahdiAudio, without_calls_only_the_clock_is_read) {
  CHECK(rig.open().has_value());
  LONGS_EQUAL(-1, audio().fd());
  CHECK_FALSE(audio().receive(in));
  LONGS_EQUAL(10'001, audio().fd());
  CHECK(tick({1, 2, 3}, 5));
  LONGS_EQUAL(0, in.present);
  LONGS_EQUAL(1, rig.device.at(2).to_read.size());
  audio().send(out);
  CHECK(rig.device.at(1).written.empty());
}

TEST(DahdiAudio, a_call_begins_with_fresh_buffers_and_sixty_ms_of_silence_ahead) {
  CHECK(rig.open().has_value());
  rig.block(3, 99);
  audio().use(1U << 3);
  audio().send(out);
  CHECK(rig.device.at(3).to_read.empty());
  LONGS_EQUAL(kPrefillBlocks + 1, rig.device.at(3).written.size());
  LONGS_EQUAL(kAlawSilence, rig.device.at(3).written[0][0]);
}

TEST(DahdiAudio, blocks_pass_in_order_one_behind_the_line) {
  CHECK(rig.open().has_value());
  audio().use(1U << 3);
  audio().send(out);
  CHECK(tick({1, 3}, 10));
  CHECK_FALSE(in.has(3));
  for (std::uint8_t v = 11; v < 20; ++v) {
    CHECK(tick({1, 3}, v));
    CHECK(in.has(3));
    LONGS_EQUAL(v - 1, in.blocks[3][0]);
    LONGS_EQUAL(v - 1, in.blocks[3][159]);
  }
}

// Read in its own millisecond once, because the tick came late, a block is missing at the next tick and at no other.
TEST(DahdiAudio, what_was_kept_back_and_is_used_up_is_not_put_back_at_the_cost_of_a_gap) {
  CHECK(rig.open().has_value());
  audio().use(1U << 3);
  audio().send(out);
  CHECK(tick({1, 3}, 10));
  CHECK(tick({1}, 11));
  CHECK(in.has(3));
  for (std::uint8_t v = 12; v < 15; ++v) {
    CHECK(tick({1, 3}, v));
    CHECK(in.has(3));
    LONGS_EQUAL(v, in.blocks[3][0]);
  }
}

TEST(DahdiAudio, a_block_that_is_a_little_late_is_no_gap) {
  CHECK(rig.open().has_value());
  audio().use(1U << 3);
  audio().send(out);
  tick({1, 3}, 10);
  CHECK(tick({1, 3}, 11));
  CHECK(tick({1}, 0));
  LONGS_EQUAL(11, in.blocks[3][0]);
  rig.block(3, 12);
  CHECK(tick({1, 3}, 13));
  CHECK(in.has(3));
  LONGS_EQUAL(12, in.blocks[3][0]);
  LONGS_EQUAL(0, rig.driver->counters()["channel_underruns"]);
}

TEST(DahdiAudio, before_a_calls_first_block_nothing_is_missing_and_after_it_every_gap_counts) {
  CHECK(rig.open().has_value());
  audio().use(1U << 3);
  audio().send(out);
  CHECK(tick({1}, 0));
  LONGS_EQUAL(0, rig.driver->counters()["channel_underruns"]);
  for (int n = 0; n < 2; ++n) CHECK(tick({1, 3}, 10));
  for (int n = 0; n < 3; ++n) CHECK(tick({1}, 0));
  LONGS_EQUAL(2, rig.driver->counters()["channel_underruns/3"]);
}

TEST(DahdiAudio, what_is_sent_follows_the_prefill_and_a_missing_block_is_silence) {
  CHECK(rig.open().has_value());
  audio().use(1U << 4);
  out.present = 1U << 4;
  out.blocks[4].fill(42);
  audio().send(out);
  out.present = 0;
  audio().send(out);
  auto& written = rig.device.at(4).written;
  LONGS_EQUAL(kPrefillBlocks + 2, written.size());
  LONGS_EQUAL(42, written[kPrefillBlocks][0]);
  LONGS_EQUAL(kAlawSilence, written.back()[0]);
}

TEST(DahdiAudio, an_event_holds_a_block_up_and_loses_nothing_that_is_said) {
  CHECK(rig.open().has_value());
  audio().use(1U << 4);
  audio().send(out);
  rig.device.at(4).events.push_back({EventKind::echo_cancel_off, 0});
  out.present = 1U << 4;
  out.blocks[4].fill(42);
  audio().send(out);
  rig.ready(4);
  out.blocks[4].fill(43);
  audio().send(out);
  auto& written = rig.device.at(4).written;
  LONGS_EQUAL(42, written[written.size() - 2][0]);
  LONGS_EQUAL(43, written.back()[0]);
}

TEST(DahdiAudio, after_an_event_the_channel_is_not_later_than_before) {
  CHECK(rig.open().has_value());
  audio().use(1U << 4);
  audio().send(out);
  tick({1, 4}, 10);
  tick({1, 4}, 11);
  rig.device.at(4).events.push_back({EventKind::echo_cancel_off, 0});
  CHECK(tick({1, 4}, 12));
  rig.ready(4);
  CHECK(tick({1, 4}, 13));
  CHECK(rig.device.at(4).to_read.empty());
  LONGS_EQUAL(1, rig.driver->counters()["channel_slips/4"]);
}

TEST(DahdiAudio, a_clock_channel_with_an_event_gives_way_to_the_next) {
  CHECK(rig.open().has_value());
  audio().receive(in);
  rig.device.at(1).events.push_back({EventKind::alarm, 0});
  CHECK(tick({1}, 0));
  LONGS_EQUAL(10'002, audio().fd());
  CHECK(tick({2}, 0));
}

TEST(DahdiAudio, red_stops_the_clock_and_nothing_else) {
  CHECK(rig.open().has_value());
  audio().use(1U << 3);
  for (int n = 0; n < 100; ++n) CHECK_FALSE(audio().receive(in));
  audio().send(out);
  CHECK(tick({1}, 0));
}

TEST(DahdiAudio, a_board_that_takes_no_more_is_an_overrun_of_that_channel) {
  CHECK(rig.open().has_value());
  audio().use(1U << 7);
  audio().send(out);
  rig.device.at(7).write_room = 0;
  audio().send(out);
  LONGS_EQUAL(1, rig.driver->counters()["overruns/7"]);
}

TEST(DahdiAudio, a_mu_law_line_is_a_law_inside) {
  rig.device.add(2, 101, 23, abi::kSigClear, Law::mulaw);
  rig.device.add(2, 124, 1, abi::kSigHdlcFcs, Law::mulaw);
  CHECK(rig.open({.name = "t1-1", .kind = SpanKind::t1, .span = 2, .first_channel = 101, .channels = 24, .crc4 = {}, .law = {}, .where = "p.toml:7"}).has_value());
  audio().use(1U << 3);
  out.present = 1U << 3;
  out.blocks[3].fill(0xAA);
  audio().send(out);
  LONGS_EQUAL(0x80, rig.device.at(103).written.back()[0]);
  for (int n = 0; n < 2; ++n) {
    rig.block(101, 0);
    rig.block(103, 0x80);
    CHECK(audio().receive(in));
  }
  LONGS_EQUAL(0xAA, in.blocks[3][0]);

  audio().exact(1U << 3);  // what is measured passes as it is
  out.blocks[3].fill(0x12);
  audio().send(out);
  LONGS_EQUAL(0x12, rig.device.at(103).written.back()[0]);
  for (int n = 0; n < 2; ++n) {
    rig.block(101, 0);
    rig.block(103, 0x80);
    CHECK(audio().receive(in));
  }
  LONGS_EQUAL(0x80, in.blocks[3][0]);
}

TEST(DahdiAudio, a_joined_channel_is_neither_read_nor_written_and_costs_the_kernel_one_request) {
  CHECK(rig.open().has_value());
  audio().use(1U << 3);
  audio().send(out);
  LONGS_EQUAL(3, audio().junction(3).line);
  LONGS_EQUAL(0, audio().junction(16).line);
  CHECK(audio().join(3, 9));
  const auto written = rig.device.at(3).written.size();
  for (int n = 0; n < 5; ++n) {
    tick({1, 3}, 10);
    CHECK_FALSE(in.has(3));
    audio().send(out);
  }
  LONGS_EQUAL(written, rig.device.at(3).written.size());
  STRCMP_EQUAL("buffer_events 0", rig.device.at(3).calls.back().c_str());
  LONGS_EQUAL(1, rig.driver->counters()["joins"]);
}

TEST(DahdiAudio, a_parting_channel_is_written_ahead_before_the_kernel_lets_go) {
  CHECK(rig.open().has_value());
  audio().use(1U << 3);
  audio().send(out);
  CHECK(audio().join(3, 9));
  audio().send(out);
  audio().part(3, true);
  out.present = 1U << 3;
  for (int n = 1; n <= kPartTicks; ++n) {
    CHECK(rig.device.at(3).calls.back() != "monitor_digital 0");
    out.blocks[3].fill(static_cast<std::uint8_t>(n));
    audio().send(out);
  }
  STRCMP_EQUAL("monitor_digital 0", rig.device.at(3).calls.back().c_str());
  LONGS_EQUAL(kPartTicks, rig.device.at(3).written.back()[0]);
}

TEST(DahdiAudio, a_call_that_ends_while_joined_or_parting_leaves_nothing_behind) {
  CHECK(rig.open().has_value());
  for (const bool goes_on : {true, false}) {
    audio().use(1U << 3);
    audio().send(out);
    CHECK(audio().join(3, 9));
    if (goes_on) audio().part(3, true);
    audio().use(0);
    audio().send(out);
    const auto& calls = rig.device.at(3).calls;
    CHECK(std::find(calls.rbegin(), calls.rend(), "monitor_digital 0") < std::find(calls.rbegin(), calls.rend(), "monitor_digital 9"));
  }
}

TEST(DahdiAudio, what_the_kernel_refuses_to_join_goes_on_as_before) {
  CHECK(rig.open().has_value());
  audio().use(1U << 3);
  audio().send(out);
  rig.device.at(3).errors["monitor_digital"] = EINVAL;
  CHECK_FALSE(audio().join(3, 9));
  const auto written = rig.device.at(3).written.size();
  audio().send(out);
  LONGS_EQUAL(written + 1, rig.device.at(3).written.size());
}

TEST(DahdiAudio, the_echo_canceller_is_on_for_the_call_and_for_nothing_else) {
  auto spec = Rig::e1();
  spec.echo_taps = 128;
  CHECK(rig.open(spec).has_value());
  const auto& calls = rig.device.at(3).calls;
  const auto told = [&calls](const char* what) { return std::count(calls.begin(), calls.end(), what); };
  for (const bool joined : {false, true}) {
    audio().use(1U << 3);
    audio().send(out);
    if (joined) {
      CHECK(audio().join(3, 9));
      audio().send(out);
      LONGS_EQUAL(1, told("echo_cancel 0"));
    }
    audio().use(0);
    audio().send(out);
  }
  LONGS_EQUAL(2, told("echo_cancel 128"));
  LONGS_EQUAL(2, told("echo_cancel 0"));
}

TEST(DahdiAudio, gains_are_the_kernels_and_set_once) {
  auto spec = Rig::e1();
  CHECK(rig.open(spec).has_value());
  const auto& calls = rig.device.at(3).calls;
  CHECK(std::none_of(calls.begin(), calls.end(), [](const auto& c) { return c.starts_with("set_gains"); }));
  Rig other;
  spec.rx_gain_db = 6;
  spec.tx_gain_db = -6;
  CHECK(other.open(spec).has_value());
  const auto& set = other.device.at(3).calls;
  LONGS_EQUAL(1, std::count_if(set.begin(), set.end(), [](const auto& c) { return c.starts_with("set_gains"); }));
}

TEST(DahdiAudio, a_fax_has_the_line_without_an_echo_canceller) {
  auto spec = Rig::e1();
  spec.echo_taps = 128;
  CHECK(rig.open(spec).has_value());
  const auto told = [this](const char* what) { return std::ranges::count(rig.device.at(3).calls, what); };
  audio().use(1U << 3);
  audio().send(out);
  Sine sine;
  for (int n = 0; n < kFaxToneBlocks + 1; ++n) {
    LONGS_EQUAL(0, told("echo_cancel 0"));
    rig.block(1, 0);
    const Block tone = sine.block(1100, 4000);
    rig.device.at(3).to_read.emplace_back(tone.begin(), tone.end());
    CHECK(audio().receive(in));
    audio().send(out);
  }
  LONGS_EQUAL(1, told("echo_cancel 0"));
  LONGS_EQUAL(1, rig.driver->counters()["faxes/3"]);
  audio().use(0);
  audio().send(out);
  LONGS_EQUAL(1, told("echo_cancel 0"));
  audio().use(1U << 3);
  audio().send(out);
  LONGS_EQUAL(2, told("echo_cancel 128"));  // the next call has its own again
}
