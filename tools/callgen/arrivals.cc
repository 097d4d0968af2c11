// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/arrivals.h"

#include <array>
#include <cmath>

namespace sr::callgen {
namespace {

// One show: the price is named three times, people dial for a while each time, fewer at the second, most at the last.
// A wave climbs within `rise` of the period and falls off slowly, as curves of real spots do.
struct Wave { double at, height; };
constexpr std::array kWaves = {Wave{0.02, 1.0}, Wave{0.35, 0.8}, Wave{0.66, 1.2}};
constexpr double kFloor = 0.25, kRise = 0.03, kFall = 0.16;

double shape(double x) {  // x in [0, 1): not yet normalised
  double sum = kFloor;
  for (const Wave& w : kWaves) {
    const double d = x - w.at;
    if (d < 0) continue;
    sum += w.height * (1.0 - std::exp(-d / kRise)) * std::exp(-(d / kFall) * (d / kFall)) * 2.0;
  }
  return sum;
}

constexpr int kSteps = 1'000;
struct Norm { double mean = 0, max = 0; };
Norm norm() {
  Norm n;
  for (int i = 0; i < kSteps; ++i) {
    const double y = shape((i + 0.5) / kSteps);
    n.mean += y / kSteps;
    n.max = std::max(n.max, y);
  }
  n.max *= 1.01;  // the grid may miss the very top
  return n;
}
const Norm kNorm = norm();

}  // namespace

Result<Curve> curve_from(std::string_view name) {
  if (name == "constant") return Curve::constant;
  if (name == "poisson") return Curve::poisson;
  if (name == "waves") return Curve::waves;
  return fail("unknown arrival curve '" + std::string(name) + "'", {}, "constant, poisson or waves");
}

double rate_at(const Arrivals& a, double t_s) {
  if (a.curve != Curve::waves) return a.rate;
  const double x = t_s / a.period_s;
  return a.rate * shape(x - std::floor(x)) / kNorm.mean;
}

double rate_max(const Arrivals& a) { return a.curve == Curve::waves ? a.rate * kNorm.max / kNorm.mean : a.rate; }

double next_arrival(const Arrivals& a, double t_s, Random& random) {
  if (a.curve == Curve::constant) return t_s + 1.0 / a.rate;
  const double highest = rate_max(a);
  for (;;) {  // ends with probability 1: the floor of the curve keeps a share of all points
    t_s += random.exponential(1.0 / highest);
    if (a.curve == Curve::poisson || random.chance(rate_at(a, t_s) / highest)) return t_s;
  }
}

}  // namespace sr::callgen
