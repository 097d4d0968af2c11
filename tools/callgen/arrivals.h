// When callers dial. A curve is a rate over time; arrivals are drawn from it by thinning (a Poisson process of the highest rate,
// each point kept with the probability rate/highest), the constant curve is a metronome.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string_view>

#include "drivers/base/result.h"
#include "drivers/base/time.h"
#include "tools/callgen/random.h"

namespace sr::callgen {

enum class Curve { constant, poisson, waves };
Result<Curve> curve_from(std::string_view name);

inline constexpr double kRateMax = 5'000.0;  // calls per second; a larger one in a scenario is refused

struct Arrivals {
  Curve curve = Curve::poisson;
  double rate = 1.0;       // calls per second on the average of one `period`
  double period_s = 90.0;  // waves: three of them in one period: the spot, its repetition, the last minutes
};

double rate_at(const Arrivals& arrivals, double t_s);  // calls per second at t seconds after the start
double rate_max(const Arrivals& arrivals);
double next_arrival(const Arrivals& arrivals, double t_s, Random& random);  // the first one after t, in seconds

}  // namespace sr::callgen
