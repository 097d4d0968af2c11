// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/line_plane.h"

namespace sr::dahdi {

void LinePlane::watch_alarms(std::function<void(SpanAlarm, bool)> changed) {
  alarm_ = std::move(changed);
  for (const SpanAlarm one : kSpanAlarms)
    if (alarms_[static_cast<std::size_t>(one)]) alarm_(one, true);
}

void LinePlane::set_alarms(const AlarmSet& alarms) {
  const AlarmSet before = std::exchange(alarms_, alarms);
  for (const SpanAlarm one : kSpanAlarms) {
    const auto i = static_cast<std::size_t>(one);
    if (before[i] != alarms_[i] && alarm_) alarm_(one, alarms_[i]);
  }
  const bool there = carrier();
  if (std::exchange(told_carrier_, there) != there && handler_.on_carrier) handler_.on_carrier(there);
}

}  // namespace sr::dahdi
