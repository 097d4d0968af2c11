// Turns, the journal, acknowledgements, and the board's events handed to whom they concern.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"

#include "cti-core/acd/assignment.h"
#include "cti-core/acd/membership.h"
#include "cti-core/app/recovered_times.h"
#include "drivers/base/log.h"

namespace sr::app {
Center::Center(Timers& timers, Store& store, CenterConfig config, const Recovered& found, CallCenter::PromptExists prompt_exists)
    : timers_(timers), store_(store), in_force_(std::make_shared<const CenterConfig>(std::move(config))), prompt_exists_(std::move(prompt_exists)), agents_(0),
      waiting_(0), next_call_(found.next_call), incarnation_(found.incarnation), journal_epoch_(found.journal_epoch),
      last_seq_(found.next_seq ? found.next_seq - 1 : 0), cursors_(found.board_cursors) {
  const Recovered recovered = on_this_clock(found, timers.now());
  configure(*in_force_, acd::memberships(*in_force_));
  supervisors_.restore(recovered.assignments);
  if (!cursors_.empty()) epoch_ = cursors_.rbegin()->first;
  restore_agents(recovered.agents);
  restore_callbacks(recovered.callbacks);
  restore_calls(recovered.calls);
  places_.restore(recovered.places);
}

void Center::attach(Board& board, ivr::Engine& engine) {
  board_ = &board;
  engine_ = &engine;
  const Turn turn(*this);
  journal(ev::SystemStarted{incarnation_});
  staffing_.look();
}

Center::~Center() {
  stop(defer_timer_);
  stop(ack_timer_);
  stop(spot_timer_);
  stop(reloads_.timer);
  for (TimerId& t : wrap_timers_) stop(t);
  for (Overflow& o : overflow_) stop(o.timer);
  for (auto& [id, c] : calls_) {
    for (TimerId* t : {&c.queue_timer, &c.preference_timer, &c.ring_timer, &c.fallback_timer, &c.consult.pause, &c.consult.hold_timer, &c.announcing.timer}) stop(*t);
    for (auto& [leg, mate] : c.mates) stop(mate.timer);
  }
  for (auto& [id, o] : outs_) stop(o.timer);
  for (auto& [id, p] : phones_) {
    stop(p.timer);
    stop(p.line_timer);
  }
  supervisors_.forget();
}

void Center::settle() {
  constexpr int kRoundsMax = 4;  // then the next turn: a script that asks in a circle stops nobody else
  for (int round = 0; round < kRoundsMax && (want_match_ || !deferred_.empty()); ++round) {
    std::vector<std::function<void()>> now;
    now.swap(deferred_);
    for (auto& work : now) work();
    if (want_match_) run_match();
  }
  supervisors_.settle();
  if (!deferred_.empty() && defer_timer_ == TimerId::none) guarded(defer_timer_, 0us, [] {});
}

void Center::defer(std::function<void()> work) {
  deferred_.push_back(std::move(work));
  if (depth_ == 0 && defer_timer_ == TimerId::none) guarded(defer_timer_, 0us, [] {});
}

void Center::guarded(TimerId& slot, Duration after, std::function<void()> run) {
  timers_.cancel(slot);
  slot = timers_.after(after, [this, &slot, work = std::move(run)] {
    const auto mine = work;  // setting the slot anew destroys this callback
    slot = TimerId::none;
    const Turn turn(*this);
    mine();
  });
}

void Center::stop(TimerId& slot) {
  if (slot == TimerId::none) return;
  timers_.cancel(slot);
  slot = TimerId::none;
}

void Center::end_of_turn() {
  {
    const Turn turn(*this);  // the engine may have called from a timer of its own
  }
  if (dirty_epoch_) {
    store_.board_cursor(dirty_epoch_, cursors_[dirty_epoch_]);
    if (hurry_) acknowledge();
    else if (ack_timer_ == TimerId::none) guarded(ack_timer_, kAckDelay, [this] { hurry_ = true; dirty_epoch_ = cursors_.rbegin()->first; });
    dirty_epoch_ = 0;
  }
  store_.end_of_turn();
}

void Center::acknowledge() {
  hurry_ = false;
  stop(ack_timer_);
  store_.when_durable([this, epoch = dirty_epoch_, seq = cursors_[dirty_epoch_]] {
    if (link_up_) board_->send(board::cmd::Ack{epoch, seq});
  });
  constexpr std::size_t kLivesMax = 64;  // of boardd; what it still holds of older ones it has told us long ago
  while (cursors_.size() > kLivesMax) cursors_.erase(cursors_.begin());
}

void Center::journal(JournalEvent event) {
  const Instant at = at_ == Instant{} ? timers_.now() : at_;
  if (listeners_.empty()) {
    last_seq_ = store_.append(at, std::move(event));
    return;
  }
  JournalRow row{0, at, event};
  last_seq_ = row.seq = store_.append(at, std::move(event));
  for (const auto& listener : listeners_) listener(row);
}

void Center::send(const board::Command& command) {
  if (link_up_ && board_) return board_->send(command);
  ++counters_.commands_lost;
  std::visit([this](const auto& c) {
    LegId leg{};
    if constexpr (requires { c.leg; }) leg = c.leg;
    else if constexpr (requires { c.a; }) leg = c.a;
    const LegUse* use = use_of(leg);
    if (!use) return;
    if (Call* call = find(use->call)) call->broken = true;
    if (OutCall* out = find_out(use->call)) out->broken = true;
  }, command);
}

void Center::send(const Conference::Commands& commands) {
  for (const auto& command : commands) send(command);
}

LegId Center::new_leg(LegRole role, CallId call, std::string station) {
  const LegId leg{kCtidLegBase + (incarnation_ % kIncarnationsMax << 32) + (station.empty() ? 0 : kPhoneLeg) + ++leg_counter_ % kPhoneLeg};
  legs_[leg] = {role, call, std::move(station), link_};
  return leg;
}

Call* Center::find(CallId id) {
  const auto it = calls_.find(id);
  return it == calls_.end() ? nullptr : &it->second;
}
Call* Center::find_script(CallId id) {
  Call* call = find(id);
  return call && call->script ? call : nullptr;
}
OutCall* Center::find_out(CallId id) {
  const auto it = outs_.find(id);
  return it == outs_.end() ? nullptr : &it->second;
}
LegUse* Center::use_of(LegId leg) {
  const auto it = legs_.find(leg);
  return it == legs_.end() ? nullptr : &it->second;
}

void Center::count_span(const std::string& span, int by) {
  if (!span.empty()) spans_[span].in_use += by;
}

// ---- events of the board --------------------------------------------------------------------------------------------

struct Hear {
  Center& c;

