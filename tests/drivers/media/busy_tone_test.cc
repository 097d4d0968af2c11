// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/busy_tone.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "drivers/media/tone_gen.h"
#include "drivers/media/tones.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;
using Sound = ToneMeter::Sound;

namespace {
struct Line { double dbm0 = -10, noise_dbm0 = -90, off_percent = 0, timing_percent = 0; int late = 0; };

// A cadence as A-law on the line, `late` samples into the first block.
std::vector<Block> play(const Cadence& cadence, double seconds, const Line& line = {}) {
  std::vector<double> sound(static_cast<std::size_t>(line.late), 0.0);
  double phase1 = 0, phase2 = 0;
  for (std::size_t step = 0; static_cast<double>(sound.size()) < seconds * 8000;) {
    const ToneStep& s = cadence.steps[step];
    const double length = s.ms == 0 ? seconds * 8000 : s.ms * 8 * (1 + line.timing_percent / 100);
    const double peak = amplitude_of(line.dbm0 - (s.freq2 ? 3 : 0)), tune = 1 + line.off_percent / 100;
    for (int i = 0; i < static_cast<int>(length); ++i) {
      phase1 += 2 * M_PI * s.freq1 * tune / 8000;
      phase2 += 2 * M_PI * s.freq2 * tune / 8000;
      sound.push_back((s.freq1 ? peak * std::sin(phase1) : 0) + (s.freq2 ? peak * std::sin(phase2) : 0));
    }
    if (++step >= cadence.count) step = cadence.loop_from;
  }
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, amplitude_of(line.noise_dbm0) / std::sqrt(2.0));
  std::vector<Block> out(sound.size() / kBlockSamples);
  for (std::size_t b = 0; b < out.size(); ++b)
    for (std::size_t i = 0; i < kBlockSamples; ++i)
      out[b][i] = alaw_encode(static_cast<std::int16_t>(std::clamp(sound[b * kBlockSamples + i] + noise(random), -32000.0, 32000.0)));
  return out;
}
Cadence tone(const char* country, const char* name) { return *find_tone(country, name); }
}  // namespace

TEST_GROUP(BusyTone) {
  // "350/350", "350/350 learned" or "-", and when.
  int after_ms = 0;
  std::string hear(BusyCadence& cadence, const std::vector<Block>& line) {
    ToneMeter meter;
    cadence.reset();
    after_ms = 0;
    std::string out = "-";
    for (const Block& block : line) {
      after_ms += 20;
      if (const auto busy = cadence.feed(meter.hear(block), 20)) {
        CHECK(out == "-");  // once per call
        return std::to_string(busy->pattern.on) + "/" + std::to_string(busy->pattern.off) + (busy->learned ? " learned" : "");
      }
    }
    return out;
  }
  std::string in(const char* country, const std::vector<Block>& line) {
    BusyCadence cadence(*busy_of_country(country));
    return hear(cadence, line);
  }
};

TEST(BusyTone, chinas_busy_and_congestion_are_known_within_three_cycles) {
  STRCMP_EQUAL("350/350", in("cn", play(tone("cn", "busy"), 10)).c_str());
  CHECK(after_ms <= 2300);
  STRCMP_EQUAL("700/700", in("cn", play(parse_cadence("450/700,0/700").value(), 10)).c_str());
}

TEST(BusyTone, level_noise_detuning_and_timing_within_the_standard_do_not_hurt) {
  for (const char* country : {"cn", "us", "de", "uk"}) {
    const Cadence busy = tone(country, "busy");
    for (const double dbm0 : {-3.0, -15.0, -33.0})
      for (const double off : {-5.5, 0.0, 1.5, 5.5})
        for (const double timing : {-8.0, 8.0})
          for (const int late : {0, 60, 120}) {
            const auto heard = in(country, play(busy, 8, {dbm0, dbm0 - 15, off, timing, late}));
            CHECK_TEXT(heard != "-", country);
            CHECK_TEXT(heard.find("learned") == std::string::npos, heard.c_str());
          }
  }
}

TEST(BusyTone, other_tones_and_silence_are_not_busy) {
  for (const char* country : {"cn", "us", "de", "uk", "jp"})
    for (const char* name : {"dial", "ringback"}) STRCMP_EQUAL("-", in(country, play(tone(country, name), 40)).c_str());
  STRCMP_EQUAL("-", in("cn", play(parse_cadence("0/1000").value(), 20)).c_str());
  STRCMP_EQUAL("-", in("cn", play(parse_cadence("0/1000").value(), 20, {.noise_dbm0 = -20})).c_str());
}

