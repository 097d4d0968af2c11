// What a leg hears and says: commands to the media engine, and what comes back from it.
// Media numbers its plays and recordings itself, so that an answer of the engine that is late (it may run on its own thread)
// can never be taken for that of the channel's next call.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "drivers/base/log.h"
#include "drivers/daemon/core.h"

namespace sr::daemon {

using namespace board;

static_assert(board::kPlayItemsMax <= media::kPlayItemsMax && board::kConferenceLegsMax <= media::kConferenceLegsMax);

namespace {
media::ListenAs listens_as(ListenAs as) {
  switch (as) {
    case ListenAs::whisper: return media::ListenAs::whisper;
    case ListenAs::barge: return media::ListenAs::barge;
    case ListenAs::listen: break;
  }
  return media::ListenAs::listen;
}
constexpr Duration kRingFullHold = 1s;  // the alarm is over when nothing was lost for so long
}

// ---- to the engine --------------------------------------------------------------------------------------------------------

bool Core::tell(const media::Command& command) {
  if (media_.send(command)) return true;
  ++counters_.commands_lost;
  if (!ring_full_) {
    ring_full_ = true;
    alarm(nullptr, AlarmKind::ring_full, true);
    later(kRingFullHold, [this] {
      ring_full_ = false;
      alarm(nullptr, AlarmKind::ring_full, false);
    });
  }
  return false;
}

media::Slot Core::slot(const Leg& leg) const {
  return leg.channel == 0 ? media::Slot::none : media_.slot(units_[static_cast<std::size_t>(leg.span)]->media_span, leg.channel);
}

void Core::play(Leg& leg, std::uint32_t number, const std::vector<std::string>& prompts, bool barge_in, bool ours) {
  media::cmd::Play out{};
  out.slot = slot(leg);
  out.barge_in = barge_in;
  std::string why;
  if (prompts.empty() || prompts.size() > board::kPlayItemsMax) why = "1 to " + std::to_string(board::kPlayItemsMax) + " prompts";
  for (const auto& name : prompts) {
    if (!why.empty()) break;
    const auto clip = media_.prompt(name);
    if (clip) out.clips[out.count++] = *clip;
    else why = clip.error().text();
  }
  if (++last_play_ == 0) ++last_play_;
  out.play = last_play_;
  if (why.empty() && leg.channel == 0) why = "the leg has no channel";
  if (why.empty() && !tell(out)) why = "the media engine did not take it";
  if (!why.empty()) {
    log::warn("leg {} hears nothing: {}", to_number(leg.id), why);
    if (ours) alone_do(leg, Happening::prompt_ended);
    else emit(evt::PlayEnded{leg.id, number, PlayEnd::failed, 0, why});
    return;
  }
  plays_[out.play] = {leg.id, number, ours};
  leg.media_play = out.play;
  leg.hears = Hears::prompt;
}

void Core::play_tone(Leg& leg, const std::string& tone, Hears as) {
  const auto cadence = media_.tone(tone);
  if (!cadence) {
    ++counters_.refused_commands;
    log::warn("leg {}: {}", to_number(leg.id), cadence.error().text());
    return;
  }
  if (leg.channel > 0 && tell(media::cmd::PlayTone{slot(leg), *cadence})) leg.hears = as;
}

void Core::start_music(Leg& leg, int from_ms) {
  leg.music_after = false;
  if (leg.channel > 0 && tell(media::cmd::Music{slot(leg), from_ms})) leg.hears = Hears::music;
}

void Core::hush(Leg& leg) {
  if (leg.channel > 0) tell(media::cmd::Silence{slot(leg)});
  leg.hears = Hears::nothing;
}

// The tone of the line itself, on a channel whose leg is silent or that has none.
void Core::line_tone(SpanUnit& u, int channel) {
  const auto& name = u.line_tone[static_cast<std::size_t>(channel)];
  Leg* leg = legs_.at(u.index, channel);
  if (leg != nullptr) {
    if (!name.empty() && (leg->hears == Hears::nothing || leg->hears == Hears::line_tone)) play_tone(*leg, name, Hears::line_tone);
    if (name.empty() && leg->hears == Hears::line_tone) hush(*leg);
    return;
  }
  if (name.empty()) {
    tell(media::cmd::Close{slot(u, channel)});
    return;
  }
  tell(media::cmd::Open{slot(u, channel)});
  if (const auto cadence = media_.tone(name)) tell(media::cmd::PlayTone{slot(u, channel), *cadence});
  else log::error("the tone zone has no {}", name);
}

// Phones are always listened to; callers in a script too (its menus), everybody else as ctid asks.
void Core::refresh_detect(Leg& leg) {
  if (leg.channel == 0) return;
  const bool dtmf = leg.detect_dtmf || leg.line == LineKind::station ||
                    (!leg.outgoing && leg.tag.mode == Mode::script);
  if (dtmf == leg.dtmf_on && leg.detect_activity == leg.activity_on) return;
  if (!tell(media::cmd::Detect{slot(leg), dtmf, leg.detect_activity})) return;
  leg.dtmf_on = dtmf;
  leg.activity_on = leg.detect_activity;
}

void Core::connect_media(Leg& a, Leg& b) {
  if (a.channel == 0 || b.channel == 0) return;
  tell(media::cmd::Connect{slot(a), slot(b)});
  a.hears = b.hears = Hears::other;
}

void Core::leave_conference(Leg& leg) {
  if (!std::exchange(leg.in_conference, false)) return;
  const auto found = conferences_.find(leg.conference);
  if (found != conferences_.end() && --found->second == 0) conferences_.erase(found);
}

void Core::part(Leg& leg) {
  const bool joined = leg.in_conference || leg.hears == Hears::other || leg.listens_to != LegId::none;
  leg.listens_to = LegId::none;
  Leg* partner = legs_.find(std::exchange(leg.partner, LegId::none));
  if (partner != nullptr) {
    partner->partner = LegId::none;
    if (partner->hears == Hears::other) partner->hears = Hears::nothing;
  }
  leave_conference(leg);
  if (leg.hears == Hears::other) leg.hears = Hears::nothing;
  if ((joined || partner != nullptr) && leg.channel > 0) tell(media::cmd::Disconnect{slot(leg)});
}

void Core::stop_record(Leg& leg, bool released) {
  if (!std::exchange(leg.recording, false)) return;
  const auto found = records_.find(leg.record);
  if (found != records_.end()) found->second.released = released;
  if (leg.channel > 0) tell(media::cmd::StopRecord{slot(leg)});
}

// ---- commands ----------------------------------------------------------------------------------------------------------------

void Core::run(const cmd::Play& c) {
  if (Leg* leg = known(c.leg)) play(*leg, c.play, c.prompts, c.barge_in, false);
}
void Core::run(const cmd::Tone& c) {
  if (Leg* leg = known(c.leg)) play_tone(*leg, c.tone, Hears::tone);
}
void Core::run(const cmd::Music& c) {
  if (Leg* leg = known(c.leg)) start_music(*leg, c.from_ms ? std::max(*c.from_ms, 0) : -1);
}
void Core::run(const cmd::Silence& c) {
  if (Leg* leg = known(c.leg)) hush(*leg);
}

void Core::run(const cmd::SendDtmf& c) {
  Leg* leg = known(c.leg);
  if (leg == nullptr || leg->channel == 0) return;
  if (c.digits.empty() || c.digits.size() > media::kDigitsMax || c.digits.find_first_not_of("0123456789*#ABCD,") != std::string::npos) {
    ++counters_.refused_commands;
    log::warn("leg {}: not to be dialled: {}", to_number(c.leg), c.digits);
    return;
  }
  media::cmd::SendDtmf out{};
  out.slot = slot(*leg);
  out.count = static_cast<std::uint8_t>(c.digits.size());
  std::ranges::copy(c.digits, out.digits.begin());
  tell(out);
}

void Core::run(const cmd::Detect& c) {
  Leg* leg = known(c.leg);
  if (leg == nullptr) return;
  leg->detect_dtmf = c.dtmf;
  leg->detect_activity = c.activity;
  refresh_detect(*leg);
}

void Core::run(const cmd::Connect& c) {
  Leg* a = known(c.a);
  Leg* b = known(c.b);
  if (a == nullptr || b == nullptr) return;
  if (a == b) {
    ++counters_.refused_commands;
    return;
  }
  if (a->partner != b->id || b->partner != a->id) {
    part(*a);
    part(*b);
  }
  a->partner = b->id;
  b->partner = a->id;
  connect_media(*a, *b);
}

void Core::run(const cmd::Disconnect& c) {
  if (Leg* leg = known(c.leg)) part(*leg);
}

void Core::run(const cmd::Join& c) {
  Leg* leg = known(c.leg);
  if (leg == nullptr || leg->channel == 0) return;
  part(*leg);
  auto& members = conferences_[c.conference];
  if (members >= board::kConferenceLegsMax) {
    ++counters_.refused_commands;
    log::warn("leg {}: conference {} has {} legs already", to_number(c.leg), c.conference, members);
    return;
  }
  ++members;
  leg->conference = c.conference;
  leg->in_conference = true;
  leg->hears = Hears::other;
  tell(media::cmd::Join{slot(*leg), c.conference, c.role == ConferenceRole::talk});
}

void Core::run(const cmd::Listen& c) {
  Leg* leg = known(c.leg);
  Leg* target = known(c.target);
  if (leg == nullptr || target == nullptr || leg == target || leg->channel == 0 || target->channel == 0) return;
  if (leg->listens_to != target->id) part(*leg);
  leg->listens_to = target->id;
  leg->listens_as = c.as;
  leg->hears = Hears::other;
  tell(media::cmd::Listen{slot(*leg), slot(*target), listens_as(c.as)});
}

void Core::run(const cmd::Record& c) {
  Leg* leg = known(c.leg);
  if (leg == nullptr) return;
  if (leg->recording) stop_record(*leg, false);
  const auto record = leg->channel == 0 ? Result<std::uint32_t>(fail("the leg has no channel")) : media_.open_record(c.file);
  if (!record) {
    log::error("leg {} is not recorded: {}", to_number(c.leg), record.error().text());
    emit(evt::Recorded{c.leg, c.file, 0, RecordEnd::failed});
    return;
  }
  records_[*record] = {c.leg, c.file};
  leg->record = *record;
  leg->recording = true;
  tell(media::cmd::Record{slot(*leg), *record, c.policy == RecordPolicy::agent});
}

void Core::run(const cmd::StopRecord& c) {
  if (Leg* leg = known(c.leg)) stop_record(*leg, false);
}

// ---- from the engine ---------------------------------------------------------------------------------------------------------

Leg* Core::leg_of(media::Slot s) {
  const auto at = slots_.find(static_cast<std::uint16_t>(s));
  return at == slots_.end() ? nullptr : legs_.at(at->second.first, at->second.second);
}

namespace {
PlayEnd end_of(media::evt::PlayEnd end) {
  switch (end) {
    case media::evt::PlayEnd::done: return PlayEnd::done;
    case media::evt::PlayEnd::barged: return PlayEnd::barged;
    case media::evt::PlayEnd::stopped: return PlayEnd::stopped;
  }
  return PlayEnd::stopped;
}
RecordEnd end_of(media::RecordDone::End end, bool released) {
  switch (end) {
    case media::RecordDone::End::done: return released ? RecordEnd::released : RecordEnd::done;
    case media::RecordDone::End::disk_low: return RecordEnd::disk_low;
    case media::RecordDone::End::failed: return RecordEnd::failed;
  }
  return RecordEnd::failed;
}
}  // namespace

void Core::on_media_event(const media::Event& event) {
  struct Visitor {
    Core& core;
    void operator()(const media::evt::Digit& e) const {
      Leg* leg = core.leg_of(e.slot);
      if (leg == nullptr) { ++core.counters_.stale_media_events; return; }
      const LegId id = leg->id;
      if (leg->line == LineKind::station) core.line(*leg).digit_heard(id);
      core.emit(evt::Digit{id, e.digit, e.duration_ms});
    }
    void operator()(const media::evt::Activity& e) const {
      Leg* leg = core.leg_of(e.slot);
      if (leg == nullptr) { ++core.counters_.stale_media_events; return; }
      core.emit(evt::Activity{leg->id, e.on});
    }
    void operator()(const media::evt::PlayEnded& e) const {
      const auto found = core.plays_.find(e.play);
      if (found == core.plays_.end()) { ++core.counters_.stale_media_events; return; }
      const PlayRef play = found->second;
      core.plays_.erase(found);
      Leg* leg = core.legs_.find(play.leg);
      if (leg == nullptr) return;
      const bool last = leg->media_play == e.play;
      if (last) {
        leg->media_play = 0;
        if (leg->hears == Hears::prompt) leg->hears = leg->partner != LegId::none || leg->in_conference ? Hears::other : Hears::nothing;
      }
      if (!play.ours) core.emit(evt::PlayEnded{play.leg, play.play, end_of(e.end), static_cast<int>(e.played_ms), {}});
      leg = core.legs_.find(play.leg);
      if (leg != nullptr && last && leg->hears == Hears::nothing && core.alone() && (play.ours || leg->music_after))
        core.alone_do(*leg, Happening::prompt_ended);
    }
    void operator()(const media::evt::RecordLost& e) const {
      const auto found = core.records_.find(e.record);
      log::warn("recording {} lost {} blocks", found == core.records_.end() ? std::string("?") : found->second.file, e.blocks);
      const auto at = core.slots_.find(static_cast<std::uint16_t>(e.slot));
      SpanUnit* u = at == core.slots_.end() ? nullptr : core.units_[static_cast<std::size_t>(at->second.first)].get();
      core.emit(evt::Alarm{u == nullptr ? std::string() : u->name, AlarmKind::record_lost, true});
    }
    void operator()(const media::evt::SpanSilent& e) const {
      for (const auto& u : core.units_)
        if (u->media_span == e.span) core.alarm(u.get(), AlarmKind::los, e.silent);
    }
    void operator()(const media::evt::ClockLost& e) const { core.alarm(nullptr, AlarmKind::clock, e.lost); }
  };
  std::visit(Visitor{*this}, event);
}

// May come after the leg's Released: the file is closed by a thread of its own.
void Core::on_record_done(const media::RecordDone& done) {
  const auto found = records_.find(done.record);
  if (found == records_.end()) return;
  const RecordRef record = std::move(found->second);
  records_.erase(found);
  if (Leg* leg = legs_.find(record.leg); leg != nullptr && leg->record == done.record) leg->recording = false;
  if (!done.why.empty()) log::warn("recording {}: {}", record.file, done.why);
  emit(evt::Recorded{record.leg, record.file, static_cast<int>(done.duration_ms), end_of(done.end, record.released)});
}

}  // namespace sr::daemon
