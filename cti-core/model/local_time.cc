// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/model/local_time.h"

#include <cstdio>
#include <ctime>

namespace sr {
namespace {

std::tm parts(Instant t) {
  const std::time_t s = std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()).count();
  std::tm tm{};
  localtime_r(&s, &tm);
  return tm;
}

std::chrono::sys_days day_of(const std::tm& tm) {
  return std::chrono::year(tm.tm_year + 1900) / std::chrono::month(static_cast<unsigned>(tm.tm_mon + 1)) / std::chrono::day(static_cast<unsigned>(tm.tm_mday));
}

}  // namespace

int weekday_of(std::chrono::sys_days day) { return static_cast<int>(std::chrono::weekday(day).iso_encoding()); }

LocalTime local_time(Instant t) {
  const std::tm tm = parts(t);
  const auto day = day_of(tm);
  return {day, weekday_of(day), std::chrono::hours(tm.tm_hour) + std::chrono::minutes(tm.tm_min) + std::chrono::seconds(tm.tm_sec)};
}

Instant from_local(std::chrono::sys_days day, std::chrono::seconds of_day) {
  const std::chrono::year_month_day date(day);
  const auto as = [&](int dst) {
    std::tm tm{};
    tm.tm_year = static_cast<int>(date.year()) - 1900;
    tm.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    tm.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
    tm.tm_sec = static_cast<int>(of_day.count());
    tm.tm_isdst = dst;
    return from_us(static_cast<std::int64_t>(std::mktime(&tm)) * 1'000'000);
  };
  const auto right = [&](Instant t) {
    const LocalTime back = local_time(t);
    return back.day + back.of_day == day + of_day;
  };
  const Instant summer = as(1), winter = as(0);  // summer time comes first where a time comes twice
  return right(summer) ? summer : right(winter) ? winter : as(-1);
}

std::string local_minute(Instant t) {
  const std::tm tm = parts(t);
  char text[24];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm);
  return text;
}

std::string day_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  char text[24];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace sr
