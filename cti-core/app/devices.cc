// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/devices.h"

#include "cti-core/app/center.h"

namespace sr::app {

using board::Mode;

LegId Devices::seize(LegRole role, CallId call, const std::string& device) {
  Phone& p = c_.phone(device);
  if (p.line_phase == LinePhase::up) {
    LegUse& use = c_.legs_[p.line];
    use.role = role;
    use.call = call;
    p.leg = p.line;
  } else {
    p.leg = c_.new_leg(role, call, device);
  }
  c_.phone_changed(device);
  return p.leg;
}

void Devices::alert(const std::string& device, const std::string& calling, const std::string& name, Mode mode) {
  const Phone& p = c_.phone(device);
  const CallId call = c_.legs_[p.leg].call;
  if (p.leg == p.line) {
    c_.tag(p.leg, call, Mode::connected);
    announce(device);
  } else if (p.outside()) {
    c_.send(board::cmd::Dial{p.leg, p.config->group, shown_at(*p.config, calling), p.config->number, {to_number(call), mode}});
  } else {
    c_.send(board::cmd::Ring{p.leg, device, calling, name, {to_number(call), mode}});
  }
}

std::string Devices::shown_at(const PhoneConfig& config, const std::string& calling) const {
  if (config.calling == "caller") return calling;
  return config.calling.empty() ? c_.config_.outgoing_calling : config.calling;
}

void Devices::let_go(LegId leg, int cause) {
  LegUse* use = c_.use_of(leg);
  if (!use || use->role == LegRole::gone) return;
  const std::string device = use->station;
  Phone* p = device.empty() ? nullptr : &c_.phone(device);
  if (p && p->leg == leg && p->config) {
    p->awaits_key = false;
    c_.stop(p->timer);
  }
  if (!p || p->line != leg) {
    use->role = LegRole::gone;
    return c_.send(board::cmd::Clear{leg, cause});
  }
  use->role = LegRole::line;
  use->call = CallId::none;
  p->leg = LegId::none;
  c_.send(board::cmd::Disconnect{leg});
  c_.send(board::cmd::Silence{leg});
  c_.tag(leg, CallId::none, Mode::connected);
  c_.phone_changed(device);
}

// ---- accepting ------------------------------------------------------------------------------------------------------

bool Devices::answered(LegId leg) {
  const LegUse* use = c_.use_of(leg);
  if (!use || use->station.empty()) return false;
  const std::string device = use->station;
  const Phone& p = c_.phone(device);
  if (use->role == LegRole::line) {
    if (p.line_phase == LinePhase::dialling) line(device, LineEvent::answered);
    return true;
  }
  if (p.line == leg) return true;  // a headset that was lifted a moment ago; a call is announced on it by now
  if (p.leg != leg || !p.outside() || !p.needs_key()) return false;
  await_key(device);
  return true;
}

// It is up, and a call is offered on it. Without a key it is his after the beep.
void Devices::announce(const std::string& device) {
  Phone& p = c_.phone(device);
  if (p.needs_key()) return await_key(device);
  c_.send(board::cmd::Tone{p.leg, "beep"});
  c_.guarded(p.timer, kBeepTime, [this, device, leg = p.leg] {
    if (c_.phone(device).leg == leg) c_.leg_accepted(leg);
  });
}

// A voicemail or a child presses no key.
void Devices::await_key(const std::string& device) {
  c_.phone(device).awaits_key = true;
  hear_digits(device);
  beep(device);
}

void Devices::beep(const std::string& device) {
  Phone& p = c_.phone(device);
  c_.send(board::cmd::Tone{p.open_leg(), "beep"});
  c_.guarded(p.timer, kBeepEvery, [this, device] {
    if (c_.phone(device).awaits_key) beep(device);
  });
}

bool Devices::key_pressed(const std::string& device, char digit) {
  Phone& p = c_.phone(device);
  if (!p.awaits_key) return false;
  if (p.config->accept_key.front() != digit) return true;
  p.awaits_key = false;
  c_.stop(p.timer);
  if (p.leg == LegId::none) {
    line(device, LineEvent::accepted);
  } else {
    if (p.outside() && p.leg != p.line) c_.send(board::cmd::Detect{p.leg, false, false});
    c_.leg_accepted(p.leg);
  }
  return true;
}

void Devices::hear_digits(const std::string& device) {
  const Phone& p = c_.phone(device);
  if (p.outside()) c_.send(board::cmd::Detect{p.open_leg(), true, false});
}

// ---- what the others ask --------------------------------------------------------------------------------------------

bool Devices::keeps_line(const std::string& device) const {
  const auto p = c_.phones_.find(device);
  return p != c_.phones_.end() && p->second.keeps_line();
}

bool Devices::is_line(LegId leg) const {
  const LegUse* use = c_.use_of(leg);
  return use && !use->station.empty() && c_.phone(use->station).line == leg;
}

// Whose phone cannot be rung is not ready, or he would be offered for ever.
InVain Devices::in_vain(const std::string& device, Miss why) const {
  using acd::AgentEvent;
  const Phone& p = c_.phone(device);
  const bool seen_busy = p.off_hook || !p.in_service || p.leg != LegId::none;
  switch (why) {
    case Miss::no_answer: return {AgentEvent::no_answer, p.awaits_key ? "not accepted" : "no answer"};
    case Miss::phone_busy: return seen_busy ? InVain{AgentEvent::phone_busy, ""} : InVain{AgentEvent::no_answer, "phone busy"};
    case Miss::no_trunk: return {AgentEvent::no_answer, "no trunk"};
    case Miss::refused: return {AgentEvent::no_answer, "phone out of order"};
    case Miss::lost: break;
  }
  return {AgentEvent::phone_busy, ""};
}

std::string_view Devices::word(const std::string& device) const {
  if (device.empty()) return "";
  const auto at = c_.phones_.find(device);
  if (at == c_.phones_.end()) return "unknown";
  const Phone& p = at->second;
  if (!p.in_service) return "out of service";
  if (p.leg != LegId::none) return "in use";
  if (p.keeps_line()) return p.line_phase == LinePhase::up ? "idle" : p.line_phase == LinePhase::down ? "line down" : "being called";
  return p.off_hook ? "off-hook" : "idle";
}

Miss Devices::miss_of(const std::string& device, int cause) const {
  const auto at = c_.phones_.find(device);
  if (at != c_.phones_.end() && at->second.keeps_line()) return Miss::lost;
  if (cause == 17) return Miss::phone_busy;
  if (at == c_.phones_.end() || !at->second.outside()) return Miss::refused;
  switch (cause_for(cause)) {
    case Cause::trunksBusy:
    case Cause::networkCongestion: return Miss::no_trunk;
    case Cause::callNotAnswered:
    case Cause::normalClearing: return Miss::no_answer;
    default: return Miss::refused;
  }
}

bool Devices::seized(LegId leg, const std::string& span, int channel) {
  LegUse* use = c_.use_of(leg);
  if (!use || use->station.empty() || !c_.phone(use->station).outside()) return false;
  c_.count_span(use->span, -1);
  use->span = span;
  use->channel = channel;
  c_.count_span(use->span, 1);
  return true;
}

// ---- the configuration ----------------------------------------------------------------------------------------------

void Devices::configure() {
  std::vector<std::string> names;
  for (const auto& [name, p] : c_.phones_)
    if (p.config) names.push_back(name);
  for (const PhoneConfig& one : c_.config_.phones) names.push_back(one.name);
  for (const std::string& name : names) configure(name);
}

// Where somebody is logged on or a leg is up it stays as it is until both are over.
void Devices::configure(const std::string& device) {
  const auto wanted = std::ranges::find(c_.config_.phones, device, &PhoneConfig::name);
  const bool listed = wanted != c_.config_.phones.end();
  const auto at = c_.phones_.find(device);
  if (!listed && (at == c_.phones_.end() || !at->second.config)) return;
  Phone& p = c_.phone(device);
  if (in_use(device)) return void(stale_.insert(device));
  stale_.erase(device);
  c_.stop(p.timer);
  const bool was_outside = p.outside();
  if (was_outside && outside_[p.config->number] == device) outside_.erase(p.config->number);
  p.config = listed ? std::optional(*wanted) : std::nullopt;
  if (p.outside()) outside_[p.config->number] = device;
  if (was_outside && !listed && !p.station) return void(c_.phones_.erase(device));
  if (p.outside() || was_outside) p.in_service = p.outside() || p.station;
  c_.phone_changed(device);
}

bool Devices::in_use(const std::string& device) const {
  const auto at = c_.phones_.find(device);
  if (at == c_.phones_.end()) return false;
  const Phone& p = at->second;
  return p.leg != LegId::none || p.line != LegId::none || p.line_timer != TimerId::none || c_.agents_.at_device(device);
}

void Devices::free(const std::string& device) {
  if (stale_.contains(device)) configure(device);
}

void Devices::begin_anew() {
  for (auto& [device, p] : c_.phones_) {
    c_.stop(p.timer);
    c_.stop(p.line_timer);
    Phone fresh;
    fresh.in_service = p.outside();
    fresh.config = std::move(p.config);
    fresh.station = p.station;
    p = std::move(fresh);
    c_.phone_changed(device);
  }
}

// ---- after a restart ------------------------------------------------------------------------------------------------

// Whose leg it is. An outside phone is known by the number that we called, or by its agent's call, if a reload took the number away.
// Empty: no phone's where an agent sits.
std::string Devices::device_of(const board::LegSnapshot& leg) const {
  const bool at_phone = to_number(leg.leg) >= kCtidLegBase && (to_number(leg.leg) & kPhoneLeg) != 0;
  if (!leg.station.empty() || !at_phone) return leg.station;
  const auto named = outside_.find(leg.called);
  if (named != outside_.end() && c_.agents_.at_device(named->second)) return named->second;
  const auto there = std::ranges::find_if(c_.agents_.all(), [&](const acd::Agent& agent) {
    if (agent.device.empty() || agent.call == CallId::none || to_number(agent.call) != leg.tag.call) return false;
    const auto p = c_.phones_.find(agent.device);
    return p == c_.phones_.end() || (named == outside_.end() && p->second.outside());
  });
  return there == c_.agents_.all().end() ? std::string() : there->device;
}

std::string Devices::name_of(const board::LegSnapshot& leg) const {
  const std::string device = device_of(leg);
  return device.empty() ? leg.called : device;
}

bool Devices::asks_again(const std::string& device) {
  const Phone& p = c_.phone(device);
  if (p.line != p.leg && !p.needs_key()) return false;
  announce(device);
  return true;
}

void Devices::found(LegRole role, CallId call, const std::string& device, const board::LegSnapshot& leg) {
  Phone& p = c_.phone(device);
  LegUse& use = c_.legs_[leg.leg] = {role, call, device, c_.link_};
  if (leg.station.empty()) {
    c_.count_span(use.span = leg.span, 1);
    use.channel = leg.channel;
  }
  if (role != LegRole::line) p.leg = leg.leg;
  if (!p.keeps_line() || leg.state != board::LegState::connected) return;
  p.line = leg.leg;
  p.line_phase = LinePhase::up;
}

}  // namespace sr::app
