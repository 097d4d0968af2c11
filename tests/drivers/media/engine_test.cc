// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/media/engine_rig.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;

TEST_GROUP(MediaEngine) {
  std::unique_ptr<EngineRig> box = std::make_unique<EngineRig>();  // its rings are aligned, CppUTest's new is not
  EngineRig& rig = *box;
  void check_heard(int channel, const Block& expected) {
    const auto block = rig.heard(channel);
    CHECK_TRUE(block.has_value());
    MEMCMP_EQUAL(expected.data(), block->data(), expected.size());
  }
};

TEST(MediaEngine, an_open_slot_sends_nothing) {
  rig.open(1);
  rig.say(1, filled(0x11));
  rig.tick();
  UNSIGNED_LONGS_EQUAL(0, rig.out[0].present);
}

TEST(MediaEngine, connected_legs_hear_each_other_bit_by_bit) {
  rig.open(1);
  rig.open(7, 1);
  rig.apply(cmd::Connect{rig.slot(1), rig.slot(7, 1)});
  Block a{}, b{};
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = static_cast<std::uint8_t>(i);
    b[i] = static_cast<std::uint8_t>(255 - i);
  }
  rig.say(1, a);
  rig.say(7, b, 1);
  rig.tick();
  check_heard(1, b);
  MEMCMP_EQUAL(a.data(), rig.heard(7, 1)->data(), a.size());
  rig.hush();
  rig.tick();
  CHECK_FALSE(rig.heard(1).has_value());
}

TEST(MediaEngine, a_disconnected_leg_and_its_partner_hear_silence) {
  rig.open(1);
  rig.open(2);
  rig.apply(cmd::Connect{rig.slot(1), rig.slot(2)});
  rig.apply(cmd::Disconnect{rig.slot(2)});
  rig.say(1, filled(1));
  rig.say(2, filled(2));
  rig.tick();
  UNSIGNED_LONGS_EQUAL(0, rig.out[0].present);
}

TEST(MediaEngine, connecting_to_a_third_leaves_the_second_in_silence) {
  for (int c = 1; c <= 3; ++c) {
    rig.open(c);
    rig.say(c, filled(static_cast<std::uint8_t>(c)));
  }
  rig.apply(cmd::Connect{rig.slot(1), rig.slot(2)});
  rig.apply(cmd::Connect{rig.slot(1), rig.slot(3)});
  rig.tick();
  check_heard(1, filled(3));
  check_heard(3, filled(1));
  CHECK_FALSE(rig.heard(2).has_value());
}

TEST(MediaEngine, music_from_a_mark_is_the_callers_own_and_goes_round) {
  rig.open(1);
  rig.open(2);
  rig.apply(cmd::Music{rig.slot(1), 20});
  rig.apply(cmd::Music{rig.slot(2)});
  const auto at = [&](std::size_t block) { Block b{}; std::copy_n(rig.music.begin() + static_cast<std::ptrdiff_t>(block * 160), 160, b.begin()); return b; };
  const std::size_t blocks = rig.music.size() / 160;
  for (std::size_t tick = 0; tick < 2 * blocks; ++tick) {
    rig.tick();
    check_heard(1, at((tick + 1) % blocks));
    check_heard(2, at(tick % blocks));
  }
  rig.apply(cmd::Music{rig.slot(1)});
  rig.tick();
  check_heard(1, at(0));
}

TEST(MediaEngine, everybody_hears_the_same_place_of_the_music) {
  rig.open(1);
  rig.apply(cmd::Music{rig.slot(1)});
  rig.tick();
  check_heard(1, [&] { Block b{}; std::copy_n(rig.music.begin(), 160, b.begin()); return b; }());
  rig.open(2);
  rig.apply(cmd::Music{rig.slot(2)});
  rig.tick();
  check_heard(1, *rig.heard(2));
  check_heard(2, [&] { Block b{}; std::copy_n(rig.music.begin() + 160, 160, b.begin()); return b; }());
  rig.tick();
  rig.tick();  // whole blocks only: after three it begins again
  check_heard(2, [&] { Block b{}; std::copy_n(rig.music.begin(), 160, b.begin()); return b; }());
}

