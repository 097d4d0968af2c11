// The hardware profile: an error names its place, an accepted profile keeps its limits.
// libs: drivers/base
// own: drivers/profile/profile.cc drivers/profile/dahdi_read.cc drivers/profile/countries.cc
// sys: -ltomlplusplus -lboost_json -lspdlog -lfmt
// seeds: hw-profiles/*.toml
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/profile/profile.h"

#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  using namespace sr::profile;
  const auto profile = parse_profile(text, "f.toml");
  if (!profile) FUZZ_ENSURE(profile.error().text().find("f.toml") != std::string::npos);
  else FUZZ_ENSURE(profile->spans.size() <= kSpansMax);
  if (const auto stations = parse_stations(text)) FUZZ_ENSURE(stations->size() <= 10'000);
}
