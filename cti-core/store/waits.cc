// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/waits.h"

#include <algorithm>
#include <cmath>

namespace sr::store {
namespace {

struct Sums {
  double told = 0, actual = 0, error = 0, estimate_error = 0;
  std::int64_t longer = 0;
  std::vector<double> sizes;  // of the errors
};

double percentile(std::vector<double>& sorted, double share) {  // nearest rank
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

void close(WaitError& row, Sums& sums) {
  const auto n = static_cast<double>(row.answered);
  if (row.answered > 0) {
    std::ranges::sort(sums.sizes);
    row.mean_told_s = sums.told / n;
    row.mean_actual_s = sums.actual / n;
    row.bias_s = sums.error / n;
    row.estimate_bias_s = sums.estimate_error / n;
    row.longer = static_cast<double>(sums.longer) / n;
    row.p50_s = percentile(sums.sizes, 0.5);
    row.p90_s = percentile(sums.sizes, 0.9);
  }
  sums = {};
}

}  // namespace

Result<std::vector<WaitError>> read_waits(Database& database, Instant from, Instant to, Duration every) {
  auto rows = Statement::prepare(database, "select queue, case when ?3 > 0 then at - at % ?3 else 0 end as part, seconds, estimate_ms, actual_ms, end from wait_announced "
                                           "where seconds > 0 and at >= ?1 and at < ?2 order by queue, part");
  if (!rows) return std::unexpected(rows.error());
  rows->bind(from, to, every.count());
  std::vector<WaitError> out;
  Sums sums;
  while (rows->next()) {
    if (out.empty() || out.back().queue != rows->text(0) || out.back().from != rows->time(1)) {
      if (!out.empty()) close(out.back(), sums);
      out.push_back({.queue = rows->text(0), .from = rows->time(1)});
    }
    WaitError& row = out.back();
    ++row.announced;
    const std::string end = rows->text(5);
    if (end == "left") ++row.left;
    else if (end.empty()) ++row.waiting;
    else {
      ++row.answered;
      const double told = static_cast<double>(rows->integer(2)), actual = static_cast<double>(rows->integer(4)) / 1000;
      sums.told += told;
      sums.actual += actual;
      sums.error += actual - told;
      sums.estimate_error += actual - static_cast<double>(rows->integer(3)) / 1000;
      sums.longer += actual > told;
      sums.sizes.push_back(std::abs(actual - told));
    }
  }
  if (rows->failed()) return std::unexpected(database.error("wait_announced").error());
  if (!out.empty()) close(out.back(), sums);
  return out;
}

}  // namespace sr::store
