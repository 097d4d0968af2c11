// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/model/calendar.h"

#include <algorithm>

namespace sr {

namespace {
bool has_number(const SpotConfig& spot, const std::string& number) { return std::ranges::find(spot.numbers, number) != spot.numbers.end(); }

// Whether one of the intervals of `day` holds the time that lies so far behind its midnight.
bool holds(std::span<const HoursConfig> hours, std::span<const HolidayConfig> holidays, std::chrono::sys_days day, std::chrono::seconds since_midnight) {
  const auto in = [&](const HoursConfig& h) {
    const Duration to = h.to > h.from ? h.to : h.to + 24h;
    return since_midnight >= h.from && since_midnight < to;
  };
  const HolidayConfig* holiday = holiday_on(holidays, day);
  if (holiday && !holiday->hours.empty()) return std::ranges::any_of(holiday->hours, in);
  if (holiday && holiday->like == 0) return false;
  const int weekday = holiday ? holiday->like : weekday_of(day);
  return std::ranges::any_of(hours, [&](const HoursConfig& h) { return ((h.days >> weekday) & 1) != 0 && in(h); });
}
}  // namespace

const SpotConfig* spot_of(std::span<const SpotConfig> spots, const std::string& number, Instant t) {
  const SpotConfig* found = nullptr;
  for (const SpotConfig& spot : spots)
    if (t >= spot.start && t < spot.start + spot.length && has_number(spot, number) && (!found || spot.start > found->start)) found = &spot;
  return found;
}

std::string spot_key(const SpotConfig& spot) { return spot.name + " " + local_minute(spot.start); }

bool is_armed(std::span<const SpotConfig> spots, const std::string& number, Instant t) {
  return std::ranges::any_of(spots, [&](const SpotConfig& spot) { return is_armed(spot, t) && has_number(spot, number); });
}

CaptureLimits armed_limits(std::span<const SpotConfig> spots, const std::string& number, Instant t) {
  CaptureLimits out;
  for (const SpotConfig& spot : spots) {
    if (!is_armed(spot, t) || !has_number(spot, number)) continue;
    out.reserve = std::max(out.reserve, spot.limits.reserve);
    if (spot.limits.expected) out.expected = out.expected ? std::min(*out.expected, *spot.limits.expected) : *spot.limits.expected;
  }
  return out;
}

std::optional<Instant> next_change(std::span<const SpotConfig> spots, Instant t) {
  std::optional<Instant> next;
  for (const SpotConfig& spot : spots)
    for (const Instant at : {spot.start - spot.arm_before, spot.start, spot.start + spot.length})
      if (at > t && (!next || at < *next)) next = at;
  return next;
}

const HolidayConfig* holiday_on(std::span<const HolidayConfig> holidays, std::chrono::sys_days day) {
  const std::string date = day_text(day);
  const auto found = std::ranges::find_if(holidays, [&](const HolidayConfig& h) { return h.first <= date && date <= h.last; });
  return found == holidays.end() ? nullptr : &*found;
}

bool is_open(std::span<const HoursConfig> hours, std::span<const HolidayConfig> holidays, Instant t) {
  if (hours.empty()) return true;
  const LocalTime now = local_time(t);
  return holds(hours, holidays, now.day, now.of_day) || holds(hours, holidays, now.day - std::chrono::days(1), now.of_day + 24h);
}

}  // namespace sr
