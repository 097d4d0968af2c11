// When there is something: TV spots, opening hours, holidays. Values of the configuration and pure questions about them. Hours and days are
// those of the clock on the wall (local_time.h).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <span>
#include <string>
#include <vector>

#include "cti-core/model/capture.h"
#include "cti-core/model/local_time.h"

namespace sr {

struct HoursConfig {              // open = [{days, from, to}]
  int days = 0;                   // bit n: weekday n, 1 Monday
  Duration from{}, to{};          // of the day; to not after from: into the next day
  bool operator==(const HoursConfig&) const = default;
};
BOOST_DESCRIBE_STRUCT(HoursConfig, (), (days, from, to))

struct HolidayConfig {            // [[holiday]]
  std::string name{};
  std::string first{}, last{};    // "2026-10-01", both of them in it
  int like = 0;                   // this weekday's hours count: a Sunday on which people work; 0: closed
  std::vector<HoursConfig> hours{};  // … or these
};
BOOST_DESCRIBE_STRUCT(HolidayConfig, (), (name, first, last, like, hours))

struct SpotConfig {               // [[spot]]: something is shown, and people call
  std::string name{};
  Instant start{};
  Duration length = 600s;         // callers are counted to it
  Duration arm_before = 60s;      // its limits count from so long before its start
  std::vector<std::string> numbers{};
  std::vector<double> expected{}; // calls in each minute from its start
  CaptureLimits limits{};
};
BOOST_DESCRIBE_STRUCT(SpotConfig, (), (name, start, length, arm_before, numbers, expected, limits))

// The spot that a call of this number at this time is counted to: of those that run, the one that began last. nullptr: none.
const SpotConfig* spot_of(std::span<const SpotConfig> spots, const std::string& number, Instant t);
std::string spot_key(const SpotConfig& spot);  // in the journal: "wok 2026-11-22 20:15"
inline bool is_armed(const SpotConfig& spot, Instant t) { return t >= spot.start - spot.arm_before && t < spot.start + spot.length; }
bool is_armed(std::span<const SpotConfig> spots, const std::string& number, Instant t);
CaptureLimits armed_limits(std::span<const SpotConfig> spots, const std::string& number, Instant t);  // the strictest
std::optional<Instant> next_change(std::span<const SpotConfig> spots, Instant t);  // when one is armed, begins or ends

const HolidayConfig* holiday_on(std::span<const HolidayConfig> holidays, std::chrono::sys_days day);
// No hours: always open, also on holidays.
bool is_open(std::span<const HoursConfig> hours, std::span<const HolidayConfig> holidays, Instant t);

}  // namespace sr
