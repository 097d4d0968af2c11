// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/tone_gen.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sr::media {
namespace {

constexpr std::size_t kSineBits = 10;
constexpr int kModulationPercent = 90;

const std::array<std::int16_t, 1U << kSineBits>& sine_table() {
  static const auto table = [] {
    std::array<std::int16_t, 1U << kSineBits> t{};
    for (std::size_t i = 0; i < t.size(); ++i)
      t[i] = static_cast<std::int16_t>(std::lround(32'767.0 * std::sin(2.0 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(t.size()))));
    return t;
  }();
  return table;
}

// Made at the start of the process, so that the media thread computes no powers.
const std::array<std::int16_t, 128>& amplitude_table() {
  static const auto table = [] {
    std::array<std::int16_t, 128> t{};
    for (int i = 0; i < 128; ++i) t[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(std::min(32'000.0, amplitude_of(i - 100)));
    return t;
  }();
  return table;
}
const auto& kSines = sine_table();
const auto& kAmplitudes = amplitude_table();

std::uint32_t turn_of(double hz) { return static_cast<std::uint32_t>(hz * 4'294'967'296.0 / 8'000.0); }
std::int32_t sine(std::uint32_t phase) { return kSines[phase >> (32 - kSineBits)]; }
std::int16_t saturate(std::int32_t x) { return static_cast<std::int16_t>(std::clamp(x, -32'768, 32'767)); }

// Most tones of the world are made of multiples of 50 Hz: they repeat themselves every 20 ms, and are computed once for all
// channels of a thread. A tone more than there are places is computed sample by sample.
struct Period {
  ToneStep step{};
  Block block{};
};
constexpr std::size_t kPeriodsMax = 32;
constexpr unsigned kPeriodHz = 50;

bool repeats(const ToneStep& s) { return s.freq1 > 0 && !s.modulated && s.freq1 % kPeriodHz == 0 && s.freq2 % kPeriodHz == 0; }

const Block* period_of(const ToneStep& s) {
  thread_local std::array<Period, kPeriodsMax> known;
  thread_local std::size_t count = 0;
  if (!repeats(s)) return nullptr;
  for (std::size_t i = 0; i < count; ++i)
    if (known[i].step.freq1 == s.freq1 && known[i].step.freq2 == s.freq2 && known[i].step.level_dbm0 == s.level_dbm0) return &known[i].block;
  if (count == known.size()) return nullptr;
  Period& made = known[count++];
  made.step = s;
  const std::int32_t amplitude = kAmplitudes[static_cast<std::size_t>(std::clamp(s.level_dbm0 + 100, 0, 127))];
  const auto at = [&](std::uint64_t hz, std::size_t i) {  // whole cycles in the block: no rounding adds up
    return sine(static_cast<std::uint32_t>((hz / kPeriodHz * i << 32) / kBlockSamples)) * amplitude >> 15;
  };
  for (std::size_t i = 0; i < made.block.size(); ++i) made.block[i] = alaw_encode(saturate(at(s.freq1, i) + (s.freq2 > 0 ? at(s.freq2, i) : 0)));
  return &made.block;
}

}  // namespace

void TonePlayer::start(const Cadence& cadence) {
  cadence_ = cadence;
  cadence_.count = static_cast<std::uint8_t>(std::min<std::size_t>(cadence_.count, kCadenceStepsMax));
  phase_ = {};
  ended_ = !load(0);
}

bool TonePlayer::load(std::size_t step) {
  // A cadence of zero-length steps only would never end: one round is enough to know.
  for (std::size_t tried = 0; tried <= cadence_.count; ++tried, ++step) {
    if (step >= cadence_.count) {
      if (!cadence_.repeat || cadence_.loop_from >= cadence_.count) return false;
      step = cadence_.loop_from;
    }
    const ToneStep& s = cadence_.steps[step];
    step_ = step;
    forever_ = s.ms == 0;
    left_ = std::uint32_t{s.ms} * 8;
    period_ = period_of(s);
    period_at_ = 0;
    turn1_ = turn_of(s.freq1);
    turn2_ = turn_of(s.freq2);
    amplitude_ = kAmplitudes[static_cast<std::size_t>(std::clamp(s.level_dbm0 + 100, 0, 127))];
    return true;
  }
  return false;
}

TonePlayer::Filled TonePlayer::next(Block& out) {
  if (ended_) return Filled::ended;
  if (cadence_.steps[step_].freq1 == 0 && (forever_ || left_ > kBlockSamples)) {
    if (!forever_) left_ -= kBlockSamples;
    return Filled::silence;
  }
  std::size_t done = 0;
  while (done < out.size()) {
    const ToneStep& s = cadence_.steps[step_];
    const std::size_t n = forever_ ? out.size() - done : std::min<std::size_t>(left_, out.size() - done);
    const std::size_t end = done + n;
    if (s.freq1 == 0) {
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(done), out.begin() + static_cast<std::ptrdiff_t>(end), kAlawSilence);
    } else if (period_ != nullptr) {
      for (std::size_t i = done; i < end;) {
        const std::size_t piece = std::min(end - i, period_->size() - period_at_);
        std::copy_n(period_->begin() + static_cast<std::ptrdiff_t>(period_at_), piece, out.begin() + static_cast<std::ptrdiff_t>(i));
        i += piece;
        period_at_ = (period_at_ + piece) % period_->size();
      }
    } else if (s.modulated) {
      for (std::size_t i = done; i < end; ++i) {
        const std::int32_t envelope = (100 * 32'767 + kModulationPercent * sine(phase_.phase2)) / (100 + kModulationPercent);
        out[i] = alaw_encode(saturate(((sine(phase_.phase1) * amplitude_ >> 15) * envelope) >> 15));
        phase_.phase1 += turn1_;
        phase_.phase2 += turn2_;
      }
    } else if (s.freq2 == 0) {
      for (std::size_t i = done; i < end; ++i) {
        out[i] = alaw_encode(saturate(sine(phase_.phase1) * amplitude_ >> 15));
        phase_.phase1 += turn1_;
      }
    } else {
      for (std::size_t i = done; i < end; ++i) {
        out[i] = alaw_encode(saturate((sine(phase_.phase1) * amplitude_ >> 15) + (sine(phase_.phase2) * amplitude_ >> 15)));
        phase_.phase1 += turn1_;
        phase_.phase2 += turn2_;
      }
    }
    done = end;
    if (forever_) break;
    left_ -= static_cast<std::uint32_t>(n);
    if (left_ == 0 && !load(step_ + 1)) {
      ended_ = true;
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(done), out.end(), kAlawSilence);
      break;
    }
  }
  return Filled::sound;
}

void add_tone(Samples& out, double hz, double dbm0, std::uint32_t& phase) {
  const std::uint32_t turn = turn_of(hz);
  const auto amplitude = static_cast<std::int32_t>(amplitude_of(dbm0));
  for (auto& sample : out) {
    sample = saturate(sample + (sine(phase) * amplitude >> 15));
    phase += turn;
  }
}

}  // namespace sr::media