  void operator()(const board::evt::Offered& e) { c.offered(e); }
  void operator()(const board::evt::NumberComplete& e) {
    if (Call* call = caller(e.leg)) c.number_complete(*call, e.called);
  }
  void operator()(const board::evt::Initiated& e) { c.initiated(e); }
  void operator()(const board::evt::Seized& e) {
    if (c.devices_.seized(e.leg, e.span, e.channel)) return;
    const LegUse* use = c.use_of(e.leg);
    if (Call* call = use && use->role == LegRole::second ? c.find(use->call) : nullptr) return c.procedure_.second_seized(*call, e.leg, e.span);
    OutCall* out = use && use->role == LegRole::far ? c.find_out(use->call) : nullptr;
    if (!out) return;
    c.count_span(out->span, -1);  // a second try after glare is on another channel
    out->span = e.span;
    out->channel = e.channel;
    c.count_span(out->span, 1);
  }
  void operator()(const board::evt::Proceeding&) {}
  void operator()(const board::evt::Alerting& e) {
    const LegUse* use = c.use_of(e.leg);
    if (Call* call = use && use->role == LegRole::second ? c.find(use->call) : nullptr) c.procedure_.second_alerts(*call, e.leg);
    if (OutCall* out = use && use->role == LegRole::far ? c.find_out(use->call) : nullptr) c.far_alerting(*out);
  }
  void operator()(const board::evt::Progress&) {}
  void operator()(const board::evt::Answered& e) { c.leg_answered(e.leg); }
  void operator()(const board::evt::Flashed& e) { c.procedure_.flashed(e.leg); }
  void operator()(const board::evt::Released& e) { c.released(e); }
  void operator()(const board::evt::StationState& e) {
    Phone& phone = c.phone(e.station);
    phone.off_hook = e.off_hook;
    phone.in_service = e.in_service;
    c.phone_changed(e.station);
  }
  void operator()(const board::evt::Digit& e) {
    const LegUse* use = c.use_of(e.leg);
    if (!use) return;
    const std::string device = use->station;
    if (!device.empty() && c.devices_.key_pressed(device, e.digit)) return;
    if (use->role == LegRole::line) return c.devices_.digit(device, e.digit);
    if (use->role == LegRole::phone) return c.phone_digit(device, e.digit);
    if (use->role == LegRole::supervisor) return c.supervisors_.digit(use->station, e.digit);
    if (use->role == LegRole::agent) {
      if (Call* call = c.find(use->call); call && call->agent_leg == e.leg) c.procedure_.consult_digit(*call, e.digit);
      return;
    }
    Call* call = use->role == LegRole::caller ? c.find(use->call) : nullptr;
    if (!call) return;
    if (call->phase == Phase::talking) c.talk_digit(*call, e.digit);
    else if (call->phase == Phase::queued && call->callback_key == e.digit) c.end_queue(*call, ivr::QueueEnd::callback);
    else if (call->phase == Phase::script && call->script) c.engine_->on_digit(call->id, e.digit);  // which may end the call, or put it in a queue
  }
  void operator()(const board::evt::Activity&) {}
  void operator()(const board::evt::PlayEnded& e) {
    Call* call = caller(e.leg);
    if (!call) return;
    if (e.play == kHostPlay) {
      if (call->phase == Phase::fallback) c.to_number_queue(*call);
      else if (call->phase == Phase::captured) c.end_captured(*call);
      else if (call->phase == Phase::script && !call->script) c.clear(*call, 16);  // seen off
    } else if (e.play == kAnnouncePlay) {
      if (std::exchange(call->announcing.speaking, false) && (call->phase == Phase::queued || call->phase == Phase::ringing)) c.music(*call);
    } else if (call->script && call->phase == Phase::script) {
      c.engine_->on_play_ended(call->id, e.play, e.end == board::PlayEnd::barged);
    }
  }
  void operator()(const board::evt::Recorded& e) {
    // The file's name begins with its call (inbound.cc): true also after the leg and the call have gone.
    const auto slash = e.file.rfind('/');
    const CallId id{std::strtoull(e.file.c_str() + (slash == std::string::npos ? 0 : slash + 1), nullptr, 10)};
    if (Call* call = c.find(id); call && call->recording == e.file) call->recording.clear();
    c.journal(ev::RecordingEnded{id, e.file, e.duration_ms, std::string(boost::describe::enum_to_string(e.end, ""))});
  }
  void operator()(const board::evt::Alarm& e) {
    const std::string name = boost::describe::enum_to_string(e.alarm, "");
    auto& alarms = c.spans_[e.span].shown.alarms;
    std::erase(alarms, name);
    if (e.raised) alarms.push_back(name);
    if (e.alarm == board::AlarmKind::d_channel_down) c.spans_[e.span].shown.d_channel_up = !e.raised;
    c.journal(ev::Alarm{e.span, name, e.raised});
  }
  void operator()(const board::evt::AllBusy& e) { c.journal(ev::AllTrunksBusy{e.span, e.since, e.lasted, e.group, e.channels}); }
  void operator()(const board::evt::Channels& e) { c.spans_[e.span].shown.usable = e.usable; }
  void operator()(const board::evt::Alone& e) {
    const LegUse* use = c.use_of(e.leg);
    c.journal(ev::BoardActedAlone{use ? use->call : CallId::none, e.act});
  }

