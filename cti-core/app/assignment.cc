// Skills and queues of agents while the center runs: what a supervisor changes is in the journal and in force until the configuration
// file is read anew.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/acd/membership.h"
#include "cti-core/app/center.h"

namespace sr::app {
namespace {

std::unexpected<CtiError> refused(int code, std::string why) { return std::unexpected(CtiError{code, std::move(why)}); }

bool known_skill(const CenterConfig& config, const std::string& skill) {
  const auto asks = [&](const auto& one) { return one.skills.contains(skill); };
  return std::ranges::any_of(config.agents, asks) || std::ranges::any_of(config.queues, [&](const QueueConfig& q) { return asks(q) || std::ranges::any_of(q.overflow, asks); });
}

void assign_skill(AgentConfig& agent, const std::string& skill, int level) {
  if (level > 0) agent.skills[skill] = level;
  else agent.skills.erase(skill);
}

void assign_member(QueueConfig& queue, const std::string& agent, bool member) {
  const auto at = std::ranges::find(queue.agents, agent);
  if (member && at == queue.agents.end()) queue.agents.push_back(agent);
  if (!member && at != queue.agents.end()) queue.agents.erase(at);
}

}  // namespace

// Whom or what the file does not name any more is passed over.
void Center::restore_assignments(const Assignments& kept) {
  for (const auto& one : kept.skills)
    if (const auto agent = std::ranges::find(config_.agents, one.agent, &AgentConfig::id); agent != config_.agents.end()) assign_skill(*agent, one.skill, one.level);
  for (const auto& one : kept.members) {
    const auto queue = std::ranges::find(config_.queues, one.queue, &QueueConfig::name);
    if (queue != config_.queues.end() && std::ranges::find(config_.agents, one.agent, &AgentConfig::id) != config_.agents.end()) assign_member(*queue, one.agent, one.member);
  }
}

// Everybody, because who is named where decides the places of the others, too.
void Center::serve_anew() {
  for (std::size_t n = 0; n < config_.agents.size(); ++n) agents_.serves(agents_.at(acd::AgentNo{static_cast<std::uint32_t>(n)}), acd::served_by(config_, n), timers_.now());
  want_match_ = true;
}

CtiResult<void> Center::set_skill(const SupervisorOrder& order) {
  const auto agent = std::ranges::find(config_.agents, order.agent, &AgentConfig::id);
  if (agent == config_.agents.end()) return refused(4041, "no agent '" + order.agent + "'");
  if (order.level < 0 || order.level > kSkillLevelMax) return refused(-32602, "'level' must be from 1 to " + std::to_string(kSkillLevelMax) + ", or 0: he has it no more");
  if (!known_skill(config_, order.skill)) return refused(4041, "no queue asks for skill '" + order.skill + "', and no agent has it");
  assign_skill(*agent, order.skill, order.level);
  serve_anew();
  journal(ev::AgentSkill{agent->id, order.skill, order.level});
  return {};
}

CtiResult<void> Center::set_member(const SupervisorOrder& order) {
  const bool member = order.verb == SupervisorVerb::addMember;
  const auto agent = std::ranges::find(config_.agents, order.agent, &AgentConfig::id);
  if (agent == config_.agents.end()) return refused(4041, "no agent '" + order.agent + "'");
  const auto queue = std::ranges::find(config_.queues, order.queue, &QueueConfig::name);
  if (queue == config_.queues.end()) return refused(4041, "no queue '" + order.queue + "'");
  if (member != (std::ranges::find(queue->agents, order.agent) == queue->agents.end()))
    return refused(4090, "queue '" + order.queue + "' names agent " + order.agent + (member ? " already" : " not; if he serves it by his skills, change these"));
  assign_member(*queue, order.agent, member);
  serve_anew();
  journal(ev::QueueMember{order.queue, order.agent, member});
  return {};
}

}  // namespace sr::app
