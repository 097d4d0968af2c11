// [[spot]], [[holiday]] and the holiday file, opening hours.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cti-core/app/config_parts.h"
#include "cti-core/app/config_toml.h"

namespace sr::app {
namespace {

constexpr std::size_t kSpotsMax = 10'000, kHolidaysMax = 1'000, kHoursMax = 50, kMinutesMax = 24 * 60;
constexpr const char* kDaysFix = "days = \"mon-fri\", \"sat,sun\" or \"daily\"";
constexpr const char* kStartFix = "start = 2026-11-22T20:15:00";

int weekday_named(std::string_view word) {
  const auto at = std::ranges::find(kWeekdays.begin() + 1, kWeekdays.end(), word);
  return at == kWeekdays.end() ? 0 : static_cast<int>(at - kWeekdays.begin());
}

// "mon-fri,sun" as bits; nothing: it is no such list.
std::optional<int> days_in(std::string_view text) {
  if (text == "daily") return 0xfe;
  int out = 0;
  while (true) {
    const std::string_view item = text.substr(0, text.find(','));
    const int first = weekday_named(item.substr(0, item.find('-')));
    const int last = item.find('-') == std::string_view::npos ? first : weekday_named(item.substr(item.find('-') + 1));
    if (first == 0 || last == 0) return std::nullopt;
    for (int day = first;; day = day % 7 + 1) {  // fri-mon goes over the Sunday
      out |= 1 << day;
      if (day == last) break;
    }
    if (item.size() == text.size()) return out;
    text.remove_prefix(item.size() + 1);
  }
}

std::optional<Duration> time_in(std::string_view text) {  // 00:00 to 24:00
  if (text.size() != 5 || text[2] != ':' || !is_digits(text.substr(0, 2)) || !is_digits(text.substr(3))) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
  if (minute > 59 || hour * 60 + minute > 24 * 60) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

void time_of_day(TomlValues& in, const toml::table& t, std::string_view key, Duration& into) {
  std::string text;
  in.text(t, key, text, true);
  if (in.failed()) return;
  if (const auto time = time_in(text)) into = *time;
  else in.wrong(*t.get(key), fmt::format("'{}' is no time of day: '{}'", key, text), fmt::format("{} = \"09:00\"", key));
}

std::chrono::sys_days day_of(const toml::date& d) { return std::chrono::year(d.year) / std::chrono::month(d.month) / std::chrono::day(d.day); }

void date(TomlValues& in, const toml::table& t, std::string_view key, std::string& into) {
  const auto* node = t.get(key);
  if (!node) return;
  const auto value = node->value<toml::date>();
  if (!node->is_date() || !value) return in.wrong(*node, fmt::format("'{}' must be a date", key), fmt::format("{} = 2026-10-01 (year-month-day, without quotes)", key));
  into = day_text(day_of(*value));
}

void start_of(TomlValues& in, const toml::table& t, Instant& into) {
  const auto* node = t.get("start");
  if (!node) return in.wrong(t, "'start' is missing", kStartFix);
  const auto value = node->value<toml::date_time>();
  if (!node->is_date_time() || !value) return in.wrong(*node, "'start' must be a date with a time", kStartFix);
  const std::chrono::seconds of_day = std::chrono::hours(value->time.hour) + std::chrono::minutes(value->time.minute) + std::chrono::seconds(value->time.second);
  if (!value->offset) into = from_local(day_of(value->date), of_day);
  else into = from_us((std::chrono::duration_cast<Duration>(day_of(value->date).time_since_epoch()) + of_day - std::chrono::minutes(value->offset->minutes)).count());
}

// Half-lives: of the calls that are still to come half come in each of them.
std::vector<double> curve_of(double calls, Duration half_life, Duration length) {
  std::vector<double> out;
  const double minutes = to_seconds(length) / 60, h = to_seconds(half_life) / 60;
  for (double minute = 0; minute < minutes; ++minute) out.push_back(calls * (std::exp2(-minute / h) - std::exp2(-(minute + 1) / h)));
  return out;
}

void expected_of(TomlValues& in, const toml::table& t, SpotConfig& spot) {
  const auto* node = t.get("expected");
  if (!node) return;
  constexpr const char* kFix = "expected = [120, 300, 180] (calls in each minute) or {calls = 1200, half_life_s = 90}";
  if (const auto* list = node->as_array()) {
    for (const auto& one : *list) {
      const auto value = one.value<double>();
      if (!one.is_number() || !value || !(*value >= 0) || *value > 1e6) return in.wrong(one, "calls in a minute must be a number from 0 to 1000000", kFix);
      spot.expected.push_back(*value);
    }
    if (list->size() > kMinutesMax) in.wrong(*node, fmt::format("'expected' has more than {} minutes", kMinutesMax), kFix);
    return;
  }
  const auto* curve = node->as_table();
  if (!curve) return in.wrong(*node, "'expected' must be a list or a table", kFix);
  in.known(*curve, "spot.expected", {"calls", "half_life_s"});
  std::size_t calls = 0;
  Duration half_life{};
  in.whole(*curve, "calls", calls, 1, 10'000'000);
  in.seconds(*curve, "half_life_s", half_life, 1);
  if (calls == 0 || half_life == Duration{}) return in.wrong(*curve, "'expected' needs 'calls' and 'half_life_s'", kFix);
  spot.expected = curve_of(static_cast<double>(calls), half_life, spot.length);
}

void numbers_of(TomlValues& in, const toml::table& t, const CenterConfig& config, SpotConfig& spot) {
  const auto* list = t.get("numbers") ? t.get("numbers")->as_array() : nullptr;
  if (!list || list->empty()) return in.wrong(t, fmt::format("spot '{}' needs the numbers that it shows", spot.name), "numbers = [\"4006001\"]");
  for (const auto& one : *list) {
    const auto number = one.value<std::string>();
    if (!one.is_string() || !number || std::ranges::find(config.numbers, *number, &NumberConfig::number) == config.numbers.end())
      return in.wrong(one, fmt::format("spot '{}' names number {}, which there is not", spot.name, number.value_or("?")), "the number of a [[number]], as a text");
    spot.numbers.push_back(*number);
  }
}

}  // namespace

void read_hours(TomlValues& in, const toml::table& t, std::string_view key, std::vector<HoursConfig>& into, bool with_days) {
  const auto* node = t.get(key);
  if (!node) return;
  const std::string fix = with_days ? fmt::format("{} = [{{days = \"mon-fri\", from = \"09:00\", to = \"21:00\"}}]", key) : fmt::format("{} = [{{from = \"10:00\", to = \"16:00\"}}]", key);
  const auto* list = node->as_array();
  if (!list || list->empty() || list->size() > kHoursMax) return in.wrong(*node, fmt::format("'{}' must be a list of 1 to {} hours", key, kHoursMax), fix);
  for (const auto& one : *list) {
    const auto* hours = one.as_table();
    if (!hours) return in.wrong(one, "hours must be a table", fix);
    if (with_days) in.known(*hours, key, {"days", "from", "to"});
    else in.known(*hours, key, {"from", "to"});
    HoursConfig h{.days = 0xfe};
    if (with_days) {
      std::string days;
      in.text(*hours, "days", days, true);
      if (in.failed()) return;
      const auto bits = days_in(days);
      if (!bits) return in.wrong(*hours->get("days"), fmt::format("'days' cannot be '{}'", days), kDaysFix);
      h.days = *bits;
    }
    time_of_day(in, *hours, "from", h.from);
    time_of_day(in, *hours, "to", h.to);
    into.push_back(h);
  }
}

void read_spots(TomlValues& in, const toml::table& root, CenterConfig& config) {
  std::set<std::string> keys;
  for (const auto* t : in.tables(root, "spot")) {
    in.known(*t, "spot", {"name", "start", "length_s", "arm_before_s", "numbers", "expected", "reserve", "capture_expected_s"});
    SpotConfig spot;
    in.text(*t, "name", spot.name, true);
    start_of(in, *t, spot.start);
    in.seconds(*t, "length_s", spot.length, 1);
    in.seconds(*t, "arm_before_s", spot.arm_before, 0);
    in.whole(*t, "reserve", spot.limits.reserve, 0, 10'000);
    in.seconds(*t, "capture_expected_s", spot.limits.expected, 1);
    if (in.failed()) return;
    numbers_of(in, *t, config, spot);
    expected_of(in, *t, spot);
    if (!keys.insert(spot_key(spot)).second) return in.wrong(*t, fmt::format("spot '{}' is there twice", spot_key(spot)), "another name or start");
    config.spots.push_back(std::move(spot));
    if (config.spots.size() > kSpotsMax) return in.wrong(*t, fmt::format("more than {} spots", kSpotsMax), "take those out that are over: the journal keeps their calls");
  }
  std::ranges::stable_sort(config.spots, {}, &SpotConfig::start);
}

void read_holidays(TomlValues& in, const toml::table& root, CenterConfig& config) {
  for (const auto* t : in.tables(root, "holiday")) {
    in.known(*t, "holiday", {"name", "date", "to", "like", "open"});
    HolidayConfig holiday;
    in.text(*t, "name", holiday.name, true);
    if (!t->get("date")) return in.wrong(*t, "'date' is missing", "date = 2026-10-01");
    date(in, *t, "date", holiday.first);
    holiday.last = holiday.first;
    date(in, *t, "to", holiday.last);
    std::string like;
    in.text(*t, "like", like);
    if (in.failed()) return;
    if (!like.empty() && (holiday.like = weekday_named(like)) == 0) return in.wrong(*t->get("like"), fmt::format("'like' cannot be '{}'", like), "like = \"mon\": the hours of a Monday");
    if (!like.empty() && t->get("open")) return in.wrong(*t->get("open"), "a holiday has 'like' or 'open'", "the hours of a weekday, or hours of its own");
    read_hours(in, *t, "open", holiday.hours, false);
    if (holiday.last < holiday.first) return in.wrong(*t->get("to"), fmt::format("'to' ({}) is before 'date' ({})", holiday.last, holiday.first), "the last day of it");
    const auto same = std::ranges::find_if(config.holidays, [&](const HolidayConfig& other) { return holiday.first <= other.last && other.first <= holiday.last; });
    if (same != config.holidays.end()) return in.wrong(*t, fmt::format("'{}' and '{}' are both on {}", same->name, holiday.name, std::max(same->first, holiday.first)), "one [[holiday]] for each day");
    config.holidays.push_back(std::move(holiday));
    if (config.holidays.size() > kHolidaysMax) return in.wrong(*t, fmt::format("more than {} holidays", kHolidaysMax), "take those out that are over");
  }
}

Status read_holiday_file(const std::string& file, CenterConfig& config) {
  constexpr const char* kFix = "a file of [[holiday]] with name = \"…\" and date = 2026-10-01";
  const auto text = center_text(file);
  if (!text) return fail(text.error().what, file, kFix);
  try {
    const toml::table root = toml::parse(*text, file);
    TomlValues in(file);
    in.known(root, "", {"holiday"});
    read_holidays(in, root, config);
    return in.status();
  } catch (const toml::parse_error& e) {
    return fail(std::string(e.description()), fmt::format("{}:{}", file, e.source().begin.line), kFix);
  }
}

}  // namespace sr::app
