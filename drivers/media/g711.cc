// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/g711.h"

#include <bit>
#include <cmath>

namespace sr::media {
namespace {

constexpr int kPeak = 32'256;  // the largest value that a decoder gives

// Table 1a of G.711 read backwards: sign, 3 bits segment, 4 bits step; the middle of each step.
constexpr std::int16_t expand(unsigned byte) {
  byte ^= 0x55U;
  const unsigned segment = (byte >> 4) & 7U;
  int magnitude = static_cast<int>((byte & 0x0FU) << 4) + 8;
  if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
  return static_cast<std::int16_t>((byte & 0x80U) ? magnitude : -magnitude);
}

constexpr std::uint8_t compress(int sample) {
  const bool positive = sample >= 0;
  const unsigned magnitude = static_cast<unsigned>(positive ? sample : -sample - 1) >> 4;  // 0…2047
  const int top = std::bit_width(magnitude >> 4);                                          // 0 in the lowest two segments … 7
  const unsigned segment = top > 0 ? static_cast<unsigned>(top) : 0U;
  const unsigned step = segment < 2 ? magnitude & 0x0FU : (magnitude >> (segment - 1)) & 0x0FU;
  return static_cast<std::uint8_t>(((positive ? 0x80U : 0U) | (segment << 4) | step) ^ 0x55U);
}

constexpr auto make_linear() {
  std::array<std::int16_t, 256> t{};
  for (unsigned i = 0; i < 256; ++i) t[i] = expand(i);
  return t;
}
constexpr auto make_alaw() {
  std::array<std::uint8_t, 8192> t{};
  for (int i = 0; i < 8192; ++i) t[static_cast<std::size_t>(i)] = compress((i < 4096 ? i : i - 8192) * 8);
  return t;
}
constexpr auto make_power() {
  std::array<std::uint32_t, 256> t{};
  for (unsigned i = 0; i < 256; ++i) {
    const int x = expand(i) / 16;
    t[i] = static_cast<std::uint32_t>(x * x);
  }
  return t;
}

}  // namespace

constexpr std::array<std::int16_t, 256> kAlawToLinear = make_linear();
constexpr std::array<std::uint8_t, 8192> kLinearToAlaw = make_alaw();
constexpr std::array<std::uint32_t, 256> kAlawPower = make_power();
static_assert(kAlawToLinear[0xD5] == 8 && kAlawToLinear[0xAA] == kPeak && kLinearToAlaw[0] == kAlawSilence);

void alaw_decode(const Block& in, Samples& out) {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = kAlawToLinear[in[i]];
}

void alaw_encode(const Samples& in, Block& out) {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = alaw_encode(in[i]);
}

std::uint32_t alaw_power(const Block& block) {
  std::uint32_t a = 0, b = 0;
  for (std::size_t i = 0; i < block.size(); i += 2) {
    a += kAlawPower[block[i]];
    b += kAlawPower[block[i + 1]];
  }
  return static_cast<std::uint32_t>((std::uint64_t{a} + b) / block.size());
}

double amplitude_of(double dbm0) { return kPeak * std::pow(10.0, (dbm0 - 3.14) / 20.0); }

std::uint32_t power_of(double dbm0) {
  const double rms = amplitude_of(dbm0) / 16.0 / std::sqrt(2.0);
  return static_cast<std::uint32_t>(rms * rms);
}

}  // namespace sr::media
