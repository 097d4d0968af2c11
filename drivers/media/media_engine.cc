// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/media_engine.h"

#include <algorithm>
#include <cstring>

namespace sr::media {
namespace {

// Below this a block cannot hold the beginning of a digit that the receiver would accept (-42 dBm0) and costs no detection.
constexpr double kDtmfGateDbm0 = -55.0;
constexpr std::uint8_t kDtmfTailBlocks = 2;  // the receiver believes a digit, or its end, when it has seen it twice
constexpr Block kSilentBlock = [] { Block b{}; b.fill(kAlawSilence); return b; }();
constexpr Samples kSilentSamples{};

std::uint32_t to_ms(std::uint32_t samples) { return samples / 8; }

}  // namespace

MediaEngine::MediaEngine(std::size_t spans, Clip music, RecordTap& records, SpscRing<Event>& events)
    : music_{music.samples, music.length - music.length % kBlockSamples}, activity_threshold_(power_of(kActivityDbm0)), dtmf_threshold_(power_of(kDtmfGateDbm0)),
      records_(records), events_(events), states_(spans * kSlotsPerSpan), playing_(states_.size()), tones_(states_.size()), to_send_(states_.size()),
      receivers_(states_.size()), before_(states_.size()), voices_(states_.size()), open_(spans), conferences_(states_.size() / 2 + 1) {
  SR_ENSURE(states_.size() < static_cast<std::size_t>(Slot::none));
  active_.reserve(states_.size());
}

void MediaEngine::tick(std::span<const SpanAudio* const> in, std::span<SpanAudio> out) {
  in_ = in;
  out_ = out;
  for (auto& one : out_) one.present = 0;
  for (const auto i : active_)
    if (states_[i].dtmf || states_[i].activity) detect(i);
  if (bargers_ > 0) join_voices();
  mix_conferences();
  for (const auto i : active_) send(i);
  if (listeners_ > 0)
    for (const auto i : active_)
      if (states_[i].source == Source::listen && states_[i].digits == 0) send_listener(i);
  if (coaches_ > 0) coach();
  for (const auto i : active_)
    if (records_.active(i)) record(i);
  if (music_.length > 0) music_at_ = (music_at_ + kBlockSamples) % music_.length;
}

bool MediaEngine::only_bridged(std::size_t i) const {
  const State& s = states_[i];
  return s.source == Source::connected && s.digits == 0 && !s.dtmf && !s.activity && s.listeners == 0 && !records_.active(i);
}

Slot MediaEngine::alone_with(Slot slot) const {
  if (!is_open(slot)) return Slot::none;
  const std::size_t i = index(slot);
  if (!only_bridged(i) || !only_bridged(index(states_[i].peer))) return Slot::none;
  return states_[i].peer;
}

const Block* MediaEngine::input(std::size_t i) const {
  const SpanAudio* span = in_[i / kSlotsPerSpan];
  return span != nullptr && span->has(static_cast<int>(i % kSlotsPerSpan)) ? &span->blocks[i % kSlotsPerSpan] : nullptr;
}

void MediaEngine::detect(std::size_t i) {
  State& s = states_[i];
  const Block* heard = input(i);
  GateView view;
  Samples samples;
  if (heard != nullptr && s.dtmf) {
    alaw_decode(*heard, samples);
    view = gate_.look(samples, dtmf_threshold_);
  } else if (heard != nullptr) {
    view.power = alaw_power(*heard);
  }
  if (s.activity && s.detector.feed(view.power, activity_threshold_)) emit(evt::Activity{static_cast<Slot>(i), s.detector.on()});
  if (!s.dtmf) return;
  const DtmfReceiver::Heard digit = hear_digits(i, heard != nullptr ? &samples : nullptr, view);
  if (digit.began && s.source == Source::clips && s.barge_in) {
    end_play(i, evt::PlayEnd::barged);
    rest(i);
  }
  if (digit.ended != 0) emit(evt::Digit{static_cast<Slot>(i), digit.ended, digit.duration_ms});
}

// The receiver is shown only what may be a digit, the block before it (where it may have begun) and a tail after it.
DtmfReceiver::Heard MediaEngine::hear_digits(std::size_t i, const Samples* heard, const GateView& view) {
  State& s = states_[i];
  DtmfReceiver& receiver = receivers_[i];
  bool began = false;
  if (view.maybe && s.dtmf_before) {
    Samples before;
    alaw_decode(before_[i], before);
    began = receiver.feed(before).began;
  }
  if (view.maybe || !receiver.idle()) {
    s.dtmf_tail = kDtmfTailBlocks;
  } else if (s.dtmf_tail == 0) {
    s.dtmf_before = heard != nullptr && view.power >= dtmf_threshold_;
    if (s.dtmf_before) before_[i] = *input(i);
    return {};
  } else {
    --s.dtmf_tail;
  }
  s.dtmf_before = false;
  auto digit = receiver.feed(heard != nullptr ? *heard : kSilentSamples);
  digit.began = digit.began || began;
  return digit;
}

void MediaEngine::mix_conferences() {
  for (const auto place : conferences_.active()) {
    Conference& c = conferences_.at(place);
    for (std::size_t m = 0; m < c.count; ++m) c.members[m].says = c.members[m].talks ? voice(c.members[m].slot) : nullptr;
    const ConferenceMixer mixer(c);
    for (std::size_t m = 0; m < c.count; ++m) {
      const std::size_t i = c.members[m].slot;
      if (states_[i].source == Source::conference && states_[i].digits == 0 && mixer.hear(m, output(i))) present(i);
    }
  }
}

void MediaEngine::send(std::size_t i) {
  State& s = states_[i];
  if (s.digits > 0 && send_digits(i)) return;
  switch (s.source) {
    case Source::silence:
    case Source::conference:  // done by mix_conferences()
    case Source::listen:      // when all others are done
      return;
    case Source::connected:
      if (const Block* said = voice(index(s.peer))) {
        output(i) = *said;
        present(i);
      }
      return;
    case Source::music:
      if (music_.length == 0) return;
      std::memcpy(output(i).data(), music_.samples + (music_at_ + s.music_shift) % music_.length, kBlockSamples);
      present(i);
      return;
    case Source::tone: {
      const auto filled = tones_[i].next(output(i));
      if (filled == TonePlayer::Filled::sound) present(i);
      if (filled == TonePlayer::Filled::ended) rest(i);
      return;
    }
    case Source::clips:
      if (send_clips(i, output(i))) present(i);
      return;
  }
}

// true: this tick belonged to a digit, a gap or a pause.
bool MediaEngine::send_digits(std::size_t i) {
  State& s = states_[i];
  const char digit = to_send_[i][s.digit_at];
  const int length = digit == ',' ? kDtmfTicksPause : kDtmfTicksOn + kDtmfTicksOff;
  if (digit != ',' && s.digit_tick < kDtmfTicksOn) {
    output(i) = digits_.block(*DtmfDigits::index(digit), s.digit_tick);
    present(i);
  }
  if (++s.digit_tick < length) return true;
  s.digit_tick = 0;
  if (++s.digit_at == s.digits) s.digits = s.digit_at = 0;
  return true;
}

bool MediaEngine::send_clips(std::size_t i, Block& out) {
  Playing& p = playing_[i];
  std::size_t done = 0;
  while (done < out.size() && p.at < p.count) {
    const Clip& clip = p.clips[p.at];
    const std::size_t n = std::min<std::size_t>(out.size() - done, clip.length - p.offset);
    if (n > 0) std::memcpy(out.data() + done, clip.samples + p.offset, n);
    done += n;
    p.offset += static_cast<std::uint32_t>(n);
    if (p.offset == clip.length) {
      ++p.at;
      p.offset = 0;
    }
  }
  p.played += static_cast<std::uint32_t>(done);
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(done), out.end(), kAlawSilence);
  if (p.at == p.count) {
    end_play(i, evt::PlayEnd::done);
    rest(i);
  }
  return done > 0;
}

