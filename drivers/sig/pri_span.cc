// Commands, the table and its actions; what the line says is in pri_span_line.cc.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/pri_span.h"

#include <algorithm>

#include "drivers/base/log.h"

namespace sr::sig {
namespace {
constexpr int kTemporaryFailure = 41, kChannelUnavailable = 44, kRecoveryOnTimer = 102;  // Q.850
}

std::unique_ptr<Signalling> make_pri(Timers& timers, SpanDriver& span, const PriConfig& config, Observer& observer) {
  return std::make_unique<PriSpan>(timers, span, config, observer);
}

PriSpan::PriSpan(Timers& timers, SpanDriver& span, const PriConfig& config, Observer& observer)
    : timers_(timers),
      span_(span),
      config_(config),
      observer_(observer),
      group_(config.nfas ? config.nfas : std::make_shared<PriGroup>()),
      link_(group_->join(this, timers, span.name(), span.kind(), config,
                         {.on_event = [this](const PriEvent& e) { on_pri(e); },
                          .send = [this](int, std::span<const std::uint8_t> f) { span_.signalling().send_frame(f); },
                          .trace = [this](int, bool sent, std::span<const std::uint8_t> f) { observer_.frame(sent, f); }})) {}

PriSpan::~PriSpan() {
  timers_.cancel(window_);
  timers_.cancel(restart_timer_);
  for (const Channel& c : channels_) timers_.cancel(c.look);
  for (auto& [id, call] : calls_) {
    timers_.cancel(call->timer);
    timers_.cancel(call->digit_timer);
  }
  group_->leave(this);
}

void PriSpan::start() {
  span_.signalling().start({.on_frame = [this](std::span<const std::uint8_t> f) { if (has_d()) link_.receive(f, d_number()); else count("frames_without_d_channel"); },
                            .on_line = [this](int, LineSignal, std::string_view) { count("line_signal_on_trunk"); },
                            .on_carrier = [this](bool there) { on_carrier(there); }});
  if (has_d() && span_.signalling().carrier()) link_.carrier(true, d_number());
}

// ---- commands -------------------------------------------------------------------------------------------------------

void PriSpan::booked(LegId leg) {
  Call* call = find(leg);
  if (!call || call->phase != LegPhase::call_present) return count("refused_commands");
  if (call->keep_disconnect) {
    handle(*call, LegEvent::booked_gone, call->far_cause);
  } else if (call->refuse_cause != 0) {
    call->cause = call->refuse_cause;
    handle(*call, LegEvent::booked_refuse);
  } else if (call->keep_clear) {
    handle(*call, LegEvent::booked_refuse);
  } else {
    after_booked(*call);
  }
}

void PriSpan::after_booked(Call& call) {
  const PriCall id = call.call;
  const bool alert = call.keep_alert, progress = call.keep_progress, answer = call.keep_answer;
  handle(call, call.complete ? LegEvent::booked : LegEvent::booked_overlap);
  if (Call* still = find(id); still && alert) handle(*still, LegEvent::alert);
  if (Call* still = find(id); still && progress) handle(*still, LegEvent::announce);
  if (Call* still = find(id); still && answer) handle(*still, LegEvent::answer);
}

void PriSpan::alert(LegId leg) {
  if (Call* call = find(leg)) handle(*call, LegEvent::alert);
  else count("refused_commands");
}
void PriSpan::progress(LegId leg) {
  if (Call* call = find(leg)) handle(*call, LegEvent::announce);
  else count("refused_commands");
}
void PriSpan::answer(LegId leg) {
  if (Call* call = find(leg)) handle(*call, LegEvent::answer);
  else count("refused_commands");
}
void PriSpan::clear(LegId leg, int cause) {
  Call* call = find(leg);
  if (!call) return count("refused_commands");
  const bool first = call->phase != LegPhase::disconnect_request && !call->keep_clear;
  if (first) call->cause = cause;
  handle(*call, LegEvent::clear, cause);
}

bool PriSpan::dial(LegId leg, int channel, const std::string& calling, const std::string& called) {
  if (channel_state(channel) != ChannelState::idle || find(leg)) {
    count("dial_refused");
    return false;
  }
  const Dialled number = split_called(called);
  const PriCall id = link_.setup(wire_channel(channel, config_.interface), calling, number.in_setup, number.complete);
  if (id == PriCall::none) {
    count("dial_refused");
    return false;
  }
  Call& call = add(id, leg);
  call.digits = number.in_setup;
  call.to_send = number.by_information;
  hold(call, channel);
  handle(call, LegEvent::dial);
  return true;
}

void PriSpan::flash(LegId) { count("refused_commands"); }
bool PriSpan::ring(LegId, int, const std::string&, const std::string&) { count("refused_commands"); return false; }
void PriSpan::digit_heard(LegId) {}
void PriSpan::set_alone(bool) {}

ChannelState PriSpan::channel_state(int channel) const {
  if (!exists(channel)) return ChannelState::out_of_service;
  const Channel& c = channels_[static_cast<std::size_t>(channel)];
  if (c.holder != PriCall::none) return ChannelState::busy;
  const bool rests = timers_.now() < c.rests_until;
  if (!in_service() || c.busyout || c.far_out || c.restart_wanted || restarting_ == channel || rests) return ChannelState::out_of_service;
  return ChannelState::idle;
}

std::vector<int> PriSpan::channels() const {
  std::vector<int> all;
  for (int c = 1; c <= kSpanChannelsMax; ++c)
    if (exists(c)) all.push_back(c);
  return all;
}

board::LegState PriSpan::leg_state(LegId leg) const {
  const Call* call = find(leg);
  return call ? to_leg_state(call->phase) : board::LegState::null;
}

bool PriSpan::in_service() const { return usable_ && span_.signalling().carrier(); }

std::map<std::string, std::uint64_t> PriSpan::counters() const {
  auto all = link_.counters();
  for (const auto& [name, n] : counters_) all[name] += n;
  all["restarts_pending"] = static_cast<std::uint64_t>(std::ranges::count_if(channels_, &Channel::restart_wanted) + (restarting_ != 0));
  return all;
}

// ---- the table ------------------------------------------------------------------------------------------------------

bool PriSpan::handle(Call& call, LegEvent event, int cause) {
  const LegRow* row = fsm::find(kLegTable, call.phase, event);
  if (!row) {
    count("refused_events");
    log::debug("span {} leg {}: {} in {} has no row", span_.name(), to_number(call.leg), event_name(event), phase_name(call.phase));
    return false;
  }
  const PriCall id = call.call;
  const bool moved = call.phase != row->to;
  if (moved && log::enabled(log::Level::debug))
    log::debug("span {} leg {} channel {}: {} -> {} on {}", span_.name(), to_number(call.leg), call.channel, phase_name(call.phase), phase_name(row->to), event_name(event));
  call.phase = row->to;
  if (moved || row->act == LegAction::take_digits) run_timer(call);
  act(call, row->act, event, cause);
  if (Call* still = find(id); still && still->phase == LegPhase::null) destroy(*still);
  return true;
}

void PriSpan::act(Call& call, LegAction action, LegEvent event, int cause) {
  const LegId leg = call.leg;
  switch (action) {
    case LegAction::send_setup: observer_.seized(leg, call.channel, link_.crv(call.call)); break;
    case LegAction::offer: break;  // on_setup, which knows the numbers
    case LegAction::keep_alert: call.keep_alert = true; break;
    case LegAction::keep_progress: call.keep_progress = true; break;
    case LegAction::keep_answer: call.keep_answer = true; break;
    case LegAction::keep_clear: call.keep_clear = true; break;
    case LegAction::keep_disconnect:
      call.keep_disconnect = true;
      call.far_cause = cause;
      break;
    case LegAction::send_proceeding: link_.send_proceeding(call.call, call.raw_channel); break;
    case LegAction::send_setup_ack: link_.send_setup_ack(call.call, call.raw_channel); break;
    case LegAction::refuse: clear_line(call, call.cause); break;
    case LegAction::take_digits: break;  // on_information has them
    case LegAction::complete_number:
      link_.send_proceeding(call.call, call.raw_channel);
      observer_.number_complete(leg, call.digits);
      break;
    case LegAction::send_alerting: link_.send_alerting(call.call); break;
    case LegAction::send_progress: link_.send_progress(call.call); break;
    case LegAction::send_connect:
      link_.send_connect(call.call);
      if (config_.network_side) handle(call, LegEvent::connect_ack);  // the network's CONNECT makes the call active (5.2.8)
      break;
    case LegAction::send_digits: send_digits(call); break;
    case LegAction::tell_proceeding: observer_.proceeding(leg); break;
    case LegAction::tell_progress:
      if (call.phase == LegPhase::outgoing_proceeding) run_timer(call);  // T301 instead of T310
      observer_.progress_audio(leg);
      break;
    case LegAction::tell_alerting: observer_.alerting(leg); break;
    case LegAction::take_connect:
      link_.send_connect_ack(call.call);
      observer_.answered(leg);
      break;
    case LegAction::tell_answered: observer_.answered(leg); break;
    case LegAction::send_disconnect: clear_line(call, call.cause); break;
    case LegAction::time_out:
      call.cause = cause;
      clear_line(call, event == LegEvent::t302 ? cause : kRecoveryOnTimer);
      break;
    case LegAction::send_release: {
      const PriCall id = call.call;
      tell_released(call, cause, true, "far_end");
      if (Call* still = find(id)) clear_line(*still, cause);
      break;
    }
    case LegAction::tell_released: tell_released(call, cause, true, "far_end"); break;
    case LegAction::end: tell_released(call, call.cause, false, call.refuse_cause ? "no_channel" : "cleared"); break;
    case LegAction::drop:
      link_.destroy(call.call);
      tell_released(call, kTemporaryFailure, true, "restart");
      break;
    case LegAction::lose:
      by_leg_.erase(leg);
      call.leg = LegId::none;
      clear_line(call, kChannelUnavailable);
      observer_.glare_lost(leg);
      break;
    case LegAction::nothing: break;
  }
}

void PriSpan::run_timer(Call& call) {
  timers_.cancel(call.timer);
  call.timer = TimerId::none;
  const LegTimer timer = timer_of(call.phase, call.in_band, config_);
  if (timer.event == LegEvent::count_) return;
  call.timer = timers_.after(timer.length, [this, id = call.call, event = timer.event] { timed_out(id, event); });
}

void PriSpan::timed_out(PriCall id, LegEvent event) {
  Call* call = find(id);
  if (!call) return;
  call->timer = TimerId::none;
  count("timers_expired");
  if (event == LegEvent::t302 && number_will_do(call->digits, config_)) handle(*call, LegEvent::number_complete);
  else handle(*call, event, timer_of(call->phase, call->in_band, config_).told);
}

// One INFORMATION per digit; ',' is a pause. T304 begins anew with each.
void PriSpan::send_digits(Call& call) {
  while (!call.to_send.empty() && call.phase == LegPhase::overlap_sending) {
    const char digit = call.to_send.front();
    call.to_send.erase(0, 1);
    if (digit == ',') {
      call.digit_timer = timers_.after(kDigitPause, [this, id = call.call] {
        if (Call* still = find(id)) { still->digit_timer = TimerId::none; send_digits(*still); }
      });
      return;
    }
    link_.send_digit(call.call, digit);
    run_timer(call);
  }
}

void PriSpan::clear_line(Call& call, int wire_cause) {
  const PriCall id = call.call;
  if (!link_.clear(id, wire_cause)) return;
  if (Call* still = find(id)) handle(*still, LegEvent::gone, wire_cause);
}

void PriSpan::tell_released(Call& call, int cause, bool by_far, std::string_view why) {
  const LegId leg = call.leg;
  if (leg == LegId::none) return;
  call.leg = LegId::none;
  by_leg_.erase(leg);
  if (call.phase == LegPhase::null) destroy(call);  // the channel is free when released() is heard
  observer_.released(leg, cause, by_far, why);
}

void PriSpan::destroy(Call& call) {
  timers_.cancel(call.timer);
  timers_.cancel(call.digit_timer);
  const int channel = call.channel;
  hold(call, 0);
  if (call.leg != LegId::none) by_leg_.erase(call.leg);
  group_->disown(call.call);
  calls_.erase(call.call);
  if (channel != 0) tell_service(channel);
  restart_next();  // one may have waited for this channel
}

}  // namespace sr::sig
