// The call-progress tones of a country as Cadences: libtonezone's tables (the only place that links it), with named overrides
// where these are irregular or incomplete, and what they do not have at all (howler, beep).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.h"
#include "drivers/media/media.h"

namespace sr::media {

inline constexpr int kToneLevelDbm0 = -10;  // of a whole tone: YD/T and E.180 allow ±3 dB; each of two is 3 dB less

// libtonezone's grammar: [!]f[+f|*f][/ms], comma-separated; "!" plays once, the rest repeats.
Result<Cadence> parse_cadence(std::string_view text);
// "f=440", "f=440+480", "f=440,l=-13": for ever, at the level of each tone.
Result<Cadence> parse_tone_spec(std::string_view text);

std::vector<std::string> tone_zones();  // countries, "us", "cn" …
// `name` is one of dial ringback busy congestion unobtainable howler beep, or a spec "f=…".
Result<Cadence> find_tone(std::string_view country, std::string_view name);
// Every tone that the table of `country` holds; an error names the first that cannot be read.
Status check_zone(std::string_view country);

}  // namespace sr::media
