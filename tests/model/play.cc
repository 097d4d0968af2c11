// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/play.h"

#include <fmt/format.h>

namespace sr::test {
namespace {

constexpr Duration kSoon = 200ms;  // acknowledgements
constexpr int kTurnsMax = 1000;    // of one step; more would be a circle

std::string in_words(const JournalEvent& event) {
  if (const auto* e = std::get_if<ev::PlaceClosed>(&event)) return "place: " + e->outcome;
  if (std::holds_alternative<ev::PlaceTried>(event)) return "place: in vain";
  if (const auto* e = std::get_if<ev::Lost>(&event)) return std::string("lost: ") + boost::describe::enum_to_string(e->stage, "?") + ", " + e->reason;
  if (const auto* e = std::get_if<ev::Established>(&event); e && !e->agentID.empty()) return "answered at " + e->answeringDevice;
  if (const auto* e = std::get_if<ev::AgentNotReady>(&event)) return "not ready: " + e->reason;
  return {};
}

}  // namespace

Play::Play(const Scene& scene, Life life, Planted planted)
    : scene_(scene), life_(life), planted_(planted), engine_(std::make_unique<ModelEngine>(keep_key())) {
  if (life_ == Life::faulty) writer_ = std::move(store::Writer::open(":memory:", 0).value());
  board_.usable.resize(static_cast<std::size_t>(scene_.channels));
  for (int a = 0; a < scene_.agents; ++a) board_.stations[station_of(a)] = {station_of(a), false, true};
  start_ctid();
  link();
  for (const Step& step : scene_.before) act(step);
  quiet_ = false;
  look();
}
Play::~Play() { center_.reset(); }

void Play::start_ctid() {
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
  engine_ = std::make_unique<ModelEngine>(keep_key());
  center_ = std::make_unique<app::CallCenter>(timers_, *store_, scene_.config, recovered);
  center_->cti().on_journal([this](const JournalRow& row) {
    ledger_.hear(row);
    if (life_ == Life::faulty) ++seen_[in_words(row.event)];
  });
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
  ledger_.compare(center_->cti().calls_json(), center_->cti().agents_json(), center_->cti().callbacks_json({}));
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
    for (std::uint8_t a = 0; a < kModelAgents; ++a) {
      act({Act::on_hook, a});
      act({Act::outside_hangs_up, a});
    }
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
  if (const std::string open = ledger_.promises(); !open.empty()) say(open);
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
    fmt::format_to(std::back_inserter(out), "\n{}{}{}{}{},{},{},{}", leg.shown.station, leg.shown.outgoing, static_cast<int>(leg.shown.state), other == order.end() ? -1 : other->second,
                   static_cast<int>(leg.shown.tag.mode), leg.shown.calling, leg.shown.called, leg.plays ? static_cast<int>(*leg.plays) : -1);
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
