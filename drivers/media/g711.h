// G.711 A-law: one byte per sample as on the line (even bits inverted), 16-bit linear as signal processing wants it.
// Bytes stay bytes wherever they can; decode only what a detector or a mixer needs.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>

#include "drivers/span/span.h"

namespace sr::media {

using Samples = std::array<std::int16_t, kBlockSamples>;

extern const std::array<std::int16_t, 256> kAlawToLinear;
extern const std::array<std::uint8_t, 8192> kLinearToAlaw;   // index: (sample >> 3) & 0x1FFF
extern const std::array<std::uint32_t, 256> kAlawPower;      // (linear / 16)², so that a block's sum fits 32 bits

inline std::int16_t alaw_decode(std::uint8_t byte) { return kAlawToLinear[byte]; }
inline std::uint8_t alaw_encode(std::int16_t sample) { return kLinearToAlaw[(static_cast<std::uint16_t>(sample) >> 3) & 0x1FFF]; }

void alaw_decode(const Block& in, Samples& out);
void alaw_encode(const Samples& in, Block& out);

// Mean power of a block on the scale of kAlawPower; power_of() gives that of a level, so that levels are compared without a logarithm.
std::uint32_t alaw_power(const Block& block);
std::uint32_t power_of(double dbm0);

// Peak of a sine of `dbm0` on the 16-bit scale: +3.14 dBm0 is the clipping point of A-law (G.711 table 2).
double amplitude_of(double dbm0);

}  // namespace sr::media
