// A queue of a configuration in virtual time, with its real rules: who serves it by name or skill, strategy, overflow steps, priorities,
// timeout and greatest length are the configuration's, and the decisions are those that ctid itself makes (acd::match, acd::overflow_step).
// Callers come by chance along curves of calls per minute, for this queue and for others whose agents help; only this queue's callers
// are measured. Handling times (talk and wrap-up) and patience are exponential, there is no ring time.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <vector>

#include "cti-core/acd/ids.h"
#include "cti-core/acd/simulation.h"
#include "cti-core/model/config.h"

namespace sr::acd {

inline constexpr std::size_t kCurveMinutesMax = 7 * 24 * 60;
inline constexpr double kPerMinuteMax = 100'000;

struct CallStream {
  QueueNo queue{};
  int priority = 0;
  std::vector<double> per_minute{};   // calls, minute by minute from the beginning
  std::size_t spot_begin = 0, spot_length = 0;  // minutes; it is a spot's, and overflow with spot = true begins as it is armed
};

struct QueueSimulationConfig {
  const CenterConfig* center = nullptr;
  QueueNo queue{};                    // the one that is measured
  std::vector<CallStream> streams{};
  double handling_s = 0, patience_s = kForever, threshold_s = 20;
  std::size_t runs = kBatches;        // the same curve again, with other callers
  std::uint64_t seed = 1;
  std::size_t minutes() const;        // of the longest curve
};

struct QueueSimulationResult {
  Measurement::Counts counts;         // timed_out are in none of answered, abandoned, refused
  std::uint64_t timed_out = 0, helped = 0;  // helped: of the answered, by an agent who serves it from an overflow step on
  std::uint64_t steps_begun = 0;
  double overflow_s = 0;              // while a step was taken, all runs together
  std::size_t most_waiting = 0, agents = 0, helpers = 0;
  Service service, half_width;        // over the runs
  std::uint64_t calls = 0;            // of all streams
};

Status check(const QueueSimulationConfig& config);
Result<QueueSimulationResult> simulate(const QueueSimulationConfig& config, const SimulationProgress& progress = {});

}  // namespace sr::acd
