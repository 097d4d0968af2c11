// Whether a new caller is captured, and how. Pure. Each caller is decided for himself and the decision switches nothing, so there is nothing
// that could flutter and the limits need no second, lower value: who is let in takes one of the free channels, who leaves gives one back.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "cti-core/model/capture.h"

namespace sr::acd {

struct CaptureCase {
  std::size_t free = 0;                 // channels of his trunk group that could carry a call, the one he came on among them
  CaptureLimits always{}, spot{};       // of his trunk group and number; of the TV spots that are armed: the stricter one counts
  std::optional<Duration> expected{};   // how long he would wait; nothing: cannot be told, and captures nobody
  bool line = false;                    // an analog line cannot be refused: it is answered and released
};

enum class CaptureWhy { channels, wait };
struct Capture {
  enum class Act { none, release, early, answered } act = Act::none;
  CaptureWhy why = CaptureWhy::channels;
  int cause = 0;                        // Q.850, of the release in the end
};

Capture capture(const CaptureCase& now, const CaptureConfig& config);

}  // namespace sr::acd