  Call* caller(LegId leg) {
    const LegUse* use = c.use_of(leg);
    return use && use->role == LegRole::caller ? c.find(use->call) : nullptr;
  }
};

void Center::on_event(const board::Envelope& envelope) {
  const Duration ahead = envelope.epoch == epoch_ ? board_ahead_ : Duration{};  // a new life has not said its time yet
  const Turn turn(*this, std::min(envelope.at - ahead, timers_.now()));
  auto& cursor = cursors_[envelope.epoch];
  dirty_epoch_ = std::max(dirty_epoch_, envelope.epoch);
  if (envelope.seq <= cursor) {  // in the journal already: said again so that boardd may forget it
    ++counters_.replayed;
    hurry_ = true;
    return;
  }
  if (cursor && envelope.seq != cursor + 1) {
    ++counters_.gaps;
    log::warn("board: events {} to {} of life {} never came", cursor + 1, envelope.seq - 1, envelope.epoch);
  }
  cursor = envelope.seq;
  ++counters_.events;
  if (envelope.epoch < epoch_) {
    if (const auto* offer = std::get_if<board::evt::Offered>(&envelope.event)) book_unserved(*offer);
    store_.board_cursor(envelope.epoch, cursor);
    return;
  }
  see_epoch(envelope.epoch);
  std::visit(Hear{*this}, envelope.event);
}

void Center::leg_answered(LegId leg) {
  if (!devices_.answered(leg)) leg_accepted(leg);
}

void Center::leg_accepted(LegId leg) {
  const LegUse* use = use_of(leg);
  if (!use) return;
  const LegRole role = use->role;
  const CallId id = use->call;
  if (role == LegRole::supervisor) return supervisors_.answers(std::string(use->station), leg);
  if (role == LegRole::caller) {
    if (Call* call = find(id)) answered(*call);
  } else if (role == LegRole::agent || role == LegRole::second) {
    Call* call = find(id);
    if (!call) return;
    if (call->agent_leg == leg) {
      if (call->phase == Phase::ringing) agent_answers(*call);
      else if (call->phase == Phase::forwarding) procedure_.other_answered(*call);
      else if (call->consult.phase == ConsultPhase::recalling) procedure_.consult(*call, ConsultEvent::lifted);
    } else if (call->mates.contains(leg)) {
      mate_answers(*call, leg);
    } else if (call->consult.phase == ConsultPhase::ringing && call->consult.leg == leg) {
      procedure_.consult(*call, ConsultEvent::second_answered);
    }
  } else if (OutCall* out = find_out(id)) {
    if (role == LegRole::near) near_answered(*out);
    if (role == LegRole::far) far_answered(*out);
  }
}

void Center::released(const board::evt::Released& e) {
  const auto it = legs_.find(e.leg);
  if (it == legs_.end()) return;
  const LegUse use = it->second;
  legs_.erase(it);
  count_span(use.span, -1);
  if (!use.station.empty()) phone_leg_gone(use.station, e.leg, e.by_far && e.cause == 16);
  if (use.role == LegRole::supervisor) supervisors_.gone(use.station, e.leg);
  Call* call = find(use.call);
  OutCall* out = find_out(use.call);
  if (use.role == LegRole::caller && call) return caller_released(*call, e.cause, e.by_far, e.why);
  if ((use.role == LegRole::agent || use.role == LegRole::second) && call) {
    if (call->consult.leg == e.leg) return procedure_.second_gone(*call, e.cause, e.by_far);
    if (call->mates.contains(e.leg)) return mate_misses(*call, e.leg, devices_.miss_of(use.station, e.cause));
    if (call->agent_leg != e.leg) return;
    if (call->phase == Phase::ringing) return agent_misses(*call, devices_.miss_of(use.station, e.cause));
    if (call->phase == Phase::forwarding || call->phase == Phase::joined) return procedure_.other_gone(*call, e.cause, e.by_far);
    const bool hung_up = e.cause == 16 && fsm::find(kConsultTable, call->consult.phase, ConsultEvent::on_hook);
    if (call->phase == Phase::talking && hung_up) procedure_.consult(*call, ConsultEvent::on_hook);
    else if (call->phase == Phase::talking) agent_leaves(*call, e.cause, true);
  }
  if ((use.role == LegRole::near || use.role == LegRole::far) && out) out_released(*out, use.role, e.cause, e.by_far);
}

}  // namespace sr::app
