// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/audio_loop.h"

#include <optional>

#include "tests/drivers/media/engine_rig.h"
#include "tests/drivers/media/fake_port.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;

TEST_GROUP(AudioLoop) {
  FakePort master, follower;
  std::unique_ptr<LoopRig> box = std::make_unique<LoopRig>(master, follower);  // its rings are aligned, CppUTest's new is not
  AudioLoop& loop = box->loop;
  SpscRing<Command>& commands = box->commands;
  SpscRing<Event>& events = box->events;

  void setup() override {
    commands.push(cmd::Open{MediaEngine::slot(0, 1)});
    commands.push(cmd::Open{MediaEngine::slot(1, 2)});
    commands.push(cmd::Connect{MediaEngine::slot(0, 1), MediaEngine::slot(1, 2)});
  }
  // What the master's channel 1 was sent last: the follower's voice; nothing: silence.
  std::optional<int> heard() const {
    const auto& last = master.sent.back();
    if (!last.has(1)) return std::nullopt;
    return last.blocks[1][0];
  }
  void turn(int master_byte, std::optional<int> follower_byte) {
    master.arrive(1, static_cast<std::uint8_t>(master_byte));
    if (follower_byte) follower.arrive(2, static_cast<std::uint8_t>(*follower_byte));
    loop.receive_all();
    loop.tick(0);
  }
  template <class E>
  std::optional<E> event() {
    Event e;
    while (events.pop(e))
      if (const auto* found = std::get_if<E>(&e)) return *found;
    return std::nullopt;
  }
};

TEST(AudioLoop, the_master_is_heard_at_once_and_a_follower_one_block_later) {
  turn(1, 101);
  BYTES_EQUAL(1, follower.sent.back().blocks[2][0]);
  CHECK_FALSE(heard().has_value());
  turn(2, 102);
  LONGS_EQUAL(101, *heard());
  turn(3, 103);
  LONGS_EQUAL(102, *heard());
  LONGS_EQUAL(0, loop.counters(1).underruns - 1);  // the prefill
}

TEST(AudioLoop, a_follower_that_is_one_tick_late_is_not_missed) {
  turn(1, 101);
  turn(2, 102);
  turn(3, std::nullopt);
  LONGS_EQUAL(102, *heard());
  follower.arrive(2, 103);
  turn(4, 104);
  LONGS_EQUAL(103, *heard());
  loop.drain(0);
  turn(5, 105);
  LONGS_EQUAL(104, *heard());
  LONGS_EQUAL(0, loop.counters(1).slips);
}

TEST(AudioLoop, an_underrun_is_silence_and_counted) {
  turn(1, 101);
  turn(2, 102);
  turn(3, std::nullopt);
  const auto before = loop.counters(1).underruns;
  turn(4, std::nullopt);
  CHECK_FALSE(heard().has_value());
  LONGS_EQUAL(before + 1, loop.counters(1).underruns);
}

TEST(AudioLoop, what_a_follower_has_too_much_slips) {
  turn(1, 101);
  for (int n = 0; n < 10; ++n) follower.arrive(2, static_cast<std::uint8_t>(110 + n));
  loop.drain(0);
  LONGS_EQUAL(8, loop.counters(1).slips);  // 11 blocks, 3 places
  LONGS_EQUAL(11, loop.counters(1).blocks_in);
  loop.tick(0);
  LONGS_EQUAL(117, *heard());
}

TEST(AudioLoop, a_span_without_blocks_is_told_after_200_ms_and_when_it_is_back) {
  turn(1, 101);
  for (int t = 0; t < kSilentTicks - 1; ++t) turn(2, std::nullopt);
  CHECK_FALSE(event<evt::SpanSilent>().has_value());
  turn(3, std::nullopt);
  const auto silent = event<evt::SpanSilent>();
  CHECK_TRUE(silent.has_value());
  LONGS_EQUAL(1, silent->span);
  CHECK_TRUE(silent->silent);
  const auto underruns = loop.counters(1).underruns;
  turn(4, std::nullopt);
  LONGS_EQUAL(underruns, loop.counters(1).underruns);  // it is away, not late
  CHECK_FALSE(event<evt::SpanSilent>().has_value());
  turn(5, 105);
  CHECK_FALSE(event<evt::SpanSilent>()->silent);
}

