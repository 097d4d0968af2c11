// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/erlang.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sr::acd {
namespace {

// The wait that a caller of endless patience would be offered: with probability 1 - waits() none, else of the density
//   f(x) = lambda exp(g(x)) / (E + lambda J),   g(x) = lambda (1 - exp(-theta x)) / theta - n mu x,   J = integral of exp(g)
// with 1/E = Erlang B of n-1 agents (Baccelli, Hebuterne 1981; Zeltyn, Mandelbaum 2005, for exponential patience). The others give
// up by their own patience, so everything asked for is the integral of f with some weight. g has one maximum; all is divided by
// its exponential, so that nothing overflows.
class OfferedWait {
 public:
  OfferedWait(const Load& load, std::size_t agents)
      : lambda_(load.calls_per_s), theta_(1 / load.patience_s), clear_(static_cast<double>(agents) / load.handling_s) {
    peak_ = lambda_ > clear_ ? std::log(lambda_ / clear_) / theta_ : 0;
    top_ = exponent(peak_);
    double beyond = 1 / (clear_ + theta_);
    while (exponent(peak_ + beyond) - top_ > -kNegligible) beyond *= 2;
    left_ = exponent(0) - top_ > -kNegligible ? 0 : border(0, peak_);
    right_ = border(peak_ + beyond, peak_);
    scale_ = 1;
    const double area = integral([](double) { return 1.0; }, 0, right_);
    scale_ = lambda_ / (std::exp(-top_) / erlang_b(load.erlangs(), agents - 1) + lambda_ * area);
    waits_ = scale_ * area;
  }

  double waits() const { return waits_; }
  double end() const { return right_; }
  template <class Weight>
  double integral(Weight weight, double from, double to) const {
    const std::array cuts{left_, peak_, std::min(right_, peak_ + 40 / theta_), right_};  // between them f and patience are smooth
    double sum = 0;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) sum += smooth(weight, std::max(from, cuts[i]), std::min(to, cuts[i + 1]));
    return scale_ * sum;
  }
  double answered_within(double t) const {
    return 1 - waits_ + integral([this](double x) { return std::exp(-theta_ * x); }, 0, t);
  }
  double gives_up_by(double x) const { return -std::expm1(-theta_ * x); }

 private:
  static constexpr double kNegligible = 50;  // e^-50 of the maximum
  static constexpr int kPanels = 32;

  double exponent(double x) const { return lambda_ * gives_up_by(x) / theta_ - clear_ * x; }
  double border(double outside, double inside) const {
    for (int i = 0; i < 60; ++i) {
      const double middle = (outside + inside) / 2;
      (exponent(middle) - top_ > -kNegligible ? inside : outside) = middle;
    }
    return outside;
  }
  template <class Weight>
  double smooth(Weight weight, double from, double to) const {
    static constexpr std::array<std::array<double, 2>, 4> kGauss{{{0.1834346424956498, 0.3626837833783620}, {0.5255324099163290, 0.3137066458778873},
                                                                 {0.7966664774136267, 0.2223810344533745}, {0.9602898564975363, 0.1012285362903763}}};
    if (!(from < to)) return 0;
    const double half = (to - from) / (2 * kPanels);
    double sum = 0;
    for (int panel = 0; panel < kPanels; ++panel) {
      const double middle = from + half * (2 * panel + 1);
      for (const auto& [node, share] : kGauss)
        for (const double x : {middle - half * node, middle + half * node}) sum += share * weight(x) * std::exp(exponent(x) - top_);
    }
    return sum * half;
  }

  double lambda_, theta_, clear_;  // arrivals, losses of patience, and calls that n busy agents finish, per second
  double peak_ = 0, top_ = 0, left_ = 0, right_ = 0, scale_ = 1, waits_ = 0;
};

// The wait below which `share` of the answered stay; `within` grows with its argument.
template <class Within>
double quantile(Within within, double share, double most) {
  if (within(0) >= share) return 0;
  double low = 0, high = most;
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + high) / 2;
    (within(middle) < share ? low : high) = middle;
  }
  return high;
}

