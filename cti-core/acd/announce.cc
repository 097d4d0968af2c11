// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/announce.h"

#include <algorithm>
#include <array>

namespace sr::acd {

int minutes_of(Duration wait) {
  constexpr std::array kSteps = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30};
  for (const int step : kSteps)
    if (wait <= step * Duration(60s)) return step;
  return kMinutesLong;
}

Told announce(const Outlook& now, const Told& before) {
  if (now.working == 0) return {};
  Told told{now.position, now.wait ? minutes_of(*now.wait) : 0};
  const bool got_worse = before.position != 0 && now.position > before.position;
  if (before.minutes != 0 && told.minutes != 0 && !got_worse) told.minutes = std::min(told.minutes, before.minutes);
  return told;
}

}  // namespace sr::acd
