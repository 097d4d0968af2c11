// The load for `simulate --config`: spot.toml → calls per minute for queues of a center. Errors name file:line and what to write instead.
//   aht_s = 180                 # mean, talk and wrap-up      patience_s = 60   # mean, or "none"
//   [[calls]]                   # a curve                     [[spot]]          # most at once, then evenly less
//   queue = "orders"            # not given: the one that is simulated; also priority = 1
//   begin_min = 0               # minutes from the beginning
//   per_minute = [2, 30, 12]                                  length_min = 15, calls = 600
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>
#include <string>

#include "cti-core/acd/queue_simulation.h"

namespace sr::ctictl {

struct Curve {
  std::optional<double> handling_s{}, patience_s{};
  std::vector<acd::CallStream> streams{};
};

Result<Curve> parse_curve(std::string_view text, const std::string& file, const CenterConfig& center, acd::QueueNo simulated);
Result<Curve> read_curve(const std::string& file, const CenterConfig& center, acd::QueueNo simulated);

}  // namespace sr::ctictl
