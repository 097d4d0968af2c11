// µ-law and A-law in each other's place (G.711): the product's inner law is A-law, a µ-law channel is translated at its edge.
// Each byte becomes the nearest value of the same sign.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace sr::dahdi {

using LawTable = std::array<std::uint8_t, 256>;

namespace law {
constexpr int alaw_value(std::uint8_t byte) {  // 16-bit scale
  const int code = byte ^ 0x55, segment = code >> 4 & 7, step = (code & 15) << 4;
  const int size = segment == 0 ? step + 8 : (step + 0x108) << (segment - 1);
  return code & 0x80 ? size : -size;
}
constexpr int mulaw_value(std::uint8_t byte) {
  const int code = ~byte & 0xFF;
  const int size = ((((code & 15) << 3) + 0x84) << (code >> 4 & 7)) - 0x84;
  return code & 0x80 ? -size : size;
}
constexpr LawTable translation(int (*from)(std::uint8_t), int (*to)(std::uint8_t)) {
  LawTable out{};
  for (int i = 0; i < 256; ++i) {
    const auto byte = static_cast<std::uint8_t>(i);
    int nearest = 1 << 20;
    for (int j = 0; j < 128; ++j) {
      const auto candidate = static_cast<std::uint8_t>((i & 0x80) | j);  // bit 7 is the sign in both laws
      const int value = from(byte) - to(candidate), distance = value < 0 ? -value : value;
      if (distance >= nearest) continue;
      nearest = distance;
      out[byte] = candidate;
    }
  }
  return out;
}
constexpr LawTable amplified(int (*value)(std::uint8_t), double factor) {  // each byte as the nearest one of the same sign; what is too loud is the loudest
  LawTable out{};
  for (int i = 0; i < 256; ++i) {
    const auto byte = static_cast<std::uint8_t>(i);
    const double wanted = value(byte) * factor;
    double nearest = 1e9;
    for (int j = 0; j < 128; ++j) {
      const auto candidate = static_cast<std::uint8_t>((i & 0x80) | j);
      const double distance = wanted < value(candidate) ? value(candidate) - wanted : wanted - value(candidate);
      if (distance >= nearest) continue;
      nearest = distance;
      out[byte] = candidate;
    }
  }
  return out;
}
}  // namespace law

inline constexpr LawTable kMulawToAlaw = law::translation(law::mulaw_value, law::alaw_value);
inline constexpr LawTable kAlawToMulaw = law::translation(law::alaw_value, law::mulaw_value);

inline void translate(std::span<std::uint8_t> bytes, const LawTable& table) {
  for (auto& byte : bytes) byte = table[byte];
}

}  // namespace sr::dahdi
