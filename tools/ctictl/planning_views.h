// What `simulate` and `plan` show: a page for people, one flat JSON object for programs. Pure. Numbers that do not exist are "-" and
// null.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>
#include <string>

#include "cti-core/acd/queue_simulation.h"

namespace sr::ctictl {

std::string simulation_page(const acd::SimulationConfig& config, const acd::SimulationResult& result, bool colours);
std::string simulation_json(const acd::SimulationConfig& config, const acd::SimulationResult& result);

// Of a queue of a configuration.
std::string queue_page(const acd::QueueSimulationConfig& config, const acd::QueueSimulationResult& result, bool colours);
std::string queue_json(const acd::QueueSimulationConfig& config, const acd::QueueSimulationResult& result);

// By formula: `agents` are needed so that the share `service_level` is answered within the threshold.
struct StaffPlan {
  acd::Load load;
  double service_level = 0, threshold_s = 0;
  std::size_t agents = 0;
  std::size_t trunks = 0;  // whose blocking is asked for; 0: none
};
// The load of the trunks: a caller occupies one while he waits and while he is served.
double trunk_erlangs(const acd::Load& load, const acd::Service& service);
std::string plan_page(const StaffPlan& plan, bool colours);
std::string plan_json(const StaffPlan& plan);

}  // namespace sr::ctictl
