// Tone plans and tone specifications.
// libs: drivers/base
// own: drivers/media/tones.cc
// sys: -ltonezone -lboost_json -lspdlog -lfmt
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/tones.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  if (const auto cadence = sr::media::parse_cadence(text); !cadence) FUZZ_ENSURE(!cadence.error().what.empty());
  if (const auto spec = sr::media::parse_tone_spec(text); !spec) FUZZ_ENSURE(!spec.error().what.empty());
}
