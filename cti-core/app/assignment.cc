// Skills and queues of agents while the center runs: what a supervisor changes is in the journal, lies over the configuration file, and is
// in force until another configuration is.
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

void Supervisors::restore(const Assignments& kept) {
  kept_ = kept;
  if (!kept.skills.empty() || !kept.members.empty()) serve_anew();
}

void Supervisors::file_counts() {
  if (kept_.skills.empty() && kept_.members.empty()) return;
  kept_ = {};
  serve_anew();
}

void Supervisors::serve_anew() {
  CenterConfig next = *c_.in_force_;
  acd::assign(next, kept_);
  c_.configure(next, acd::memberships(next));
}

CtiResult<void> Supervisors::set_skill(const SupervisorOrder& order) {
  const acd::Agent* agent = c_.agents_.find(order.agent);
  if (!agent || agent->leaves) return refused(4041, "no agent '" + order.agent + "'");
  if (order.level < 0 || order.level > kSkillLevelMax) return refused(-32602, "'level' must be from 1 to " + std::to_string(kSkillLevelMax) + ", or 0: he has it no more");
  if (!known_skill(c_.config_, order.skill)) return refused(4041, "no queue asks for skill '" + order.skill + "', and no agent has it");
  std::erase_if(kept_.skills, [&](const auto& one) { return one.agent == order.agent && one.skill == order.skill; });
  kept_.skills.push_back({order.agent, order.skill, order.level});
  serve_anew();
  c_.journal(ev::AgentSkill{order.agent, order.skill, order.level});
  return {};
}

CtiResult<void> Supervisors::set_member(const SupervisorOrder& order) {
  const bool member = order.verb == SupervisorVerb::addMember;
  const acd::Agent* agent = c_.agents_.find(order.agent);
  if (!agent || agent->leaves) return refused(4041, "no agent '" + order.agent + "'");
  const acd::QueueNo queue = c_.queue_no(order.queue);
  if (queue == acd::QueueNo::none) return refused(4041, "no queue '" + order.queue + "'");
  const auto& named = c_.config_.queues[acd::index(queue)].agents;
  if (member != (std::ranges::find(named, order.agent) == named.end()))
    return refused(4090, "queue '" + order.queue + "' names agent " + order.agent + (member ? " already" : " not; if he serves it by his skills, change these"));
  std::erase_if(kept_.members, [&](const auto& one) { return one.agent == order.agent && one.queue == order.queue; });
  kept_.members.push_back({order.queue, order.agent, member});
  serve_anew();
  c_.journal(ev::QueueMember{order.queue, order.agent, member});
  return {};
}

}  // namespace sr::app
