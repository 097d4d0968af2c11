// What happens to a call while its script waits: digits, ends of prompts, queues and talks, and the hang-up.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <utility>

#include "cti-core/ivr/lua_engine_impl.h"

namespace sr::ivr {

Session* LuaEngineImpl::find(CallId call) {
  const auto found = sessions_.find(call);
  return found == sessions_.end() ? nullptr : found->second.get();
}

bool LuaEngineImpl::step(Session& s, On event) {
  const auto* row = fsm::find(kSessionTable, s.state, event);
  if (row == nullptr) {
    ++counters_.late;
    return false;
  }
  s.state = row->to;
  if (row->act == Act::resume) {
    timers_.cancel(std::exchange(s.timer, TimerId::none));
    s.ready = true;
  }
  return true;
}

void LuaEngineImpl::happened(CallId call, On event, Reply reply) {
  Session* s = find(call);
  if (s == nullptr) {
    ++counters_.late;
    return;
  }
  if (!step(*s, event)) return;
  s->reply = std::move(reply);
  if (s->busy) return;  // drive() goes on later
  drive(call);
}

void LuaEngineImpl::on_dial_ended(CallId call, DialEnd end) {
  const Session* s = find(call);
  if (end == DialEnd::answered) {
    if (s == nullptr || s->state != State::dialing)
      ++counters_.late;
    else
      step(*find(call), On::dial_answered);
    return;
  }
  // "finished" after an answer is what the script calls answered; without one it has failed.
  if (end == DialEnd::finished) end = s != nullptr && s->state == State::talking ? DialEnd::answered : DialEnd::failed;
  happened(call, On::dial_ended, end);
}

void LuaEngineImpl::on_hangup(CallId call) {
  Session* s = find(call);
  if (s == nullptr) return;
  ++counters_.hung_up;
  if (s->busy)
    s->gone = true;
  else
    end(*s);
}

void LuaEngineImpl::on_play_ended(CallId call, std::uint32_t play, bool barged) {
  Session* s = find(call);
  if (s == nullptr || s->play != play || (s->state != State::playing && s->state != State::prompting)) {
    ++counters_.late;
    return;
  }
  if (!barged && !s->to_play.empty()) return play_next(*s);
  s->to_play.clear();
  if (s->state == State::prompting) {
    step(*s, On::play_ended);
    return take_digits(*s);
  }
  if (!s->barge_in) s->typed.clear();  // keys pressed while nobody asked
  if (barged && s->typed.empty()) {
    step(*s, On::barge);
    return set_timer(*s, kBargedDigitWait, &LuaEngineImpl::barged_without_digit);
  }
  give_digit(*s, On::play_ended);
}

void LuaEngineImpl::on_digit(CallId call, char digit) {
  Session* s = find(call);
  if (s == nullptr) return;
  if (s->typed.size() >= kDigitsMax) {
    ++counters_.digits_dropped;
    return;
  }
  s->typed += digit;
  switch (s->state) {
    case State::answering:
    case State::queued:
    case State::dialing:
    case State::talking:
      s->typed.clear();
      return;  // for somebody else's ears
    case State::barged:
      return give_digit(*s, On::digits);
    case State::playing:
      if (s->barge_in && (s = silence(call, State::playing)) != nullptr) give_digit(*s, On::play_ended);
      return;
    case State::prompting:
      if ((s = silence(call, State::prompting)) == nullptr) return;
      step(*s, On::play_ended);
      return take_digits(*s);
    case State::collecting:
      return take_digits(*s);
    default:
      return;
  }
}

// Stops what is played; its end, which the board reports later, no longer matters. nullptr: the call has gone on meanwhile.
Session* LuaEngineImpl::silence(CallId call, State state) {
  Session* s = find(call);
  s->to_play.clear();
  s->play = 0;
  context_.host.script_stop_play(call);
  s = find(call);
  return s != nullptr && s->state == state ? s : nullptr;
}

// The first typed digit, or nil, is what play{} returns.
void LuaEngineImpl::give_digit(Session& s, On event) {
  Digit reply;
  if (!s.typed.empty()) {
    reply.digit = s.typed.front();
    s.typed.erase(0, 1);
  }
  happened(s.info.call, event, reply);
}

void LuaEngineImpl::take_digits(Session& s) {
  bool ended = s.collector->ended();
  while (!ended && !s.typed.empty()) {
    const char digit = s.typed.front();
    s.typed.erase(0, 1);
    ended = s.collector->digit(digit);
  }
  if (ended) return happened(s.info.call, On::digits, std::move(*s.collector));
  if (s.state == State::collecting) set_timer(s, s.collector->next_timeout(), &LuaEngineImpl::digits_timed_out);
}

void LuaEngineImpl::digits_timed_out(CallId call) {
  Session* s = find(call);
  if (s == nullptr || s->state != State::collecting) return;
  s->collector->timeout();
  happened(call, On::digits, std::move(*s->collector));
}

void LuaEngineImpl::barged_without_digit(CallId call) { happened(call, On::digit_late, Digit{}); }

void LuaEngineImpl::set_timer(Session& s, Duration d, void (LuaEngineImpl::*then)(CallId)) {
  timers_.cancel(s.timer);
  s.timer = timers_.after(d, [this, call = s.info.call, then] {
    if (Session* found = find(call)) found->timer = TimerId::none;
    (this->*then)(call);
  });
}

}  // namespace sr::ivr
