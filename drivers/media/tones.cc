// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/tones.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace {

// What <dahdi/tonezone.h> declares. That header includes <dahdi/user.h>, which Debian ships only inside the kernel source
// package; the layout is the library's ABI and tests/drivers/media/tones_test.cc would see it change.
constexpr int kCadencesMax = 16, kTonesMax = 16;
struct ZoneSound { int toneid; char data[256]; };
struct Zone {
  int zone;
  char country[10];
  char description[40];
  int ring_cadence[kCadencesMax];
  ZoneSound tones[kTonesMax];
  int dtmf_high_level, dtmf_low_level, mfr1_level, mfr2_level;
};
extern "C" Zone builtin_zones[];

}  // namespace

namespace sr::media {
namespace {

struct ToneName { std::string_view name; int toneid; };  // numbers of libtonezone (DAHDI_TONE_…)
constexpr std::array kNames = {ToneName{"dial", 0}, ToneName{"busy", 1}, ToneName{"ringback", 2}, ToneName{"congestion", 3}, ToneName{"unobtainable", 7}};

// country "" = every country.
struct Override { std::string_view country; int toneid; std::string_view text; };
constexpr std::array kOverrides = {
    Override{"au", 3, "425/375,0/375"},  // written 425@/375: the second burst is quieter; the cadence says it as well
    Override{"nz", 5, "!400/100,!0/100,!400/100,!0/100,!400/100,!0/100,400"},  // a comma is missing
    Override{"nz", 10, "!400/100,!0/100,!400/100,!0/100,!400/100,!0/100,!400/100,!0/100,!400/100,!0/100,!400/100,!0/100,400"},
    Override{"ee", 7, "950/650,0/325,950/325,0/30,1400/1300,0/2600"},  // the first time is written 0
    Override{"th", 4, "1000/400,0/400"},  // a frequency of 10000 stands for the gap
    Override{"hu", 10, "350+375"},  // three tones: 350+375+400, the third left out
};
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kBeeps = {
    {{"beep", "!1000/300"}, {"beep2", "!1000/120,!0/120,!1000/120"}, {"beep3", "!1000/120,!0/120,!1000/120,!0/120,!1000/120"}, {"beep_low", "!400/600"}}};
constexpr std::string_view kHowlerOfChina = "950";
constexpr std::string_view kHowlerElsewhere = "1400+2060/100,0/100";  // the receiver-off-hook warning of North America, two of its four tones

const Zone* find_zone(std::string_view country) {
  for (const Zone* z = builtin_zones; z->zone != -1; ++z)
    if (country == z->country) return z;
  return nullptr;
}

std::string_view text_of(const Zone& zone, int toneid) {
  for (const auto& o : kOverrides)
    if (o.country == zone.country && o.toneid == toneid) return o.text;
  for (const auto& sound : zone.tones)
    if (sound.toneid == toneid && sound.data[0] != 0) return sound.data;
  return {};
}

// Reads a number off the front of `text`; false: there is none, or it is larger than `max`.
bool take_number(std::string_view& text, unsigned max, unsigned& out) {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (ec != std::errc{} || out > max) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

constexpr unsigned kHzMax = 3'999, kMsMax = 65'535;

// f, f+f or f*f
bool take_tones(std::string_view& text, ToneStep& step) {
  unsigned f1 = 0, f2 = 0;
  if (!take_number(text, kHzMax, f1)) return false;
  if (!text.empty() && (text.front() == '+' || text.front() == '*')) {
    step.modulated = text.front() == '*';
    text.remove_prefix(1);
    if (!take_number(text, kHzMax, f2)) return false;
  }
  step.freq1 = static_cast<std::uint16_t>(f1);
  step.freq2 = static_cast<std::uint16_t>(f2);
  step.level_dbm0 = static_cast<std::int8_t>(f2 != 0 && !step.modulated ? kToneLevelDbm0 - 3 : kToneLevelDbm0);
  return true;
}

}  // namespace

Result<Cadence> parse_cadence(std::string_view text) {
  const std::string whole(text);
  const auto wrong = [&](std::string_view what) { return fail("tone '" + whole + "': " + std::string(what), {}, "write [!]f[+f|*f][/ms], separated by commas"); };
  Cadence cadence;
  cadence.repeat = false;
  while (!text.empty()) {
    std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    if (cadence.count == kCadenceStepsMax) return wrong("too many steps");
    ToneStep step;
    const bool once = !part.empty() && part.front() == '!';
    if (once) part.remove_prefix(1);
    if (!take_tones(part, step)) return wrong("a frequency from 0 to 3999 is missing");
    unsigned ms = 0;
    if (!part.empty()) {
      if (part.front() != '/') return wrong("unexpected '" + std::string(part) + "'");
      part.remove_prefix(1);
      if (!take_number(part, kMsMax, ms) || ms == 0 || !part.empty()) return wrong("a time from 1 to 65535 ms is missing");
    }
    step.ms = static_cast<std::uint16_t>(ms);
    if (!once && !cadence.repeat) {
      cadence.repeat = true;
      cadence.loop_from = cadence.count;
    }
    cadence.steps[cadence.count++] = step;
  }
  if (cadence.count == 0) return wrong("it is empty");
  return cadence;
}

Result<Cadence> parse_tone_spec(std::string_view text) {
  const std::string whole(text);
  const auto wrong = [&] { return fail("tone '" + whole + "' is no tone specification", {}, "write f=440, f=440+480 or f=440,l=-13"); };
  if (!text.starts_with("f=")) return wrong();
  text.remove_prefix(2);
  Cadence cadence;
  cadence.count = 1;
  ToneStep& step = cadence.steps[0];
  if (!take_tones(text, step) || step.freq1 == 0) return wrong();
  if (text.starts_with(",l=")) {
    text.remove_prefix(3);
    const bool negative = text.starts_with("-");
    if (negative) text.remove_prefix(1);
    unsigned level = 0;
    if (!take_number(text, negative ? 60 : 3, level)) return wrong();
    step.level_dbm0 = static_cast<std::int8_t>(negative ? -static_cast<int>(level) : static_cast<int>(level));
  }
  if (!text.empty()) return wrong();
  return cadence;
}

std::vector<std::string> tone_zones() {
  std::vector<std::string> out;
  for (const Zone* z = builtin_zones; z->zone != -1; ++z) out.emplace_back(z->country);
  return out;
}

Result<Cadence> find_tone(std::string_view country, std::string_view name) {
  if (name.starts_with("f=")) return parse_tone_spec(name);
  const Zone* zone = find_zone(country);
  if (zone == nullptr) return fail("no tone zone '" + std::string(country) + "'", {}, "write a country of libtonezone such as cn, us, uk, de");
  for (const auto& [beep, text] : kBeeps)
    if (beep == name) return parse_cadence(text);
  if (name == "howler") return parse_cadence(country == "cn" ? kHowlerOfChina : kHowlerElsewhere);
  for (const auto& known : kNames) {
    if (known.name != name) continue;
    std::string_view text = text_of(*zone, known.toneid);
    if (text.empty()) text = text_of(*zone, 3);  // no special information tone there: congestion says as much
    return parse_cadence(text);
  }
  return fail("no tone '" + std::string(name) + "'", {}, "write dial, ringback, busy, congestion, unobtainable, howler, beep, beep2, beep3, beep_low or f=440[+480][,l=-13]");
}

Status check_zone(std::string_view country) {
  const Zone* zone = find_zone(country);
  if (zone == nullptr) return fail("no tone zone '" + std::string(country) + "'", {}, "write a country of libtonezone such as cn, us, uk, de");
  for (int toneid = 0; toneid < kTonesMax; ++toneid) {
    const std::string_view text = text_of(*zone, toneid);
    if (text.empty()) continue;
    if (auto cadence = parse_cadence(text); !cadence) return fail(cadence.error().what, "libtonezone " + std::string(country) + " tone " + std::to_string(toneid));
  }
  return {};
}

}  // namespace sr::media