void MediaEngine::record(std::size_t i) {
  const State& s = states_[i];
  if (s.only_connected && s.peer == Slot::none && s.conference == kNoConference) return;
  const Block* says = input(i);
  const SpanAudio& span = out_[i / kSlotsPerSpan];
  const Block& left = says != nullptr ? *says : kSilentBlock;
  const Block& right = span.has(static_cast<int>(i % kSlotsPerSpan)) ? span.blocks[i % kSlotsPerSpan] : kSilentBlock;
  if (const std::uint32_t lost = records_.block(i, left, right)) emit(evt::RecordLost{static_cast<Slot>(i), records_.record(i), lost});
}

void MediaEngine::end_play(std::size_t i, evt::PlayEnd end) {
  Playing& p = playing_[i];
  emit(evt::PlayEnded{static_cast<Slot>(i), p.play, end, to_ms(p.played)});
  p.count = p.at = 0;
}

void MediaEngine::end_record(std::size_t i) {
  if (!records_.active(i)) return;
  const std::uint32_t record = records_.record(i);
  if (const std::uint32_t lost = records_.end(i)) emit(evt::RecordLost{static_cast<Slot>(i), record, lost});
}

void MediaEngine::emit(const Event& event) {
  if (!events_.push(event)) ++events_lost_;
}

}  // namespace sr::media
