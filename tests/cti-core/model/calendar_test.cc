// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/model/calendar.h"

#include <cstdlib>
#include <ctime>

#include <CppUTest/TestHarness.h>

using namespace sr;

namespace {

// The zone of one test; afterwards that of the machine again.
struct Zone {
  explicit Zone(const char* name) {
    if (const char* was = std::getenv("TZ")) before = was;
    else unset = true;
    set(name);
  }
  ~Zone() { unset ? (::unsetenv("TZ"), ::tzset()) : set(before.c_str()); }
  static void set(const char* name) {
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  std::string before;
  bool unset = false;
};

using namespace std::chrono;
Instant local(int y, unsigned m, unsigned d, int hour, int minute = 0) { return from_local(sys_days(year(y) / month(m) / day(d)), hours(hour) + minutes(minute)); }
constexpr const char* kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";
const std::vector<HoursConfig> kWeek = {{.days = 0x3e, .from = 9h, .to = 21h}, {.days = 0x40, .from = 22h, .to = 2h}};  // mon-fri; sat into the night

}  // namespace

TEST_GROUP(Calendar){};

TEST(Calendar, the_wall_clock_follows_the_zone_and_its_summer_time) {
  Zone zone(kBerlin);
  STRCMP_EQUAL("2026-07-01T18:15:00.000Z", to_iso8601(local(2026, 7, 1, 20, 15)).c_str());
  STRCMP_EQUAL("2026-12-01T19:15:00.000Z", to_iso8601(local(2026, 12, 1, 20, 15)).c_str());
  STRCMP_EQUAL("2026-07-01 20:15", local_minute(local(2026, 7, 1, 20, 15)).c_str());
  CHECK(sr::local_time(local(2026, 11, 22, 20, 15)).of_day == 20h + 15min);
  LONGS_EQUAL(7, sr::local_time(local(2026, 11, 22, 20, 15)).weekday);
}

TEST(Calendar, an_hour_that_is_skipped_is_the_next_one_and_of_a_double_one_the_first_counts) {
  Zone zone(kBerlin);
  STRCMP_EQUAL("2026-03-29 03:30", local_minute(local(2026, 3, 29, 2, 30)).c_str());
  STRCMP_EQUAL("2026-10-25T00:30:00.000Z", to_iso8601(local(2026, 10, 25, 2, 30)).c_str());
}

TEST(Calendar, hours_are_from_the_first_to_before_the_last_minute_and_may_go_over_midnight) {
  Zone zone("CST-8");
  const auto open = [](Instant t) { return is_open(kWeek, {}, t); };
  CHECK_FALSE(open(local(2026, 11, 20, 8, 59)));  // a Friday
  CHECK_TRUE(open(local(2026, 11, 20, 9)));
  CHECK_TRUE(open(local(2026, 11, 20, 20, 59)));
  CHECK_FALSE(open(local(2026, 11, 20, 21)));
  CHECK_TRUE(open(local(2026, 11, 21, 23)));
  CHECK_TRUE(open(local(2026, 11, 22, 1, 59)));   // Sunday morning belongs to Saturday
  CHECK_FALSE(open(local(2026, 11, 22, 2)));
  CHECK_TRUE(is_open({}, {}, local(2026, 11, 22, 2)));
}

TEST(Calendar, a_holiday_is_closed_or_has_its_own_hours_or_those_of_another_weekday) {
  Zone zone("CST-8");
  std::vector<HolidayConfig> days = {{.name = "national day", .first = "2026-10-01", .last = "2026-10-07"},
                                     {.name = "work", .first = "2026-10-10", .last = "2026-10-10", .like = 1},
                                     {.name = "eve", .first = "2026-12-31", .last = "2026-12-31", .hours = {{.days = 0xfe, .from = 10h, .to = 12h}}}};
  CHECK_FALSE(is_open(kWeek, days, local(2026, 10, 1, 12)));
  CHECK_FALSE(is_open(kWeek, days, local(2026, 10, 7, 12)));
  CHECK_TRUE(is_open(kWeek, days, local(2026, 10, 8, 12)));
  CHECK_TRUE(is_open(kWeek, days, local(2026, 10, 10, 12)));   // a Saturday
  CHECK_TRUE(is_open(kWeek, days, local(2026, 12, 31, 11)));
  CHECK_FALSE(is_open(kWeek, days, local(2026, 12, 31, 13)));
  STRCMP_EQUAL("work", holiday_on(days, sys_days(year(2026) / 10 / 10))->name.c_str());
}

TEST(Calendar, a_call_is_counted_to_the_spot_that_began_last_and_limits_to_the_strictest_that_is_armed) {
  const Instant t = local(2026, 11, 22, 20);
  const std::vector<SpotConfig> spots = {{.name = "a", .start = t, .length = 600s, .arm_before = 60s, .numbers = {"1"}, .limits = {.reserve = 3, .expected = 90s}},
                                         {.name = "b", .start = t + 300s, .length = 600s, .arm_before = 60s, .numbers = {"1", "2"}, .limits = {.reserve = 1, .expected = 30s}}};
  POINTERS_EQUAL(nullptr, spot_of(spots, "1", t - 1s));
  POINTERS_EQUAL(&spots[0], spot_of(spots, "1", t));
  POINTERS_EQUAL(&spots[1], spot_of(spots, "1", t + 300s));
  POINTERS_EQUAL(nullptr, spot_of(spots, "3", t));
  POINTERS_EQUAL(nullptr, spot_of(spots, "1", t + 900s));
  CHECK_FALSE(is_armed(spots, "1", t - 61s));
  LONGS_EQUAL(3, armed_limits(spots, "1", t - 60s).reserve);
  CHECK(*armed_limits(spots, "1", t - 60s).expected == 90s);
  CHECK(*armed_limits(spots, "1", t + 240s).expected == 30s);
  LONGS_EQUAL(0, armed_limits(spots, "2", t).reserve);
  CHECK(*next_change(spots, t) == t + 240s);
  CHECK_FALSE(next_change(spots, t + 900s).has_value());
}
