// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/app/desk.h"

#include <algorithm>
#include <boost/json.hpp>

#include <CppUTest/TestHarness.h>

namespace sr::test {

// ---- board ----------------------------------------------------------------------------------------------------------

void FakeBoard::happens(board::Event event) {
  board::Envelope e{epoch, ++seq, timers_.now() + ahead, std::move(event)};
  kept.push_back(e);
  pending.push_back(std::move(e));
}

void FakeBoard::gone(LegId leg, int cause, bool by_far) {
  const auto it = legs_.find(leg);
  if (it == legs_.end()) return;
  if (const LegId other = it->second.shown.connected_to; legs_.contains(other)) legs_[other].shown.connected_to = LegId::none;
  if (it->second.shown.recording) happens(board::evt::Recorded{leg, "x/0-x.wav", 1000, board::RecordEnd::released});
  for (auto& [id, other] : legs_)
    if (other.shown.listens_to == leg) other.shown.listens_to.reset();
  legs_.erase(leg);
  happens(board::evt::Released{leg, cause, by_far, {}});
}

LegId FakeBoard::ring_in(const std::string& calling, const std::string& group) {
  const LegId leg{++next_leg};
  legs_[leg].shown = {.leg = leg, .line = board::LineKind::line, .span = "fxo-1", .channel = 1, .station = {}, .calling = calling, .called = {}, .outgoing = false, .state = board::LegState::alerting, .tag = {}};
  happens(board::evt::Offered{leg, "fxo-1", 1, 0, group, calling, {}, true, board::LineKind::line});
  return leg;
}

LegId FakeBoard::call(const std::string& calling, const std::string& called, bool complete, int channel) {
  const LegId leg{++next_leg};
  Leg& l = legs_[leg];
  l.shown = {.leg = leg, .line = board::LineKind::trunk, .span = "e1-1", .channel = channel ? channel : static_cast<int>(next_leg % 30 + 1), .station = {}, .calling = calling,
             .called = called, .outgoing = false, .state = complete ? board::LegState::offered : board::LegState::overlap, .tag = {}};
  happens(board::evt::Offered{leg, "e1-1", l.shown.channel, static_cast<int>(next_leg), "city", calling, called, complete, board::LineKind::trunk});
  return leg;
}

LegId FakeBoard::off_hook(const std::string& station) {
  auto& s = stations[station];
  s.station = station;
  if (s.off_hook) return LegId::none;
  s.off_hook = true;
  happens(board::evt::StationState{station, true, s.in_service});
  if (const LegId leg = ringing(station); leg != LegId::none) {
    legs_[leg].shown.state = board::LegState::connected;
    happens(board::evt::Answered{leg});
    return leg;
  }
  const LegId leg{++next_leg};
  legs_[leg].shown = {.leg = leg, .line = board::LineKind::station, .span = "fxs-1", .channel = 1, .station = station, .calling = {}, .called = {},
                      .outgoing = false, .state = board::LegState::initiated, .tag = {}};
  happens(board::evt::Initiated{leg, "fxs-1", 1, station});
  return leg;
}

void FakeBoard::on_hook(const std::string& station) {
  auto& s = stations[station];
  if (!s.off_hook) return;
  s.off_hook = false;
  for (const auto& [id, leg] : legs_)
    if (leg.shown.station == station) {
      gone(id, 16, true);
      break;
    }
  happens(board::evt::StationState{station, false, s.in_service});
}

void FakeBoard::part(LegId leg) {
  const LegId other = std::exchange(legs_.at(leg).shown.connected_to, LegId::none);
  if (const auto it = legs_.find(other); it != legs_.end()) it->second.shown.connected_to = LegId::none;
  legs_.at(leg).conference = 0;
}

void FakeBoard::flash(const std::string& station, const std::string& digits) {
  for (const auto& [id, leg] : legs_)
    if (leg.shown.station == station && leg.shown.state == board::LegState::connected) {
      const LegId phone = id;
      happens(board::evt::Flashed{phone});
      for (const char d : digits) happens(board::evt::Digit{phone, d, 80});
      return;
    }
}

void FakeBoard::answer(LegId leg) {
  if (legs_.at(leg).shown.state == board::LegState::connected) return;
  legs_.at(leg).shown.state = board::LegState::connected;
  happens(board::evt::Answered{leg});
}

bool FakeBoard::prompt_ends(LegId leg) {
  const auto it = legs_.find(leg);
  if (it == legs_.end() || !it->second.plays) return false;
  happens(board::evt::PlayEnded{leg, *std::exchange(it->second.plays, std::nullopt), board::PlayEnd::done, 1000, {}});
  return true;
}

LegId FakeBoard::ringing(const std::string& station) const {
  for (const auto& [id, leg] : legs_)
    if (leg.shown.station == station && leg.shown.outgoing && leg.shown.state == board::LegState::alerting) return id;
  return LegId::none;
}

std::string FakeBoard::hears(LegId leg) const {
  const Leg& l = legs_.at(leg);
  if (!l.source.empty()) return l.source;
  std::set<std::string> names;
  for (const auto& [id, other] : legs_)
    if (id != leg && (id == l.shown.connected_to || (l.conference && other.conference == l.conference)))
      names.insert(!other.shown.station.empty() ? other.shown.station : other.shown.outgoing ? other.shown.called : other.shown.calling);
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : "+") + name;
  return out;
}

