// A phone that goes off-hook by itself: its digits are a feature code or an outgoing call (dial_plan.h). And which phones are idle,
// because only an agent whose phone is idle is offered a call.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

using acd::AgentEvent;
using acd::AgentState;

bool Center::phone_idle(const std::string& station) const {
  const auto p = phones_.find(station);
  if (p != phones_.end() && p->second.keeps_line()) return p->second.line_phase == LinePhase::up && p->second.leg == LegId::none;
  return p != phones_.end() && p->second.in_service && !p->second.off_hook && p->second.leg == LegId::none;
}

void Center::phone_changed(const std::string& station) {
  agents_.phone_idle(station, phone_idle(station), timers_.now());
  want_match_ = true;
}

void Center::initiated(const board::evt::Initiated& e) {
  Phone& p = phone(e.station);
  legs_[e.leg] = {LegRole::phone, CallId::none, e.station, link_};
  if (devices_.lifted(e.station, e.leg)) return;
  p.leg = e.leg;
  p.digits.clear();
  p.dialing = true;
  stop(p.timer);
  phone_changed(e.station);
}

void Center::phone_digit(const std::string& station, char digit) {
  Phone& p = phone(station);
  if (!p.dialing) return;  // after a code was taken: what is still pressed means nothing
  p.digits += digit;
  if (p.digits.size() > kPhoneDigitsMax) return phone_done(station, false);
  guarded(p.timer, kInterDigit, [this, station] { phone_acts(station, true); });
  phone_acts(station, false);
}

void Center::phone_acts(const std::string& station, bool ended) {
  Phone& p = phone(station);
  if (!p.dialing) return;
  const PhoneOrder order = read_digits(p.digits, ended, config_);
  if (order.kind == PhoneOrder::Kind::more) return;
  p.dialing = false;
  stop(p.timer);
  phone_obeys(station, order);
}

void Center::phone_obeys(const std::string& station, const PhoneOrder& order) {
  acd::Agent* agent = agents_.at_device(station);
  using Kind = PhoneOrder::Kind;
  switch (order.kind) {
    case Kind::login: {
      const auto ok = log_on(order.agent, station, order.pin, false);
      if (!ok) log::info("phone {}: login refused: {}", station, ok.error().message);
      return phone_done(station, ok.has_value());
    }
    case Kind::logout: return phone_done(station, agent && agent_event(*agent, AgentEvent::logout));
    case Kind::ready:
      return phone_done(station, agent && (agent->state == AgentState::agentReady || agent_event(*agent, AgentEvent::ready)));
    case Kind::not_ready: return phone_done(station, agent && agent_event(*agent, AgentEvent::not_ready, order.reason));
    case Kind::more_wrap_up: return phone_done(station, agent && more_wrap_up(*agent, config_.wrap_up_extend));
    case Kind::supervise: return supervisors_.order_by_phone(station, order.order);
    case Kind::dial:
      if (!dial_from_phone(station, order.number)) phone_done(station, false);
      return;
    case Kind::call_agent:
      if (!call_agent(station, order.agent)) phone_done(station, false, "busy");
      return;
    case Kind::more:
    case Kind::wrong: return phone_done(station, false);
  }
}

// He hears for a moment whether it was taken, then busy tone until he hangs up.
void Center::phone_done(const std::string& station, bool ok, const char* otherwise) {
  Phone& p = phone(station);
  const LegId leg = p.leg;
  p.dialing = false;
  const bool stays_up = p.line == leg || (ok && devices_.lifted(station, leg));  // a headset that has logged on
  send(board::cmd::Tone{leg, ok ? "beep" : otherwise});
  if (stays_up) {
    p.leg = LegId::none;
    phone_changed(station);
  }
  guarded(p.timer, kCodeToneTime, [this, station, leg, stays_up] {
    const Phone& now = phone(station);
    if (!stays_up && now.leg == leg) send(board::cmd::Clear{leg, 16});
    if (stays_up && now.line == leg && now.leg == LegId::none) send(board::cmd::Silence{leg});
  });
}

// Whose call is over and who does not hang up hears busy tone and then the howler. His wrap-up runs meanwhile; after it he is not ready
// until he says so.
void Center::wrap_up_over(acd::Agent& agent) {
  const auto p = phones_.find(agent.device);
  const bool off_hook = p != phones_.end() && p->second.off_hook && p->second.leg == LegId::none && !p->second.keeps_line();
  if (off_hook && agent.pending == acd::Pending::none) agent_event(agent, AgentEvent::not_ready, kPhoneOffHook);
  else agent_event(agent, AgentEvent::wrap_up_over);
}

void Center::phone_leg_gone(const std::string& station, LegId leg, bool hung_up) {
  devices_.leg_gone(station, leg, hung_up);
  const auto at = phones_.find(station);
  if (at == phones_.end() || at->second.leg != leg) return;
  Phone& p = at->second;
  p.leg = LegId::none;
  p.dialing = p.awaits_key = false;
  stop(p.timer);
  phone_changed(station);
  devices_.free(station);
}

}  // namespace sr::app
