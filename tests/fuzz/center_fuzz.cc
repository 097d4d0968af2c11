// The center's configuration.
// libs: drivers/base
// own: cti-core/app/config_toml.cc
// sys: -ltomlplusplus -lboost_json -lspdlog -lfmt
// seeds: ivr-scripts/*.toml
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/config_toml.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  const auto center = sr::app::parse_center(text, "f.toml", {});
  if (!center) FUZZ_ENSURE(center.error().text().find("f.toml") != std::string::npos);
}
