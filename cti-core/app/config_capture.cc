// [[trunk]], and capture of a [[number]].
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "cti-core/app/config_parts.h"

namespace sr::app {
namespace {
constexpr std::int64_t kReserveMax = 10'000;
constexpr const char* kFix = "capture = {cause = 17}, {prompt = \"all_busy_will_call_back\", media = \"early\"} or false";
}

void read_trunks(TomlValues& in, const toml::table& root, CenterConfig& config) {
  for (const auto* t : in.tables(root, "trunk")) {
    in.known(*t, "trunk", {"group", "reserve"});
    TrunkConfig trunk;
    in.text(*t, "group", trunk.group, true);
    in.whole(*t, "reserve", trunk.reserve, 0, kReserveMax);
    if (std::ranges::find(config.trunks, trunk.group, &TrunkConfig::group) != config.trunks.end()) in.wrong(*t, fmt::format("trunk group '{}' is there twice", trunk.group), "one [[trunk]] for each group");
    config.trunks.push_back(std::move(trunk));
  }
}

void read_capture(TomlValues& in, const toml::table& number, NumberConfig& into) {
  in.seconds(number, "capture_expected_s", into.capture_expected, 1);
  const auto* node = number.get("capture");
  if (!node) return;
  if (node->is_boolean()) {
    into.capture.on = node->as_boolean()->get();
    return;
  }
  const auto* t = node->as_table();
  if (!t) return in.wrong(*node, "'capture' must be a table, or false", kFix);
  in.known(*t, "number.capture", {"cause", "prompt", "media"});
  std::size_t cause = static_cast<std::size_t>(into.capture.cause);
  in.whole(*t, "cause", cause, 1, 127);
  into.capture.cause = static_cast<int>(cause);
  in.text(*t, "prompt", into.capture.prompt);
  std::string media;
  in.text(*t, "media", media);
  if (media.empty() != into.capture.prompt.empty()) return in.wrong(*t, "'capture' needs both 'prompt' and 'media', or neither", kFix);
  if (media.empty()) return;
  if (media == "early") into.capture.media = CaptureMedia::early;
  else if (media == "answered") into.capture.media = CaptureMedia::answered;
  else in.wrong(*t->get("media"), fmt::format("'media' cannot be '{}'", media), "media = \"early\" (before the answer) or \"answered\"");
}

}  // namespace sr::app