Service service_without_end(const Load& load, std::size_t agents, double threshold_s) {
  const double n = static_cast<double>(agents), erlangs = load.erlangs(), waits = erlang_c(erlangs, agents);
  Service s;
  s.p_wait = waits;
  s.occupancy = std::min(1.0, erlangs / n);
  if (erlangs >= n) {
    s.asa_s = s.mean_wait_s = s.mean_queue = s.p50_wait_s = s.p90_wait_s = kForever;
    return s;
  }
  const double mean = load.handling_s / (n - erlangs);  // of those who wait; their waits are exponential
  const auto percentile = [&](double share) { return waits > 1 - share ? mean * std::log(waits / (1 - share)) : 0; };
  s.service_level = s.service_level_2 = s.service_level_3 = 1 - waits * std::exp(-threshold_s / mean);
  s.asa_s = s.mean_wait_s = waits * mean;
  s.p50_wait_s = percentile(0.5);
  s.p90_wait_s = percentile(0.9);
  s.mean_queue = load.calls_per_s * s.mean_wait_s;
  return s;
}

// The smallest n up to `most` for which `good` holds; it holds for all larger ones. 0: for none.
template <class Good>
std::size_t smallest(std::size_t most, Good good) {
  if (!good(most)) return 0;
  std::size_t low = 0, high = most;  // not good (0 is not asked), good
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    (good(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

// B(0) = 1, 1/B(k) = 1 + k / (a B(k-1)): the inverse grows and may become infinite, where B is 0.
double erlang_b(double erlangs, std::size_t n) {
  if (n == 0) return 1;
  if (!(erlangs > 0)) return 0;
  double inverse = 1;
  for (std::size_t k = 1; k <= n; ++k) inverse = 1 + static_cast<double>(k) / erlangs * inverse;
  return 1 / inverse;
}

double erlang_b_of_carried(double carried, std::size_t n) {
  constexpr int kHalvings = 60;
  double low = carried, high = 100.0 * static_cast<double>(std::max<std::size_t>(n, 1));  // more load is blocked by 99 %
  for (int i = 0; i < kHalvings; ++i) {
    const double load = (low + high) / 2;
    if (load * (1 - erlang_b(load, n)) < carried) low = load;
    else high = load;
  }
  return erlang_b(high, n);
}

double erlang_c(double erlangs, std::size_t n) {
  const double agents = static_cast<double>(n);
  if (erlangs >= agents) return 1;
  const double blocked = erlang_b(erlangs, n);
  return agents * blocked / (agents - erlangs * (1 - blocked));
}

Service service_without_queue(const Load& load, std::size_t agents) {
  Service s;
  s.p_refused = erlang_b(load.erlangs(), agents);
  s.service_level = s.service_level_2 = s.service_level_3 = 1 - s.p_refused;
  s.occupancy = load.erlangs() * (1 - s.p_refused) / static_cast<double>(agents);
  return s;
}

Service service_with_patience(const Load& load, std::size_t agents, double threshold_s) {
  const OfferedWait wait(load, agents);
  const double answered = wait.answered_within(wait.end());
  const auto gives_up = [&](double x) { return wait.gives_up_by(x); };
  const auto percentile = [&](double share) {
    return quantile([&](double t) { return wait.answered_within(t) / answered; }, share, wait.end());
  };
  Service s;
  s.p_wait = wait.waits();
  s.p_abandon = wait.integral(gives_up, 0, wait.end());
  s.service_level = wait.answered_within(threshold_s);
  const double soon = wait.integral(gives_up, 0, threshold_s) + wait.gives_up_by(threshold_s) * wait.integral([](double) { return 1.0; }, threshold_s, wait.end());
  s.service_level_2 = s.service_level / (1 - soon);
  s.service_level_3 = s.service_level + soon;
  s.asa_s = wait.integral([&](double x) { return x * (1 - wait.gives_up_by(x)); }, 0, wait.end()) / answered;
  s.mean_wait_s = s.p_abandon * load.patience_s;
  s.p50_wait_s = percentile(0.5);
  s.p90_wait_s = percentile(0.9);
  s.occupancy = load.erlangs() * answered / static_cast<double>(agents);
  s.mean_queue = load.calls_per_s * s.mean_wait_s;
  return s;
}

Service service_of_group(const Load& load, std::size_t agents, double threshold_s) {
  return load.patience_s == kForever ? service_without_end(load, agents, threshold_s) : service_with_patience(load, agents, threshold_s);
}

std::size_t agents_needed(const Load& load, double service_level, double threshold_s, std::size_t agents_max) {
  return smallest(agents_max, [&](std::size_t n) { return service_of_group(load, n, threshold_s).service_level >= service_level; });
}

std::size_t trunks_needed(double erlangs, double blocking, std::size_t trunks_max) {
  return smallest(trunks_max, [&](std::size_t n) { return erlang_b(erlangs, n) <= blocking; });
}

}  // namespace sr::acd
