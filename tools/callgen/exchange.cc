// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/exchange.h"

#include <utility>

namespace sr::callgen {

int caller_hz(std::uint64_t index) { return 520 + 8 * static_cast<int>((index * 7) % 112); }
int called_hz(std::uint64_t index) { return 1450 + 6 * static_cast<int>((index * 5) % 24); }
int agent_hz(std::uint64_t index) { return 1700 + 16 * static_cast<int>((index * 3) % 100); }

Exchange::Exchange(Timers& timers, Board& board, CallSink& sink, std::uint64_t seed) : timers_(timers), board_(board), sink_(sink), seed_(seed) {}
Exchange::~Exchange() {
  for (auto& [id, party] : parties_) stop_timers(*party);
}

// ---- people -----------------------------------------------------------------------------------------------------------

Party& Exchange::add(Role role) {
  auto party = std::make_unique<Party>();
  party->id = PartyId{++last_party_};
  party->role = role;
  Party& out = *party;
  parties_.emplace(out.id, std::move(party));
  return out;
}

Party* Exchange::add_caller() {
  if (parties_.size() >= kPartiesMax) {
    ++attempts_, ++counters_.attempts, ++counters_.refused, ++counters_.cleared;
    return nullptr;
  }
  Party& p = add(Role::caller);
  p.index = ++callers_made_;
  p.signature_hz = caller_hz(p.index);
  p.random = Random(seed_, p.index);
  ++callers_;
  return &p;
}

Party& Exchange::add_agent(const PhoneLine& line) {
  Party& p = add(Role::agent);
  agents_.push_back(p.id);
  p.index = agents_.size();
  p.number = "agent " + std::to_string(p.index);
  p.signature_hz = agent_hz(p.index);
  p.random = Random(seed_, (std::uint64_t{1} << 40) + p.index);
  p.span = line.span;
  p.channel = line.channel;
  by_line_[{line.span, line.channel}] = p.id;
  return p;
}

Party* Exchange::find(PartyId id) {
  const auto it = parties_.find(id);
  return it == parties_.end() ? nullptr : it->second.get();
}
Party* Exchange::of(LegId leg) {
  const auto it = by_leg_.find(leg);
  return it == by_leg_.end() ? nullptr : find(it->second);
}

void Exchange::finish(Party& party) {
  party.finished = true;
  stop_timers(party);
  party.waits = 0;
  if (party.leg != LegId::none) hang_up(party, party.role == Role::called && party.state == PartyState::ringing ? 21 : 16);
  forget_if_over(party.id);
}

void Exchange::forget_if_over(PartyId id) {
  Party* p = find(id);
  if (p == nullptr || !p->finished || p->leg != LegId::none) return;
  stop_timers(*p);
  if (p->role == Role::agent) return;  // his phone stays on the table
  if (p->role == Role::caller) --callers_;
  const auto known = by_number_.find(p->number);
  if (known != by_number_.end() && known->second == id) by_number_.erase(known);
  parties_.erase(id);
}

void Exchange::stop_timers(Party& p) {
  timers_.cancel(std::exchange(p.timer, TimerId::none));
  timers_.cancel(std::exchange(p.prompt_timer, TimerId::none));
  p.in_prompt_wait = p.heard = false;
}

// ---- waiting ----------------------------------------------------------------------------------------------------------

void Exchange::wait(Party& party, unsigned wakes, Duration timeout) {
  stop_timers(party);
  party.waits = wakes | static_cast<unsigned>(Wake::timeout);
  if (timeout >= Duration::zero())
    party.timer = timers_.after(timeout, [this, id = party.id] {
      if (Party* p = find(id)) {
        p->timer = TimerId::none;
        wake(*p, Wake::timeout);
        run_woken();
      }
    });
}

void Exchange::wait_prompt(Party& party, unsigned wakes, Duration timeout, Duration quiet) {
  wait(party, wakes | Wake::prompt, timeout);
  party.in_prompt_wait = true;
  party.prompt_quiet = quiet;
  listen(party, true);
}

void Exchange::wake(Party& party, Wake w) {
  if (!has(party.waits, w)) return;
  if (party.in_prompt_wait && party.role != Role::agent) listen(party, false);  // an agent listens for the busy tone all the time
  stop_timers(party);
  party.waits = 0;
  woken_.emplace_back(party.id, w);
}

void Exchange::run_woken() {
  if (running_) return;
  running_ = true;
  while (!woken_.empty()) {
    const auto [id, w] = woken_.front();
    woken_.pop_front();
    if (handler_.on_wake) handler_.on_wake(id, w);
  }
  running_ = false;
}

// ---- what a person does -----------------------------------------------------------------------------------------------

LegId Exchange::attach(Party& party) {
  party.leg = LegId{kCtidLegBase + ++last_leg_};
  by_leg_[party.leg] = party.id;
  party.state = PartyState::dialing;
  party.hanging_up = party.far_gone = party.with_agent = party.rings_agent = party.speaking = party.detecting = false;
  party.busy.reset();
  return party.leg;
}

void Exchange::dial(Party& party, const std::string& group, const std::string& called) {
  if (party.leg != LegId::none || party.role == Role::agent) return;
  const Instant now = timers_.now();
  ++counters_.attempts;
  CallRow row;
  row.story = std::move(party.row.story);
  party.row = std::move(row);
  party.row.attempt = ++attempts_;
  party.row.direction = "in";
  party.row.calling = party.number;
  party.row.called = called;
  party.row.at = now;
  party.row.signature_hz = party.signature_hz;
  party.row_open = true;
  by_number_[party.number] = party.id;
  const LegId leg = attach(party);
  board_.send(board::cmd::Dial{leg, group, party.number, called, {}});
}

void Exchange::off_hook(Party& party) {
  if (party.role != Role::agent) return;
  if (party.leg != LegId::none) {
    if (party.state == PartyState::ringing) board_.send(board::cmd::Answer{party.leg});
    return;
  }
  party.ring = {};
  party.other.clear();
  const LegId leg = attach(party);
  board_.send(board::cmd::Dial{leg, party.span + "/" + std::to_string(party.channel), "", "", {}});
}

void Exchange::answer(Party& party) {
  if (party.leg != LegId::none && party.state == PartyState::ringing) board_.send(board::cmd::Answer{party.leg});
}
void Exchange::alert(Party& party) {
  if (party.leg == LegId::none || party.state != PartyState::ringing || party.role != Role::called) return;
  if (!party.row.alerting_at) party.row.alerting_at = timers_.now();
  board_.send(board::cmd::Alert{party.leg});
}
void Exchange::hang_up(Party& party, int cause) {
  if (party.leg == LegId::none || party.hanging_up) return;
  if (party.role == Role::agent && party.state == PartyState::ringing) return;  // a phone cannot refuse a ring
  speak(party, false);
  party.hanging_up = true;
  party.on_hook_at = timers_.now();
  board_.send(board::cmd::Clear{party.leg, cause});
}
void Exchange::press(Party& party, const std::string& digits) {
  if (party.leg != LegId::none) board_.send(board::cmd::SendDtmf{party.leg, digits});
}
void Exchange::flash(Party& party) {
  if (party.leg != LegId::none) board_.send(board::cmd::Flash{party.leg});
}
void Exchange::speak(Party& party, bool on) {
  if (party.leg == LegId::none || on == party.speaking) return;
  party.speaking = on;
  const Instant now = timers_.now();
  if (on) {
    party.speaking_since = now;
    board_.send(board::cmd::Tone{party.leg, "f=" + std::to_string(party.signature_hz)});
  } else {
    const int ms = static_cast<int>((now - party.speaking_since).count() / 1000);
    (party.role == Role::agent ? party.ring.spoke_ms : party.row.spoke_ms) += ms;
    board_.send(board::cmd::Silence{party.leg});
  }
}
void Exchange::listen(Party& party, bool on) {
  if (party.leg == LegId::none || on == party.detecting) return;
  party.detecting = on;
  board_.send(board::cmd::Detect{party.leg, false, on});
}

void Exchange::closing() {
  closing_ = true;
  for (const PartyId id : agents_)
    if (Party* p = find(id)) wake(*p, Wake::closing);
  run_woken();
}

void Exchange::hang_up_all() {
  std::vector<PartyId> all;
  all.reserve(parties_.size());
  for (const auto& [id, party] : parties_) all.push_back(id);
  for (const PartyId id : all)
    if (Party* p = find(id)) hang_up(*p, 16);
}

}  // namespace sr::callgen
