// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/capture.h"

#include <algorithm>

namespace sr::acd {
namespace {

constexpr int kNormalClearing = 16;  // Q.850

std::optional<CaptureWhy> reached(const CaptureCase& now) {
  if (const std::size_t reserve = std::max(now.always.reserve, now.spot.reserve); reserve > 0 && now.free <= reserve) return CaptureWhy::channels;
  for (const auto& limit : {now.always.expected, now.spot.expected})
    if (limit && now.expected && *now.expected > *limit) return CaptureWhy::wait;
  return std::nullopt;
}

}  // namespace

Capture capture(const CaptureCase& now, const CaptureConfig& config) {
  const auto why = config.on ? reached(now) : std::nullopt;
  if (!why) return {};
  const std::size_t reserve = std::max(now.always.reserve, now.spot.reserve);
  if (!now.line && now.free <= reserve / 2) return {Capture::Act::release, *why, config.cause};  // sentences must not use up what is kept free
  if (now.line || config.media == CaptureMedia::answered) return {Capture::Act::answered, *why, kNormalClearing};
  return {config.media == CaptureMedia::early ? Capture::Act::early : Capture::Act::release, *why, config.cause};
}

}  // namespace sr::acd
