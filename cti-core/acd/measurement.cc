// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/measurement.h"

#include <algorithm>
#include <boost/mp11.hpp>
#include <cmath>
#include <vector>

namespace sr::acd {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double share(double part, double whole) { return whole > 0 ? part / whole : kNothing; }
double share(std::uint64_t part, std::uint64_t whole) { return share(static_cast<double>(part), static_cast<double>(whole)); }

Service service(const Measurement::Counts& c, double agents) {
  return {.service_level = share(c.answered_soon, c.offered),
          .service_level_2 = share(c.answered_soon, c.offered - c.abandoned_soon),
          .service_level_3 = share(c.answered_soon + c.abandoned_soon, c.offered),
          .asa_s = share(c.answered_wait_s, static_cast<double>(c.answered)),
          .mean_wait_s = share(c.answered_wait_s + c.abandoned_wait_s, static_cast<double>(c.answered + c.abandoned)),
          .p_wait = share(c.waited, c.offered),
          .p50_wait_s = c.waits.quantile_s(0.5),
          .p90_wait_s = c.waits.quantile_s(0.9),
          .p_abandon = share(c.abandoned, c.offered),
          .p_refused = share(c.refused, c.offered),
          .occupancy = share(c.busy_s, c.time_s * agents),
          .mean_queue = share(c.queue_s, c.time_s)};
}

// Student's t for 97.5 %: the expansion of Cornish and Fisher around the normal value (Abramowitz, Stegun 26.7.5), within 0.1 % from 4 on.
double student(std::size_t freedom) {
  constexpr double x = 1.959963985, x3 = x * x * x, x5 = x3 * x * x, x7 = x5 * x * x;
  const double n = static_cast<double>(freedom);
  return x + (x3 + x) / (4 * n) + (5 * x5 + 16 * x3 + 3 * x) / (96 * n * n) + (3 * x7 + 19 * x5 + 17 * x3 - 15 * x) / (384 * n * n * n);
}

double half_width(const std::vector<double>& values) {
  constexpr std::size_t kLeast = 5;
  if (values.size() < kLeast) return kNothing;
  const double n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double v : values) mean += v;
  mean /= n;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return student(values.size() - 1) * std::sqrt(squares / (n - 1) / n);
}

}  // namespace

Measurement::Measurement(Instant begin, Instant end, std::size_t agents, Duration threshold) : begin_(begin), end_(end), agents_(agents), threshold_(threshold) {}

void Measurement::arrived(Instant at) { if (auto* b = batch_of(at)) ++b->offered; }
void Measurement::refused(Instant arrived_at) { if (auto* b = batch_of(arrived_at)) ++b->refused; }
void Measurement::made_to_wait(Instant arrived_at) { if (auto* b = batch_of(arrived_at)) ++b->waited; }

void Measurement::answered(Instant arrived_at, Duration waited) {
  auto* b = batch_of(arrived_at);
  if (!b) return;
  ++b->answered;
  if (waited <= threshold_) ++b->answered_soon;
  b->answered_wait_s += to_seconds(waited);
  b->waits.add(waited);
}

void Measurement::gave_up(Instant arrived_at, Duration waited) {
  auto* b = batch_of(arrived_at);
  if (!b) return;
  ++b->abandoned;
  if (waited <= threshold_) ++b->abandoned_soon;
  b->abandoned_wait_s += to_seconds(waited);
}

void Measurement::time_passed(Instant from, Instant to, std::size_t busy, std::size_t waiting) {
  from = std::max(from, begin_);
  to = std::min(to, end_);
  while (from < to) {
    while (passing_ + 1 < kBatches && begin_of(passing_ + 1) <= from) ++passing_;
    const Instant stop = std::min(to, begin_of(passing_ + 1));
    const double seconds = to_seconds(stop - from);
    Counts& b = batches_[passing_];
    b.time_s += seconds;
    b.busy_s += seconds * static_cast<double>(busy);
    b.queue_s += seconds * static_cast<double>(waiting);
    from = stop;
  }
}

Measurement::Counts* Measurement::batch_of(Instant arrived_at) {
  if (arrived_at < begin_ || arrived_at >= end_) return nullptr;
  auto b = static_cast<std::size_t>(static_cast<double>((arrived_at - begin_).count()) / static_cast<double>((end_ - begin_).count()) * kBatches);
  return &batches_[std::min(b, kBatches - 1)];
}

void Measurement::Counts::add(const Counts& o) {
  offered += o.offered, answered += o.answered, abandoned += o.abandoned, refused += o.refused, waited += o.waited;
  answered_soon += o.answered_soon, abandoned_soon += o.abandoned_soon;
  answered_wait_s += o.answered_wait_s, abandoned_wait_s += o.abandoned_wait_s;
  time_s += o.time_s, busy_s += o.busy_s, queue_s += o.queue_s;
  waits.add(o.waits);
}

Measurement::Counts Measurement::total() const {
  Counts sum;
  for (const Counts& b : batches_) sum.add(b);
  return sum;
}

Service Measurement::service_of(const Counts& counts, std::size_t agents) { return acd::service(counts, static_cast<double>(agents)); }
Service Measurement::service() const { return service_of(total(), agents_); }

Service Measurement::half_width() const {
  std::vector<Service> parts;
  for (const Counts& b : batches_) parts.push_back(service_of(b, agents_));
  return half_width_of(parts);
}

Service half_width_of(const std::vector<Service>& parts) {
  Service out;
  boost::mp11::mp_for_each<boost::describe::describe_members<Service, boost::describe::mod_public>>([&](auto member) {
    std::vector<double> values;
    for (const Service& part : parts)
      if (const double v = part.*member.pointer; std::isfinite(v)) values.push_back(v);
    out.*member.pointer = half_width(values);
  });
  return out;
}

}  // namespace sr::acd
