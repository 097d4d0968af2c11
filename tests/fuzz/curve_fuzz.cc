// The curve of calls of `ctictl simulate --curve`.
// libs: drivers/base
// own: tools/ctictl/curve_toml.cc
// sys: -ltomlplusplus -lboost_json -lspdlog -lfmt
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/curve_toml.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  static const sr::CenterConfig center = [] {
    sr::CenterConfig c;
    c.queues.push_back({.name = "orders"});
    return c;
  }();
  const auto curve = sr::ctictl::parse_curve(text, "f.toml", center, sr::acd::QueueNo{0});
  if (!curve) FUZZ_ENSURE(curve.error().text().find("f.toml") != std::string::npos);
  else
    for (const auto& stream : curve->streams) FUZZ_ENSURE(stream.per_minute.size() <= sr::acd::kCurveMinutesMax);
}
