// What an agent's device is: a station that rings, an outside phone that is dialled for each call, or a line that is kept up, on which a call is
// announced. Its leg is seized, then alerted, then answered or accepted, and let go; the rest of the center does not see the difference.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"

namespace sr::app {

using board::Mode;

LegId Center::seize(LegRole role, CallId call, const std::string& device) {
  Phone& p = phone(device);
  if (p.line_phase == LinePhase::up) {
    LegUse& use = legs_[p.line];
    use.role = role;
    use.call = call;
    p.leg = p.line;
  } else {
    p.leg = new_leg(role, call, device);
  }
  phone_changed(device);
  return p.leg;
}

void Center::alert(const std::string& device, const std::string& calling, const std::string& name) {
  const Phone& p = phone(device);
  const CallId call = legs_[p.leg].call;
  if (p.leg == p.line) {
    tag(p.leg, call, Mode::connected);
    announce(device);
  } else if (p.outside()) {
    send(board::cmd::Dial{p.leg, p.config->group, shown_at(*p.config, calling), p.config->number, {to_number(call), Mode::alerting}});
  } else {
    send(board::cmd::Ring{p.leg, device, calling, name, {to_number(call), Mode::alerting}});
  }
}

std::string Center::shown_at(const PhoneConfig& config, const std::string& calling) const {
  if (config.calling == "caller") return calling;
  return config.calling.empty() ? config_.outgoing_calling : config.calling;
}

// It is up, and a call is offered on it. Without a key it is his after the beep.
void Center::announce(const std::string& device) {
  Phone& p = phone(device);
  if (p.needs_key()) return await_key(device);
  send(board::cmd::Tone{p.leg, "beep"});
  guarded(p.timer, kBeepTime, [this, device, leg = p.leg] {
    if (phone(device).leg == leg) leg_accepted(leg);
  });
}

// A voicemail or a child presses no key.
void Center::await_key(const std::string& device) {
  Phone& p = phone(device);
  p.awaits_key = true;
  if (p.outside()) send(board::cmd::Detect{p.open_leg(), true, false});
  beep(device);
}

void Center::beep(const std::string& device) {
  Phone& p = phone(device);
  send(board::cmd::Tone{p.open_leg(), "beep"});
  guarded(p.timer, kBeepEvery, [this, device] {
    if (phone(device).awaits_key) beep(device);
  });
}

bool Center::key_pressed(const std::string& device, char digit) {
  Phone& p = phone(device);
  if (!p.awaits_key) return false;
  if (p.config->accept_key.front() != digit) return true;
  p.awaits_key = false;
  stop(p.timer);
  if (p.leg == LegId::none) {
    line(device, LineEvent::accepted);
  } else {
    if (p.leg != p.line) send(board::cmd::Detect{p.leg, false, false});
    leg_accepted(p.leg);
  }
  return true;
}

// The call on it is over, or was not taken.
void Center::let_go(LegId leg, int cause) {
  LegUse* use = use_of(leg);
  if (!use) return;
  const std::string device = use->station;
  Phone* p = device.empty() ? nullptr : &phone(device);
  if (p && p->leg == leg && p->config) {
    p->awaits_key = false;
    stop(p->timer);
  }
  if (!p || p->line != leg) {
    use->role = LegRole::gone;
    return send(board::cmd::Clear{leg, cause});
  }
  use->role = LegRole::line;
  use->call = CallId::none;
  p->leg = LegId::none;
  send(board::cmd::Disconnect{leg});
  send(board::cmd::Silence{leg});
  tag(leg, CallId::none, Mode::connected);
  phone_changed(device);
}

Center::Miss Center::miss_of(const std::string& device, int cause) const {
  const auto it = phones_.find(device);
  if (it == phones_.end()) return Miss::refused;
  const Phone& p = it->second;
  if (p.keeps_line()) return Miss::lost;
  if (cause == 17) return Miss::phone_busy;
  if (!p.outside()) return Miss::refused;
  switch (cause_for(cause)) {
    case Cause::trunksBusy:
    case Cause::networkCongestion: return Miss::no_trunk;
    case Cause::callNotAnswered:
    case Cause::normalClearing: return Miss::no_answer;
    default: return Miss::refused;
  }
}

// After a restart: whose leg it is. An outside phone is known by the number that we called.
std::string Center::device_of(const board::LegSnapshot& leg) {
  if (!leg.station.empty() || !leg.outgoing) return leg.station;
  const auto it = outside_phones_.find(leg.called);
  return it != outside_phones_.end() && agents_.at_device(it->second) ? it->second : std::string();
}

}  // namespace sr::app
