// A supervisor listens, whispers or barges in (monitor_state.h). The board lays it over the agent's connection, which does not change.
// Whom the agent talks to is looked up at the end of each turn, so no path of a call needs to know that somebody listens.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "cti-core/app/supervisor_codes.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentState;
using board::ListenAs;

namespace {

ListenAs heard_as(SupervisorVerb verb) { return verb == SupervisorVerb::bargeIn ? ListenAs::barge : verb == SupervisorVerb::whisper ? ListenAs::whisper : ListenAs::listen; }
SupervisorVerb verb_of(ListenAs as) { return as == ListenAs::barge ? SupervisorVerb::bargeIn : as == ListenAs::whisper ? SupervisorVerb::whisper : SupervisorVerb::listen; }
const char* tone_of(ListenAs as) { return as == ListenAs::barge ? "beep3" : as == ListenAs::whisper ? "beep2" : "beep"; }

}  // namespace

// On which he talks now; none: he does not.
LegId Supervisors::talking_leg(const acd::Agent& agent) const {
  if (agent.state != AgentState::agentBusy) return LegId::none;
  if (const auto it = c_.calls_.find(agent.call); it != c_.calls_.end()) {
    const Call& call = it->second;
    if (call.phase == Phase::talking && call.agent == agent.no) return call.agent_leg;
    return call.consult.agent == agent.no ? call.consult.leg : LegId::none;
  }
  const auto it = c_.outs_.find(agent.call);
  if (it == c_.outs_.end()) return LegId::none;
  const OutCall& out = it->second;
  if (out.callee == agent.no) return out.established ? out.far : LegId::none;
  return out.agent == agent.no && out.phase != OutPhase::phone_rings ? out.near : LegId::none;
}

CtiResult<void> Supervisors::begin_monitor(const Actor& actor, const SupervisorOrder& order) {
  const acd::Agent* agent = c_.agents_.find(order.agent);
  if (!agent) return std::unexpected(CtiError{4041, "no agent '" + order.agent + "'"});
  if (agent->state == AgentState::agentNull) return std::unexpected(CtiError{4090, "agent " + agent->id + " is not logged on"});
  const auto device = supervisors_phone(actor, order);
  if (!device) return std::unexpected(device.error());
  if (*device == agent->device) return std::unexpected(CtiError{4090, "agent " + agent->id + " sits at phone " + *device + " himself"});
  const auto listening = monitors_.find(*device);
  if (listening != monitors_.end() && !listening->second.picks_up) {
    Monitor& m = listening->second;
    m.as = heard_as(order.verb);
    if (std::exchange(m.agent, agent->id) == agent->id) monitor(*device, MonitorEvent::mode);
    return {};
  }
  Monitor m{.who = actor.who, .from = actor.from, .supervisor = actor.agent && actor.agent->device == *device ? actor.agent->id : "", .agent = agent->id, .as = heard_as(order.verb)};
  m.call = talking_leg(*agent) == LegId::none ? CallId::none : agent->call;
  return ring_or_take(actor, *device, std::move(m));
}

// An order that needs the supervisor's voice: his phone is off-hook already, or it rings now.
CtiResult<void> Supervisors::ring_or_take(const Actor& actor, const std::string& device, Monitor m) {
  if (actor.leg == LegId::none) {
    if (!c_.in_step_ || !c_.link_up_) return std::unexpected(CtiError{5031, "the board is not connected"});
    if (!c_.phone_idle(device)) return std::unexpected(CtiError{5031, "phone " + device + " is in use"});
  }
  if (monitors_.size() >= kMonitorsMax) return std::unexpected(CtiError{5031, "more than " + std::to_string(kMonitorsMax) + " supervisors listen"});
  m.leg = actor.leg;
  monitors_[device] = std::move(m);
  monitor(device, actor.leg == LegId::none ? MonitorEvent::ring : MonitorEvent::begin);
  return {};
}

CtiResult<std::string> Supervisors::supervisors_phone(const Actor& actor, const SupervisorOrder& order) const {
  if (!actor.station.empty()) return actor.station;
  const std::string device = !order.device.empty() ? order.device : actor.agent ? actor.agent->device : std::string();
  if (device.empty()) return std::unexpected(CtiError{-32602, "'device' must name the phone of who listens; or he logs on there and is named by 'as'"});
  if (!c_.phones_.contains(device)) return std::unexpected(CtiError{4041, "no phone '" + device + "'"});
  return device;
}

