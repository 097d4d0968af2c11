// Skills and queues of agents while the center runs: what a supervisor changes is in the journal and in force until the configuration
// file is read anew.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/assignment.h"
#include "cti-core/acd/membership.h"
#include "cti-core/app/center.h"

namespace sr::app {
namespace {

std::unexpected<CtiError> refused(int code, std::string why) { return std::unexpected(CtiError{code, std::move(why)}); }

bool known_skill(const CenterConfig& config, const std::string& skill) {
  const auto asks = [&](const auto& one) { return one.skills.contains(skill); };
  return std::ranges::any_of(config.agents, asks) || std::ranges::any_of(config.queues, [&](const QueueConfig& q) { return asks(q) || std::ranges::any_of(q.overflow, asks); });
}

}  // namespace

// Everybody, because who is named where decides the places of the others, too.
void Supervisors::serve_anew() {
  for (std::size_t n = 0; n < c_.config_.agents.size(); ++n) c_.agents_.serves(c_.agents_.at(acd::AgentNo{static_cast<std::uint32_t>(n)}), acd::served_by(c_.config_, n), c_.timers_.now());
  c_.want_match_ = true;
}

CtiResult<void> Supervisors::set_skill(const SupervisorOrder& order) {
  const auto agent = std::ranges::find(c_.config_.agents, order.agent, &AgentConfig::id);
  if (agent == c_.config_.agents.end()) return refused(4041, "no agent '" + order.agent + "'");
  if (order.level < 0 || order.level > kSkillLevelMax) return refused(-32602, "'level' must be from 1 to " + std::to_string(kSkillLevelMax) + ", or 0: he has it no more");
  if (!known_skill(c_.config_, order.skill)) return refused(4041, "no queue asks for skill '" + order.skill + "', and no agent has it");
  acd::assign_skill(*agent, order.skill, order.level);
  serve_anew();
  c_.journal(ev::AgentSkill{agent->id, order.skill, order.level});
  return {};
}

CtiResult<void> Supervisors::set_member(const SupervisorOrder& order) {
  const bool member = order.verb == SupervisorVerb::addMember;
  const auto agent = std::ranges::find(c_.config_.agents, order.agent, &AgentConfig::id);
  if (agent == c_.config_.agents.end()) return refused(4041, "no agent '" + order.agent + "'");
  const auto queue = std::ranges::find(c_.config_.queues, order.queue, &QueueConfig::name);
  if (queue == c_.config_.queues.end()) return refused(4041, "no queue '" + order.queue + "'");
  if (member != (std::ranges::find(queue->agents, order.agent) == queue->agents.end()))
    return refused(4090, "queue '" + order.queue + "' names agent " + order.agent + (member ? " already" : " not; if he serves it by his skills, change these"));
  acd::assign_member(*queue, order.agent, member);
  serve_anew();
  c_.journal(ev::QueueMember{order.queue, order.agent, member});
  return {};
}

}  // namespace sr::app
