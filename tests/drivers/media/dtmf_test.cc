// DTMF through the engine's own path: A-law bytes in, Digit events out.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <functional>
#include <random>
#include <string>

#include "drivers/media/dtmf_gate.h"
#include "tests/drivers/media/engine_rig.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;

namespace {

constexpr std::string_view kAll = "123A456B789C*0#D";
constexpr double kRows[] = {697, 770, 852, 941}, kColumns[] = {1209, 1336, 1477, 1633};

struct Key {
  char digit = '5';
  double low_dbm0 = -9, high_dbm0 = -7;
  double off_percent = 0;  // both frequencies
  int on_ms = 80, off_ms = 80;
  double noise_dbm0 = -99;
};

}  // namespace

TEST_GROUP(Dtmf) {
  std::unique_ptr<EngineRig> box = std::make_unique<EngineRig>();  // its rings are aligned, CppUTest's new is not
  EngineRig& rig = *box;
  std::mt19937 random{7};
  std::vector<std::int16_t> line;  // samples not yet in a block

  void setup() override {
    rig.open(1);
    rig.apply(cmd::Detect{rig.slot(1), true, false});
  }
  void samples(int count, const std::function<double(int)>& at, double noise_dbm0) {
    std::normal_distribution<double> noise(0.0, amplitude_of(noise_dbm0) / std::sqrt(2.0));
    for (int i = 0; i < count; ++i) {
      line.push_back(static_cast<std::int16_t>(std::clamp(at(i) + noise(random), -32000.0, 32000.0)));
      if (line.size() < kBlockSamples) continue;
      Block block{};
      for (std::size_t s = 0; s < kBlockSamples; ++s) block[s] = alaw_encode(line[s]);
      line.clear();
      rig.say(1, block);
      rig.tick();
    }
  }
  void press(const Key& k) {
    const auto at = kAll.find(k.digit);
    const double f1 = kRows[at / 4] * (1 + k.off_percent / 100), f2 = kColumns[at % 4] * (1 + k.off_percent / 100);
    const double a1 = amplitude_of(k.low_dbm0), a2 = amplitude_of(k.high_dbm0);
    samples(k.on_ms * 8, [&](int i) { const double t = 2 * std::numbers::pi * i / 8000.0; return a1 * std::sin(f1 * t) + a2 * std::sin(f2 * t); }, k.noise_dbm0);
    samples(k.off_ms * 8, [](int) { return 0.0; }, k.noise_dbm0);
  }
  std::string digits() {
    rig.hush();
    for (int t = 0; t < 5; ++t) rig.tick();
    std::string all;
    while (const auto d = rig.event<evt::Digit>()) all += d->digit;
    return all;
  }
  // All 16 keys, one after another, pressed so.
  std::string all_pressed(Key k) {
    for (const char digit : kAll) {
      k.digit = digit;
      press(k);
    }
    return digits();
  }
  void check_all(const Key& k) { STRCMP_EQUAL(std::string(kAll).c_str(), all_pressed(k).c_str()); }
};

TEST(Dtmf, hears_all_sixteen_digits) { check_all({}); }
TEST(Dtmf, hears_40_ms_on_and_40_ms_off) { check_all({.on_ms = 40, .off_ms = 40}); }
TEST(Dtmf, hears_weak_digits) { check_all({.low_dbm0 = -33, .high_dbm0 = -33}); }
TEST(Dtmf, hears_loud_digits) { check_all({.low_dbm0 = -2, .high_dbm0 = -2}); }
// Q.24 wants 1.5 %: spandsp's receiver begins to lose the fourth column and row there.
TEST(Dtmf, hears_frequencies_off_by_1_2_percent) { check_all({.off_percent = 1.2, .on_ms = 40, .off_ms = 40}); }
TEST(Dtmf, hears_frequencies_off_by_minus_1_2_percent) { check_all({.off_percent = -1.2, .on_ms = 40, .off_ms = 40}); }
TEST(Dtmf, does_not_hear_frequencies_off_by_3_5_percent) { STRCMP_EQUAL("", all_pressed({.off_percent = 3.5}).c_str()); }
TEST(Dtmf, does_not_hear_frequencies_off_by_minus_3_5_percent) { STRCMP_EQUAL("", all_pressed({.off_percent = -3.5}).c_str()); }
TEST(Dtmf, hears_8_dB_of_twist) { check_all({.low_dbm0 = -10, .high_dbm0 = -18, .on_ms = 40, .off_ms = 40}); }
TEST(Dtmf, hears_4_dB_of_reverse_twist) { check_all({.low_dbm0 = -14, .high_dbm0 = -10, .on_ms = 40, .off_ms = 40}); }
TEST(Dtmf, hears_through_noise_15_dB_below) { check_all({.low_dbm0 = -10, .high_dbm0 = -10, .noise_dbm0 = -25}); }

// The digit begins anywhere in a block: 40 ms hold one whole block and two parts of some.
TEST(Dtmf, hears_40_ms_wherever_they_begin) {
  for (int at = 1; at < 160; at += 13) {
    samples(at, [](int) { return 0.0; }, -99);
    check_all({.on_ms = 40, .off_ms = 41});
  }
}
TEST(Dtmf, hears_40_ms_wherever_they_begin_in_noise_off_frequency_and_with_twist) {
  for (int at = 1; at < 160; at += 13) {
    samples(at, [](int) { return 0.0; }, -30);
    check_all({.low_dbm0 = -10, .high_dbm0 = -16, .off_percent = 0.8, .on_ms = 42, .off_ms = 41, .noise_dbm0 = -30});
  }
}

