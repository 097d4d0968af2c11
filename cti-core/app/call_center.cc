// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/call_center.h"

#include "cti-core/app/center.h"

namespace sr::app {

CallCenter::CallCenter(Timers& timers, Store& store, CenterConfig config, const Recovered& recovered, PromptExists prompt_exists)
    : center_(std::make_unique<Center>(timers, store, std::move(config), recovered, std::move(prompt_exists))) {}
CallCenter::~CallCenter() = default;

void CallCenter::attach(Board& board, ivr::Engine& engine) { center_->attach(board, engine); }
void CallCenter::reload_from(ConfigSource& source) { center_->config_source_ = &source; }
void CallCenter::reload_on_signal() { center_->reload_on_signal(); }
void CallCenter::started_with(const std::vector<ConfigChange>& changes) { center_->started_with(changes); }
BoardListener& CallCenter::listener() { return *center_; }
ivr::ScriptHost& CallCenter::host() { return *center_; }
CtiBackend& CallCenter::cti() { return *center_; }
void CallCenter::end_of_turn() { center_->end_of_turn(); }
CenterCounters CallCenter::counters() const { return center_->counters_; }
std::size_t CallCenter::calls() const { return center_->calls_.size() + center_->outs_.size(); }
std::size_t CallCenter::legs() const { return center_->legs_.size(); }
std::size_t CallCenter::waiting() const { return center_->waiting_.total(); }
bool CallCenter::in_step() const { return center_->in_step_; }
std::string CallCenter::check() const { return center_->check(); }
std::string CallCenter::digest(const std::function<Duration(TimerId)>& left) const { return center_->digest(left); }

// What must hold after every turn.
std::string Center::check() const {
  if (std::string wrong = places_.check(); !wrong.empty()) return wrong;
  std::unordered_map<acd::AgentNo, CallId> with;
  for (const auto& [id, c] : calls_) {
    const std::string name = "call " + std::to_string(to_number(id));
    if ((c.phase == Phase::queued) != (waiting_.find(id) != nullptr)) return name + ": in phase queued, or in a line, but not both";
    const bool agents = c.phase == Phase::ringing || c.phase == Phase::talking, others = c.phase == Phase::forwarding || c.phase == Phase::joined;
    if ((agents || others) != (c.agent_leg != LegId::none)) return name + ": an agent's leg and the phase do not agree";
    if (agents != (c.agent != acd::AgentNo::none) && c.phase != Phase::held) return name + ": an agent and the phase do not agree";
    if (agents && !with.emplace(c.agent, id).second) return name + ": its agent has another call too";
    if (!c.mates.empty() && (c.phase != Phase::ringing || c.mates.size() >= kRingAllMax)) return name + ": agents ring beside one who does not, or too many";
    for (const auto& [leg, mate] : c.mates)
      if (!with.emplace(mate.agent, id).second || !legs_.contains(leg)) return name + ": an agent who rings for it has another call too, or no leg";
    if (in_step_ && link_up_ && !want_match_ && rings_all(c) && c.mates.size() + 1 < kRingAllMax && agents_.idle().ready(c.queue) > 0)
      return name + ": rings all, but not an idle agent of its queue";
    if (c.consult.phase != ConsultPhase::none && c.phase != Phase::talking) return name + ": a consultation without an agent who talks";
    const bool second = has_second(c.consult.phase);
    if (second != (c.consult.leg != LegId::none)) return name + ": the second's leg and the phase do not agree";
    if (!second && c.consult.agent != acd::AgentNo::none) return name + ": a second agent and the phase do not agree";
    if (c.consult.asking != (c.consult.pause != TimerId::none) && c.consult.phase != ConsultPhase::dialling) return name + ": a flash that waits for no digit";
    if ((held_in(c.consult.phase) != Held::nobody) != (c.consult.hold_timer != TimerId::none)) return name + ": somebody is held and nobody is reminded";
    if ((c.consult.phase == ConsultPhase::conference) != (c.conference.has(c.leg) && c.conference.has(c.consult.leg))) return name + ": a conference without its members";
    if ((c.consult.phase == ConsultPhase::remaining) != (c.leg == LegId::none && c.phase == Phase::talking)) return name + ": without a caller, and nobody remains";
    if (second && c.consult.agent != acd::AgentNo::none && !with.emplace(c.consult.agent, id).second) return name + ": its second agent has another call too";
    if ((c.phase == Phase::clearing || c.phase == Phase::captured) && !c.booked) return name + ": is being cleared and is not booked";
    if (c.leg != LegId::none && !legs_.contains(c.leg)) return name + ": its leg is unknown";
    if (c.child != CallId::none && !outs_.contains(c.child)) return name + ": the call it dialled is gone";
  }
  for (const auto& [id, o] : outs_)
    if (o.agent != acd::AgentNo::none && !with.emplace(o.agent, id).second) return "call " + std::to_string(to_number(id)) + ": its agent has another call too";
  for (const auto& [id, o] : outs_)
    if (o.callee != acd::AgentNo::none && !with.emplace(o.callee, id).second) return "call " + std::to_string(to_number(id)) + ": whom it rings has another call too";
  if (agents_.all().size() != config_.agents.size() || wrap_timers_.size() != config_.agents.size()) return "agents and their configurations do not agree";
  if (waiting_.queues() != config_.queues.size() || overflow_.size() != config_.queues.size() || handling_.size() != config_.queues.size()) return "queues and their configurations do not agree";
  for (const auto& a : agents_.all()) {
    if (a.id != config_.agents[acd::index(a.no)].id) return "agent " + a.id + ": the configuration of somebody else";
    if (a.leaves && (a.state == acd::AgentState::agentReady || a.state == acd::AgentState::agentNotReady)) return "agent " + a.id + ": configured no more, and still logged on";
    const bool should = a.state == acd::AgentState::reserved || a.state == acd::AgentState::agentBusy;
    if (in_step_ && should != with.contains(a.no)) return "agent " + a.id + ": " + std::string(acd::name(a.state)) + ", and his calls do not agree";
    if (should && with.contains(a.no) && with.at(a.no) != a.call) return "agent " + a.id + ": another call than he knows of";
  }
  if (std::string wrong = supervisors_.check(); !wrong.empty()) return wrong;
  if (std::string wrong = devices_.check(); !wrong.empty()) return wrong;
  if (in_step_ && link_up_ && !want_match_ && !acd::match(waiting_, agents_.idle(), timers_.now()).empty()) return "a caller waits while an agent for him is ready";
  return check_walk();
}

}  // namespace sr::app
