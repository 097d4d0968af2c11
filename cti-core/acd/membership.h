// Which queues an agent serves: those that name him, and those whose skills he has, each at the level that is asked for or better; and
// those which he helps from an overflow step on. Pure, from the configuration.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <vector>

#include "cti-core/acd/strategy.h"
#include "cti-core/model/config.h"

namespace sr::acd {

bool has_skills(const AgentConfig& agent, const std::map<std::string, int>& asked);  // false, too, when none are asked for

bool depends_on(const QueueConfig& queue, const std::string& name);  // on that queue's members: its own, or they help it

// Of the agent at `place` in the configuration; a QueueNo is a queue's place. Who is named stands before who is there by his skills.
std::vector<Serving> served_by(const CenterConfig& center, std::size_t place);
// Of all agents, by their places. With a name, only the queues that depend on it.
std::vector<std::vector<Serving>> memberships(const CenterConfig& center, const std::string& of = {});

}  // namespace sr::acd
