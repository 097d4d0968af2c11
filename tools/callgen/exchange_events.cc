// What the board reports, turned into rows and wakes.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <utility>

#include "tools/callgen/exchange.h"

namespace sr::callgen {

void Exchange::on_event(const board::Envelope& envelope) {
  board_.send(board::cmd::Ack{envelope.epoch, envelope.seq});
  std::visit([&](const auto& e) { on(e, envelope.at); }, envelope.event);
  run_woken();
}

void Exchange::on_snapshot(const board::Snapshot& snapshot) {
  restarting_ = false;
  for (const board::SpanSnapshot& s : snapshot.spans) {
    const auto pending = s.counters.find("restarts_pending");
    restarting_ = restarting_ || (pending != s.counters.end() && pending->second > 0);
    const bool e1 = s.kind == "e1" || s.kind == "t1";
    spans_[s.span] = {s.span, s.kind, s.channels, s.in_use, s.in_service && (!e1 || s.d_channel_up)};
  }
}

bool Exchange::lines_up() const {
  for (const auto& [name, span] : spans_)
    if (!span.up) return false;
  return !spans_.empty() && !restarting_;
}

// The first word of the center about this SETUP.
void Exchange::replied(Party& p) {
  if (p.row.delivered || !p.row_open) return;
  p.row.delivered = true;
  if (p.row.direction == "in") {
    ++counters_.delivered;
    setup_to_reply_.add(timers_.now() - p.row.at);
  }
}

void Exchange::on(const board::evt::Offered& e, Instant at) {
  if (e.line == board::LineKind::line) {  // a phone rings
    const auto found = by_line_.find({e.span, e.channel});
    Party* p = found == by_line_.end() ? nullptr : find(found->second);
    if (p == nullptr || p->leg != LegId::none) return;  // nobody sits there: it rings until they give up
    ++counters_.rings;
    if (p->on_hook_at != Instant{}) on_hook_to_ring_.add(at - p->on_hook_at);
    p->on_hook_at = {};
    p->leg = e.leg;
    by_leg_[e.leg] = p->id;
    p->state = PartyState::ringing;
    p->other = e.calling;
    p->hanging_up = p->far_gone = p->speaking = p->detecting = false;
    p->busy.reset();
    p->ring = {static_cast<int>(p->index), p->span, p->channel, p->signature_hz, e.calling, at, {}, {}, 0};
    p->ring_open = true;
    if (Party* caller = caller_of(*p)) {
      caller->rings_agent = true;
      wake(*caller, Wake::offered);
    }
    wake(*p, Wake::ring);
    return;
  }
  if (e.line != board::LineKind::trunk) return;
  if (parties_.size() >= kPartiesMax) {
    board_.send(board::cmd::Clear{e.leg, 42});
    return;
  }
  Party& p = add(Role::called);
  p.index = ++called_made_;
  p.number = e.called;
  p.other = e.calling;
  p.signature_hz = called_hz(p.index);
  p.random = Random(seed_, (std::uint64_t{2} << 40) + p.index);
  p.leg = e.leg;
  by_leg_[e.leg] = p.id;
  p.state = PartyState::ringing;
  p.row.attempt = ++attempts_;
  p.row.direction = "out";
  p.row.span = e.span;
  p.row.channel = e.channel;
  p.row.crv = e.crv;
  p.row.calling = e.calling;
  p.row.called = e.called;
  p.row.at = at;
  p.row.delivered = true;
  p.row.signature_hz = p.signature_hz;
  p.row_open = true;
  ++counters_.outgoing_seen;
  if (handler_.on_called) handler_.on_called(p);
}

void Exchange::on(const board::evt::Seized& e, Instant) {
  Party* p = of(e.leg);
  if (p == nullptr || !p->row_open) return;
  p->row.span = e.span;
  p->row.channel = e.channel;
  p->row.crv = e.crv;
}

void Exchange::on(const board::evt::Proceeding& e, Instant at) {
  Party* p = of(e.leg);
  if (p == nullptr || !p->row_open) return;
  if (!p->row.proceeding_at) p->row.proceeding_at = at;
  replied(*p);
}

void Exchange::on(const board::evt::Alerting& e, Instant at) {
  Party* p = of(e.leg);
  if (p == nullptr || !p->row_open) return;
  if (!p->row.alerting_at) p->row.alerting_at = at;
  replied(*p);
}

void Exchange::on(const board::evt::Answered& e, Instant at) {
  Party* p = of(e.leg);
  if (p == nullptr) return;
  const bool rang = p->state == PartyState::ringing;
  p->state = PartyState::connected;
  if (p->role == Role::agent) {
    if (rang && p->ring_open) {
      ++counters_.agent_answers;
      p->ring.answered_at = at;
      link_agent(*p, true);
    }
    listen(*p, true);  // for the busy tone
  } else if (p->row_open && !p->row.connected_at) {
    p->row.connected_at = at;
    if (p->role == Role::caller) {
      ++counters_.connected;
      setup_to_connect_.add(timers_.now() - p->row.at);
    } else ++counters_.outgoing_connected;
    replied(*p);
  }
  wake(*p, Wake::answered);
}

Party* Exchange::caller_of(const Party& agent) {
  const auto known = by_number_.find(agent.other);
  Party* caller = known == by_number_.end() ? nullptr : find(known->second);
  return caller == nullptr || caller->leg == LegId::none ? nullptr : caller;
}

// The phone shows who rings: so the caller is known to whom an agent has answered.
void Exchange::link_agent(Party& agent, bool on) {
  Party* caller = caller_of(agent);
  if (caller == nullptr) return;
  caller->rings_agent = false;
  if (on) {
    if (!caller->with_agent) ++counters_.with_agent;
    caller->row.agent = static_cast<int>(agent.index);
    caller->row.agent_hz = agent.signature_hz;
  } else if (caller->row.agent != static_cast<int>(agent.index)) return;  // somebody else has him by now
  caller->with_agent = on;
  if (on) wake(*caller, Wake::agent);
}

void Exchange::close_row(Party& p, Instant at, const board::evt::Released& e) {
  if (!std::exchange(p.row_open, false)) return;
  CallRow& row = p.row;
  row.cleared_at = at;
  row.cause = e.cause;
  row.by_far = e.by_far;
  row.why = e.why;
  row.refused = row.direction == "in" && row.crv == 0 && !row.delivered;
  if (row.direction == "in") {
    ++counters_.cleared;
    if (row.refused) ++counters_.refused;
  }
  sink_.call(row);
}

void Exchange::close_ring(Party& p, Instant at) {
  if (!std::exchange(p.ring_open, false)) return;
  p.ring.ended_at = at;
  if (p.ring.answered_at) link_agent(p, false);
  else if (Party* caller = caller_of(p)) caller->rings_agent = false;
  sink_.agent(p.ring);
}

void Exchange::on(const board::evt::Released& e, Instant at) {
  const auto it = by_leg_.find(e.leg);
  if (it == by_leg_.end()) return;
  const PartyId id = it->second;
  by_leg_.erase(it);
  Party* p = find(id);
  if (p == nullptr) return;
  if (std::exchange(p->speaking, false))
    (p->role == Role::agent ? p->ring.spoke_ms : p->row.spoke_ms) += static_cast<int>((timers_.now() - p->speaking_since).count() / 1000);
  if (p->row_open && !p->row.delivered && p->row.crv != 0 && center_replied(*p, e)) replied(*p);
  const bool refused = p->role == Role::caller && p->row_open && p->row.crv == 0 && !p->row.delivered;
  close_row(*p, at, e);
  close_ring(*p, at);
  p->leg = LegId::none;
  p->state = PartyState::idle;
  p->with_agent = p->detecting = p->hanging_up = false;
  if (refused && has(p->waits, Wake::refused)) wake(*p, Wake::refused);
  else wake(*p, Wake::cleared);
  forget_if_over(id);
}

// Was there a message of the center to this SETUP before the call ended without Proceeding, Alerting or Answered? Yes when the
// center cleared it, or when it acknowledged our clearing; no when the line failed, was restarted (Q.931 5.5), T303 or T308 ran out
// for want of an answer, or the center says that it knows of no such call: that answers the STATUS ENQUIRY after a link failure
// (5.8.10) which took the SETUP with it.
bool Exchange::center_replied(const Party& p, const board::evt::Released& e) const {
  if (e.why == "restart" || faults_.contains(p.row.span)) return false;
  const Instant now = timers_.now();
  if (p.hanging_up) return now - p.on_hook_at < kReplyByTimer;
  if (e.cause == kInvalidCallReference || e.cause == kWrongCallState) return false;
  return e.by_far && !(e.cause == kNoUserResponding && now - p.row.at >= kT303Twice);
}

void Exchange::on(const board::evt::Activity& e, Instant at) {
  Party* p = of(e.leg);
  if (p == nullptr) return;
  if (p->role == Role::agent && p->state == PartyState::connected) {
    p->busy.feed(at, e.on);
    if (p->busy.heard() && !p->far_gone) {
      p->far_gone = true;
      wake(*p, Wake::gone);
      return;
    }
  }
  if (!p->in_prompt_wait) return;
  timers_.cancel(std::exchange(p->prompt_timer, TimerId::none));
  if (e.on) p->heard = true;
  else if (p->heard)
    p->prompt_timer = timers_.after(p->prompt_quiet, [this, id = p->id] {
      if (Party* q = find(id)) {
        q->prompt_timer = TimerId::none;
        wake(*q, Wake::prompt);
        run_woken();
      }
    });
}

void Exchange::on(const board::evt::Alarm& e, Instant) {
  const bool line_fault = e.alarm == board::AlarmKind::red || e.alarm == board::AlarmKind::los || e.alarm == board::AlarmKind::d_channel_down;
  if (!line_fault) return;
  const bool down = faults_.contains(e.span);
  if (e.raised) {
    if (!down) ++counters_.carrier_losses;
    faults_[e.span].insert(e.alarm);
    return;
  }
  if (!down) return;
  auto& standing = faults_[e.span];
  standing.erase(e.alarm);
  if (!standing.empty()) return;  // the signal is back before the D channel is (Q.921 5.5.1)
  faults_.erase(e.span);
  for (const PartyId id : agents_)  // a bank of phones raises no alarm of its own; a board that comes back brings its trunks
    if (Party* p = find(id)) {
      p->line_back = !has(p->waits, Wake::line);  // who is not waiting now asks later
      wake(*p, Wake::line);
    }
}

void Exchange::fill(Progress& out) const {
  out.counters = counters_;
  out.agents = static_cast<int>(agents_.size());
  std::map<std::string, int> in_use;
  for (const auto& [leg, id] : by_leg_) {
    const Party& p = *parties_.at(id);
    switch (p.role) {
      case Role::caller:
        ++out.callers_up;
        if (p.state == PartyState::connected) ++out.callers_connected;
        ++in_use[p.row.span];
        break;
      case Role::called:
        ++out.outgoing_up;
        ++in_use[p.row.span];
        break;
      case Role::agent:
        ++in_use[p.span];
        if (p.state == PartyState::ringing) ++out.agents_ringing;
        else ++out.agents_off_hook;
        if (p.state == PartyState::connected && p.ring_open) ++out.agents_talking;
        break;
    }
  }
  out.setup_to_connect = spread(setup_to_connect_);
  out.setup_to_reply = spread(setup_to_reply_);
  out.on_hook_to_ring = spread(on_hook_to_ring_);
  for (const auto& [name, span] : spans_) {
    SpanLine line = span;
    line.in_use = in_use[name];
    out.spans.push_back(line);
  }
}

void Exchange::flush_open_rows() {
  for (auto& [id, p] : parties_) {
    if (std::exchange(p->row_open, false)) sink_.call(p->row);
    if (std::exchange(p->ring_open, false)) sink_.agent(p->ring);
  }
}

}  // namespace sr::callgen