TEST(MediaEngine, clips_follow_each_other_without_a_gap_and_end_once) {
  const auto one = ramp(100, 0), two = ramp(100, 100);
  rig.open(1);
  rig.apply(rig.play(1, 42, {clip_of(one), clip_of(two)}));
  rig.tick();
  Block expected{};
  std::copy_n(one.begin(), 100, expected.begin());
  std::copy_n(two.begin(), 60, expected.begin() + 100);
  check_heard(1, expected);
  CHECK_FALSE(rig.event<evt::PlayEnded>().has_value());
  rig.tick();
  expected.fill(kAlawSilence);
  std::copy_n(two.begin() + 60, 40, expected.begin());
  check_heard(1, expected);
  const auto ended = rig.event<evt::PlayEnded>();
  CHECK_TRUE(ended.has_value());
  UNSIGNED_LONGS_EQUAL(42, ended->play);
  CHECK_TRUE(ended->end == evt::PlayEnd::done);
  UNSIGNED_LONGS_EQUAL(25, ended->played_ms);
  rig.tick();
  CHECK_FALSE(rig.heard(1).has_value());
  CHECK_FALSE(rig.event<evt::PlayEnded>().has_value());
}

TEST(MediaEngine, a_play_without_clips_ends_in_the_next_tick) {
  rig.open(1);
  rig.apply(rig.play(1, 1, {}));
  rig.tick();
  CHECK_FALSE(rig.heard(1).has_value());
  CHECK_TRUE(rig.event<evt::PlayEnded>()->end == evt::PlayEnd::done);
}

TEST(MediaEngine, a_new_source_ends_the_clips_as_stopped) {
  const auto clip = ramp(8000);
  rig.open(1);
  rig.apply(rig.play(1, 1, {clip_of(clip)}));
  rig.tick();
  rig.apply(cmd::Music{rig.slot(1)});
  const auto ended = rig.event<evt::PlayEnded>();
  CHECK_TRUE(ended->end == evt::PlayEnd::stopped);
  UNSIGNED_LONGS_EQUAL(20, ended->played_ms);
}

TEST(MediaEngine, a_clip_to_a_connected_leg_gives_way_to_the_connection_again) {
  const auto clip = ramp(160);
  rig.open(1);
  rig.open(2);
  rig.apply(cmd::Connect{rig.slot(1), rig.slot(2)});
  rig.apply(rig.play(1, 1, {clip_of(clip)}));
  rig.say(1, filled(1));
  rig.say(2, filled(2));
  rig.tick();
  check_heard(2, filled(1));
  MEMCMP_EQUAL(clip.data(), rig.heard(1)->data(), 160);
  rig.tick();
  check_heard(1, filled(2));
}

TEST(MediaEngine, a_tone_without_end_sounds_in_its_frequency_and_level) {
  rig.open(1);
  rig.apply(cmd::PlayTone{rig.slot(1), {.steps = {ToneStep{.freq1 = 450, .level_dbm0 = -10}}, .count = 1}});
  const auto heard = rig.listen(1, 10);
  DOUBLES_EQUAL(-10.0, level_of(heard, 450), 0.3);
  CHECK_TRUE(level_of(heard, 900) < -40);
}

TEST(MediaEngine, a_cadence_is_on_and_off_to_the_sample) {
  rig.open(1);  // busy in China: 0.35 s on, 0.35 s off
  rig.apply(cmd::PlayTone{rig.slot(1), {.steps = {ToneStep{.freq1 = 450, .ms = 350}, ToneStep{.ms = 350}}, .count = 2}});
  const auto heard = rig.listen(1, 70);  // two periods
  for (int period = 0; period < 2; ++period) {
    const auto at = heard.begin() + period * 5600;
    DOUBLES_EQUAL(-10.0, level_of({at, at + 2800}, 450), 0.3);
    for (auto s = at + 2800; s < at + 5600; ++s) CHECK_TRUE(std::abs(*s) <= 8);
  }
}

TEST(MediaEngine, a_silent_block_of_a_cadence_is_not_sent) {
  rig.open(1);
  rig.apply(cmd::PlayTone{rig.slot(1), {.steps = {ToneStep{.freq1 = 450, .ms = 20}, ToneStep{.ms = 100}}, .count = 2}});
  rig.tick();
  CHECK_TRUE(rig.heard(1).has_value());
  rig.tick();
  CHECK_FALSE(rig.heard(1).has_value());
}

TEST(MediaEngine, a_cadence_that_does_not_repeat_ends) {
  rig.open(1);
  rig.apply(cmd::PlayTone{rig.slot(1), {.steps = {ToneStep{.freq1 = 1000, .ms = 30}}, .count = 1, .repeat = false}});
  rig.tick();
  rig.tick();
  CHECK_TRUE(rig.heard(1).has_value());
  rig.tick();
  CHECK_FALSE(rig.heard(1).has_value());
}

