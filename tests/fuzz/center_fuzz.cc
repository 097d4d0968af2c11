// The center's configuration.
// libs: drivers/base
// own: cti-core/app/config_toml.cc cti-core/app/config_calendar.cc cti-core/app/config_capture.cc cti-core/app/config_phone.cc cti-core/app/toml_values.cc cti-core/model/calendar.cc cti-core/model/local_time.cc cti-core/model/config_diff.cc cti-core/acd/membership.cc cti-core/acd/strategy.cc
// sys: -ltomlplusplus -lboost_json -lspdlog -lfmt
// seeds: ivr-scripts/*.toml
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/config_toml.h"
#include "cti-core/model/config_diff.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  const auto center = sr::app::parse_center(text, "f.toml", {});
  static const sr::CenterConfig kNothing;
  if (center) FUZZ_ENSURE(sr::differences(*center, *center).empty() && !sr::differences(kNothing, *center).empty());
  else FUZZ_ENSURE(center.error().text().find("f.toml") != std::string::npos);
}
