// Queues at which nobody is logged on: after `empty_s` who waits there leaves with "empty", and who comes does not enter. Part of Center.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <optional>

#include "cti-core/acd/agent.h"
#include "drivers/base/time.h"

namespace sr::app {

class Center;

class Staffing {
 public:
  explicit Staffing(Center& center) : c_(center) {}
  ~Staffing();

  void look();                            // somebody may have logged on or off
  bool empty(acd::QueueNo queue) const;   // for so long that nobody enters
  TimerId leaves_at(acd::QueueNo queue) const;

 private:
  struct State { std::optional<Instant> since{}; TimerId timer{}; };
  void leave(acd::QueueNo queue);

  Center& c_;
  std::map<acd::QueueNo, State> queues_;
};

}  // namespace sr::app
