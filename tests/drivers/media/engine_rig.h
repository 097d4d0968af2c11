// An engine with two spans, its rings and the blocks of a tick, for the tests of this folder.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cmath>
#include <memory>
#include <numbers>
#include <optional>
#include <vector>

#include "drivers/media/audio_loop.h"
#include "drivers/media/media_engine.h"

namespace sr::media {

inline Block filled(std::uint8_t byte) {
  Block b{};
  b.fill(byte);
  return b;
}

inline std::vector<std::uint8_t> ramp(std::size_t n, unsigned start = 0) {
  std::vector<std::uint8_t> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = static_cast<std::uint8_t>(start + i);
  return v;
}

// Power of one frequency in samples, as dBm0 of a sine (a Goertzel filter written as a plain correlation).
inline double level_of(const std::vector<std::int16_t>& x, double hz) {
  double re = 0, im = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double w = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / 8000.0;
    re += x[i] * std::cos(w);
    im += x[i] * std::sin(w);
  }
  const double peak = 2.0 * std::hypot(re, im) / static_cast<double>(x.size());
  return 20.0 * std::log10(peak / 32256.0 + 1e-9) + 3.14;
}

// Two spans without music behind a loop, with the rings of a test.
struct LoopRig {
  LoopRig(AudioPort& first, AudioPort& second) : loop({&first, &second}, engine, commands, events) {}
  RecordPool pool{4};
  RecordTap tap{pool, 2 * kSlotsPerSpan};
  SpscRing<Command> commands{64};
  SpscRing<Event> events{64};
  MediaEngine engine{2, {}, tap, events};
  AudioLoop loop;
};

struct EngineRig {
  std::vector<std::uint8_t> music = ramp(160 * 3 + 50);
  RecordPool pool{64};
  RecordTap tap{pool, 2 * kSlotsPerSpan};
  SpscRing<Event> events{1024};
  MediaEngine engine{2, Clip{music.data(), static_cast<std::uint32_t>(music.size())}, tap, events};
  std::vector<SpanAudio> in{2}, out{2};

  static Slot slot(int channel, int span = 0) { return MediaEngine::slot(span, channel); }
  void apply(const Command& c) { engine.apply(c); }
  void open(int channel, int span = 0) { apply(cmd::Open{slot(channel, span)}); }
  void say(int channel, const Block& block, int span = 0) {
    in[static_cast<std::size_t>(span)].blocks[static_cast<std::size_t>(channel)] = block;
    in[static_cast<std::size_t>(span)].present |= 1U << channel;
  }
  void hush() { in[0].present = in[1].present = 0; }
  void tick() {
    const std::array<const SpanAudio*, 2> pointers = {&in[0], &in[1]};
    engine.tick(pointers, out);
  }
  std::optional<Block> heard(int channel, int span = 0) const {
    const auto& audio = out[static_cast<std::size_t>(span)];
    if (!audio.has(channel)) return std::nullopt;
    return audio.blocks[static_cast<std::size_t>(channel)];
  }
  // So many ticks' output of a channel, silence where nothing was sent.
  std::vector<std::int16_t> listen(int channel, int ticks, int span = 0) {
    std::vector<std::int16_t> all;
    for (int t = 0; t < ticks; ++t) {
      tick();
      const auto block = heard(channel, span);
      for (std::size_t i = 0; i < kBlockSamples; ++i) all.push_back(block ? alaw_decode((*block)[i]) : std::int16_t{0});
    }
    return all;
  }
  template <class E>
  std::optional<E> event() {  // the next one of this kind, others are dropped
    Event e;
    while (events.pop(e))
      if (const auto* found = std::get_if<E>(&e)) return *found;
    return std::nullopt;
  }
  cmd::Play play(int channel, std::uint32_t id, std::vector<Clip> clips, bool barge_in = false) const {
    cmd::Play p{.slot = slot(channel), .play = id, .barge_in = barge_in, .count = static_cast<std::uint8_t>(clips.size()), .clips = {}};
    for (std::size_t i = 0; i < clips.size(); ++i) p.clips[i] = clips[i];
    return p;
  }
};

inline Clip clip_of(const std::vector<std::uint8_t>& v) { return {v.data(), static_cast<std::uint32_t>(v.size())}; }

}  // namespace sr::media
