// How somebody at a phone hears that the other side is gone: energy that comes and goes with the even rhythm of busy tone
// (0.35/0.35 s) or congestion tone (0.7/0.7 s). Fed with the Activity events of his leg; their hangover of 200 ms lengthens the
// burst and shortens the pause, the period stays.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdlib>

#include "drivers/base/time.h"

namespace sr::callgen {

class BusyTone {
 public:
  static constexpr int kPeriods = 2;          // that must look alike
  static constexpr Duration kSlack = 100ms;

  void reset() { *this = BusyTone{}; }
  bool heard() const { return alike_ >= kPeriods; }

  void feed(Instant at, bool on) {
    if (!on) return;
    if (last_ != Instant{}) {
      const Duration period = at - last_;
      alike_ = near(period, 700ms) || near(period, 1400ms) ? (alike_ == 0 || near(period, period_) ? alike_ + 1 : 1) : 0;
      period_ = period;
    }
    last_ = at;
  }

 private:
  static bool near(Duration a, Duration b) { return a > b - kSlack && a < b + kSlack; }
  Instant last_{};
  Duration period_{};
  int alike_ = 0;
};

}  // namespace sr::callgen
