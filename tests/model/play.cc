// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/play.h"

#include <fmt/format.h>

namespace sr::test {
namespace {

constexpr Duration kSoon = 200ms;  // acknowledgements
constexpr int kTurnsMax = 1000;    // of one step; more would be a circle

std::string station(int agent) { return fmt::format("100{}", agent + 1); }
std::string agent_id(int agent) { return fmt::format("200{}", agent + 1); }

CenterConfig config() {
  CenterConfig c;
  for (int a = 0; a < kModelAgents; ++a) c.agents.push_back({.id = agent_id(a), .name = agent_id(a), .pin = "1", .wrap_up = 3s});
  OverflowConfig help{.agents = {"2002"}, .when = {.begin = {.waiting = 2}, .end = {.waiting = 1}}};
  c.queues.push_back({.name = "orders", .agents = {"2001"}, .timeout = 60s, .length_max = 2, .overflow = {help}});
  c.queues.push_back({.name = "service", .agents = {"2001", "2002"}, .timeout = 40s});
  c.numbers.push_back({.number = "4006001", .business = "b", .script = "s", .queue = "orders", .record_calls = false});
  c.numbers.push_back({.number = "4006002", .business = "b", .script = "s", .queue = "service", .record_calls = false});
  c.outgoing_group = "city";
  c.outgoing_calling = "4006001";
  return c;
}

}  // namespace

Play::Play(Life life, Planted planted) : life_(life), planted_(planted), engine_(std::make_unique<ModelEngine>()) {
  if (life_ == Life::faulty) writer_ = std::move(store::Writer::open(":memory:", 0).value());
  for (int a = 0; a < kModelAgents; ++a) board_.stations[station(a)] = {station(a), false, true};
  start_ctid();
  link();
  for (int a = 0; a < kModelAgents; ++a) act({Act::log_on, static_cast<std::uint8_t>(a)});
  for (int a = 0; a < kModelAgents; ++a) act({Act::ready, static_cast<std::uint8_t>(a)});
  quiet_ = false;
  look();
}
Play::~Play() { center_.reset(); }

void Play::start_ctid() {
  static const CenterConfig kConfig = config();
  Recovered recovered;
  disk_ = nullptr;
  if (writer_) {
    recovered = store::recover(writer_->database()).value();
    auto stalling = std::make_unique<StallingStore>(*writer_, timers_, recovered.next_seq);
    disk_ = stalling.get();
    store_ = std::move(stalling);
    ledger_ = Ledger(recovered);
  } else {
    store_ = std::make_unique<NoStore>(timers_);
  }
  engine_ = std::make_unique<ModelEngine>();
  center_ = std::make_unique<app::CallCenter>(timers_, *store_, kConfig, recovered);
  center_->cti().on_journal([this](const JournalRow& row) { ledger_.hear(row); });
  engine_->host = &center_->host();
  center_->attach(board_, *engine_);
}

void Play::link() {
  up_ = true;
  board_.pending.clear();
  center_->listener().on_link(true);
  const auto replay = board_.kept;
  for (const auto& e : replay) center_->listener().on_event(e);
  center_->listener().on_snapshot(board_.snapshot());
}

void Play::repeat(const Steps& steps) {
  quiet_ = true;
  for (const Step& step : steps) act(step);
  quiet_ = false;
  look();
}

LegId Play::caller(std::size_t n) const {
  for (const auto& [id, leg] : board_.legs_)
    if (leg.shown.station.empty() && !leg.shown.outgoing && n-- == 0) return id;
  return LegId::none;
}
LegId Play::phone_leg(int agent) const {
  for (const auto& [id, leg] : board_.legs_)
    if (leg.shown.station == station(agent)) return id;
  return LegId::none;
}

Steps Play::possible() const {
  Steps all;
  std::uint8_t callers = 0;
  while (caller(callers) != LegId::none) ++callers;
  if (callers < kModelCallers) all.insert(all.end(), {{Act::call_orders}, {Act::call_service}});
  for (std::uint8_t n = 0; n < callers; ++n) all.insert(all.end(), {{Act::hang_up, n}, {Act::hang_up_cross, n}});
  for (std::uint8_t a = 0; a < kModelAgents; ++a) {
    const auto& phone = board_.stations.at(station(a));
    const LegId leg = phone_leg(a);
    if (phone.in_service && !phone.off_hook) all.insert(all.end(), {{Act::off_hook, a}, {Act::off_hook_cross, a}});
    if (phone.off_hook) all.insert(all.end(), {{Act::on_hook, a}, {Act::on_hook_cross, a}});
    if (leg != LegId::none) {
      const auto& shown = board_.legs_.at(leg).shown;
      const bool talks = shown.state == board::LegState::connected;
      if (talks) all.push_back({Act::flash, a});
      if (talks && shown.connected_to == LegId::none) all.push_back({Act::dial_other, a});
      if (shown.state == board::LegState::initiated) all.push_back({Act::dial_out, a});
      if (life_ == Life::faulty) all.push_back({Act::dial_wrong, a});
    }
    all.push_back({phone.in_service ? Act::unplug : Act::plug, a});
    if (center_)
      for (const Act act : {Act::ready, Act::not_ready, Act::log_on, Act::log_off}) all.push_back({act, a});
  }
  if (const LegId leg = far(); leg != LegId::none) {
    if (board_.legs_.at(leg).shown.state != board::LegState::connected) all.push_back({Act::far_answers});
    all.push_back({Act::far_hangs_up});
  }
  if (timers_.pending()) all.push_back({Act::timer});
  if (life_ == Life::faulty) possible_faults(all);
  return all;
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
  const bool cross = step.act == Act::hang_up_cross || step.act == Act::off_hook_cross || step.act == Act::on_hook_cross;
  bool done = false;
  if (step.who >= std::max(kModelAgents, kModelCallers) && step.act != Act::wait) return false;
  if (step.act == Act::timer) done = timers_.jump();
  else if (step.act < Act::ready || step.act == Act::far_answers || step.act == Act::far_hangs_up || step.act == Act::dial_wrong) done = of_lines(step);
  else if (step.act < Act::timer) done = center_ && step.who < kModelAgents && of_clients(step);
  else done = life_ == Life::faulty && of_faults(step);
  if (done && !cross) settle();
  return done;
}

bool Play::dial(int agent, const std::string& digits) {
  const LegId leg = phone_leg(agent);
  for (const char digit : digits)
    if (leg != LegId::none) board_.happens(board::evt::Digit{leg, digit, 80});
  return leg != LegId::none;
}

bool Play::of_lines(Step step) {
  const bool phones = step.act >= Act::off_hook && step.act != Act::far_answers && step.act != Act::far_hangs_up;
  if (phones && step.who >= kModelAgents) return false;
  const std::string where = station(step.who);
  auto& phone = board_.stations.at(station(phones ? step.who : 0));
  switch (step.act) {
    case Act::call_orders:
    case Act::call_service:
      if (caller(kModelCallers - 1) != LegId::none) return false;
      board_.call("138", step.act == Act::call_orders ? "4006001" : "4006002", true, 1);
      return true;
    case Act::hang_up:
    case Act::hang_up_cross:
      if (caller(step.who) == LegId::none) return false;
      board_.gone(caller(step.who), 16, true);
      return true;
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
      if (far() == LegId::none || board_.legs_.at(far()).shown.state == board::LegState::connected) return false;
      board_.answer(far());
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

bool Play::of_clients(Step step) {
  auto& cti = center_->cti();
  const std::string agent = agent_id(step.who);
  switch (step.act) {
    case Act::ready: return cti.agent_ready(agent).has_value();
    case Act::not_ready: return cti.agent_not_ready(agent, "1").has_value();
    case Act::log_on: return cti.agent_login({agent, station(step.who), "1", false}).has_value();
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

void Play::settle() {
  for (int turns = 0; turns < kTurnsMax; ++turns) {
    if (center_) {
      center_->end_of_turn();
      if (!quiet_) say(center_->check());
    }
    if (center_ && up_ && !board_.pending.empty()) {
      const board::Envelope e = board_.pending.front();
      board_.pending.pop_front();
      const auto* gone = std::get_if<board::evt::Released>(&e.event);
      const bool forgotten = planted_ == Planted::forgetful_board && gone && gone->by_far && center_->calls() > 1 && to_number(gone->leg) >= kCtidLegBase;
      if (!forgotten) center_->listener().on_event(e);
    } else if (!timers_.run_one(kSoon)) {
      return look();
    }
  }
  say(fmt::format("more than {} turns in one step", kTurnsMax));
}

void Play::look() {
  if (quiet_ || !center_) return;
  ledger_.compare(center_->cti().calls_json(), center_->cti().agents_json());
  say(ledger_.wrong());
  const auto c = center_->counters();
  if (life_ == Life::steady && c.commands_lost) say(fmt::format("{} commands lost", c.commands_lost));
  if (c.gaps && !board_died_ && planted_ == Planted::nothing) say(fmt::format("{} events of the board never came", c.gaps));
}

void Play::drain() {
  constexpr int kRounds = 4, kTimersMax = 200;
  settle();
  quiet_ = true;
  if (life_ == Life::faulty) {
    for (const Act act : {Act::ctid_comes, Act::link_comes, Act::store_goes_on, Act::disk_has_room}) this->act({act});
    this->act({Act::wait, 7});
  }
  for (int round = 0; round < kRounds; ++round) {
    for (std::uint8_t a = 0; a < kModelAgents; ++a) act({Act::on_hook, a});
    while (far() != LegId::none) act({Act::far_hangs_up});
    while (caller(0) != LegId::none) act({Act::hang_up});
    for (int i = 0; i < kTimersMax && timers_.pending(); ++i) act({Act::timer});
  }
  quiet_ = false;
  look();
  left_over();
}

void Play::left_over() {
  say(center_->check());
  if (center_->calls()) say(fmt::format("{} calls are left", center_->calls()));
  if (center_->legs()) say(fmt::format("{} legs are left at ctid", center_->legs()));
  if (!board_.legs_.empty()) say(fmt::format("{} legs are left on the board", board_.legs_.size()));
  if (timers_.pending()) say(fmt::format("{} timers never end", timers_.pending()));
  if (center_->waiting() || engine_->sessions()) say("somebody waits, or a script runs, and nobody is there");
  if (!ledger_.balanced()) say(fmt::format("the books: {} offered, {} living", ledger_.offered(), ledger_.living()));
  const std::string agents = center_->cti().agents_json();
  for (const char* state : {"agentBusy", "agentWorkingAfterCall"})
    if (agents.find(state) != std::string::npos) say(fmt::format("an agent is {} for ever", state));
  if (!writer_) return;
  const auto books = store::read_books(writer_->database()).value();
  if (!books.balanced || books.in_progress) say("the books of the journal do not balance: " + store::to_json(books));
}

std::string Play::digest() {
  if (life_ == Life::faulty && (!center_ || !up_ || disk_->stalls || !store_->healthy())) return {};  // the disk knows less than ctid
  std::string out = center_->digest([this](TimerId id) { return timers_.left(id); });
  for (const auto& [name, s] : board_.stations) fmt::format_to(std::back_inserter(out), "\n{}{}", s.off_hook, s.in_service);
  std::map<LegId, int> order;
  for (const auto& [id, leg] : board_.legs_) order.emplace(id, static_cast<int>(order.size()));
  for (const auto& [id, leg] : board_.legs_) {
    const auto other = order.find(leg.shown.connected_to);
    fmt::format_to(std::back_inserter(out), "\n{}{}{}{}{}", leg.shown.station, leg.shown.outgoing, static_cast<int>(leg.shown.state), other == order.end() ? -1 : other->second,
                   static_cast<int>(leg.shown.tag.mode));
  }
  for (const auto& e : board_.pending)
    std::visit([&](const auto& event) {
      fmt::format_to(std::back_inserter(out), "\n{}", std::decay_t<decltype(event)>::kName);
      if constexpr (requires { event.leg; }) out += order.contains(event.leg) ? std::to_string(order[event.leg]) : "gone";
      if constexpr (requires { event.station; }) out += event.station;
      if constexpr (requires { event.off_hook; }) out += event.off_hook ? "1" : "0";
    }, e.event);
  return out;
}

}  // namespace sr::test
