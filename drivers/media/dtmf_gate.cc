// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/dtmf_gate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sr::media {
namespace {

constexpr std::array<double, 8> kHz = {697, 770, 852, 941, 1209, 1336, 1477, 1633};
constexpr int kWavePeak = 4'096;  // 2048 · 4096 · 160 < 2³¹
constexpr int kShift = 4;         // 16-bit samples to the 12 bits that A-law has

using Short = std::array<std::int16_t, kBlockSamples>;

std::int32_t dot(const Short& a, const Short& b) {
#if defined(__SSE2__)
  __m128i sum = _mm_setzero_si128();
  for (std::size_t i = 0; i < a.size(); i += 8)
    sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a.data() + i)), _mm_loadu_si128(reinterpret_cast<const __m128i*>(b.data() + i))));
  alignas(16) std::array<std::int32_t, 4> part;
  _mm_store_si128(reinterpret_cast<__m128i*>(part.data()), sum);
  return part[0] + part[1] + part[2] + part[3];
#else
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::int32_t{a[i]} * b[i];
  return sum;
#endif
}

}  // namespace

DtmfGate::DtmfGate() {
  for (std::size_t f = 0; f < kHz.size(); ++f)
    for (std::size_t i = 0; i < kBlockSamples; ++i) {
      const double w = 2.0 * std::numbers::pi * kHz[f] * static_cast<double>(i) / 8'000.0;
      wave_[2 * f][i] = static_cast<std::int16_t>(std::lround(kWavePeak * std::cos(w)));
      wave_[2 * f + 1][i] = static_cast<std::int16_t>(std::lround(kWavePeak * std::sin(w)));
    }
}

GateView DtmfGate::look(const Samples& block, std::uint32_t least) const {
  Short x;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<std::int16_t>(block[i] >> kShift);
  const auto energy = static_cast<std::uint32_t>(dot(x, x));
  GateView view{.power = energy / kBlockSamples};
  if (view.power < least) return view;
  std::array<float, 8> part;  // of the energy, 1 for a sine of just this frequency
  const float whole = static_cast<float>(energy) * (kWavePeak / 2.0F) * kWavePeak * kBlockSamples;
  for (std::size_t f = 0; f < part.size(); ++f) {
    const auto re = static_cast<float>(dot(x, wave_[2 * f])), im = static_cast<float>(dot(x, wave_[2 * f + 1]));
    part[f] = (re * re + im * im) / whole;
  }
  const float row = std::max({part[0], part[1], part[2], part[3]}), column = std::max({part[4], part[5], part[6], part[7]});
  view.maybe = row >= kGateEach && column >= kGateEach && row + column >= kGateSum;
  return view;
}

}  // namespace sr::media