TEST(Dtmf, does_not_hear_twenty_milliseconds) { STRCMP_EQUAL("", all_pressed({.on_ms = 20, .off_ms = 100}).c_str()); }
TEST(Dtmf, does_not_hear_below_minus_55_dBm0) { STRCMP_EQUAL("", all_pressed({.low_dbm0 = -56, .high_dbm0 = -56}).c_str()); }

TEST(Dtmf, tells_how_long_a_digit_lasted) {
  for (const int ms : {60, 100, 200, 500}) {
    press({.on_ms = ms});
    const auto d = rig.event<evt::Digit>();
    CHECK_TRUE(d.has_value());
    DOUBLES_EQUAL(ms, d->duration_ms, 26);  // spandsp looks every 12.75 ms
  }
}

TEST(Dtmf, a_digit_that_ends_with_the_audio_is_finished) {
  press({.on_ms = 100, .off_ms = 0});
  CHECK_FALSE(rig.event<evt::Digit>().has_value());
  STRCMP_EQUAL("5", digits().c_str());
}

TEST(Dtmf, is_not_heard_unless_asked_for) {
  rig.apply(cmd::Detect{rig.slot(1), false, false});
  STRCMP_EQUAL("", all_pressed({}).c_str());
}

TEST(Dtmf, the_same_digit_twice_is_two_digits) {
  press({.digit = '7'});
  press({.digit = '7'});
  STRCMP_EQUAL("77", digits().c_str());
}

TEST(Dtmf, a_digit_stops_clips_that_may_be_barged_into) {
  const auto clip = ramp(80000);
  rig.apply(rig.play(1, 5, {clip_of(clip)}, true));
  samples(1600, [](int) { return 0.0; }, -99);
  samples(60 * 8, [](int i) { const double t = 2 * std::numbers::pi * i / 8000.0; return 4000 * std::sin(770 * t) + 4000 * std::sin(1336 * t); }, -99);
  const auto ended = rig.event<evt::PlayEnded>();  // the key is still down
  CHECK_TRUE(ended.has_value());
  CHECK_TRUE(ended->end == evt::PlayEnd::barged);
  CHECK_TRUE(ended->played_ms >= 200 && ended->played_ms <= 260);
  CHECK_FALSE(rig.heard(1).has_value());
}

TEST(Dtmf, a_digit_does_not_stop_other_clips) {
  const auto clip = ramp(80000);
  rig.apply(rig.play(1, 5, {clip_of(clip)}, false));
  press({});
  CHECK_FALSE(rig.event<evt::PlayEnded>().has_value());
}

TEST(Dtmf, what_the_engine_sends_it_hears) {
  rig.open(2);
  rig.apply(cmd::Detect{rig.slot(2), true, false});
  cmd::SendDtmf send{.slot = rig.slot(1), .count = 16, .digits = {}};
  std::copy(kAll.begin(), kAll.end(), send.digits.begin());
  rig.apply(send);
  for (int t = 0; t < 16 * 8 + 4; ++t) {
    rig.tick();
    const auto sent = rig.heard(1);
    rig.hush();
    if (sent) rig.say(2, *sent);
  }
  std::string heard;
  while (const auto d = rig.event<evt::Digit>()) {
    heard += d->digit;
    DOUBLES_EQUAL(80, d->duration_ms, 20);
  }
  STRCMP_EQUAL(std::string(kAll).c_str(), heard.c_str());
}

TEST(Dtmf, speech_like_sound_gives_no_digit) {
  // A buzz with formants that move: rich in harmonics, loud, 20 s.
  double phase = 0;
  samples(160'000, [&](int i) {
    const double f0 = 120 + 40 * std::sin(i / 3000.0);
    phase += 2 * std::numbers::pi * f0 / 8000;
    double x = 0;
    for (int h = 1; h < 16; ++h) {
      const double f = f0 * h, formant = 700 + 400 * std::sin(i / 5000.0), second = 1500 + 500 * std::sin(i / 3700.0);
      x += 2500.0 / (1 + std::pow((f - formant) / 150, 2)) * std::sin(h * phase) + 1500.0 / (1 + std::pow((f - second) / 200, 2)) * std::sin(h * phase);
    }
    return x;
  }, -50);
  STRCMP_EQUAL("", digits().c_str());
}

TEST_GROUP(DtmfGate) {
  DtmfGate gate;
  bool maybe(std::initializer_list<double> tones, double dbm0, double noise_dbm0 = -99) {
    std::mt19937 r{1};
    std::normal_distribution<double> noise(0.0, amplitude_of(noise_dbm0) / std::sqrt(2.0));
    Samples x{};
    for (std::size_t i = 0; i < x.size(); ++i) {
      double sum = noise(r);
      for (const double hz : tones) sum += amplitude_of(dbm0) * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / 8000.0);
      x[i] = static_cast<std::int16_t>(sum);
    }
    return gate.look(x, power_of(-55)).maybe;
  }
};

TEST(DtmfGate, opens_for_two_tones_also_off_frequency) {
  for (const double row : kRows)
    for (const double column : kColumns)
      for (const double off : {0.985, 1.0, 1.015}) CHECK_TRUE(maybe({row * off, column * off}, -20));
}

TEST(DtmfGate, stays_shut_for_silence_single_tones_and_noise) {
  CHECK_FALSE(maybe({}, -99));
  for (const double hz : {300.0, 450.0, 697.0, 1000.0, 1100.0, 1336.0, 2100.0}) CHECK_FALSE(maybe({hz}, -10));
  CHECK_FALSE(maybe({}, -99, -20));
  CHECK_FALSE(maybe({697, 1209}, -70));
}
