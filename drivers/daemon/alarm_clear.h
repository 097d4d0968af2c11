// When the calls of a span in alarm are given up. Pure.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>

#include "drivers/base/time.h"
#include "drivers/board/board.h"
#include "drivers/span/span.h"

namespace sr::daemon {

constexpr board::AlarmKind alarm_kind(SpanAlarm alarm) {
  switch (alarm) {
    case SpanAlarm::yellow: return board::AlarmKind::yellow;
    case SpanAlarm::blue: return board::AlarmKind::blue;
    case SpanAlarm::los: return board::AlarmKind::los;
    case SpanAlarm::red: break;
  }
  return board::AlarmKind::red;
}

// The alarms that stand, and since when the line has not been good: one alarm that follows another does not begin anew.
struct LineFault {
  unsigned standing = 0;  // bit n: SpanAlarm n
  Instant since{};
  void set(SpanAlarm alarm, bool raised, Instant now) {
    const unsigned bit = 1U << static_cast<unsigned>(alarm);
    if (raised && standing == 0) since = now;
    standing = raised ? standing | bit : standing & ~bit;
  }
};

constexpr std::optional<Instant> calls_end_at(const LineFault& fault, Duration after) {
  if (fault.standing == 0) return std::nullopt;
  return fault.since + after;
}

}  // namespace sr::daemon