void Supervisors::monitor(const std::string& station, MonitorEvent event) {
  Monitor& m = monitors_.at(station);
  const auto* row = fsm::find(kMonitorTable, m.phase, event);
  if (!row) {
    ++c_.counters_.no_row;
    return log::warn("phone {}: {} while {}", station, boost::describe::enum_to_string(event, "?"), boost::describe::enum_to_string(m.phase, "?"));
  }
  log::info("phone {} listens to agent {}: {} -> {}: {}", station, m.agent, boost::describe::enum_to_string(m.phase, "?"),
            boost::describe::enum_to_string(row->to, "?"), boost::describe::enum_to_string(event, "?"));
  m.phase = row->to;
  switch (row->act) {
    case MonitorAction::none: return;
    case MonitorAction::ring_phone:
      m.leg = c_.devices_.seize(LegRole::supervisor, CallId::none, station);
      c_.devices_.alert(station, m.agent, {}, board::Mode::connected);
      return c_.guarded(m.timer, c_.config_.no_answer, [this, station] { monitor(station, MonitorEvent::over); });
    case MonitorAction::tell_waiting:
      if (event == MonitorEvent::lost) c_.send(board::cmd::Disconnect{m.leg});
      else take_phone(m, event == MonitorEvent::begin);
      return c_.send(board::cmd::Tone{m.leg, "beep_low"});
    case MonitorAction::listen: return hear(m, event == MonitorEvent::found);
    case MonitorAction::release: return end_monitor(station);
  }
}

// The leg is a listener's from here on; while ctid is away the board lets it go on (mode connected, no call).
void Supervisors::take_phone(Monitor& m, bool dialled) {
  c_.stop(m.timer);
  m.listened = true;
  c_.legs_[m.leg].role = LegRole::supervisor;
  if (dialled && !c_.devices_.is_line(m.leg)) c_.send(board::cmd::Answer{m.leg});
  c_.tag(m.leg, CallId::none, board::Mode::connected);
}

void Supervisors::hear(Monitor& m, bool found) {
  c_.send(board::cmd::Listen{m.leg, m.target, m.as});
  c_.send(board::cmd::Tone{m.leg, tone_of(m.as)});
  const CallId call = c_.agents_.find(m.agent)->call;
  if (found && std::exchange(m.call, call) != call) audit({.who = m.who, .from = m.from}, {.verb = verb_of(m.as), .agent = m.agent, .call = call}, {});
}

void Supervisors::end_monitor(const std::string& station) {
  const auto it = monitors_.find(station);
  if (it == monitors_.end()) return;
  Monitor& m = it->second;
  c_.stop(m.timer);
  c_.devices_.let_go(m.leg, 16);
  const bool listened = m.listened;
  const Actor who{.who = m.who, .from = m.from};
  const SupervisorOrder stopped{.verb = SupervisorVerb::stopListening, .agent = m.agent, .call = m.call};
  monitors_.erase(it);
  if (listened) audit(who, stopped, {});
}

// The supervisor's leg has ended.
void Supervisors::gone(const std::string& station, LegId leg) {
  if (const auto it = monitors_.find(station); it != monitors_.end() && it->second.leg == leg) end_monitor(station);
}

void Supervisors::answers(const std::string& station, LegId leg) {
  const auto it = monitors_.find(station);
  if (it == monitors_.end() || it->second.leg != leg || it->second.phase != MonitorPhase::calling) return;
  if (!it->second.picks_up) return monitor(station, MonitorEvent::answered);
  const Monitor m = it->second;
  c_.stop(it->second.timer);
  monitors_.erase(it);
  c_.legs_[leg].role = c_.devices_.is_line(leg) ? LegRole::line : LegRole::phone;
  acd::Agent* agent = c_.agents_.find(m.supervisor);
  const auto taken = agent ? take_call(*agent, m.call, station, leg) : std::unexpected(CtiError{4041, "no agent '" + m.supervisor + "'"});
  audit({.who = m.who, .from = m.from}, {.verb = SupervisorVerb::pickup, .agent = m.agent, .call = m.call}, taken);
  if (!taken) c_.phone_done(station, false, "busy");
}

