// The center's configuration.
// libs: cti-core/app cti-core/cti cti-core/ivr cti-core/acd cti-core/loss cti-core/store cti-core/model drivers/board drivers/base
// sys: -llua5.4-c++ -lsqlite3 -ltomlplusplus -lboost_json -lspdlog -lfmt
// seeds: ivr-scripts/*.toml
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/config_toml.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  const auto center = sr::app::parse_center(text, "f.toml", {});
  if (!center) FUZZ_ENSURE(center.error().text().find("f.toml") != std::string::npos);
}
