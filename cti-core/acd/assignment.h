// What supervisors have changed beside the configuration file, put into the configuration. Pure.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "cti-core/model/config.h"
#include "cti-core/model/supervisor.h"

namespace sr::acd {

void assign_skill(AgentConfig& agent, const std::string& skill, int level);  // 0: no longer
void assign_member(QueueConfig& queue, const std::string& agent, bool member);
void assign(CenterConfig& config, const Assignments& kept);  // whom or what the file does not name any more is passed over

}  // namespace sr::acd
