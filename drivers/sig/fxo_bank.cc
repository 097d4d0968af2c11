// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/fxo_bank.h"

#include <algorithm>
#include <utility>

namespace sr::sig {
namespace {
constexpr int kNormalClearing = 16, kUserBusy = 17, kDestinationOutOfOrder = 27;  // Q.850
}

bool is_off_hook(FxoPhase phase) { return phase == FxoPhase::dialled || phase == FxoPhase::awaiting || phase == FxoPhase::off_hook; }

board::LegState to_leg_state(FxoPhase phase) {
  using board::LegState;
  switch (phase) {
    case FxoPhase::offered: return LegState::offered;
    case FxoPhase::ringing: return LegState::alerting;
    case FxoPhase::awaiting: return LegState::dialing;
    case FxoPhase::dialled:
    case FxoPhase::off_hook: return LegState::connected;
    default: return LegState::null;
  }
}

std::unique_ptr<Signalling> make_fxo(Timers& timers, SpanDriver& span, const FxoConfig& config, Observer& observer) {
  return std::make_unique<FxoBank>(timers, span, config, observer);
}

FxoBank::FxoBank(Timers& timers, SpanDriver& span, const FxoConfig& config, Observer& observer) : timers_(timers), span_(span), config_(config), observer_(observer) {
  for (int c = 1; c <= kSpanChannelsMax; ++c) lines_[static_cast<std::size_t>(c)].channel = c;
}

FxoBank::~FxoBank() {
  for (Line& line : lines_) timers_.cancel(line.gap);
}

void FxoBank::start() {
  span_.signalling().start({.on_frame = [this](std::span<const std::uint8_t>) { count("frame_on_analog"); },
                            .on_line = [this](int channel, LineSignal signal, std::string_view text) { on_line(channel, signal, text); },
                            .on_carrier =
                                [this](bool up) {
                                  if (up) return;
                                  for (Line& line : lines_)
                                    if (line.phase != FxoPhase::idle) handle(line, FxoEvent::line_lost);
                                }});
}

// ---- commands -------------------------------------------------------------------------------------------------------

void FxoBank::command(LegId leg, FxoEvent event) {
  if (Line* line = find(leg)) handle(*line, event);
  else count("refused_commands");
}

void FxoBank::booked(LegId leg) {
  Line* line = find(leg);
  if (!line) return count("refused_commands");
  handle(*line, line->keep_answer ? FxoEvent::booked_answered : FxoEvent::booked);
}
void FxoBank::alert(LegId leg) { command(leg, FxoEvent::alert); }
void FxoBank::progress(LegId) { count("refused_commands"); }
void FxoBank::answer(LegId leg) { command(leg, FxoEvent::answer); }
void FxoBank::flash(LegId leg) { command(leg, FxoEvent::flash); }
void FxoBank::clear(LegId leg, int cause) {
  if (Line* line = find(leg)) line->cause = cause;
  command(leg, FxoEvent::clear);
}

bool FxoBank::dial(LegId leg, int channel, const std::string&, const std::string& called) {
  if (channel_state(channel) != ChannelState::idle) {
    count("dial_refused");
    return false;
  }
  Line& line = lines_[static_cast<std::size_t>(channel)];
  line.leg = leg;
  const bool seized = handle(line, config_.answer_by_polarity ? FxoEvent::dial_supervised : FxoEvent::dial);
  if (config_.line_dials && line.leg == leg && !called.empty()) span_.signalling().send_line(channel, LineSignal::dial, called);
  return seized;
}

bool FxoBank::ring(LegId, int, const std::string&, const std::string&) { count("refused_commands"); return false; }
void FxoBank::restart(int) { count("refused_commands"); }
void FxoBank::busyout(int channel, bool on) {
  if (channel >= 1 && channel <= kSpanChannelsMax) lines_[static_cast<std::size_t>(channel)].busyout = on;
}

ChannelState FxoBank::channel_state(int channel) const {
  if (channel < 1 || channel > config_.lines) return ChannelState::out_of_service;
  const Line& line = lines_[static_cast<std::size_t>(channel)];
  if (line.phase != FxoPhase::idle) return ChannelState::busy;
  return line.busyout || line.dead || !in_service() ? ChannelState::out_of_service : ChannelState::idle;
}

std::vector<int> FxoBank::channels() const {
  std::vector<int> all;
  for (int c = 1; c <= config_.lines; ++c) all.push_back(c);
  return all;
}

board::LegState FxoBank::leg_state(LegId leg) const {
  for (const Line& line : lines_)
    if (leg != LegId::none && line.leg == leg) return to_leg_state(line.phase);
  return board::LegState::null;
}

// ---- the line -------------------------------------------------------------------------------------------------------

void FxoBank::on_line(int channel, LineSignal signal, std::string_view text) {
  if (channel < 1 || channel > config_.lines) return count("signal_without_port");
  Line& line = lines_[static_cast<std::size_t>(channel)];
  switch (signal) {
    case LineSignal::ring_on: handle(line, line.number_known || !config_.await_caller_id ? FxoEvent::ring_on : FxoEvent::ring_unknown); break;
    case LineSignal::ring_off: handle(line, FxoEvent::ring_off); break;
    case LineSignal::battery_drop: handle(line, FxoEvent::battery_drop); break;
    case LineSignal::caller_id: heard_caller(line, text); break;
    case LineSignal::polarity: heard_polarity(line); break;
    case LineSignal::busy_tone: heard_busy(line, text); break;
    case LineSignal::out_of_service: in_alarm(line, true); break;
    case LineSignal::in_service: in_alarm(line, false); break;
    default: count("signal_not_for_fxo"); break;
  }
}

void FxoBank::heard_caller(Line& line, std::string_view number) {
  if (line.phase != FxoPhase::idle && line.phase != FxoPhase::announced) return count("caller_id_late");
  line.calling = number;
  line.number_known = true;
  handle(line, FxoEvent::caller_id);
}

void FxoBank::in_alarm(Line& line, bool dead) {
  line.dead = dead;
  if (dead && line.phase != FxoPhase::idle) handle(line, FxoEvent::line_lost);
}

void FxoBank::heard_polarity(Line& line) {
  if (is_off_hook(line.phase) && timers_.now() - line.off_hook_at < kPolaritySettle) return count("polarity_early");
  if (line.phase == FxoPhase::off_hook && !config_.disconnect_by_polarity) return count("polarity_unused");
  handle(line, FxoEvent::polarity);
}

void FxoBank::heard_busy(Line& line, std::string_view cadence) {
  std::string name = "busy_tone_" + std::string(cadence);
  std::replace_if(name.begin(), name.end(), [](char c) { return c == '/' || c == ' '; }, '_');
  count(name);
  handle(line, FxoEvent::busy_tone);
}

bool FxoBank::handle(Line& line, FxoEvent event) {
  const FxoRow* row = fsm::find(kFxoTable, line.phase, event);
  if (!row) {
    count("refused_events");
    return false;
  }
  line.phase = row->to;
  if (line.phase == FxoPhase::idle || is_off_hook(line.phase)) {
    timers_.cancel(line.gap);
    line.gap = TimerId::none;
  }
  act(line, row->act);
  return true;
}

void FxoBank::act(Line& line, FxoAction action) {
  SignallingPort& wire = span_.signalling();
  switch (action) {
    case FxoAction::offer:
      watch_gap(line);
      offer(line);
      break;
    case FxoAction::offer_gone:
      offer(line);
      if (line.dead || !wire.carrier()) release(line, kDestinationOutOfOrder, true, "line_lost");
      else release(line, kNormalClearing, true, "ring_stopped");
      break;
    case FxoAction::keep_number:
    case FxoAction::bell: watch_gap(line); break;
    case FxoAction::forget:
      line.calling.clear();
      line.number_known = false;
      break;
    case FxoAction::keep_answer: line.keep_answer = true; break;
    case FxoAction::pick_up:
      go_off_hook(line);
      observer_.answered(line.leg);
      break;
    case FxoAction::seize:
    case FxoAction::seize_only: {
      go_off_hook(line);
      const LegId leg = line.leg;
      observer_.seized(leg, line.channel, 0);
      if (line.leg != leg) break;
      if (action == FxoAction::seize) observer_.answered(leg);
      else observer_.progress_audio(leg);
      break;
    }
    case FxoAction::far_answered: observer_.answered(line.leg); break;
    case FxoAction::send_flash: wire.send_line(line.channel, LineSignal::flash); break;
    case FxoAction::caller_gone: release(line, kNormalClearing, true, "ring_stopped"); break;
    case FxoAction::refuse: release(line, line.cause, false, "cleared"); break;
    case FxoAction::hang_up: go_on_hook(line, line.cause, false, "cleared"); break;
    case FxoAction::dropped: go_on_hook(line, kNormalClearing, true, "battery_drop"); break;
    case FxoAction::reversed: go_on_hook(line, kNormalClearing, true, "polarity"); break;
    case FxoAction::busy: go_on_hook(line, kNormalClearing, true, "busy_tone"); break;
    case FxoAction::not_reached: go_on_hook(line, kUserBusy, true, "busy_tone"); break;
    case FxoAction::lost: go_on_hook(line, kDestinationOutOfOrder, true, "line_lost"); break;
    case FxoAction::end_ring:
    case FxoAction::nothing: break;
  }
}

void FxoBank::offer(Line& line) {
  line.leg = observer_.new_leg();
  line.number_known = false;
  const std::string calling = std::exchange(line.calling, {});
  observer_.offered(line.leg, line.channel, 0, calling, {}, true);
}

void FxoBank::go_off_hook(Line& line) {
  line.off_hook_at = timers_.now();
  span_.signalling().send_line(line.channel, LineSignal::off_hook);
}

void FxoBank::go_on_hook(Line& line, int cause, bool by_far, std::string_view why) {
  span_.signalling().send_line(line.channel, LineSignal::on_hook);
  release(line, cause, by_far, why);
}

void FxoBank::release(Line& line, int cause, bool by_far, std::string_view why) {
  const LegId leg = std::exchange(line.leg, LegId::none);
  line.cause = kNormalClearing;
  line.keep_answer = false;
  if (leg != LegId::none) observer_.released(leg, cause, by_far, why);
}

void FxoBank::watch_gap(Line& line) {
  timers_.cancel(line.gap);
  line.gap = timers_.after(kRingGap, [this, &line] {
    line.gap = TimerId::none;
    handle(line, FxoEvent::ring_gap);
  });
}

FxoBank::Line* FxoBank::find(LegId leg) {
  for (Line& line : lines_)
    if (leg != LegId::none && line.leg == leg) return &line;
  return nullptr;
}

}  // namespace sr::sig
