// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/world_exchange.h"

#include <fmt/format.h>

namespace sr::test {

namespace cmd = board::cmd;
namespace evt = board::evt;

WorldExchange::WorldExchange(Timers& timers, std::uint64_t seed, Behaviour behaviour, std::string group, std::vector<std::string> numbers)
    : timers_(timers), random_(seed), behaviour_(behaviour), group_(std::move(group)), numbers_(std::move(numbers)) {}

Duration WorldExchange::between(Duration low, Duration high) {
  return Duration(std::uniform_int_distribution<std::int64_t>(low.count(), high.count())(random_));
}

void WorldExchange::dial() {
  const auto caller = std::uniform_int_distribution<int>(1, 900)(random_);
  const auto number = std::uniform_int_distribution<std::size_t>(0, numbers_.size() - 1)(random_);
  dial(fmt::format("13800000{:03}", caller), numbers_[number], between(behaviour_.life_min, behaviour_.life_max));
}

LegId WorldExchange::callee(const std::string& number) const {
  for (const auto& [id, leg] : legs_)
    if (leg.role == Role::callee && leg.called == number) return id;
  return LegId::none;
}

void WorldExchange::dial(const std::string& calling, const std::string& called, Duration life) {
  const LegId leg{++next_};
  ++counters_.attempts;
  legs_.emplace(leg, Leg{Role::caller});
  board_->send(cmd::Dial{leg, group_, calling, called, {}});
  clear_later(leg, life);
}

void WorldExchange::clear_later(LegId leg, Duration after) {
  const auto found = legs_.find(leg);
  if (found == legs_.end()) return;
  timers_.cancel(found->second.life);
  found->second.life = timers_.after(after, [this, leg] { board_->send(cmd::Clear{leg, 16}); });
}

void WorldExchange::on_event(const board::Envelope& envelope) {
  board_->send(cmd::Ack{envelope.epoch, envelope.seq});
  if (also_) also_(envelope.event);
  std::visit([&](const auto& e) {
    if constexpr (requires { e.leg; }) hear(e.leg, e);
  }, envelope.event);
}

void WorldExchange::hear(LegId id, const board::Event& event) {
  if (const auto* offered = std::get_if<evt::Offered>(&event)) {
    const bool phone = offered->line == board::LineKind::line;
    auto& leg = legs_[id] = Leg{phone ? Role::phone : Role::callee};
    if (phone) ++counters_.rings; else ++counters_.incoming;
    if (!phone) board_->send(cmd::Alert{id});
    if (const auto it = callees.find(offered->called); !phone && it != callees.end()) {
      leg.called = offered->called;
      timers_.after(it->second.answers, [this, id, key = it->second.key] {
        if (!legs_.contains(id)) return;
        board_->send(cmd::Answer{id});
        if (key) timers_.after(1s, [this, id, key] { if (legs_.contains(id)) press(id, key); });
      });
      return;
    }
    if (!chance(behaviour_.answers)) return;  // rings until the center gives up
    leg.life = timers_.after(between(500ms, 6s), [this, id] {
      if (!legs_.contains(id)) return;
      board_->send(cmd::Answer{id});
      clear_later(id, between(1s, behaviour_.talk_max));
    });
    return;
  }
  if (const auto* digit = std::get_if<evt::Digit>(&event)) heard_[id] += digit->digit;
  const auto found = legs_.find(id);
  if (found == legs_.end()) return;
  Leg& leg = found->second;
  const bool reply = std::holds_alternative<evt::Proceeding>(event) || std::holds_alternative<evt::Alerting>(event) || std::holds_alternative<evt::Progress>(event) || std::holds_alternative<evt::Answered>(event);
  if (std::holds_alternative<evt::Progress>(event) && !leg.up) ++counters_.early;
  if (leg.role == Role::caller && reply && !leg.delivered) {
    leg.delivered = true;
    ++counters_.delivered;
  }
  if (std::holds_alternative<evt::Answered>(event) && !leg.up) {
    leg.up = true;
    if (leg.role == Role::caller) ++counters_.connected;
    if (leg.role == Role::phone) ++counters_.ring_answered;
    if (leg.role == Role::caller && behaviour_.leaves_number > 0 && chance(behaviour_.leaves_number))
      timers_.after(between(8s, 25s), [this, id] { if (legs_.contains(id)) board_->send(cmd::SendDtmf{id, "1,,,,,,1"}); });
    else if (leg.role == Role::caller && chance(behaviour_.presses_keys))
      timers_.after(between(100ms, 10s), [this, id] { if (legs_.contains(id)) board_->send(cmd::SendDtmf{id, "1"}); });
  }
  if (const auto* released = std::get_if<evt::Released>(&event)) {
    timers_.cancel(leg.life);
    if (leg.role == Role::caller && released->by_far && released->cause == 17) ++counters_.busy;
    if (leg.role == Role::caller && !leg.delivered) {
      if (released->cause == 34 && !released->by_far) ++counters_.refused;
      // 18: T303 ran out; 27: the D channel failed; 81, 101: the SETUP was lost with the data link and the center does not know
      // the call. Nothing was heard of this SETUP, although the center may have seen it.
      else if (const int c = released->cause; c == 18 || c == 27 || c == 81 || c == 101) ++counters_.unheard;
      else if (released->by_far) ++counters_.delivered;
      else ++counters_.unheard;  // he hung up before any reply
    }
    ++counters_.released;
    legs_.erase(found);
  }
}

}  // namespace sr::test
