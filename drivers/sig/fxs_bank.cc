// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/fxs_bank.h"

#include "drivers/base/result.h"

namespace sr::sig {
namespace {
constexpr int kDestinationOutOfOrder = 27, kInvalidNumber = 28, kNormalClearing = 16;  // Q.850
}

std::unique_ptr<Signalling> make_fxs(Timers& timers, SpanDriver& span, const FxsConfig& config, Observer& observer) {
  return std::make_unique<FxsBank>(timers, span, config, observer);
}

FxsBank::FxsBank(Timers& timers, SpanDriver& span, const FxsConfig& config, Observer& observer)
    : timers_(timers), span_(span), config_(config), observer_(observer) {
  for (const StationConfig& station : config_.stations) {
    SR_ENSURE(station.channel >= 1 && station.channel <= kSpanChannelsMax);  // the profile was checked
    Line& line = lines_[static_cast<std::size_t>(station.channel)];
    line.channel = station.channel;
    line.station = station.number;
  }
}

FxsBank::~FxsBank() {
  for (Line& line : lines_) {
    timers_.cancel(line.timer);
    timers_.cancel(line.bell_timer);
  }
}

void FxsBank::start() {
  span_.signalling().start({.on_frame = [this](std::span<const std::uint8_t>) { count("frame_on_analog"); },
                            .on_line = [this](int channel, LineSignal signal, std::string_view) { on_line(channel, signal); },
                            .on_carrier = [this](bool up) { on_carrier(up); }});
  for (const Line& line : lines_)
    if (line.channel != 0) tell_station(line);
}

// ---- commands -------------------------------------------------------------------------------------------------------

bool FxsBank::ring(LegId leg, int channel, const std::string& calling, const std::string&) {
  Line* line = port(channel);
  if (!line || channel_state(channel) != ChannelState::idle) {
    count("ring_refused");
    return false;
  }
  line->leg = leg;
  line->cause = kNormalClearing;
  span_.signalling().send_line(channel, LineSignal::caller_id, calling);
  line->bell_delay = span_.signalling().before_ring(channel, calling);
  return handle(*line, FxsEvent::ring);
}

void FxsBank::clear(LegId leg, int cause) {
  Line* line = find(leg);
  if (!line) return count("refused_commands");
  line->cause = cause;
  handle(*line, FxsEvent::clear);
}
void FxsBank::answer(LegId leg) {
  if (Line* line = find(leg)) handle(*line, FxsEvent::answer);
  else count("refused_commands");
}
void FxsBank::digit_heard(LegId leg) {
  if (Line* line = find(leg)) handle(*line, FxsEvent::digit);
}
void FxsBank::booked(LegId) {}
void FxsBank::alert(LegId) { count("refused_commands"); }
void FxsBank::progress(LegId) { count("refused_commands"); }
void FxsBank::flash(LegId) { count("refused_commands"); }
bool FxsBank::dial(LegId, int, const std::string&, const std::string&) { count("refused_commands"); return false; }
void FxsBank::restart(int) { count("refused_commands"); }
void FxsBank::busyout(int channel, bool on) {
  if (Line* line = port(channel)) line->busyout = on;
}

ChannelState FxsBank::channel_state(int channel) const {
  if (channel < 1 || channel > kSpanChannelsMax) return ChannelState::out_of_service;
  const Line& line = lines_[static_cast<std::size_t>(channel)];
  if (line.channel == 0) return ChannelState::out_of_service;
  if (line.phase != FxsPhase::idle) return ChannelState::busy;
  return line.busyout || line.dead || !in_service() ? ChannelState::out_of_service : ChannelState::idle;
}

std::vector<int> FxsBank::channels() const {
  std::vector<int> all;
  for (const Line& line : lines_)
    if (line.channel != 0) all.push_back(line.channel);
  return all;
}

board::LegState FxsBank::leg_state(LegId leg) const {
  for (const Line& line : lines_)
    if (leg != LegId::none && line.leg == leg) return to_leg_state(line.phase);
  return board::LegState::null;
}

// ---- the line -------------------------------------------------------------------------------------------------------

void FxsBank::on_line(int channel, LineSignal signal) {
  Line* line = port(channel);
  if (!line) return count("signal_without_station");
  switch (signal) {
    case LineSignal::off_hook: handle(*line, alone_ ? FxsEvent::off_hook_alone : FxsEvent::off_hook); break;
    case LineSignal::on_hook: handle(*line, FxsEvent::on_hook); break;
    case LineSignal::flash: handle(*line, FxsEvent::flash); break;
    case LineSignal::out_of_service: in_alarm(*line, true); break;
    case LineSignal::in_service: in_alarm(*line, false); break;
    default: count("signal_not_for_fxs"); break;
  }
}

void FxsBank::in_alarm(Line& line, bool dead) {
  line.dead = dead;
  if (dead && line.phase != FxsPhase::idle) handle(line, FxsEvent::line_lost);
  else tell_station(line);
}

void FxsBank::on_carrier(bool up) {
  for (Line& line : lines_) {
    if (line.channel == 0) continue;
    if (!up && line.phase != FxsPhase::idle) handle(line, FxsEvent::line_lost);
    else tell_station(line);
  }
}

// ---- the table ------------------------------------------------------------------------------------------------------

bool FxsBank::handle(Line& line, FxsEvent event) {
  const FxsRow* row = fsm::find(kFxsTable, line.phase, event);
  if (!row) {
    count("refused_events");
    return false;
  }
  const FxsPhase from = line.phase;
  line.phase = row->to;
  if (from != row->to) run_timer(line);
  if (is_off_hook(from) != is_off_hook(row->to) || event == FxsEvent::line_lost) tell_station(line);
  if (tone_in(from) != tone_in(row->to)) observer_.channel_tone(line.channel, tone_in(row->to));
  act(line, row->act);
  return true;
}

void FxsBank::act(Line& line, FxsAction action) {
  const LegId leg = line.leg;
  switch (action) {
    case FxsAction::start_ringing:
      first_bell(line);
      observer_.seized(leg, line.channel, 0);
      if (line.leg == leg) observer_.alerting(leg);
      break;
    case FxsAction::answered:
      silence_bell(line);
      observer_.answered(leg);
      break;
    case FxsAction::stop_ringing:
      silence_bell(line);
      release(line, line.cause, false, "cleared");
      break;
    case FxsAction::begin:
      line.leg = observer_.new_leg();
      observer_.initiated(line.leg, line.channel, line.station);
      break;
    case FxsAction::end: {
      silence_bell(line);
      const bool lost = line.dead || !span_.signalling().carrier();
      release(line, lost ? kDestinationOutOfOrder : kNormalClearing, true, lost ? "line_lost" : "on_hook");
      break;
    }
    case FxsAction::give_up: release(line, kInvalidNumber, false, "nothing_dialled"); break;
    case FxsAction::give_busy: release(line, line.cause, false, "cleared"); break;
    case FxsAction::flashed: observer_.flashed(leg); break;
    case FxsAction::begin_alone:
    case FxsAction::end_silently:
    case FxsAction::stop_tone:  // handle() has told the tone
    case FxsAction::howl:
    case FxsAction::quiet:
    case FxsAction::through:
    case FxsAction::nothing: break;
  }
}

void FxsBank::run_timer(Line& line) {
  timers_.cancel(line.timer);
  line.timer = TimerId::none;
  const bool dial = line.phase == FxsPhase::dial_tone;
  if (!dial && line.phase != FxsPhase::busy_tone && line.phase != FxsPhase::congestion) return;
  line.timer = timers_.after(dial ? config_.dial_tone_max : config_.howler_after, [this, &line, dial] {
    line.timer = TimerId::none;
    handle(line, dial ? FxsEvent::t_dial : FxsEvent::t_howler);
  });
}

void FxsBank::release(Line& line, int cause, bool by_far, std::string_view why) {
  const LegId leg = line.leg;
  if (leg == LegId::none) return;
  line.leg = LegId::none;
  line.cause = kNormalClearing;
  observer_.released(leg, cause, by_far, why);
}

void FxsBank::bell(Line& line, bool on) {
  line.bell = on;
  span_.signalling().send_line(line.channel, on ? LineSignal::ring_on : LineSignal::ring_off);
  line.bell_timer = timers_.after(on ? kRingOn : kRingOff, [this, &line, on] { bell(line, !on); });
}

void FxsBank::first_bell(Line& line) {
  if (line.bell_delay == Duration{}) return bell(line, true);
  line.bell_timer = timers_.after(line.bell_delay, [this, &line] { bell(line, true); });
}

void FxsBank::silence_bell(Line& line) {
  timers_.cancel(line.bell_timer);
  line.bell_timer = TimerId::none;
  if (line.bell) span_.signalling().send_line(line.channel, LineSignal::ring_off);
  line.bell = false;
}

void FxsBank::tell_station(const Line& line) { observer_.station_state(line.station, is_off_hook(line.phase), in_service() && !line.dead); }

FxsBank::Line* FxsBank::find(LegId leg) {
  for (Line& line : lines_)
    if (leg != LegId::none && line.leg == leg) return &line;
  return nullptr;
}

FxsBank::Line* FxsBank::port(int channel) {
  if (channel < 1 || channel > kSpanChannelsMax) return nullptr;
  Line& line = lines_[static_cast<std::size_t>(channel)];
  return line.channel == 0 ? nullptr : &line;
}

}  // namespace sr::sig