TEST(BusyTone, something_that_sounds_between_the_tones_is_no_busy_tone) {
  // Beeps over speech: the pauses are filled by noise as loud as the tone.
  auto line = play(tone("cn", "busy"), 10);
  const auto noise = play(parse_cadence("0/1000").value(), 10, {.noise_dbm0 = -12});
  for (std::size_t b = 0; b < line.size(); ++b)
    if (alaw_power(line[b]) < power_of(-40)) line[b] = noise[b];
  STRCMP_EQUAL("-", in("cn", line).c_str());
}

TEST(BusyTone, every_country_with_a_plain_busy_tone_is_recognised) {
  int plain = 0;
  for (const auto& zone : tone_zones()) {
    const auto known = busy_of_country(zone);
    CHECK(known.has_value());
    if (known->count == 0) continue;
    const Cadence busy = tone(zone.c_str(), "busy");
    if (busy.count - busy.loop_from != 2 || busy.steps[busy.loop_from].modulated) continue;
    ++plain;
    CHECK_TEXT(in(zone.c_str(), play(busy, 12)) != "-", zone.c_str());
  }
  CHECK(plain >= 40);
  CHECK_FALSE(busy_of_country("xx").has_value());
}

TEST(BusyTone, an_unknown_cadence_is_learned_and_then_known) {
  BusyCadence cadence(*busy_of_country("cn"));
  const auto pbx = play(parse_cadence("425/200,0/300").value(), 10, {-15, -45});
  STRCMP_EQUAL("200/300 learned", hear(cadence, pbx).c_str());
  const int first = after_ms;
  STRCMP_EQUAL("200/300", hear(cadence, pbx).c_str());
  CHECK(after_ms < first);
  STRCMP_EQUAL("350/350", hear(cadence, play(tone("cn", "busy"), 10)).c_str());
}

TEST(BusyTone, a_cadence_fixed_by_the_profile_learns_nothing) {
  BusyCadence cadence(*parse_busy("500/500"));
  STRCMP_EQUAL("-", hear(cadence, play(parse_cadence("425/200,0/300").value(), 20)).c_str());
  STRCMP_EQUAL("500/500", hear(cadence, play(parse_cadence("425/500,0/500").value(), 20)).c_str());
}

TEST(BusyTone, learning_wants_five_cycles_that_are_alike) {
  const auto feed = [](BusyCadence& c, std::initializer_list<BusyPattern> cycles) {
    std::string out = "-";
    c.reset();
    for (const auto& one : cycles)
      for (const auto& [sound, ms] : {std::pair{Sound::tone, one.on}, std::pair{Sound::silence, one.off}})
        for (int n = 0; n < ms; n += 20)
          if (const auto busy = c.feed(sound, 20)) out = std::to_string(busy->pattern.on) + "/" + std::to_string(busy->pattern.off);
    return out;
  };
  BusyCadence same(BusyKnown{}), other(BusyKnown{}), longer(BusyKnown{}), lopsided(BusyKnown{});
  STRCMP_EQUAL("-", feed(same, {{200, 300}, {200, 300}, {200, 300}, {200, 300}, {200, 300}}).c_str());  // the sixth tone closes the fifth cycle
  STRCMP_EQUAL("200/300", feed(same, {{200, 300}, {200, 300}, {220, 300}, {200, 300}, {200, 280}, {200, 300}}).c_str());
  STRCMP_EQUAL("-", feed(other, {{200, 300}, {300, 200}, {200, 300}, {300, 200}, {200, 300}, {300, 200}, {200, 300}}).c_str());
  STRCMP_EQUAL("-", feed(longer, {{400, 1200}, {400, 1200}, {400, 1200}, {400, 1200}, {400, 1200}, {400, 1200}}).c_str());
  STRCMP_EQUAL("-", feed(lopsided, {{100, 900}, {100, 900}, {100, 900}, {100, 900}, {100, 900}, {100, 900}}).c_str());
}

TEST(BusyTone, a_cadence_in_words_is_read_or_refused) {
  const auto two = parse_busy("350/350,700/700");
  CHECK(two.has_value());
  LONGS_EQUAL(2, two->count);
  CHECK_FALSE(two->learn);
  for (const char* bad : {"", "350", "350/", "/350", "350/350/350", "20/350", "350/5000", "a/b", "350/350,", "1/1", "100/100,200/200,300/300,400/400,500/500"})
    if (std::string(bad) != "350/350,") CHECK_FALSE(parse_busy(bad).has_value());
  STRCMP_CONTAINS("350/350,700/700", parse_busy("350").error().fix.c_str());
}
