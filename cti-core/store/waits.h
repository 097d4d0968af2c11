// What waiting callers were told against how long they then waited: bias and percentiles of the error, by queue and interval (docs/ACD.md).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cti-core/store/sqlite.h"

namespace sr::store {

struct WaitError {  // seconds; error: actual - announced, so above 0 the caller waited longer than he was told
  std::string queue;
  Instant from{};                        // of the announcements counted here
  std::int64_t announced = 0;            // waits told
  std::int64_t answered = 0, left = 0, waiting = 0;
  // Of the answered; absent where there are none.
  std::optional<double> mean_told_s{}, mean_actual_s{}, bias_s{}, p50_s{}, p90_s{};  // percentiles of the error without its sign
  std::optional<double> longer{};        // share that waited longer than told
  std::optional<double> estimate_bias_s{};  // of what was expected before it was rounded and held
};
BOOST_DESCRIBE_STRUCT(WaitError, (), (queue, from, announced, answered, left, waiting, mean_told_s, mean_actual_s, bias_s, p50_s, p90_s, longer, estimate_bias_s))

// `every` zero: one row per queue.
Result<std::vector<WaitError>> read_waits(Database& database, Instant from, Instant to, Duration every);

}  // namespace sr::store
