// The life of an incoming call: offered → its number's script → queue and agent (queueing.cc) → cleared. Where it can end without
// an agent, it is booked as lost with the stage of its phase, exactly once.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/log.h"

namespace sr::app {

void Center::offered(const board::evt::Offered& e) {
  hurry_ = true;  // the exchange waits for this one to be durable
  const CallId id = next_call_;
  next_call_ = CallId{to_number(id) + 1};
  Call& call = calls_[id];
  call.id = id;
  call.conference = Conference(id);
  call.leg = e.leg;
  call.span = e.span;
  call.group = e.group;
  call.line = e.line == board::LineKind::line;
  call.channel = e.channel;
  call.calling = e.calling;
  call.called = e.called;
  call.offered_at = at_ == Instant{} ? timers_.now() : at_;
  legs_[e.leg] = {LegRole::caller, id, {}, link_};
  count_span(call.span, 1);
  // An FXO line brings no called number: the number is configured under the line group's name.
  const bool complete = e.complete || e.line == board::LineKind::line;
  if (complete) call.number = match_number(e.called.empty() ? e.group : e.called);
  call.spot = spot_now(call.number.get());
  journal(ev::Offered{id, e.span, e.channel, e.crv, e.calling, e.called, call.number ? call.number->number : std::string(), e.group, call.spot});

  if (!store_.healthy() || store_.backlog() > kStoreBacklogMax || calls_.size() > kCallsMax) {
    ++counters_.refused;
    return refuse(call, 42, LossStage::system_fault, store_.healthy() ? "overload" : "the journal cannot be written");
  }
  // boardd refuses it with the right cause as soon as it is booked; no script could speak to it.
  if (e.channel == 0 && e.line == board::LineKind::trunk) return refuse(call, 44, LossStage::no_channel, "no channel for the SETUP");
  if (!in_step_) {
    advance(call, CallEvent::offered_away);
    call.incomplete = !complete;
    return;
  }
  if (!complete) {
    advance(call, CallEvent::offered_incomplete);
    return tag(call.leg, id, board::Mode::none);
  }
  if (!call.number) return begin(call);
  advance(call, CallEvent::offered);
  begin(call);
}

void Center::number_complete(Call& call, const std::string& called) {
  call.called = called;
  call.number = match_number(called);
  call.spot = spot_now(call.number.get());
  journal(ev::NumberCompleted{call.id, called, call.number ? call.number->number : std::string(), call.spot});
  if (call.phase != Phase::overlap) {
    call.incomplete = false;
    return;  // held: the snapshot is near
  }
  if (call.number) advance(call, CallEvent::resume);
  begin(call);
}

void Center::begin(Call& call) {
  if (!call.number) {
    if (could_grow(call.called)) return refuse(call, 28, LossStage::number_incomplete, "number incomplete");
    return refuse(call, 1, LossStage::rejected, "no such number");
  }
  if (!call.recovered && capture(call)) return;
  tag(call.leg, call.id, board::Mode::script);
  send(board::cmd::Alert{call.leg});
  const NumberConfig& n = *call.number;
  if (!n.agent.empty()) return to_agent(call);
  ivr::CallInfo info{call.id, call.calling, call.called, n.number, {{"queue", n.queue}, {"language", n.language}, {"business", n.business}}};
  call.script = true;
  if (auto ok = engine_->start(n.script, std::move(info)); !ok)
    defer([this, id = call.id, error = ok.error()] { script_failed(id, error); });
}

void Center::answer(Call& call) {
  if (call.answer_sent) return;
  call.answer_sent = true;
  send(board::cmd::Answer{call.leg});
  listen(call);
  record(call);
}

// While a script has the call (Mode::script) boardd listens by itself.
void Center::listen(Call& call) {
  if (call.number && call.number->digits_always) send(board::cmd::Detect{call.leg, true, false});
}

void Center::talk_digit(Call& call, char digit) {
  if (!call.number || !call.number->digits_always) return;
  if (call.digits.size() >= kTalkDigitsMax) {
    ++counters_.digits_over_limit;
    return;
  }
  call.digits += digit;
  (void)call_set_data(call.id, "digits", call.digits);
}

std::string Center::recording_name(const Call& call, std::string_view more) {
  std::string who;
  for (const char ch : call.calling)
    if (((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z')) && who.size() < 24) who += ch;
  return to_iso8601(call.offered_at).substr(0, 10) + "/" + std::to_string(to_number(call.id)) + "-" + (who.empty() ? "withheld" : who) + std::string(more) + ".wav";
}

void Center::record(Call& call, std::string_view more) {
  if (!call.number || !call.number->record_calls) return;
  call.recording = recording_name(call, more);
  send(board::cmd::Record{call.leg, call.recording, call.number->record});
  journal(ev::RecordingStarted{call.id, call.recording});
}

void Center::answered(Call& call) {
  if (call.up) return;
  call.up = true;
  journal(ev::Established{call.id, "ivr", {}, call.calling, call.called, Cause::normal});
  if (call.phase == Phase::held) return;
  if (call.phase == Phase::captured) return say_captured(call);
  if (call.queue_before_answer) {
    call.queue_before_answer = false;
    if (call.phase == Phase::queued || call.phase == Phase::ringing) send(board::cmd::Music{call.leg});
  }
  if (call.phase == Phase::fallback) {
    send(board::cmd::Play{call.leg, kHostPlay, {call.number->language + "/" + config_.fallback_prompt}, false});
  } else if (call.script && call.script_waits_answer) {
    call.script_waits_answer = false;
    engine_->on_answered(call.id);
  }
}

void Center::refuse(Call& call, int cause, LossStage stage, const std::string& reason) {
  book_lost(call, stage, reason);
  clear(call, cause, cause_for(cause));
}

// The center ends it. What it was doing is put away; the rest comes with Released.
void Center::clear(Call& call, int cause, Cause word) {
  if (call.phase == Phase::clearing) return;
  if (!call.booked) {
    const LossStage stage = call.queue_end ? *call.queue_end : stage_of(call.phase);
    book_lost(call, stage, "cleared by the center");
  }
  if (call.agent != acd::AgentNo::none) agent_leaves(call, 16, false);
  else procedure_.other_leaves(call, 16, false);
  leave_line(call);
  drop_child(call);
  stop(call.fallback_timer);
  advance(call, CallEvent::clear);
  if (word != Cause::normalClearing) journal(ev::Failed{call.id, call.called, word, cause});
  send(board::cmd::Clear{call.leg, cause});
}

void Center::caller_released(Call& call, int cause, bool by_far, const std::string& why) {
  const std::string party = call.calling.empty() ? "withheld" : call.calling;
  journal(ev::ConnectionCleared{call.id, party, by_far ? party : "center", cause_for(cause), cause});
  if (!call.booked) {
    const bool ours = !by_far && call.phase == Phase::held;
    const LossStage stage = call.queue_end && call.phase == Phase::script ? *call.queue_end : stage_of(call.phase);
    book_lost(call, stage, ours ? "cleared while the center was away" : by_far ? "caller hung up" : why.empty() ? "line failed" : why);
  }
  count_span(std::exchange(call.span, {}), -1);
  if (call.consult.phase == ConsultPhase::conference) {
    procedure_.consult(call, ConsultEvent::caller_left);
    return;
  }
  if (call.agent != acd::AgentNo::none) agent_leaves(call, 16, false);
  else procedure_.other_leaves(call, 16, false);
  finish(call, cause_for(cause));
}

void Center::finish(Call& call, Cause cause) {
  const CallId id = call.id;
  leave_line(call);
  stop(call.fallback_timer);
  stop(call.consult.pause);
  stop(call.consult.hold_timer);
  drop_child(call);
  count_span(call.span, -1);
  advance(call, CallEvent::released);
  journal(ev::CallCleared{id, cause});
  if (call.script) engine_->on_hangup(id);
  if (const auto it = legs_.find(call.leg); it != legs_.end() && it->second.call == id) legs_.erase(it);
  calls_.erase(id);
  places_.call_ended(id);
}

void Center::book_lost(Call& call, LossStage stage, const std::string& reason, bool callback) {
  if (call.booked) return;
  call.booked = true;
  journal(ev::Lost{call.id, stage, reason, callback});
  if (callback || loss::is_called_back(stage)) callback_wanted(call, callback ? kCallbackPromised : kCallbackLost);
}

bool Center::advance(Call& call, CallEvent event) {
  const auto* row = fsm::find(kCallTable, call.phase, event);
  if (!row) {
    ++counters_.no_row;
    log::warn("call {}: {} in phase {}", to_number(call.id), boost::describe::enum_to_string(event, "?"), boost::describe::enum_to_string(call.phase, "?"));
    return false;
  }
  if (log::enabled(log::Level::info))
    log::info("call {} {} -> {}: {}", to_number(call.id), boost::describe::enum_to_string(call.phase, "?"), boost::describe::enum_to_string(row->to, "?"),
              boost::describe::enum_to_string(event, "?"));
  call.phase = row->to;
  return true;
}

// ---- when its script cannot go on -----------------------------------------------------------------------------------

void Center::fall_back(Call& call, const Error& error) {
  log::warn("call {}: script: {}", to_number(call.id), error.text());
  drop_child(call);
  if (call.phase != Phase::script) return;  // in a queue the caller waits on; nobody resumes the script afterwards
  if (call.booked || call.queue_end) return clear(call, 16);
  if (!advance(call, CallEvent::script_broke)) return;
  answer(call);
  if (call.up) send(board::cmd::Play{call.leg, kHostPlay, {call.number->language + "/" + config_.fallback_prompt}, false});
  guarded(call.fallback_timer, kFallbackTime, [this, id = call.id] {
    if (Call* c = find(id); c && c->phase == Phase::fallback) to_number_queue(*c);
  });
}

void Center::to_number_queue(Call& call, const ivr::QueueRequest& request) {
  stop(call.fallback_timer);
  const acd::QueueNo queue = queue_of_number(call);
  const auto lose = [&](LossStage stage, const char* why) {
    book_lost(call, stage, why);
    clear(call, 16);
  };
  if (queue == acd::QueueNo::none) return lose(LossStage::system_fault, "no queue");
  const QueueConfig& q = config_.queues[acd::index(queue)];
  if (!queue_open(queue) || !number_open(*call.number)) return lose(LossStage::closed, "queue closed");
  if (staffing_.empty(queue)) return lose(LossStage::empty, "nobody is logged on");
  if (waiting_.size(queue) >= q.length_max) return lose(LossStage::full, "queue full");
  answer(call);
  enqueue(call, queue, request);
}

void Center::end_script(Call& call) {
  if (!call.script) return;
  call.script = false;
  call.script_waits_answer = false;
  engine_->on_hangup(call.id);
}

void Center::drop_child(Call& call) {
  const CallId child = call.child;
  call.child = CallId::none;
  OutCall* out = child == CallId::none ? nullptr : find_out(child);
  if (!out) return;
  out->parent = CallId::none;
  clear_out(*out, 16);
}

// ---- numbers --------------------------------------------------------------------------------------------------------

NumberPtr Center::match_number(const std::string& called) const {
  const auto it = numbers_.find(called);
  return it == numbers_.end() ? nullptr : it->second;
}

bool Center::could_grow(const std::string& called) const {
  for (const auto& n : config_.numbers)
    if (n.number.size() > called.size() && n.number.starts_with(called)) return true;
  return false;
}

}  // namespace sr::app
