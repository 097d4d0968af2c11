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

void Center::line(const std::string& device, LineEvent event) {
  Phone& p = phone(device);
  const auto* row = fsm::find(kLineTable, p.line_phase, event);
  if (!row) {
    ++counters_.no_row;
    return log::warn("line {}: {} in phase {}", device, boost::describe::enum_to_string(event, "?"), boost::describe::enum_to_string(p.line_phase, "?"));
  }
  if (p.line_phase != row->to)
    log::info("line {} {} -> {}: {}", device, boost::describe::enum_to_string(p.line_phase, "?"), boost::describe::enum_to_string(row->to, "?"),
              boost::describe::enum_to_string(event, "?"));
  p.line_phase = row->to;
  stop(p.line_timer);
  const auto at_most = [&](Duration d, LineEvent then) { guarded(p.line_timer, d, [this, device, then] { line(device, then); }); };
  const auto gone = [&](bool clear) {
    if (LegUse* use = clear ? use_of(p.line) : nullptr) {
      use->role = LegRole::gone;
      send(board::cmd::Clear{p.line, 16});
    }
    p.line = LegId::none;
    p.awaits_key = false;
    stop(p.timer);
    phone_changed(device);
  };
  const auto try_again = [&] {
    if (++p.tries < kRedialMax) at_most(kRedialAfter, LineEvent::wanted);
    else line_lost(device);
  };
  switch (row->act) {
    case LineAction::none: return;
    case LineAction::dial:
      p.line = new_leg(LegRole::line, CallId::none, device);
      send(board::cmd::Dial{p.line, p.config->group, shown_at(*p.config, {}), p.config->number, {0, Mode::alerting}});
      return at_most(kLineAnswerMax, LineEvent::late);
    case LineAction::ask:
      if (!p.needs_key()) return line(device, LineEvent::accepted);
      at_most(kLineAnswerMax, LineEvent::late);
      return await_key(device);
    case LineAction::open:
      p.tries = 0;
      if (p.outside()) send(board::cmd::Detect{p.line, true, false});
      send(board::cmd::Silence{p.line});
      tag(p.line, CallId::none, Mode::connected);
      return phone_changed(device);
    case LineAction::give_up:
      gone(true);
      return try_again();
    case LineAction::fail:
      gone(false);
      return try_again();
    case LineAction::lose:
      gone(false);
      return line_lost(device);
    case LineAction::lose_and_redial:
      gone(false);
      line_lost(device);
      p.tries = 0;
      if (p.outside()) at_most(kRedialAfter, LineEvent::wanted);
      return;
    case LineAction::hang_up: return gone(true);
  }
}

void Center::line_lost(const std::string& device) {
  acd::Agent* agent = agents_.at_device(device);
  if (agent && agent->state != AgentState::agentNotReady) agent_event(*agent, AgentEvent::not_ready, "line lost");
}

void Center::line_follows(const std::string& device, AgentAction action) {
  if (device.empty() || !phone(device).keeps_line()) return;
  if (action == AgentAction::log_off) line(device, LineEvent::unwanted);
  else if (action == AgentAction::log_on || action == AgentAction::become_ready) want_line(device);
}

void Center::want_line(const std::string& device) {
  Phone& p = phone(device);
  if (!p.outside() || p.line_phase != LinePhase::down || !in_step_ || !link_up_) return;
  p.tries = 0;
  line(device, LineEvent::wanted);
}

// A headset's phone is lifted. False: it is a phone like any other, because nobody is logged on there.
bool Center::line_lifted(const std::string& device, LegId leg) {
  Phone& p = phone(device);
  if (!p.keeps_line() || p.outside() || p.line_phase != LinePhase::down || !agents_.at_device(device)) return false;
  legs_[leg].role = LegRole::line;
  p.line = leg;
  p.leg = LegId::none;
  p.dialing = false;
  stop(p.timer);
  send(board::cmd::Answer{leg});  // no more dial tone
  line(device, LineEvent::lifted);
  return true;
}

void Center::line_digit(const std::string& device, char digit) {
  Phone& p = phone(device);
  if (p.line_phase != LinePhase::up || (p.leg != LegId::none && !p.dialing)) return;
  if (!p.dialing) {
    p.leg = p.line;
    p.digits.clear();
    p.dialing = true;
    phone_changed(device);
  }
  phone_digit(device, digit);
}

// ---- after a restart ------------------------------------------------------------------------------------------------

void Center::leg_found(LegRole role, CallId call, const std::string& device, const board::LegSnapshot& leg) {
  Phone& p = phone(device);
  LegUse& use = legs_[leg.leg] = {role, call, device, link_};
  if (p.outside()) count_span(use.span = leg.span, 1);
  if (role != LegRole::line) p.leg = leg.leg;
  if (!p.keeps_line() || leg.state != board::LegState::connected) return;
  p.line = leg.leg;
  p.line_phase = LinePhase::up;
}

// Nobody's call is on it, but an agent sits there.
bool Center::keep_line(const board::LegSnapshot& leg) {
  const std::string device = device_of(leg);
  if (device.empty() || leg.state != board::LegState::connected || !agents_.at_device(device)) return false;
  Phone& p = phone(device);
  if (!p.keeps_line() || p.line != LegId::none || p.leg != LegId::none) return false;
  leg_found(LegRole::line, CallId::none, device, leg);
  p.line_phase = leg.tag.mode == Mode::alerting ? LinePhase::dialling : LinePhase::asked;
  line(device, leg.tag.mode == Mode::alerting ? LineEvent::answered : LineEvent::accepted);
  return true;
}

void Center::settle_lines() {
  for (const auto& agent : agents_.all()) {
    if (agent.state == AgentState::agentNull || agent.device.empty()) continue;
    const Phone& p = phone(agent.device);
    if (!p.keeps_line() || p.line_phase != LinePhase::down || p.line_timer != TimerId::none) continue;
    const std::string device = agent.device;
    line_lost(device);
    want_line(device);
  }
}

}  // namespace sr::app
