// What each command does to a slot's state (MediaEngine::apply); what the state does to the samples is in media_engine.cc.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <variant>

#include "drivers/media/media_engine.h"

namespace sr::media {

void MediaEngine::apply(const Command& command) {
  std::visit([this](const auto& c) { on(c); }, command);
}

void MediaEngine::on(const cmd::Open& c) {
  const std::size_t i = index(c.slot);
  if (i >= states_.size()) { ++refused_; return; }
  if (states_[i].open) close(i);
  states_[i] = State{};
  states_[i].open = true;
  states_[i].place = static_cast<std::uint32_t>(active_.size());
  active_.push_back(static_cast<std::uint16_t>(i));
  open_[i / kSlotsPerSpan] |= 1U << (i % kSlotsPerSpan);
}

void MediaEngine::on(const cmd::Close& c) {
  if (!is_open(c.slot)) { ++refused_; return; }
  close(index(c.slot));
}

void MediaEngine::close(std::size_t i) {
  leave(i);
  end_record(i);
  if (listeners_ > 0)
    for (const auto other : active_)
      if (states_[other].target == static_cast<Slot>(i)) leave(other);
  const std::uint32_t place = states_[i].place;
  active_[place] = active_.back();
  states_[active_[place]].place = place;
  active_.pop_back();
  open_[i / kSlotsPerSpan] &= ~(1U << (i % kSlotsPerSpan));
  states_[i] = State{};
}

void MediaEngine::on(const cmd::Play& c) {
  if (!is_open(c.slot)) { ++refused_; return; }
  const std::size_t i = index(c.slot);
  set_source(i, Source::clips);
  Playing& p = playing_[i];
  p.play = c.play;
  p.offset = p.played = 0;
  p.at = 0;
  p.count = static_cast<std::uint8_t>(std::min<std::size_t>(c.count, kPlayItemsMax));
  std::copy_n(c.clips.begin(), p.count, p.clips.begin());
  for (auto& clip : p.clips)
    if (clip.samples == nullptr) clip.length = 0;
  states_[i].barge_in = c.barge_in;
}

void MediaEngine::on(const cmd::PlayTone& c) {
  if (!is_open(c.slot)) { ++refused_; return; }
  set_source(index(c.slot), Source::tone);
  tones_[index(c.slot)].start(c.cadence);
}

void MediaEngine::on(const cmd::Music& c) {
  if (!is_open(c.slot)) { ++refused_; return; }
  set_source(index(c.slot), Source::music);
  if (music_.length == 0) return;
  const auto from = static_cast<std::uint32_t>(static_cast<std::uint64_t>(std::max(c.from_ms, 0)) / 20 * kBlockSamples % music_.length);
  states_[index(c.slot)].music_shift = c.from_ms < 0 ? 0 : from + music_.length - music_at_;
}

void MediaEngine::on(const cmd::Silence& c) {
  if (!is_open(c.slot)) { ++refused_; return; }
  set_source(index(c.slot), Source::silence);
  states_[index(c.slot)].digits = 0;
}

void MediaEngine::on(const cmd::SendDtmf& c) {
  if (!is_open(c.slot)) { ++refused_; return; }
  State& s = states_[index(c.slot)];
  auto& queue = to_send_[index(c.slot)];
  if (s.digits > 0) {  // what is already being sent goes on; the rest of it moves to the front
    std::copy(queue.begin() + s.digit_at, queue.begin() + s.digits, queue.begin());
    s.digits = static_cast<std::uint8_t>(s.digits - s.digit_at);
    s.digit_at = 0;
  } else {
    s.digit_tick = 0;
  }
  for (std::size_t d = 0; d < std::min<std::size_t>(c.count, kDigitsMax); ++d) {
    if (c.digits[d] != ',' && !DtmfDigits::index(c.digits[d])) { ++refused_; continue; }
    if (s.digits == kDigitsMax) { ++refused_; return; }
    queue[s.digits++] = c.digits[d];
  }
}

void MediaEngine::on(const cmd::Detect& c) {
  if (!is_open(c.slot)) { ++refused_; return; }
  State& s = states_[index(c.slot)];
  if (c.dtmf && !s.dtmf) {
    receivers_[index(c.slot)].reset();
    s.dtmf_tail = 0;
    s.dtmf_before = false;
  }
  if (c.activity && !s.activity) s.detector.reset();
  s.dtmf = c.dtmf;
  s.activity = c.activity;
}

void MediaEngine::on(const cmd::Connect& c) {
  if (!is_open(c.a) || !is_open(c.b) || c.a == c.b) { ++refused_; return; }
  leave(index(c.a));
  leave(index(c.b));
  set_source(index(c.a), Source::connected);
  set_source(index(c.b), Source::connected);
  states_[index(c.a)].peer = c.b;
  states_[index(c.b)].peer = c.a;
}

void MediaEngine::on(const cmd::Disconnect& c) {
  if (!is_open(c.slot)) { ++refused_; return; }
  leave(index(c.slot));
}

void MediaEngine::on(const cmd::Join& c) {
  if (!is_open(c.slot)) { ++refused_; return; }
  const std::size_t i = index(c.slot);
  leave(i);
  const std::uint16_t place = conferences_.join(c.conference, static_cast<std::uint16_t>(i), c.talks);
  if (place == kNoConference) { ++refused_; return; }
  set_source(i, Source::conference);
  states_[i].conference = place;
}

void MediaEngine::on(const cmd::Listen& c) {
  if (!is_open(c.slot) || !is_open(c.target) || c.slot == c.target) { ++refused_; return; }
  leave(index(c.slot));
  set_source(index(c.slot), Source::listen);
  State& s = states_[index(c.slot)];
  s.target = c.target;
  s.listens_as = c.as;
  count_listener(s, 1);
}

void MediaEngine::on(const cmd::Record& c) {
  if (index(c.slot) >= states_.size() || c.record == 0) { ++refused_; return; }
  const std::size_t i = index(c.slot);
  end_record(i);
  records_.begin(i, c.record);
  states_[i].only_connected = c.only_connected;
  if (is_open(c.slot)) return;
  end_record(i);  // the leg is gone already: the file that was opened for it must still be closed
  ++refused_;
}

void MediaEngine::on(const cmd::StopRecord& c) {
  if (!is_open(c.slot)) { ++refused_; return; }
  end_record(index(c.slot));
}

void MediaEngine::leave(std::size_t i) {
  State& s = states_[i];
  if (s.peer != Slot::none) {
    State& other = states_[index(s.peer)];
    if (other.source == Source::connected) other.source = Source::silence;
    other.peer = Slot::none;
    s.peer = Slot::none;
  }
  if (s.conference != kNoConference) {
    conferences_.leave(s.conference, static_cast<std::uint16_t>(i));
    s.conference = kNoConference;
  }
  if (s.target != Slot::none) {
    count_listener(s, -1);
    s.target = Slot::none;
  }
  if (s.source == Source::connected || s.source == Source::conference || s.source == Source::listen) s.source = Source::silence;
}

void MediaEngine::count_listener(const State& listener, int by) {
  State& target = states_[index(listener.target)];
  const auto count = [by](auto& here, auto& all) {
    here = static_cast<std::uint16_t>(here + by);
    all += static_cast<std::size_t>(by);
  };
  count(target.listeners, listeners_);
  if (listener.listens_as != ListenAs::listen) count(target.coaches, coaches_);
  if (listener.listens_as == ListenAs::barge) count(target.bargers, bargers_);
}

void MediaEngine::set_source(std::size_t i, Source source) {
  if (states_[i].source == Source::clips) end_play(i, evt::PlayEnd::stopped);
  states_[i].source = source;
}

void MediaEngine::rest(std::size_t i) {
  State& s = states_[i];
  if (s.peer != Slot::none) s.source = Source::connected;
  else if (s.conference != kNoConference) s.source = Source::conference;
  else if (s.target != Slot::none) s.source = Source::listen;
  else s.source = Source::silence;
}

}  // namespace sr::media
