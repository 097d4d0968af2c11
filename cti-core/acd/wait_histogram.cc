// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/wait_histogram.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace sr::acd {
namespace {

constexpr unsigned kBits = 8;  // 256 classes per doubling; below 256 us one per microsecond
constexpr std::uint64_t kClasses = 1u << kBits;

std::size_t class_of(std::uint64_t us) {
  if (us < kClasses) return us;
  const auto shift = static_cast<unsigned>(std::bit_width(us)) - kBits - 1;
  return (shift + 1) * kClasses + (us >> shift) - kClasses;
}

double begin_us(std::size_t c) {
  if (c < kClasses) return static_cast<double>(c);
  const auto shift = c / kClasses - 1;
  return static_cast<double>((c % kClasses + kClasses) << shift);
}

}  // namespace

void WaitHistogram::add(Duration wait) {
  const std::size_t c = class_of(static_cast<std::uint64_t>(std::max<std::int64_t>(wait.count(), 0)));
  if (counts_.size() <= c) counts_.resize(c + 1);
  ++counts_[c];
  ++count_;
}

void WaitHistogram::add(const WaitHistogram& other) {
  if (counts_.size() < other.counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t c = 0; c < other.counts_.size(); ++c) counts_[c] += other.counts_[c];
  count_ += other.count_;
}

double WaitHistogram::quantile_s(double share) const {
  if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
  double rank = share * static_cast<double>(count_);
  std::size_t c = 0;
  for (; c + 1 < counts_.size() && rank > static_cast<double>(counts_[c]); ++c) rank -= static_cast<double>(counts_[c]);
  if (c == 0) return 0;
  const double in_class = std::clamp(rank / static_cast<double>(std::max<std::uint64_t>(counts_[c], 1)), 0.0, 1.0);
  return (begin_us(c) + in_class * (begin_us(c + 1) - begin_us(c))) / 1e6;
}

}  // namespace sr::acd