LegId FakeBoard::dialled() const {
  LegId found{};
  for (const auto& [id, leg] : legs_)
    if (leg.shown.outgoing && leg.shown.station.empty()) found = id;
  return found;
}

std::size_t FakeBoard::count(std::string_view command) const {
  std::size_t n = 0;
  for (const auto& c : sent) n += std::visit([](const auto& one) { return std::decay_t<decltype(one)>::kName; }, c) == command;
  return n;
}

board::Snapshot FakeBoard::snapshot() const {
  board::Snapshot s{.epoch = epoch, .seq = seq, .at = timers_.now() + ahead, .legs = {}, .spans = {}, .stations = {}};
  for (const auto& [id, leg] : legs_) s.legs.push_back(leg.shown);
  board::SpanSnapshot span{};
  span.span = "e1-1";
  span.kind = "e1";
  span.group = "city";
  span.channels = static_cast<int>(usable.size());
  span.usable = usable;
  s.spans.push_back(span);
  span = {};
  span.span = "e1-2";
  span.group = "pbx";
  s.spans.push_back(span);
  for (const auto& [name, st] : stations) s.stations.push_back(st);
  return s;
}

void FakeBoard::die() {
  ++epoch;
  seq = next_leg = 0;
  legs_.clear();
  std::erase_if(kept, [](const auto& e) { return !std::holds_alternative<board::evt::Offered>(e.event); });  // the spool
  pending.clear();
  for (const auto& [name, s] : stations) happens(board::evt::StationState{name, s.off_hook, s.in_service});
}