void Supervisors::digit(const std::string& station, char digit) {
  const auto it = monitors_.find(station);
  const auto verb = listening_key(digit);
  if (it == monitors_.end() || !verb || it->second.phase == MonitorPhase::calling) return;
  it->second.as = heard_as(*verb);
  monitor(station, MonitorEvent::mode);
  const Monitor& m = it->second;
  audit({.who = m.who, .from = m.from}, {.verb = *verb, .agent = m.agent, .call = m.phase == MonitorPhase::hearing ? m.call : CallId::none}, {});
}

void Supervisors::settle() {
  if (monitors_.empty() || !c_.in_step_ || !c_.link_up_) return;
  std::vector<std::string> stations;
  for (const auto& [station, m] : monitors_) stations.push_back(station);
  for (const auto& station : stations) {
    Monitor& m = monitors_.at(station);
    const acd::Agent* agent = c_.agents_.find(m.agent);
    const acd::Agent* supervisor = c_.agents_.find(m.supervisor);
    const bool may = m.supervisor.empty() || (supervisor && supervisor->supervisor && supervisor->device == station);
    if (!may || (!m.picks_up && (!agent || agent->state == AgentState::agentNull))) {
      monitor(station, MonitorEvent::over);
      continue;
    }
    if (m.phase != MonitorPhase::waiting && m.phase != MonitorPhase::hearing) continue;
    const LegId leg = talking_leg(*agent);
    if (std::exchange(m.target, leg) != leg) monitor(station, leg == LegId::none ? MonitorEvent::lost : MonitorEvent::found);
  }
}

// The link is there again. Who listened does so still; a restart of ctid finds it in the snapshot. Who only waited is cleared as a stranger.
void Supervisors::resume(const board::Snapshot& s) {
  for (const auto& leg : s.legs) {
    if (const LegUse* use = c_.use_of(leg.leg); use && use->role == LegRole::supervisor) {
      const auto it = monitors_.find(use->station);
      if (it == monitors_.end() || it->second.phase != MonitorPhase::hearing) continue;
      const Monitor& m = it->second;
      if (leg.listens_to != m.target || leg.listens_as != m.as) c_.send(board::cmd::Listen{m.leg, m.target, m.as});
      continue;
    }
    if (c_.use_of(leg.leg) || !leg.listens_to || leg.state == board::LegState::clearing) continue;
    const std::string station = c_.devices_.device_of(leg);
    const acd::Agent* supervisor = station.empty() ? nullptr : c_.agents_.at_device(station);
    const auto heard = std::ranges::find_if(c_.agents_.all(), [&](const acd::Agent& a) { return talking_leg(a) == *leg.listens_to; });
    if (!supervisor || !supervisor->supervisor || heard == c_.agents_.all().end()) continue;
    c_.devices_.found(LegRole::supervisor, CallId::none, station, leg);
    monitors_[station] = {.phase = MonitorPhase::hearing, .who = supervisor->id, .from = "phone " + station, .supervisor = supervisor->id, .agent = heard->id,
                              .as = leg.listens_as.value_or(ListenAs::listen), .listened = true, .leg = leg.leg, .target = *leg.listens_to, .call = heard->call};
  }
}

void Supervisors::forget() {
  for (auto& [station, m] : monitors_) c_.stop(m.timer);
  monitors_.clear();
}

std::string Supervisors::check() const {
  if (!c_.in_step_ || !c_.link_up_) return {};
  for (const auto& [station, m] : monitors_) {
    const auto use = c_.legs_.find(m.leg);
    if (use == c_.legs_.end() || use->second.role != LegRole::supervisor) return "phone " + station + ": listens without a leg";
    if ((m.phase == MonitorPhase::hearing) != (m.target != LegId::none)) return "phone " + station + ": hears somebody, or its phase says so, but not both";
    const acd::Agent* agent = c_.agents_.find(m.agent);
    if (m.phase == MonitorPhase::hearing && (!agent || talking_leg(*agent) != m.target)) return "phone " + station + ": hears another leg than its agent's";
  }
  for (const auto& [leg, use] : c_.legs_)
    if (use.role == LegRole::supervisor && !monitors_.contains(use.station)) return "phone " + use.station + ": a listener's leg that is nobody's";
  return {};
}

}  // namespace sr::app
