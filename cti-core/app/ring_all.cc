// Strategy ring_all: a caller whose turn it is rings at all idle agents of his queue, and at whoever becomes idle while he rings. One agent is
// Call::agent as with every strategy, the others are his mates (offers.h). Callers who wait come first: only agents for whom nobody
// waits ring beside another.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"

namespace sr::app {

using acd::AgentEvent;

bool Center::rings_all(const Call& call) const {
  return call.phase == Phase::ringing && !call.choice.own && call.queue != acd::QueueNo::none && config_.queues[acd::index(call.queue)].strategy == Strategy::ring_all;
}

void Center::invite_mates() {
  std::erase_if(ringing_all_, [this](CallId id) {
    const Call* call = find(id);
    return !call || !rings_all(*call);
  });
  for (const CallId id : ringing_all_) {
    Call& call = *find(id);
    while (call.mates.size() + 1 < kRingAllMax) {
      const auto& line = agents_.idle().line(call.queue);
      if (line.empty() || !agents_.idle().may(call.queue, *line.begin())) break;
      acd::Agent& agent = agents_.at(line.begin()->agent);
      SR_ENSURE(agent_event(agent, AgentEvent::reserve, {}, id));
      const LegId leg = ring_agent(call, agent, config_.queues[acd::index(call.queue)].name, Cause::distributed);
      Mate& mate = call.mates[leg];
      mate = {agent.no, agent.device, timers_.now() + config_.no_answer, {}};
      guarded(mate.timer, config_.no_answer, [this, id, leg] {
        if (Call* c = find(id); c && c->mates.contains(leg)) mate_misses(*c, leg, Miss::no_answer);
      });
    }
  }
}

// He and Call::agent change places.
void Center::mate_answers(Call& call, LegId leg) {
  const auto mate = call.mates.extract(leg);
  stop(mate.mapped().timer);
  call.mates[call.agent_leg] = {call.agent, call.agent_device, call.rings_until, {}};
  call.agent = mate.mapped().agent;
  call.agent_device = mate.mapped().device;
  call.agent_leg = leg;
  agent_answers(call);
}

void Center::mate_misses(Call& call, LegId leg, Miss why) {
  const auto mate = call.mates.extract(leg);
  stop(mate.mapped().timer);
  missed(call, leg, mate.mapped().agent, mate.mapped().device, why);
}

bool Center::promote_mate(Call& call) {
  if (call.mates.empty()) return false;
  const auto mate = call.mates.extract(call.mates.begin());
  stop(mate.mapped().timer);
  call.agent = mate.mapped().agent;
  call.agent_device = mate.mapped().device;
  call.agent_leg = mate.key();
  ring_until(call, mate.mapped().until);
  return true;
}

void Center::free_mates(Call& call, bool another_answered) {
  for (auto& [leg, mate] : std::exchange(call.mates, {})) {
    stop(mate.timer);
    devices_.let_go(leg, 16);
    acd::Agent& agent = agents_.at(mate.agent);
    journal(ev::Diverted{call.id, mate.device, agent.id, another_answered ? Cause::redirected : Cause::callCancelled});
    agent_event(agent, AgentEvent::caller_gone, {}, call.id);
  }
}

// After a restart: of the phones that ring for it, one where somebody has answered meanwhile; else the first.
const board::LegSnapshot* Center::find_offered(const Call& call, const board::Snapshot& s) {
  const board::LegSnapshot* found = nullptr;
  for (const auto& leg : s.legs) {
    if (leg.tag.call != to_number(call.id) || leg.state == board::LegState::clearing || legs_.contains(leg.leg)) continue;
    const acd::Agent* agent = agents_.at_device(devices_.device_of(leg));
    if (!agent || agent->state != acd::AgentState::agentReady) continue;
    if (!found || (leg.state == board::LegState::connected && found->state != board::LegState::connected)) found = &leg;
  }
  return found;
}

void Center::adopt_mates(Call& call, const board::Snapshot& s) {
  while (const auto* offered = call.mates.size() + 1 < kRingAllMax ? find_offered(call, s) : nullptr) {
    acd::Agent& agent = *agents_.at_device(devices_.device_of(*offered));
    const LegId leg = offered->leg;
    const bool up = offered->state == board::LegState::connected;
    devices_.found(LegRole::agent, call.id, agent.device, *offered);
    Phone& p = phone(agent.device);
    if (p.line != leg) p.off_hook = false;
    phone_changed(agent.device);
    agent_event(agent, AgentEvent::reserve, {}, call.id);
    Mate& mate = call.mates[leg];
    mate = {agent.no, agent.device, timers_.now() + config_.no_answer, {}};
    guarded(mate.timer, config_.no_answer, [this, id = call.id, leg] {
      if (Call* c = find(id); c && c->mates.contains(leg)) mate_misses(*c, leg, Miss::no_answer);
    });
    if (up) (void)devices_.asks_again(agent.device);
  }
  ringing_all_.push_back(call.id);
}

}  // namespace sr::app