void FakeBoard::send(const board::Command& command) {
  sent.push_back(command);
  using namespace board::cmd;
  const auto leg_of = [this](LegId id) {
    const auto it = legs_.find(id);
    return it == legs_.end() ? nullptr : &it->second;
  };
  const auto source = [&](LegId id, std::string what) {
    auto* leg = leg_of(id);
    if (!leg) return;
    leg->source = std::move(what);
    leg->plays.reset();
  };
  if (const auto* m = std::get_if<Music>(&command)) source(m->leg, "music");
  if (const auto* o = std::get_if<Tone>(&command)) source(o->leg, "tone " + o->tone);
  if (const auto* i = std::get_if<Silence>(&command)) source(i->leg, "");
  if (const auto* j = std::get_if<Join>(&command); j && leg_of(j->leg)) {
    part(j->leg);
    legs_[j->leg].conference = j->conference;
    source(j->leg, "");
  }
  if (const auto* c = std::get_if<Ack>(&command)) {
    acked = std::max(acked, c->seq);
    while (!kept.empty() && (kept.front().epoch < c->epoch || (kept.front().epoch == c->epoch && kept.front().seq <= c->seq))) kept.pop_front();
  } else if (const auto* t = std::get_if<SetTag>(&command)) {
    if (auto* leg = leg_of(t->leg)) leg->shown.tag = t->tag;
  } else if (const auto* a = std::get_if<Answer>(&command)) {
    if (auto* leg = leg_of(a->leg); leg && leg->shown.state != board::LegState::connected) {
      leg->shown.state = board::LegState::connected;
      happens(board::evt::Answered{a->leg});
    }
  } else if (const auto* play = std::get_if<Play>(&command)) {
    auto* leg = leg_of(play->leg);
    if (leg) leg->plays = play->play;
    if (leg && play_ends) prompt_ends(play->leg);
  } else if (const auto* clear = std::get_if<Clear>(&command)) {
    gone(clear->leg, clear->cause, false);
  } else if (const auto* r = std::get_if<Ring>(&command)) {
    const auto st = stations.find(r->station);
    bool busy = st == stations.end() || st->second.off_hook || !st->second.in_service;
    for (const auto& [id, leg] : legs_) busy = busy || leg.shown.station == r->station;
    if (busy) return happens(board::evt::Released{r->leg, 17, false, "station is not idle"});
    CHECK_FALSE(legs_.contains(r->leg));
    legs_[r->leg].shown = {.leg = r->leg, .line = board::LineKind::station, .span = "fxs-1", .channel = 1, .station = r->station, .calling = r->calling, .called = {},
                           .outgoing = true, .state = board::LegState::alerting, .tag = r->tag};
    happens(board::evt::Alerting{r->leg});
  } else if (const auto* d = std::get_if<Dial>(&command)) {
    legs_[d->leg].shown = {.leg = d->leg, .line = board::LineKind::trunk, .span = "e1-1", .channel = 30, .station = {}, .calling = d->calling, .called = d->called,
                           .outgoing = true, .state = board::LegState::proceeding, .tag = d->tag};
    happens(board::evt::Seized{d->leg, "e1-1", 30, 1});
    happens(board::evt::Proceeding{d->leg});
  } else if (const auto* x = std::get_if<Connect>(&command)) {
    if (leg_of(x->a) && leg_of(x->b)) {
      part(x->a);
      part(x->b);
      legs_[x->a].shown.connected_to = x->b;
      legs_[x->b].shown.connected_to = x->a;
      source(x->a, "");
      source(x->b, "");
    }
  } else if (const auto* y = std::get_if<Disconnect>(&command)) {
    if (leg_of(y->leg)) {
      part(y->leg);
      legs_[y->leg].shown.listens_to.reset();
    }
  } else if (const auto* l = std::get_if<Listen>(&command)) {
    if (auto* leg = leg_of(l->leg); leg && leg_of(l->target)) {
      leg->shown.listens_to = l->target;
      leg->shown.listens_as = l->as;
    }
  }
}

// ---- engine ---------------------------------------------------------------------------------------------------------

Status FakeEngine::start(const std::string&, ivr::CallInfo info) {
  const CallId call = info.call;
  started.push_back(call);
  if (!refuse.empty()) return fail(refuse);
  alive.insert(call);
  infos[call] = std::move(info);
  hear(call, "start");
  return {};
}

// ---- desk -----------------------------------------------------------------------------------------------------------

CenterConfig desk_config() {
  CenterConfig c;
  for (int i = 1; i <= 4; ++i) c.agents.push_back({.id = "200" + std::to_string(i), .name = "Agent " + std::to_string(i), .pin = std::to_string(i), .wrap_up = 3s});
  c.queues.push_back({.name = "orders", .agents = {"2001", "2002", "2003"}, .timeout = 60s, .length_max = 100, .open = true});
  c.queues.push_back({.name = "vip", .agents = {"2003", "2004"}, .timeout = 60s, .length_max = 2, .open = true});
  c.queues.back().extension = "600";
  c.queues.push_back({.name = "night", .agents = {"2001"}, .timeout = 60s, .length_max = 10, .open = false});
  c.numbers.push_back({.number = "4006001", .business = "kitchen", .script = "main.lua", .queue = "orders"});
  c.numbers.push_back({.number = "4006002", .business = "vip", .script = "main.lua", .queue = "vip"});
  c.outgoing_group = "city";
  c.outgoing_calling = "4006001";
  return c;
}

Desk::Desk(CenterConfig c) : config(std::move(c)) {
  writer = std::move(store::Writer::open(":memory:", 0).value());
  for (int i = 1; i <= 4; ++i) board.stations["100" + std::to_string(i)] = {"100" + std::to_string(i), false, true};
  start_ctid();
  link();
}
Desk::~Desk() { center.reset(); }

