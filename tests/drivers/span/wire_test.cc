// SPDX-License-Identifier: GPL-2.0-or-later
#include <vector>

#include "drivers/span/soft_span.h"

#include <CppUTest/TestHarness.h>

using namespace sr;

TEST_GROUP(Wire) {
  VirtualTimers timers;
  Wire wire = make_wire(timers, "bank", SpanKind::fxs, 3ms);
  std::vector<std::string> heard;
  void setup() override {
    wire.ends.far->signalling().start({.on_frame = [this](auto f) { heard.push_back("frame " + std::to_string(f.size())); },
                                       .on_line = [this](int c, LineSignal s, std::string_view t) { heard.push_back("line " + std::to_string(c) + " " + std::to_string(static_cast<int>(s)) + " " + std::string(t)); },
                                       .on_carrier = [this](bool up) { heard.push_back(up ? "up" : "down"); }});
    wire.ends.center->signalling().start({});
  }
  SignallingPort& center() { return wire.ends.center->signalling(); }
};

TEST(Wire, the_far_end_of_an_fxs_span_is_an_fxo_span) {
  CHECK(wire.ends.center->kind() == SpanKind::fxs);
  CHECK(wire.ends.far->kind() == SpanKind::fxo);
}

TEST(Wire, what_is_sent_arrives_in_order_after_the_delay) {
  const std::vector<std::uint8_t> frame(5);
  center().send_frame(frame);
  center().send_line(2, LineSignal::caller_id, "138");
  timers.run_for(2ms);
  LONGS_EQUAL(0, heard.size());
  timers.run_for(1ms);
  LONGS_EQUAL(2, heard.size());
  STRCMP_EQUAL("frame 5", heard[0].c_str());
  STRCMP_EQUAL("line 2 7 138", heard[1].c_str());
}

TEST(Wire, a_cut_loses_what_is_on_its_way_and_both_ends_know) {
  center().send_line(1, LineSignal::ring_on);
  wire.faults->cut(true);
  CHECK_FALSE(center().carrier());
  timers.run_for(10ms);
  center().send_line(1, LineSignal::ring_on);
  wire.faults->cut(false);
  timers.run_for(10ms);
  LONGS_EQUAL(2, heard.size());
  STRCMP_EQUAL("down", heard[0].c_str());
  STRCMP_EQUAL("up", heard[1].c_str());
}

TEST(Wire, dropped_frames_leave_the_line_signals_and_the_audio) {
  wire.faults->drop_frames(true);
  center().send_frame(std::vector<std::uint8_t>(5));
  center().send_line(1, LineSignal::ring_on);
  SpanAudio out, in;
  out.present = 1U << 3;
  out.blocks[3].fill(0x11);
  wire.ends.center->audio().send(out);
  timers.run_for(10ms);
  LONGS_EQUAL(1, heard.size());
  CHECK(wire.ends.far->audio().receive(in));
  CHECK(in.has(3) && in.blocks[3][159] == 0x11);
  CHECK_FALSE(wire.ends.far->audio().receive(in));
}

TEST(Wire, audio_that_nobody_takes_loses_its_oldest_blocks) {
  SpanAudio out, in;
  out.present = 2;
  for (int i = 0; i < 20; ++i) {
    out.blocks[1].fill(static_cast<std::uint8_t>(i));
    wire.ends.center->audio().send(out);
  }
  CHECK(wire.ends.far->audio().receive(in));
  LONGS_EQUAL(12, in.blocks[1][0]);
  int left = 0;
  while (wire.ends.far->audio().receive(in)) ++left;
  LONGS_EQUAL(7, left);
}

TEST(Wire, one_end_may_go_before_the_other) {
  wire.ends.far.reset();
  CHECK_FALSE(center().carrier());
  center().send_line(1, LineSignal::ring_on);
  wire.faults->cut(true);
  timers.run_for(10ms);
}