TEST(MediaEngine, a_listener_hears_both_directions_of_his_target) {
  for (int c = 1; c <= 3; ++c) rig.open(c);
  rig.apply(cmd::Connect{rig.slot(1), rig.slot(2)});
  rig.apply(cmd::Listen{rig.slot(3), rig.slot(1)});
  rig.say(1, filled(alaw_encode(1000)));
  rig.say(2, filled(alaw_encode(2000)));
  rig.say(3, filled(alaw_encode(4000)));
  rig.tick();
  const int expected = alaw_decode(alaw_encode(1000)) + alaw_decode(alaw_encode(2000));
  LONGS_EQUAL(alaw_decode(alaw_encode(static_cast<std::int16_t>(expected))), alaw_decode((*rig.heard(3))[0]));
  check_heard(1, filled(alaw_encode(2000)));  // and is not heard himself
  check_heard(2, filled(alaw_encode(1000)));
  rig.in[0].present &= ~(1U << 2);
  rig.tick();
  check_heard(3, filled(alaw_encode(1000)));  // one voice alone: bit by bit
  rig.apply(cmd::Close{rig.slot(1)});
  rig.tick();
  CHECK_FALSE(rig.heard(3).has_value());
}

TEST(MediaEngine, sent_digits_take_the_place_of_the_source_and_give_it_back) {
  rig.open(1);
  rig.apply(cmd::Music{rig.slot(1)});
  rig.apply(cmd::SendDtmf{.slot = rig.slot(1), .count = 2, .digits = {'5', ','}});
  const auto heard = rig.listen(1, 4);
  DOUBLES_EQUAL(kDtmfLowDbm0, level_of(heard, 770), 0.5);
  DOUBLES_EQUAL(kDtmfHighDbm0, level_of(heard, 1336), 0.5);
  for (int t = 0; t < 4 + 25; ++t) {
    rig.tick();
    CHECK_FALSE(rig.heard(1).has_value());
  }
  rig.tick();
  CHECK_TRUE(rig.heard(1).has_value());
}

TEST(MediaEngine, activity_begins_with_a_voice_and_ends_200_ms_after_it) {
  rig.open(1);
  rig.apply(cmd::Detect{rig.slot(1), false, true});
  rig.say(1, filled(alaw_encode(3000)));
  rig.tick();
  CHECK_TRUE(rig.event<evt::Activity>()->on);
  rig.hush();
  for (int t = 0; t < 9; ++t) rig.tick();
  CHECK_FALSE(rig.event<evt::Activity>().has_value());
  rig.tick();
  CHECK_FALSE(rig.event<evt::Activity>()->on);
}

TEST(MediaEngine, a_closed_slot_costs_nothing_and_hears_nothing) {
  rig.open(1);
  rig.open(2);
  rig.apply(cmd::Connect{rig.slot(1), rig.slot(2)});
  rig.apply(cmd::Close{rig.slot(1)});
  UNSIGNED_LONGS_EQUAL(1, rig.engine.open_slots());
  rig.say(1, filled(1));
  rig.say(2, filled(2));
  rig.tick();
  UNSIGNED_LONGS_EQUAL(0, rig.out[0].present);
  rig.apply(cmd::Music{rig.slot(1)});
  rig.apply(cmd::Silence{Slot::none});
  rig.apply(cmd::Open{Slot::none});
  rig.tick();
  UNSIGNED_LONGS_EQUAL(0, rig.out[0].present);
  UNSIGNED_LONGS_EQUAL(3, rig.engine.commands_refused());
}

TEST(MediaEngine, a_slot_opened_again_begins_with_nothing) {
  rig.open(1);
  rig.apply(cmd::Music{rig.slot(1)});
  rig.apply(cmd::Detect{rig.slot(1), true, true});
  rig.open(1);
  UNSIGNED_LONGS_EQUAL(1, rig.engine.open_slots());
  rig.say(1, filled(alaw_encode(3000)));
  rig.tick();
  CHECK_FALSE(rig.heard(1).has_value());
  CHECK_FALSE(rig.event<evt::Activity>().has_value());
}

TEST(MediaEngine, events_that_find_no_room_are_counted) {
  RecordPool pool{4};
  RecordTap tap{pool, kSlotsPerSpan};
  SpscRing<Event> tiny{1};
  MediaEngine engine{1, {}, tap, tiny};
  std::vector<SpanAudio> out(1);
  const std::array<const SpanAudio*, 1> in = {nullptr};
  for (int n = 0; n < 3; ++n) {
    engine.apply(cmd::Open{MediaEngine::slot(0, n)});
    engine.apply(cmd::Play{.slot = MediaEngine::slot(0, n), .play = 1, .barge_in = false, .count = 0, .clips = {}});
  }
  engine.tick(in, out);
  UNSIGNED_LONGS_EQUAL(2, engine.events_lost());
}
