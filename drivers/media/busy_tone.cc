// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/busy_tone.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <utility>

#include "drivers/media/tones.h"

namespace sr::media {
namespace {

constexpr int kBins = 19, kLowestHz = 260, kStepHz = 25;  // 260…710 Hz: every tone is at most 12.5 Hz from a bin
constexpr float kShare = 0.6F;                            // of the energy in the two strongest peaks: S/N of 6 dB still passes
constexpr float kLowestDbm0 = -40;
constexpr float kSilenceRatio = 0.25F;                    // 6 dB below the tone is its pause
constexpr int kGlitchMs = 20;                             // a block that is neither, where tone and pause meet
constexpr int kToleranceMs = 60, kTolerancePercent = 10;  // Q.35: ± 10 %; two edges seen in blocks of 20 ms add their own
constexpr int kLearnToleranceMs = 40;
constexpr float kFade = 0.98F;                            // of the tone's remembered power per block without it: 10 dB in 2.3 s

const std::array<float, kBins> kTurn = [] {
  std::array<float, kBins> out;
  for (int i = 0; i < kBins; ++i) out[static_cast<std::size_t>(i)] = 2 * std::cos(2 * std::numbers::pi_v<float> * static_cast<float>(kLowestHz + i * kStepHz) / 8000);
  return out;
}();
const float kFloor = static_cast<float>(amplitude_of(kLowestDbm0) * amplitude_of(kLowestDbm0) / 2);

// Share of a block's energy in its strongest frequency and the next one apart from it.
float tonal_share(const Samples& block, float energy) {
  std::array<float, kBins> a{}, b{};
  for (const std::int16_t sample : block)
    for (std::size_t i = 0; i < kBins; ++i) {
      const float next = static_cast<float>(sample) + kTurn[i] * a[i] - b[i];
      b[i] = a[i];
      a[i] = next;
    }
  std::array<float, kBins> power;
  for (std::size_t i = 0; i < kBins; ++i) power[i] = a[i] * a[i] + b[i] * b[i] - kTurn[i] * a[i] * b[i];
  const auto best = std::max_element(power.begin(), power.end()) - power.begin();
  float second = 0;
  for (std::ptrdiff_t i = 0; i < kBins; ++i)
    if (std::abs(i - best) >= 3) second = std::max(second, power[static_cast<std::size_t>(i)]);  // beyond the main lobe of 20 ms
  return (power[static_cast<std::size_t>(best)] + second) * 2 / (energy * kBlockSamples);
}

bool near(int measured, int nominal) {
  return std::abs(measured - nominal) <= std::max(std::min(kToleranceMs, nominal / 2), nominal * kTolerancePercent / 100);
}
bool in_range(int ms) { return ms >= kBusyShortestMs && ms <= kBusyLongestMs; }

}  // namespace

ToneMeter::Sound ToneMeter::hear(const Block& block) {
  Samples samples;
  alaw_decode(block, samples);
  float energy = 0;
  for (const std::int16_t s : samples) energy += static_cast<float>(s) * static_cast<float>(s);
  const float power = energy / kBlockSamples;
  const bool silent = power < kFloor || power < reference_ * kSilenceRatio;
  const bool tone = !silent && tonal_share(samples, energy) >= kShare;
  reference_ = tone ? std::max(reference_ * kFade, power) : reference_ * kFade;
  return silent ? Sound::silence : tone ? Sound::tone : Sound::other;
}

void BusyCadence::reset() {
  count_ = lasted_ = glitch_ = tone_ms_ = 0;
  on_ = told_ = false;
}

// A tone that begins closes the cycle before it.
std::optional<BusyCadence::Busy> BusyCadence::feed(ToneMeter::Sound sound, int ms) {
  if (told_) return std::nullopt;
  if (sound == ToneMeter::Sound::other) {
    if ((glitch_ += ms) > kGlitchMs) count_ = lasted_ = tone_ms_ = 0;
    lasted_ += ms;
    return std::nullopt;
  }
  glitch_ = 0;
  const bool on = sound == ToneMeter::Sound::tone;
  if (on == on_) {
    if ((lasted_ += ms) > 2 * kBusyLongestMs) count_ = tone_ms_ = 0;
    return std::nullopt;
  }
  const int before = std::exchange(lasted_, ms);
  on_ = on;
  if (!on) {
    tone_ms_ = before;
    return std::nullopt;
  }
  if (!in_range(tone_ms_) || !in_range(before)) {
    count_ = 0;
    return std::nullopt;
  }
  if (count_ == kBusyLearnCycles) std::shift_left(cycles_.begin(), cycles_.end(), 1);
  else ++count_;
  cycles_[static_cast<std::size_t>(count_ - 1)] = {tone_ms_, before};
  return judge();
}

std::optional<BusyCadence::Busy> BusyCadence::judge() {
  for (std::size_t i = 0; i < known_.count; ++i)
    if (count_ >= kBusyCycles && alike(known_.patterns[i], kBusyCycles)) {
      told_ = true;
      return Busy{known_.patterns[i], false};
    }
  if (!known_.learn || count_ < kBusyLearnCycles) return std::nullopt;
  BusyPattern mean;
  for (const auto& c : cycles_) {
    mean.on += c.on;
    mean.off += c.off;
  }
  mean = {(mean.on / kBusyLearnCycles + 5) / 10 * 10, (mean.off / kBusyLearnCycles + 5) / 10 * 10};
  for (const auto& c : cycles_)
    if (std::abs(c.on - mean.on) > kLearnToleranceMs || std::abs(c.off - mean.off) > kLearnToleranceMs) return std::nullopt;
  if (mean.on > 3 * mean.off || mean.off > 3 * mean.on) return std::nullopt;
  told_ = true;
  if (known_.count < kBusyPatternsMax) known_.patterns[known_.count++] = mean;
  return Busy{mean, true};
}

bool BusyCadence::alike(const BusyPattern& pattern, int cycles) const {
  for (int i = count_ - cycles; i < count_; ++i)
    if (!near(cycles_[static_cast<std::size_t>(i)].on, pattern.on) || !near(cycles_[static_cast<std::size_t>(i)].off, pattern.off)) return false;
  return true;
}

Result<BusyKnown> busy_of_country(std::string_view country) {
  BusyKnown out;
  for (const char* name : {"busy", "congestion"}) {
    const auto tone = find_tone(country, name);
    if (!tone) return std::unexpected(tone.error());
    // Some countries speak after the tone or lengthen every other one; those are left to learning.
    if (tone->count - tone->loop_from != 2) continue;
    const BusyPattern pattern{tone->steps[tone->loop_from].ms, tone->steps[tone->loop_from + 1U].ms};
    if (tone->steps[tone->loop_from + 1U].freq1 != 0 || !in_range(pattern.on) || !in_range(pattern.off)) continue;
    if (out.count == 0 || !(out.patterns[0] == pattern)) out.patterns[out.count++] = pattern;
  }
  return out;
}

Result<BusyKnown> parse_busy(std::string_view text) {
  const std::string whole(text);
  const auto wrong = [&] {
    return fail("'" + whole + "' is no cadence of a busy tone", {}, "write tone/pause in ms, " + std::to_string(kBusyShortestMs) + "…" + std::to_string(kBusyLongestMs) + " each, at most " +
                                                                        std::to_string(kBusyPatternsMax) + ": \"350/350\" or \"350/350,700/700\"");
  };
  BusyKnown out{.learn = false};
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    BusyPattern p;
    const char* const end = part.data() + part.size();
    const auto on = std::from_chars(part.data(), end, p.on);
    if (on.ec != std::errc{} || on.ptr == end || *on.ptr != '/') return wrong();
    const auto off = std::from_chars(on.ptr + 1, end, p.off);
    if (off.ec != std::errc{} || off.ptr != end || !in_range(p.on) || !in_range(p.off) || out.count == kBusyPatternsMax) return wrong();
    out.patterns[out.count++] = p;
  }
  if (out.count == 0) return wrong();
  return out;
}

}  // namespace sr::media
