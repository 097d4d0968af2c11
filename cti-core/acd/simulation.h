// A queue in virtual time: callers arrive by chance, and who gets whom is decided by acd::match over the lines and the agents that
// ctid itself uses. Handling times and patience are exponential, there is no ring time, and wrap-up is part of the handling time.
// A caller's times depend on the seed and his number alone: the same seed brings the same callers whatever the staff is.
// After every event: no caller waits while an agent is ready, and no agent has two calls.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <optional>

#include "cti-core/acd/measurement.h"
#include "drivers/base/result.h"

namespace sr::acd {

inline constexpr std::size_t kSimulatedAgentsMax = 10'000;
inline constexpr std::size_t kSimulatedWaitingMax = 100'000;  // then the run ends: the staff does not get through its calls
inline constexpr double kSimulatedCallsMax = 1e9;
inline constexpr double kSimulatedSecondsMax = 1e6;             // handling time, threshold

struct SimulationConfig {
  double calls_per_hour = 0, handling_s = 0;
  std::size_t agents = 0;
  double patience_s = kForever;
  double threshold_s = 20;
  double hours = 100, warmup_hours = 1;                         // hours counted, and before them hours that are not
  std::uint64_t seed = 1;
  std::optional<std::size_t> waiting_max = std::nullopt;        // who finds so many waiting is refused
  Load load() const { return {calls_per_hour / 3600, handling_s, patience_s}; }
};

struct SimulationResult {
  Measurement::Counts counts;
  Service service, half_width;   // measured; 95 % confidence
  std::uint64_t calls = 0;       // simulated, also those that are not counted
};

Status check(const SimulationConfig& config);
// Called now and then with the share that is done; false ends the run.
using SimulationProgress = std::function<bool(double done)>;
// `config` has passed check(). Fails when too many wait, or `progress` has ended it.
Result<SimulationResult> simulate(const SimulationConfig& config, const SimulationProgress& progress = {});
// The formula for such a queue; nothing where there is none.
std::optional<Service> theory_of(const SimulationConfig& config);

}  // namespace sr::acd
