// Lines that are kept up between calls (line_state.h): called when their agent logs on or is ready, or lifted by him; lost, he is not ready.
// What he keys while no call is on his line is a code, as on any phone.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentAction;
using acd::AgentEvent;
using acd::AgentState;
using board::Mode;

void Devices::line(const std::string& device, LineEvent event) {
  Phone& p = c_.phone(device);
  const auto* row = fsm::find(kLineTable, p.line_phase, event);
  if (!row) {
    ++c_.counters_.no_row;
    return log::warn("line {}: {} in phase {}", device, boost::describe::enum_to_string(event, "?"), boost::describe::enum_to_string(p.line_phase, "?"));
  }
  if (p.line_phase != row->to)
    log::info("line {} {} -> {}: {}", device, boost::describe::enum_to_string(p.line_phase, "?"), boost::describe::enum_to_string(row->to, "?"),
              boost::describe::enum_to_string(event, "?"));
  p.line_phase = row->to;
  c_.stop(p.line_timer);
  obey(device, row->act);
}

void Devices::obey(const std::string& device, LineAction action) {
  Phone& p = c_.phone(device);
  const auto at_most = [&](Duration d) { c_.guarded(p.line_timer, d, [this, device] { line(device, LineEvent::late); }); };
  switch (action) {
    case LineAction::none: return;
    case LineAction::dial:
      p.line = c_.new_leg(LegRole::line, CallId::none, device);
      c_.send(board::cmd::Dial{p.line, p.config->group, shown_at(*p.config, {}), p.config->number, {0, Mode::alerting}});
      return at_most(kLineAnswerMax);
    case LineAction::ask:
      if (!p.needs_key()) return line(device, LineEvent::accepted);
      at_most(kLineAnswerMax);
      return await_key(device);
    case LineAction::open:
      p.tries = 0;
      hear_digits(device);
      c_.send(board::cmd::Silence{p.line});
      c_.tag(p.line, CallId::none, Mode::connected);
      return c_.phone_changed(device);
    case LineAction::give_up:
      drop(device, true);
      return try_again(device);
    case LineAction::fail:
      drop(device, false);
      return try_again(device);
    case LineAction::lose:
      drop(device, false);
      return lost(device);
    case LineAction::lose_and_redial:
      drop(device, false);
      p.tries = 0;
      if (p.outside()) redial(device);
      return lost(device);
    case LineAction::hang_up: return drop(device, true);
  }
}

void Devices::drop(const std::string& device, bool clear) {
  Phone& p = c_.phone(device);
  const LegId leg = std::exchange(p.line, LegId::none);
  if (LegUse* use = clear ? c_.use_of(leg) : nullptr) {
    use->role = LegRole::gone;
    c_.send(board::cmd::Clear{leg, 16});
    c_.supervisors_.gone(device, leg);  // who listened there does so no more
  }
  p.awaits_key = false;
  c_.stop(p.timer);
  c_.phone_changed(device);
}

void Devices::try_again(const std::string& device) {
  if (++c_.phone(device).tries < kRedialMax) redial(device);
  else lost(device);
}

// Not while he is called on it otherwise.
void Devices::redial(const std::string& device) {
  c_.guarded(c_.phone(device).line_timer, kRedialAfter, [this, device] {
    if (c_.phone(device).leg != LegId::none) redial(device);
    else line(device, LineEvent::wanted);
  });
}

void Devices::lost(const std::string& device) {
  acd::Agent* agent = c_.agents_.at_device(device);
  if (agent && agent->state != AgentState::agentNotReady) c_.agent_event(*agent, AgentEvent::not_ready, "line lost");
}

void Devices::follow(const std::string& device, AgentAction action) {
  if (device.empty()) return;
  if (keeps_line(device)) {
    if (action == AgentAction::log_off) line(device, LineEvent::unwanted);
    else if (action == AgentAction::log_on || action == AgentAction::become_ready) want(device);
  }
  if (action == AgentAction::log_off) free(device);
}

void Devices::want(const std::string& device) {
  if (!keeps_line(device)) return;
  Phone& p = c_.phone(device);
  if (!p.outside() || p.line_phase != LinePhase::down || !c_.in_step_ || !c_.link_up_) return;
  p.tries = 0;
  if (p.leg != LegId::none) redial(device);
  else line(device, LineEvent::wanted);
}

