// What can happen in a Play, and how it does.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/play.h"

namespace sr::test {

Steps Play::possible() const {
  Steps all;
  possible_of_callers(all);
  for (std::uint8_t a = 0; a < scene_.agents; ++a) {
    possible_of_phones(all, a);
    possible_of_outside(all, a);
    if (center_)
      for (const Act act : {Act::ready, Act::not_ready, Act::log_on, Act::log_on_outside, Act::log_off}) all.push_back({act, a});
  }
  if (far() != LegId::none) {
    if (!is_up(far())) all.insert(all.end(), {{Act::far_answers}, {Act::far_answers_cross}, {Act::far_busy}});
    all.push_back({Act::far_hangs_up});
  }
  if (timers_.pending()) all.push_back({Act::timer});
  if (life_ == Life::faulty) possible_faults(all);
  std::erase_if(all, [this](const Step& step) { return !scene_.has(step.act); });
  return all;
}

void Play::possible_of_callers(Steps& all) const {
  std::uint8_t callers = 0;
  for (; caller(callers) != LegId::none; ++callers) {
    const LegId leg = caller(callers);
    all.insert(all.end(), {{Act::hang_up, callers}, {Act::hang_up_cross, callers}});
    if (is_up(leg)) all.insert(all.end(), {{Act::press_key, callers}, {Act::press_key_cross, callers}});
    if (board_.legs_.at(leg).plays) all.push_back({Act::prompt_ends, callers});
  }
  for (std::uint8_t c = 0; c < std::max(scene_.customers, 1); ++c) {
    if (callers < kModelCallers && customer_leg(c) == LegId::none) all.insert(all.end(), {{Act::call_orders, c}, {Act::call_service, c}});
    if (task_of(c) != CallId::none) all.push_back({Act::close_task, c});
  }
}

void Play::possible_of_phones(Steps& all, std::uint8_t a) const {
  const auto& phone = board_.stations.at(station_of(a));
  const LegId leg = phone_leg(a);
  if (phone.in_service && !phone.off_hook) all.insert(all.end(), {{Act::off_hook, a}, {Act::off_hook_cross, a}});
  if (phone.off_hook) all.insert(all.end(), {{Act::on_hook, a}, {Act::on_hook_cross, a}});
  if (leg != LegId::none) {
    if (is_up(leg)) all.push_back({Act::flash, a});
    if (is_up(leg) && board_.legs_.at(leg).shown.connected_to == LegId::none) all.push_back({Act::dial_other, a});
    if (board_.legs_.at(leg).shown.state == board::LegState::initiated) all.push_back({Act::dial_out, a});
    if (life_ == Life::faulty) all.push_back({Act::dial_wrong, a});
  }
  all.push_back({phone.in_service ? Act::unplug : Act::plug, a});
}

void Play::possible_of_outside(Steps& all, std::uint8_t a) const {
  if (accepts(a) != LegId::none) all.push_back({Act::accept, a});
  const LegId leg = outside_leg(a);
  if (leg == LegId::none) return;
  if (!is_up(leg)) all.insert(all.end(), {{Act::outside_answers, a}, {Act::outside_answers_cross, a}});
  all.insert(all.end(), {{Act::outside_fails, a}, {Act::outside_hangs_up, a}, {Act::outside_hangs_up_cross, a}});
  if (is_up(leg) && life_ == Life::faulty) all.push_back({Act::dial_wrong, a});
}

void Play::possible_faults(Steps& all) const {
  all.push_back({center_ ? Act::ctid_dies : Act::ctid_comes});
  if (!center_) return;
  all.push_back({up_ ? Act::link_drops : Act::link_comes});
  if (!up_) all.push_back({Act::board_dies});
  all.push_back({disk_->stalls ? Act::store_goes_on : Act::store_stalls});
  all.push_back({store_->healthy() ? Act::disk_full : Act::disk_has_room});
}

bool Play::act(Step step) {
  bool done = false;
  if (!scene_.has(step.act) || (step.who >= std::max(kModelAgents, kModelCallers) && step.act != Act::wait)) return false;
  if (step.act == Act::timer) done = timers_.jump();
  else if (step.act <= Act::prompt_ends) done = of_callers(step);
  else if (step.act < Act::outside_answers || step.act == Act::dial_wrong) done = step.who < scene_.agents && of_phones(step);
  else if (step.act < Act::dial_wrong) done = step.who < scene_.agents && of_outside(step);
  else if (step.act < Act::timer) done = center_ && of_clients(step);
  else done = life_ == Life::faulty && of_faults(step);
  if (done && !crosses(step.act)) settle();
  return done;
}

// ---- who is there ---------------------------------------------------------------------------------------------------

LegId Play::caller(std::size_t n) const {
  for (const auto& [id, leg] : board_.legs_)
    if (leg.shown.station.empty() && !leg.shown.outgoing && n-- == 0) return id;
  return LegId::none;
}
LegId Play::customer_leg(int customer) const {  // while each has a number of his own
  for (const auto& [id, leg] : board_.legs_)
    if (scene_.customers > 0 && leg.shown.station.empty() && !leg.shown.outgoing && leg.shown.calling == customer_number(scene_, customer)) return id;
  return LegId::none;
}
LegId Play::phone_leg(int agent) const {
  for (const auto& [id, leg] : board_.legs_)
    if (leg.shown.station == station_of(agent)) return id;
  return LegId::none;
}
LegId Play::outside_leg(int agent) const {
  for (const auto& [id, leg] : board_.legs_)
    if (leg.shown.outgoing && leg.shown.station.empty() && leg.shown.called == outside_number(agent)) return id;
  return LegId::none;
}
LegId Play::accepts(int agent) const {
  const auto has_key = [&](const std::string& phone) { return std::ranges::any_of(scene_.config.phones, [&](const auto& p) { return p.name == phone && !p.accept_key.empty(); }); };
  if (const LegId leg = outside_leg(agent); leg != LegId::none && is_up(leg) && has_key(outside_phone(agent))) return leg;
  if (const LegId leg = phone_leg(agent); leg != LegId::none && is_up(leg) && has_key(station_of(agent))) return leg;
  return LegId::none;
}
LegId Play::far() const {
  LegId found{};
  for (const auto& [id, leg] : board_.legs_)
    if (leg.shown.outgoing && leg.shown.station.empty() && !leg.shown.called.starts_with("60")) found = id;
  return found;
}

// The open task of a customer in the callback list.
CallId Play::task_of(int customer) const {
  const std::string number = customer_number(scene_, customer);
  if (!center_ || !scene_.has(Act::close_task) || number.empty()) return CallId::none;
  constexpr std::string_view kId = "\"callback\":";
  const std::string json = center_->cti().callbacks_json({.customer = number});
  const auto at = json.find(kId);
  return at == std::string::npos ? CallId::none : CallId{std::strtoull(json.c_str() + at + kId.size(), nullptr, 10)};
}

// ---- what they do ---------------------------------------------------------------------------------------------------

bool Play::dial(int agent, const std::string& digits) {
  const LegId leg = outside_leg(agent) != LegId::none ? outside_leg(agent) : phone_leg(agent);
  for (const char digit : digits)
    if (leg != LegId::none) board_.happens(board::evt::Digit{leg, digit, 80});
  return leg != LegId::none;
}

bool Play::of_callers(Step step) {
  if (step.act == Act::call_orders || step.act == Act::call_service) {
    if (caller(kModelCallers - 1) != LegId::none || step.who >= std::max(scene_.customers, 1) || customer_leg(step.who) != LegId::none) return false;
    board_.call(customer_number(scene_, step.who), step.act == Act::call_orders ? "4006001" : "4006002", true, 1);
    return true;
  }
  const LegId leg = caller(step.who);
  if (leg == LegId::none) return false;
  if (step.act == Act::prompt_ends) return board_.prompt_ends(leg);
  const bool presses = step.act == Act::press_key || step.act == Act::press_key_cross;
  if (presses && !is_up(leg)) return false;
  if (presses) board_.happens(board::evt::Digit{leg, kKeepKey, 80});
  else board_.gone(leg, 16, true);
  return true;
}

bool Play::of_phones(Step step) {
  const std::string where = station_of(step.who);
  auto& phone = board_.stations.at(where);
  switch (step.act) {
    case Act::off_hook:
    case Act::off_hook_cross: return phone.in_service && board_.off_hook(where) != LegId::none;
    case Act::on_hook:
    case Act::on_hook_cross:
      if (!phone.off_hook) return false;
      board_.on_hook(where);
      return true;
    case Act::flash: board_.flash(where); return true;
    case Act::dial_other: return dial(step.who, agent_id(1 - step.who));
    case Act::dial_out: return dial(step.who, "0139#");
    case Act::dial_wrong: return dial(step.who, "*7");
    case Act::unplug:
      if (!phone.in_service) return false;
      if (phone.off_hook) board_.on_hook(where);
      else board_.gone(phone_leg(step.who), 27, false);
      break;
    case Act::plug:
      if (phone.in_service) return false;
      break;
    case Act::far_answers:
    case Act::far_answers_cross:
    case Act::far_busy:
      if (far() == LegId::none || is_up(far())) return false;
      step.act == Act::far_busy ? board_.gone(far(), 17, true) : board_.answer(far());
      return true;
    case Act::far_hangs_up:
      if (far() == LegId::none) return false;
      board_.gone(far(), 16, true);
      return true;
    default: return false;
  }
  phone.in_service = step.act == Act::plug;
  board_.happens(board::evt::StationState{where, phone.off_hook, phone.in_service});
  return true;
}

bool Play::of_outside(Step step) {
  if (step.act == Act::accept) {
    const LegId leg = accepts(step.who);
    if (leg != LegId::none) board_.happens(board::evt::Digit{leg, kAcceptKey, 80});
    return leg != LegId::none;
  }
  const LegId leg = outside_leg(step.who);
  if (leg == LegId::none) return false;
  switch (step.act) {
    case Act::outside_answers:
    case Act::outside_answers_cross:
      if (is_up(leg)) return false;
      board_.answer(leg);
      return true;
    case Act::outside_fails: is_up(leg) ? board_.gone(leg, 27, false) : board_.gone(leg, 17, true); return true;
    default: board_.gone(leg, 16, true); return true;
  }
}

bool Play::of_clients(Step step) {
  auto& cti = center_->cti();
  const std::string agent = agent_id(step.who);
  switch (step.act) {
    case Act::ready: return cti.agent_ready(agent).has_value();
    case Act::not_ready: return cti.agent_not_ready(agent, "1").has_value();
    case Act::log_on: return cti.agent_login({agent, station_of(step.who), "1", false}).has_value();
    case Act::log_on_outside: return cti.agent_login({agent, outside_phone(step.who), "1", false}).has_value();
    case Act::close_task: {
      const CallId task = task_of(step.who);
      return task != CallId::none && cti.callback_close(task, "done").has_value();
    }
    case Act::log_off: return cti.agent_logout(agent).has_value();
    default: return false;
  }
}

bool Play::of_faults(Step step) {
  constexpr Duration kWaits[] = {100ms, 500ms, 1s, 3s, 6s, 12s, 30s, 61s};
  const auto drop = [this] {
    up_ = false;
    board_.pending.clear();
  };
  switch (step.act) {
    case Act::wait: timers_.pass(kWaits[step.who % std::size(kWaits)]); return true;
    case Act::link_drops:
      if (!up_) return false;
      drop();
      center_->listener().on_link(false);
      return true;
    case Act::link_comes:
      if (up_ || !center_) return false;
      link();
      return true;
    case Act::board_dies:
      if (up_) return false;
      board_.die();
      board_died_ = true;
      return true;
    case Act::ctid_dies:
      if (!center_) return false;
      disk_->inner.crash();
      center_.reset();
      disk_ = nullptr;
      store_.reset();
      drop();
      return true;
    case Act::ctid_comes:
      if (center_) return false;
      start_ctid();
      link();
      return true;
    case Act::store_stalls:
    case Act::store_goes_on:
      if (!disk_ || disk_->stalls == (step.act == Act::store_stalls)) return false;
      disk_->stalls = !disk_->stalls;
      return true;
    case Act::disk_full:
    case Act::disk_has_room:
      if (!disk_) return false;
      disk_->inner.disk_full(step.act == Act::disk_full);
      return true;
    default: return false;
  }
}

}  // namespace sr::test
