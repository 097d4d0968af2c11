// What signalling reports: it becomes the board's events, and the leg's place in the media engine opens and closes with it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <bit>

#include "drivers/base/log.h"
#include "drivers/daemon/core.h"

namespace sr::daemon {

using namespace board;

std::vector<int> channels_in(std::uint32_t mask) {
  std::vector<int> out;
  for (int c = 1; c <= kSpanChannelsMax; ++c)
    if ((mask >> c & 1U) != 0) out.push_back(c);
  return out;
}

LegId SpanUnit::new_leg() { return LegId{++core_.last_leg_}; }
void SpanUnit::offered(LegId leg, int channel, int crv, const std::string& calling, const std::string& called, bool complete) {
  core_.on_offered(*this, leg, channel, crv, calling, called, complete);
}
void SpanUnit::number_complete(LegId leg, const std::string& called) {
  if (Leg* l = core_.legs_.find(leg)) l->called = called;
  core_.emit(evt::NumberComplete{leg, called});
}
void SpanUnit::initiated(LegId leg, int channel, const std::string& station) { core_.on_initiated(*this, leg, channel, station); }
void SpanUnit::seized(LegId leg, int channel, int crv) { core_.on_seized(*this, leg, channel, crv); }
void SpanUnit::proceeding(LegId leg) { core_.emit(evt::Proceeding{leg}); }
void SpanUnit::alerting(LegId leg) { core_.emit(evt::Alerting{leg}); }
void SpanUnit::progress_audio(LegId leg) { core_.emit(evt::Progress{leg}); }  // the media path is open from the first moment
void SpanUnit::answered(LegId leg) { core_.on_answered(leg); }
void SpanUnit::flashed(LegId leg) { core_.emit(evt::Flashed{leg}); }
void SpanUnit::glare_lost(LegId leg) { core_.on_glare_lost(leg); }
void SpanUnit::released(LegId leg, int cause, bool by_far, std::string_view why) { core_.on_released(leg, cause, by_far, why); }
void SpanUnit::channel_tone(int channel, std::string_view tone) { core_.on_channel_tone(*this, channel, tone); }
void SpanUnit::station_state(const std::string& station, bool off_hook, bool in_service) {
  core_.on_station_state(*this, station, off_hook, in_service);
}
void SpanUnit::d_channel(bool up) { core_.on_d_channel(*this, up); }
void SpanUnit::frame(bool sent, std::span<const std::uint8_t> bytes) {
  if (core_.trace_ != nullptr) core_.trace_->frame(index, sent, bytes, core_.timers_.now());
}

void Core::take_channel(Leg& leg, int span, int channel) {
  if (Leg* other = legs_.at(span, channel)) {  // signalling knows best whose the channel is now
    log::error("{}/{} is taken by leg {} while leg {} is on it", units_[static_cast<std::size_t>(span)]->name, channel, to_number(leg.id), to_number(other->id));
    leave_channel(*other);
  }
  legs_.put_on(leg, span, channel);
  auto& u = unit(leg);
  leg.line = u.line;
  leg.hears = Hears::nothing;
  leg.dtmf_on = leg.activity_on = false;
  tell(media::cmd::Open{slot(leg)});
  refresh_detect(leg);
  if (!u.line_tone[static_cast<std::size_t>(channel)].empty()) line_tone(u, channel);
  measure_busy(u);
}

void Core::leave_channel(Leg& leg) {
  if (leg.channel == 0) return;
  auto& u = unit(leg);
  const int channel = leg.channel;
  stop_record(leg, true);
  tell(media::cmd::Close{slot(leg)});
  if (leg.media_play != 0) plays_.erase(leg.media_play);
  leg.media_play = 0;
  legs_.take_off(leg);
  u.left[static_cast<std::size_t>(channel)] = ++channels_left_;
  if (!u.line_tone[static_cast<std::size_t>(channel)].empty()) line_tone(u, channel);
  measure_busy(u);
}

std::uint32_t Core::open_channels(const SpanUnit& u) const {
  std::uint32_t open = usable(u);
  for (int c = 1; c <= kSpanChannelsMax; ++c) {
    const Leg* leg = ((open >> c) & 1U) != 0 ? legs_.at(u.index, c) : nullptr;
    const bool dead = u.line == LineKind::line && u.sig->channel_state(c) == sig::ChannelState::out_of_service;
    if (dead || (leg != nullptr && board::is_test_leg(leg->id))) open &= ~(1U << c);
  }
  return open;
}

void Core::measure_busy(SpanUnit& u) {
  if (u.line == LineKind::station) return;
  if (const std::uint32_t open = open_channels(u); open != u.told_open) {
    u.told_open = open;
    emit(evt::Channels{u.name, channels_in(open)});
  }
  measure_group(u);
  if (u.line == LineKind::trunk) {
    const auto busy = u.meter.update(std::popcount(legs_.busy(u.index) & usable(u)), std::popcount(usable(u)), timers_.now());
    if (busy) emit(evt::AllBusy{u.name, busy->since, busy->lasted, {}, 0});
  }
}

void Core::measure_group(SpanUnit& u) {
  const auto found = groups_.find(u.group);
  if (found == groups_.end()) return;
  int in_use = 0, all = 0;
  for (const int span : found->second.spans) {
    const std::uint32_t open = usable(*units_[static_cast<std::size_t>(span)]);
    in_use += std::popcount(legs_.busy(span) & open);
    all += std::popcount(open);
  }
  const auto busy = found->second.meter.update(in_use, all, timers_.now());
  if (busy) emit(evt::AllBusy{{}, busy->since, busy->lasted, u.group, all});
}

// Also a second time, when the exchange's first reply names another channel (Q.931 5.1.2).
void Core::on_seized(SpanUnit& u, LegId id, int channel, int crv) {
  Leg* leg = legs_.find(id);
  if (leg != nullptr && leg->channel != channel) {
    if (leg->recording) log::warn("leg {} changes its channel: its recording ends", to_number(id));
    leave_channel(*leg);
    take_channel(*leg, u.index, channel);
    if (Leg* partner = legs_.find(leg->partner)) connect_media(*leg, *partner);
  }
  emit(evt::Seized{id, u.name, channel, crv});
}

void Core::on_offered(SpanUnit& u, LegId id, int channel, int crv, const std::string& calling, const std::string& called, bool complete) {
  Leg* leg = legs_.add(id);
  SR_ENSURE(leg != nullptr);  // new_leg() gave the number
  ++counters_.offered;
  leg->group = u.group;
  leg->calling = calling;
  leg->called = called;
  leg->since = timers_.now();
  leg->booked = false;
  leg->span = u.index;
  leg->line = u.line;
  if (channel > 0) take_channel(*leg, u.index, channel);
  log::info("leg {} offered {}/{}: {} calls {}{}", to_number(id), u.name, channel, calling, called, complete ? "" : "…");
  const bool full = log_.full();
  const auto seq = emit(evt::Offered{id, u.name, channel, crv, u.group, calling, called, complete, u.line});
  if (seq == 0) return spooled(id, Kept::failed);
  leg = legs_.find(id);
  if (leg == nullptr) return;
  if (stopping_ || full) {  // booked all the same, as every call
    u.sig->clear(id, stopping_ ? 41 : 42);
    if (full) ++counters_.refused_full;
  }
  if (config_.durable) await_booking(seq);
  else book(*leg);
}

void Core::on_initiated(SpanUnit& u, LegId id, int channel, const std::string& station) {
  Leg* leg = legs_.add(id);
  SR_ENSURE(leg != nullptr);
  leg->initiated = true;
  leg->station = leg->calling = station;
  leg->since = timers_.now();
  take_channel(*leg, u.index, channel);
  log::info("leg {} initiated {}/{}: station {}", to_number(id), u.name, channel, station);
  emit(evt::Initiated{id, u.name, channel, station});
}

void Core::on_answered(LegId id) {
  Leg* leg = legs_.find(id);
  if (leg == nullptr) return;
  leg->answered = true;
  emit(evt::Answered{id});
  leg = legs_.find(id);
  if (leg == nullptr || !alone()) return;
  if (leg->alone == AloneStage::answering) {
    leg->alone = AloneStage::announcing;
    play(*leg, 0, {config_.fallback_prompt}, false, true);
  } else if (leg->outgoing) {
    alone_do(*leg, Happening::answered);
  }
}

// Q.931 5.7: the network side's call keeps the channel. Ours goes elsewhere, once, in a turn of its own: signalling is in the
// middle of reporting.
void Core::on_glare_lost(LegId id) {
  Leg* leg = legs_.find(id);
  if (leg == nullptr) return;
  ++counters_.glare_lost;
  log::info("leg {} lost the glare on {}/{}", to_number(id), unit(*leg).name, leg->channel);
  leg->lost_span = leg->span;
  leg->lost_channel = leg->channel;
  leave_channel(*leg);
  leg->span = -1;
  const bool once_more = !std::exchange(leg->tried_again, true) && !stopping_;
  later(0us, [this, id, once_more] {
    Leg* again = legs_.find(id);
    if (again == nullptr) return;
    if (once_more) dial_again(id);
    else never_began(*again, 44, "glare on two channels");
  });
}

void Core::on_released(LegId id, int cause, bool by_far, std::string_view why) {
  Leg* leg = legs_.find(id);
  if (leg == nullptr) return;
  log::info("leg {} released: cause {}{} {}", to_number(id), cause, by_far ? " from far" : "", why);
  timers_.cancel(leg->alone_timer);
  const LegId partner_id = leg->partner;
  if (Leg* partner = legs_.find(partner_id)) {
    partner->partner = LegId::none;
    if (partner->hears == Hears::other) partner->hears = Hears::nothing;  // silence, and it stays: ctid decides
  }
  leave_conference(*leg);
  leave_channel(*leg);
  const Tag tag = leg->tag;
  legs_.erase(id);
  emit(evt::Released{id, cause, by_far, std::string(why)});
  if (alone()) alone_others(id, tag, partner_id);
  settle_stop();
}

// The line's own tones sound when no leg has something better to hear.
void Core::on_channel_tone(SpanUnit& u, int channel, std::string_view tone) {
  if (channel < 1 || channel > kSpanChannelsMax) return;
  auto& now = u.line_tone[static_cast<std::size_t>(channel)];
  if (now == tone) return;
  const bool off_hook_alone = alone() && now.empty() && tone == "congestion" && legs_.at(u.index, channel) == nullptr;
  now = tone;
  line_tone(u, channel);
  if (off_hook_alone) alone_event(LegId::none, alone_word(alone_act(Happening::off_hook, Mode::none)));  // it has no leg
}

void Core::on_station_state(SpanUnit& u, const std::string& station, bool off_hook, bool in_service) {
  const auto at = stations_.find(station);
  if (at == stations_.end()) return;
  for (auto& s : u.stations) {
    if (s.number != station) continue;
    if (s.told && s.off_hook == off_hook && s.in_service == in_service) return;
    s.off_hook = off_hook;
    s.in_service = in_service;
    s.told = true;
  }
  emit(evt::StationState{station, off_hook, in_service});
}

void Core::on_span_alarm(SpanUnit& u, SpanAlarm which, bool raised) {
  alarm(&u, alarm_kind(which), raised);
  u.fault.set(which, raised, timers_.now());
  settle_alarms(u);
  measure_busy(u);
}

// The calls of a line that has been bad for too long are ended here and on the line, when it is back, by RESTART (Q.931 5.5).
void Core::settle_alarms(SpanUnit& u) {
  timers_.cancel(u.fault_timer);
  u.fault_timer = TimerId::none;
  const auto due = calls_end_at(u.fault, config_.alarm_clear_calls);
  if (!due) return;
  if (*due > timers_.now()) {
    u.fault_timer = later(*due - timers_.now(), [this, &u] {
      u.fault_timer = TimerId::none;
      settle_alarms(u);
    });
    return;
  }
  for (int c = 1; c <= kSpanChannelsMax; ++c)
    if (legs_.at(u.index, c) != nullptr) u.sig->restart(c);
}

void Core::on_d_channel(SpanUnit& u, bool up) {
  alarm(&u, u.line == LineKind::trunk ? AlarmKind::d_channel_down : AlarmKind::red, !up);
  measure_busy(u);
}

}  // namespace sr::daemon
