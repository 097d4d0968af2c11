// Two centers with the same digest behave alike from here on: every member that a later decision may look at, with calls by their order
// instead of their numbers and moments by what is left until then. What only counts or is shown (tallies, since when, data) is left out.
// A new member of Call, OutCall, Phone or Agent that decides something belongs in here.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "cti-core/app/center.h"

namespace sr::app {
namespace {

struct Text {
  const std::function<Duration(TimerId)>& left;
  std::string out{};
  std::vector<CallId> calls{};

  template <class T>
  void add(const T& value) {
    if constexpr (std::is_enum_v<T>) fmt::format_to(std::back_inserter(out), "{},", static_cast<std::int64_t>(value));
    else fmt::format_to(std::back_inserter(out), "{},", value);
  }
  void flags(std::initializer_list<bool> bits) {
    for (const bool bit : bits) out += bit ? '1' : '0';
    out += ',';
  }
  void timer(TimerId id) { id == TimerId::none ? void(out += "-,") : add(left(id).count()); }
  void call(CallId id) {  // one that is gone is like another
    const auto at = std::ranges::find(calls, id);
    id == CallId::none ? void(out += "-,") : at == calls.end() ? void(out += "?,") : add(at - calls.begin());
  }
};

}  // namespace

std::string Center::digest(const std::function<Duration(TimerId)>& left) const {
  Text t{left};
  for (const auto& [id, c] : calls_) t.calls.push_back(id);
  for (const auto& [id, o] : outs_) t.calls.push_back(id);
  for (const auto& [id, place] : places_.all())
    if (!calls_.contains(id)) t.calls.push_back(id);
  std::ranges::sort(t.calls);
  const auto before = [&](acd::QueueNo queue, Instant since) {  // who stands there, and came before
    return std::ranges::count_if(calls_, [&](const auto& c) { return c.second.queue == queue && c.second.queued_at < since; }) +
           std::ranges::count_if(places_.all(), [&](const auto& p) { return p.second.queue == queue && p.second.since < since; });
  };
  t.flags({link_up_, in_step_, want_match_, hurry_, defer_timer_ != TimerId::none});
  t.timer(spot_timer_);
  for (const CallId id : t.calls) {
    t.out += '\n';
    if (const auto it = calls_.find(id); it != calls_.end()) {
      const Call& c = it->second;
      for (const int n : {static_cast<int>(c.phase), c.priority, static_cast<int>(c.digits.size()), c.queue_end ? static_cast<int>(*c.queue_end) : -1}) t.add(n);
      t.add(c.calling);
      t.add(c.called);
      t.flags({c.answer_sent, c.up, c.script, c.script_waits_answer, c.queue_before_answer, c.incomplete, c.booked, c.had_agent, c.broken, c.recovered, c.only_if_idle,
               c.leg != LegId::none, c.agent_leg != LegId::none, c.consult.leg != LegId::none, c.only_agent, c.hears_key, c.left.has_value(), c.line});
      t.add(c.group);
      t.add(c.capture_cause);
      t.add(c.callback_key);
      t.add(c.left ? c.left->queue : acd::QueueNo::none);
      t.add(c.left ? before(c.left->queue, c.left->since) : 0);
      t.add(c.queue);
      t.add(c.agent);
      t.add(c.agent_device);
      if (const auto* place = waiting_.find(id)) {
        t.add(waiting_.in_front(id));
        t.add(place->waiter.owner);
      }
      for (const TimerId timer : {c.queue_timer, c.preference_timer, c.ring_timer, c.fallback_timer, c.consult.pause, c.consult.hold_timer}) t.timer(timer);
      t.add(c.consult.phase);
      t.add(c.consult.digits);
      t.add(c.consult.agent);
      t.add(c.consult.device);
      t.add(c.consult.queue);
      t.add(c.conference.size());
      t.flags({c.consult.asking, c.consult.outside, c.other_outside, c.was_held});
      t.call(c.child);
    } else if (const auto out = outs_.find(id); out != outs_.end()) {
      const OutCall& o = out->second;
      t.add(o.phase);
      t.add(o.agent);
      t.add(o.callee);
      t.add(o.station);
      t.flags({o.recovered, o.broken, o.established, o.near != LegId::none, o.far != LegId::none, o.dialled});
      t.call(o.parent);
      t.call(o.place);
      t.add(o.missed.event);
      t.timer(o.timer);
    }
    if (const Place* place = places_.find(id)) {
      for (const int n : {static_cast<int>(place->state), place->priority, place->tries, static_cast<int>(waiting_.in_front(id))}) t.add(n);
      t.add(place->queue);
      t.add(place->number);
      t.add(before(place->queue, place->since));
      t.call(place->callback);
      t.timer(place->timer);
    }
  }
  for (const auto& a : agents_.all()) {
    t.out += '\n';
    t.add(a.state);
    t.add(a.device);
    t.add(a.reason);
    t.add(a.pending);
    t.add(a.pending_reason);
    t.add(a.serves_for);
    t.call(a.call);
    t.timer(wrap_timers_[acd::index(a.no)]);
  }
  for (std::size_t q = 0; q < config_.queues.size(); ++q) {
    t.out += '\n';
    t.add(overflow_[q].step);
    t.timer(overflow_[q].timer);
    t.timer(staffing_.leaves_at(acd::QueueNo{static_cast<std::uint32_t>(q)}));
    for (const auto& turn : agents_.idle().line(acd::QueueNo{static_cast<std::uint32_t>(q)})) t.add(turn.agent);
  }
  for (const auto& [station, p] : phones_) {
    fmt::format_to(std::back_inserter(t.out), "\n{},{},", station, p.digits);
    t.flags({p.in_service, p.off_hook, p.leg != LegId::none, p.dialing, p.awaits_key, p.line != LegId::none, p.line == p.leg, p.keeps_line(), p.needs_key()});
    t.add(p.line_phase);
    t.add(p.tries);
    t.timer(p.timer);
    t.timer(p.line_timer);
  }
  std::vector<std::string> legs;
  for (const auto& [leg, use] : legs_) {
    Text one{left, {}, t.calls};
    one.add(use.role);
    one.call(use.call);
    legs.push_back(one.out + use.station);
  }
  std::ranges::sort(legs);
  for (const auto& leg : legs) t.out += '\n' + leg;
  for (const CallId id : undecided_) t.call(id);
  return std::move(t.out);
}

}  // namespace sr::app
