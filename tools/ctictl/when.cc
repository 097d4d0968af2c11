// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/when.h"

#include <fmt/format.h>

#include <cstdio>
#include <ctime>

namespace sr::ctictl {

Result<Instant> parse_when(const std::string& text) {
  const auto wrong = [&] { return fail("'" + text + "' is no time", {}, "write 2026-11-21, 2026-11-21T19:30 or 2026-11-21T19:30:15; local time, or with a Z at the end UTC"); };
  std::string rest = text;
  const bool utc = !rest.empty() && rest.back() == 'Z';
  if (utc) rest.pop_back();
  std::tm tm{};
  char separator = 'T';
  int used = 0;
  const int fields = std::sscanf(rest.c_str(), "%4d-%2d-%2d%n%c%2d:%2d%n:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &used, &separator, &tm.tm_hour, &tm.tm_min, &used, &tm.tm_sec, &used);
  if ((fields != 3 && fields != 6 && fields != 7) || static_cast<std::size_t>(used) != rest.size() || (separator != 'T' && separator != ' ')) return wrong();
  tm.tm_year -= 1900;
  tm.tm_mon -= 1;
  tm.tm_isdst = -1;
  const std::tm asked = tm;
  const std::time_t seconds = utc ? timegm(&tm) : std::mktime(&tm);
  if (seconds == -1 || tm.tm_mon != asked.tm_mon || tm.tm_mday != asked.tm_mday || tm.tm_min != asked.tm_min) return wrong();  // 31 February
  return from_us(std::int64_t{seconds} * 1'000'000);
}

std::string local(Instant t) {
  if (t == Instant{}) return "-";
  const std::time_t seconds = to_us(t) / 1'000'000;
  std::tm tm{};
  localtime_r(&seconds, &tm);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

std::string span_of(Duration d) {
  const auto s = d.count() / 1'000'000;
  return s >= 3600 ? fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60) : fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace sr::ctictl