void Desk::start_ctid() {
  const Recovered recovered = store::recover(writer->database()).value();
  store = std::make_unique<store::InlineStore>(*writer, timers, recovered.next_seq);
  center = std::make_unique<app::CallCenter>(timers, *store, config, recovered);
  center->cti().on_journal([this](const JournalRow& row) { journal.push_back(row); });
  engine.alive.clear();
  center->attach(board, engine);
}

void Desk::kill_ctid() {
  store->crash();
  center.reset();
  board.pending.clear();
  up = false;
}

void Desk::link() {
  up = true;
  board.pending.clear();
  center->listener().on_link(true);
  const auto replay = board.kept;
  for (const auto& e : replay) center->listener().on_event(e);
  center->listener().on_snapshot(board.snapshot());
  settle();
}

void Desk::unlink() {
  up = false;
  center->listener().on_link(false);
  settle();
}

void Desk::settle() { run(0us); }

void Desk::run(Duration d) {
  const Instant end = timers.now() + d;
  for (int turns = 0; turns < 1'000'000; ++turns) {
    if (center) {
      center->end_of_turn();
      if (checking) {
        const std::string broken = center->check();
        if (!broken.empty()) FAIL(broken.c_str());
      }
    }
    if (up && center && !board.pending.empty()) {
      const board::Envelope e = board.pending.front();
      board.pending.pop_front();
      center->listener().on_event(e);
      continue;
    }
    if (!timers.step(end)) break;
  }
  timers.run_until(end);
}

void Desk::login(const std::string& agent, const std::string& phone, bool ready) {
  const auto ok = center->cti().agent_login({agent, phone, agent.substr(3), ready});
  CHECK_TRUE(ok.has_value());
  settle();
}

LegId Desk::dial(const std::string& called, const std::string& calling) {
  const LegId leg = board.call(calling, called);
  settle();
  return leg;
}

CallId Desk::queued(const std::string& calling, ivr::QueueRequest request) {
  dial("4006001", calling);
  const CallId call = last_call();
  host().script_answer(call);
  settle();
  host().script_queue(call, request);
  settle();
  return call;
}

void Desk::talk(const std::string& phone) {
  CHECK_TRUE(board.ringing(phone) != LegId::none);
  board.off_hook(phone);
  settle();
}

std::vector<std::string> Desk::events(CallId call) const {
  std::vector<std::string> out;
  for (const auto& row : journal)
    if (call_of(row.event) == call && !std::holds_alternative<ev::AgentBusy>(row.event) && !std::holds_alternative<ev::AgentWorkingAfterCall>(row.event) &&
        !std::holds_alternative<ev::RecordingStarted>(row.event))
      out.push_back(std::string(event_name(row.event)));
  return out;
}

std::vector<std::string> Desk::agent_events(const std::string& agent) const {
  std::vector<std::string> out;
  for (const auto& row : journal)
    std::visit([&](const auto& e) {
      if constexpr (requires { e.agentDevice; })
        if (e.agentID == agent) out.push_back(std::string(event_name(row.event)));
    }, row.event);
  return out;
}

std::string Desk::outcome(CallId call) const {
  std::string out;
  const auto also = [&](const std::string& what) { out += (out.empty() ? "" : ", ") + what; };
  for (const auto& row : journal) {
    if (call_of(row.event) != call) continue;
    if (const auto* e = std::get_if<ev::Established>(&row.event); e && !e->agentID.empty()) also("answered");
    if (std::holds_alternative<ev::Served>(row.event)) also("served");
    if (const auto* l = std::get_if<ev::Lost>(&row.event)) also(std::string("lost ") + boost::describe::enum_to_string(l->stage, ""));
  }
  return out.empty() ? "in progress" : out;
}

store::Books Desk::books() {
  settle();
  return store::read_books(writer->database()).value();
}

std::string Desk::state(const std::string& agent) {
  const auto agents = boost::json::parse(center->cti().agents_json());
  for (const auto& a : agents.as_array())
    if (a.at("agent").as_string() == agent) return std::string(a.at("state").as_string());
  return "?";
}

}  // namespace sr::test