TEST(AudioLoop, a_block_goes_to_each_span_in_each_tick) {
  for (int t = 0; t < 5; ++t) loop.tick(-1);
  LONGS_EQUAL(5, master.sent.size());
  LONGS_EQUAL(5, follower.sent.size());
  LONGS_EQUAL(5, loop.counters(1).blocks_out);
  LONGS_EQUAL(5, loop.ticks());
}

TEST(AudioLoop, delivering_names_the_first_span_with_a_block) {
  LONGS_EQUAL(-1, loop.delivering());
  follower.arrive(2, 1);
  loop.receive_all();
  LONGS_EQUAL(1, loop.delivering());
}

TEST_GROUP(AudioLoopJoin) {
  FakePort near_port, far_port;
  std::unique_ptr<LoopRig> box = std::make_unique<LoopRig>(near_port, far_port);
  const Slot a = MediaEngine::slot(0, 1), b = MediaEngine::slot(1, 2), c = MediaEngine::slot(0, 3);

  void setup() override {
    near_port.kind = far_port.kind = 1;
    near_port.first_line = 100;
    far_port.first_line = 200;
    say({cmd::Open{a}, cmd::Open{b}, cmd::Open{c}});
  }
  void say(std::initializer_list<Command> commands) {
    for (const auto& one : commands) box->commands.push(one);
    box->loop.tick(-1);
  }
  void told(std::vector<std::string> near_wanted, std::vector<std::string> far_wanted) {
    CHECK(near_wanted == near_port.calls);
    CHECK(far_wanted == far_port.calls);
    near_port.calls.clear();
    far_port.calls.clear();
  }
};

TEST(AudioLoopJoin, who_only_hear_each_other_are_joined_by_the_driver_once) {
  say({cmd::Connect{a, b}});
  told({"join 1 202"}, {"join 2 101"});
  say({});
  told({}, {});
}

TEST(AudioLoopJoin, what_needs_samples_brings_them_back_without_a_gap_and_lets_them_go_after_it) {
  say({cmd::Connect{a, b}});
  const std::pair<Command, Command> needs[] = {{cmd::Detect{a, true, false}, cmd::Detect{a, false, false}},
                                               {cmd::Detect{b, false, true}, cmd::Detect{b, false, false}},
                                               {cmd::Record{b, 7, false}, cmd::StopRecord{b}},
                                               {cmd::Listen{c, a}, cmd::Disconnect{c}}};
  told({"join 1 202"}, {"join 2 101"});
  for (const auto& [begin, end] : needs) {
    say({begin});
    told({"part 1 goes_on"}, {"part 2 goes_on"});
    say({end});
    told({"join 1 202"}, {"join 2 101"});
  }
}

TEST(AudioLoopJoin, the_end_of_the_connection_parts_them_at_once) {
  say({cmd::Connect{a, b}});
  told({"join 1 202"}, {"join 2 101"});
  say({cmd::Music{a}});
  told({"part 1"}, {"part 2 goes_on"});
  say({cmd::Connect{a, b}});
  told({"join 1 202"}, {"join 2 101"});
  say({cmd::Close{b}});
  told({"part 1"}, {"part 2"});
}

TEST(AudioLoopJoin, another_law_or_no_junction_at_all_stays_here) {
  far_port.kind = 2;
  say({cmd::Connect{a, b}});
  far_port.kind = 0;
  say({});
  told({}, {});
}

TEST(AudioLoopJoin, half_a_join_is_undone_and_not_tried_again_before_the_next_connection) {
  far_port.refuses = true;
  say({cmd::Connect{a, b}});
  told({"join 1 202", "part 1 goes_on"}, {});
  far_port.refuses = false;
  say({});
  told({}, {});
  say({cmd::Disconnect{a}});
  say({cmd::Connect{a, b}});
  told({"join 1 202"}, {"join 2 101"});
}
