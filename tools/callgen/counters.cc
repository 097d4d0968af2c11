// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/counters.h"

#include <algorithm>
#include <cmath>

#include "drivers/base/json.h"

namespace sr::callgen {
namespace {
constexpr double kFirst_us = 10.0;
const double kStep = std::log(1.05);
}  // namespace

void Histogram::add(Duration d) {
  const double us = static_cast<double>(d.count());
  const double place = us <= kFirst_us ? 0.0 : std::ceil(std::log(us / kFirst_us) / kStep);
  ++buckets_[std::min(static_cast<std::size_t>(place), kBuckets - 1)];
  ++count_;
  max_ = std::max(max_, d);
}

double Histogram::percentile_ms(double p) const {
  if (count_ == 0) return 0.0;
  const auto want = static_cast<std::uint64_t>(std::ceil(p * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen >= std::max<std::uint64_t>(want, 1)) return std::min(kFirst_us * std::exp(kStep * static_cast<double>(i)) / 1e3, max_ms());
  }
  return max_ms();
}

Spread spread(const Histogram& h) { return {h.count(), h.percentile_ms(0.5), h.percentile_ms(0.95), h.percentile_ms(0.99), h.max_ms()}; }

std::string to_json(const Progress& progress) { return json::to_string(progress); }

}  // namespace sr::callgen