void Devices::leg_gone(const std::string& device, LegId leg, bool hung_up) {
  const auto at = c_.phones_.find(device);
  if (at != c_.phones_.end() && at->second.line == leg) line(device, hung_up ? LineEvent::hung_up : LineEvent::dropped);
}

// A headset's phone is lifted; before its agent logs on it is a phone like any other.
bool Devices::lifted(const std::string& device, LegId leg) {
  Phone& p = c_.phone(device);
  if (!p.keeps_line() || p.outside() || p.line_phase != LinePhase::down || !c_.agents_.at_device(device)) return false;
  c_.legs_[leg].role = LegRole::line;
  p.line = leg;
  p.leg = LegId::none;
  p.dialing = false;
  c_.stop(p.timer);
  c_.send(board::cmd::Answer{leg});  // no more dial tone
  line(device, LineEvent::lifted);
  return true;
}

void Devices::digit(const std::string& device, char digit) {
  Phone& p = c_.phone(device);
  if (p.line_phase != LinePhase::up || (p.leg != LegId::none && !p.dialing)) return;
  if (!p.dialing) {
    p.leg = p.line;
    p.digits.clear();
    p.dialing = true;
    c_.phone_changed(device);
  }
  c_.phone_digit(device, digit);
}

// Nobody's call is on it, but an agent sits there.
bool Devices::keep_line(const board::LegSnapshot& leg) {
  const std::string device = device_of(leg);
  if (device.empty() || leg.state != board::LegState::connected || !c_.agents_.at_device(device)) return false;
  Phone& p = c_.phone(device);
  if (!p.keeps_line() || p.line != LegId::none || p.leg != LegId::none) return false;
  found(LegRole::line, CallId::none, device, leg);
  p.line_phase = leg.tag.mode == Mode::alerting ? LinePhase::dialling : LinePhase::asked;
  line(device, leg.tag.mode == Mode::alerting ? LineEvent::answered : LineEvent::accepted);
  return true;
}

void Devices::settle() {
  for (const auto& agent : c_.agents_.all()) {
    if (agent.state == AgentState::agentNull || agent.device.empty()) continue;
    const Phone& p = c_.phone(agent.device);
    if (!p.keeps_line() || p.line_phase != LinePhase::down || p.line_timer != TimerId::none) continue;
    const std::string device = agent.device;
    lost(device);
    want(device);
  }
}

std::string Devices::check() const {
  for (const auto& [device, p] : c_.phones_) {
    if ((p.line_phase == LinePhase::down) != (p.line == LegId::none)) return "line " + device + ": its leg and its phase do not agree";
    if (p.line != LegId::none && !c_.legs_.contains(p.line)) return "line " + device + ": its leg is unknown";
    const acd::Agent* agent = c_.agents_.at_device(device);
    const bool wants_line = agent && agent->state == AgentState::agentReady && p.outside() && p.keeps_line() && c_.in_step_ && c_.link_up_;
    if (wants_line && p.line_phase == LinePhase::down && p.line_timer == TimerId::none) return "line " + device + ": its agent is ready, and nobody calls him";
    if (p.awaits_key && p.open_leg() == LegId::none) return "phone " + device + ": a key is awaited, and no leg is up";
    if (p.line != LegId::none && p.line != p.leg && c_.legs_.at(p.line).role != LegRole::line) return "line " + device + ": no call is on it, and its leg is used";
    if (p.leg == LegId::none) continue;
    const auto use = c_.legs_.find(p.leg);
    const auto call = use == c_.legs_.end() ? c_.calls_.end() : c_.calls_.find(use->second.call);
    const bool talks = call != c_.calls_.end() && call->second.phase == Phase::talking && call->second.agent_leg == p.leg && call->second.consult.phase == ConsultPhase::none;
    if (p.awaits_key && talks) return "phone " + device + ": a key is awaited from who talks";
    if (use != c_.legs_.end() && p.leg == p.line && use->second.role == LegRole::line && !p.dialing) return "line " + device + ": in use for no call";
  }
  return {};
}

}  // namespace sr::app
