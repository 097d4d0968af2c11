// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/tones.h"

#include <spandsp.h>

#include "tests/drivers/media/engine_rig.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;

TEST_GROUP(Tones) {
  void check_steps(const char* country, const char* name, std::vector<ToneStep> steps, int loop_from = 0) {
    const auto c = find_tone(country, name);
    CHECK_TRUE(c.has_value());
    LONGS_EQUAL(steps.size(), c->count);
    LONGS_EQUAL(loop_from, c->loop_from);
    CHECK_TRUE(c->repeat);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      LONGS_EQUAL(steps[i].freq1, c->steps[i].freq1);
      LONGS_EQUAL(steps[i].freq2, c->steps[i].freq2);
      LONGS_EQUAL(steps[i].ms, c->steps[i].ms);
    }
  }
};

TEST(Tones, every_zone_of_libtonezone_can_be_read) {
  const auto zones = tone_zones();
  LONGS_EQUAL(46, zones.size());
  for (const auto& zone : zones) {
    const auto ok = check_zone(zone);
    CHECK_TRUE_TEXT(ok.has_value(), ok ? "" : ok.error().text().c_str());
    for (const auto* name : {"dial", "ringback", "busy", "congestion", "unobtainable", "howler", "beep"}) CHECK_TRUE_TEXT(find_tone(zone, name).has_value(), (zone + " " + name).c_str());
  }
}

TEST(Tones, china_is_complete) {
  check_steps("cn", "dial", {{.freq1 = 450}});
  check_steps("cn", "ringback", {{.freq1 = 450, .ms = 1000}, {.ms = 4000}});
  check_steps("cn", "busy", {{.freq1 = 450, .ms = 350}, {.ms = 350}});
  check_steps("cn", "congestion", {{.freq1 = 450, .ms = 700}, {.ms = 700}});
  check_steps("cn", "unobtainable", {{.freq1 = 450, .ms = 100}, {.ms = 100}, {.freq1 = 450, .ms = 100}, {.ms = 100}, {.freq1 = 450, .ms = 100}, {.ms = 100}, {.freq1 = 450, .ms = 400}, {.ms = 400}});
  check_steps("cn", "howler", {{.freq1 = 950}});
}

TEST(Tones, two_frequencies_are_three_dB_lower_each) {
  check_steps("us", "dial", {{.freq1 = 350, .freq2 = 440}});
  LONGS_EQUAL(-13, find_tone("us", "dial")->steps[0].level_dbm0);
  LONGS_EQUAL(-10, find_tone("cn", "dial")->steps[0].level_dbm0);
}

TEST(Tones, the_irregular_zones_have_named_overrides) {
  check_steps("au", "congestion", {{.freq1 = 425, .ms = 375}, {.ms = 375}});
  CHECK_FALSE(parse_cadence("425/375,0/375,425@/375,0/375").has_value());
  CHECK_FALSE(parse_cadence("!400/100!0/100").has_value());
  CHECK_FALSE(parse_cadence("350+375+400").has_value());
}

TEST(Tones, what_has_an_exclamation_mark_plays_once) {
  const auto c = parse_cadence("!350+440/100,!0/100,350+440");
  LONGS_EQUAL(3, c->count);
  LONGS_EQUAL(2, c->loop_from);
  CHECK_FALSE(parse_cadence("!950/330,!1400/330")->repeat);
}

TEST(Tones, a_specification_names_frequencies_and_level) {
  LONGS_EQUAL(440, find_tone("cn", "f=440")->steps[0].freq1);
  LONGS_EQUAL(480, find_tone("cn", "f=440+480")->steps[0].freq2);
  LONGS_EQUAL(-20, find_tone("cn", "f=440+480,l=-20")->steps[0].level_dbm0);
  for (const auto* bad : {"f=", "f=0", "f=x", "f=440+", "f=440,l=", "f=440,l=-61", "f=440,l=9", "f=4000", "f=440 ", "f=1+2+3"}) CHECK_FALSE_TEXT(find_tone("cn", bad).has_value(), bad);
}

TEST(Tones, errors_say_what_to_write) {
  CHECK_FALSE(find_tone("xx", "dial").has_value());
  CHECK_FALSE(find_tone("cn", "ding").has_value());
  CHECK_TRUE(find_tone("cn", "ding").error().fix.find("ringback") != std::string::npos);
  for (const auto* bad : {"", ",", "450/", "450/0", "450/65536", "4000", "450/10x", "-1"}) CHECK_FALSE_TEXT(parse_cadence(bad).has_value(), bad);
}

TEST(Tones, a_modulated_tone_has_side_bands) {
  EngineRig rig;
  rig.open(1);
  const auto tone = parse_cadence("400*25");
  CHECK_TRUE(tone.has_value());
  rig.apply(cmd::PlayTone{rig.slot(1), *tone});
  const auto heard = rig.listen(1, 50);
  CHECK_TRUE(level_of(heard, 400) > -18);
  CHECK_TRUE(level_of(heard, 375) > -25 && level_of(heard, 425) > -25);
  CHECK_TRUE(level_of(heard, 450) < -45);
}

// A detector that is not ours: spandsp's super tone receiver, told what China's tones are, recognises what the engine sends.
TEST(Tones, spandsp_recognises_chinas_tones) {
  auto* wanted = super_tone_rx_make_descriptor(nullptr);
  struct Wanted { const char* name; std::vector<std::pair<int, int>> on_off; };
  const std::vector<Wanted> tones = {{"busy", {{350, 350}}}, {"congestion", {{700, 700}}}, {"ringback", {{1000, 4000}}}};
  for (const auto& t : tones) {
    const int id = super_tone_rx_add_tone(wanted);
    for (const auto& [on, off] : t.on_off) {
      super_tone_rx_add_element(wanted, id, 450, 0, on * 9 / 10, on * 11 / 10);
      super_tone_rx_add_element(wanted, id, 0, 0, off * 9 / 10, off * 11 / 10);
    }
  }
  for (std::size_t n = 0; n < tones.size(); ++n) {
    EngineRig rig;
    rig.open(1);
    rig.apply(cmd::PlayTone{rig.slot(1), *find_tone("cn", tones[n].name)});
    int found = -1;
    auto* rx = super_tone_rx_init(nullptr, wanted, [](void* f, int code, int, int) { if (code >= 0) *static_cast<int*>(f) = code; }, &found);
    const auto heard = rig.listen(1, 600);
    super_tone_rx(rx, heard.data(), static_cast<int>(heard.size()));
    super_tone_rx_free(rx);
    LONGS_EQUAL_TEXT(static_cast<long>(n), found, tones[n].name);
  }
  super_tone_rx_free_descriptor(wanted);
}
