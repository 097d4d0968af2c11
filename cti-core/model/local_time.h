// The clock on the wall: the zone of the machine (TZ, /etc/localtime). Where the clock is put forward, a time that there is not means the one an
// hour later; where it is put back, a time that comes twice means the first.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "drivers/base/time.h"

namespace sr {

struct LocalTime {
  std::chrono::sys_days day{};   // of the calendar here
  int weekday = 1;               // 1 Monday … 7 Sunday
  std::chrono::seconds of_day{};
};
LocalTime local_time(Instant t);
Instant from_local(std::chrono::sys_days day, std::chrono::seconds of_day);
int weekday_of(std::chrono::sys_days day);
inline constexpr std::array<std::string_view, 8> kWeekdays = {"", "mon", "tue", "wed", "thu", "fri", "sat", "sun"};
std::string local_minute(Instant t);  // "2026-11-22 20:15"
std::string day_text(std::chrono::sys_days day);

}  // namespace sr
