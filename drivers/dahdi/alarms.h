// The kernel's alarm bits of a span as the words of the seam, and what they mean. Pure.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>

#include "drivers/dahdi/abi.h"
#include "drivers/span/span.h"

namespace sr::dahdi {

using AlarmSet = std::array<bool, 4>;  // by SpanAlarm

inline constexpr std::array kSpanAlarms = {SpanAlarm::red, SpanAlarm::yellow, SpanAlarm::blue, SpanAlarm::los};

// Loss of frame or multiframe alignment is told as RED, which the board raises for it. After an alarm the board waits in
// "recovering" until the line has been good long enough: the alarm that was there still stands.
constexpr AlarmSet alarms_of(int bits, const AlarmSet& before) {
  AlarmSet out{(bits & (abi::kAlarmRed | abi::kAlarmLfa | abi::kAlarmLmfa)) != 0, (bits & abi::kAlarmYellow) != 0, (bits & abi::kAlarmBlue) != 0,
               (bits & abi::kAlarmLos) != 0};
  if (bits & abi::kAlarmRecover)
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = out[i] || before[i];
  return out;
}
inline constexpr AlarmSet kSpanGone{true, false, false, false};  // pulled out, or not there: nothing comes

constexpr bool carries(const AlarmSet& alarms) {
  for (const bool one : alarms)
    if (one) return false;
  return true;
}

}  // namespace sr::dahdi
