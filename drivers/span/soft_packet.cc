// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/span/soft_packet.h"

#include <algorithm>
#include <bit>

namespace sr::soft {
namespace {

constexpr std::size_t kHelloHeader = 9;
constexpr std::size_t kLineHeader = 3;

std::uint32_t u32(std::span<const std::uint8_t> b, std::size_t at) {
  return static_cast<std::uint32_t>(b[at]) << 24 | static_cast<std::uint32_t>(b[at + 1]) << 16 | static_cast<std::uint32_t>(b[at + 2]) << 8 | b[at + 3];
}
void put_u32(std::uint8_t* to, std::uint32_t v) {
  for (int i = 0; i < 4; ++i) to[i] = static_cast<std::uint8_t>(v >> (24 - 8 * i));
}
std::string_view text(std::span<const std::uint8_t> b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }
void append(std::vector<std::uint8_t>& to, std::string_view t) { to.insert(to.end(), t.begin(), t.end()); }

std::expected<Packet, Fault> parse_hello(std::span<const std::uint8_t> b) {
  if (b.size() < 2) return std::unexpected(Fault::wrong_length);
  if (b[1] != kVersion) return std::unexpected(Fault::wrong_version);
  if (b.size() < kHelloHeader || b.size() != kHelloHeader + b[8]) return std::unexpected(Fault::wrong_length);
  if (b[2] > 1 || b[3] > 3 || b[8] == 0 || b[8] > kNameMax) return std::unexpected(Fault::wrong_value);
  return Hello{static_cast<Plane>(b[2]), static_cast<SpanKind>(b[3]), u32(b, 4), text(b.subspan(kHelloHeader))};
}

std::expected<Packet, Fault> parse_line(std::span<const std::uint8_t> b) {
  if (b.size() < kLineHeader || b.size() > kLineHeader + kLineTextMax) return std::unexpected(Fault::wrong_length);
  if (b[1] < 1 || b[1] > kSpanChannelsMax || b[2] < 1 || b[2] > 7) return std::unexpected(Fault::wrong_value);
  const auto words = b.subspan(kLineHeader);
  if (std::any_of(words.begin(), words.end(), [](std::uint8_t c) { return c < 0x20 || c > 0x7E; })) return std::unexpected(Fault::wrong_value);
  return Line{b[1], static_cast<LineSignal>(b[2]), text(words)};
}

std::expected<Packet, Fault> parse_audio(std::span<const std::uint8_t> b) {
  if (b.size() < kAudioHeader) return std::unexpected(Fault::wrong_length);
  if (b[1] != 0 || b[2] != 0 || b[3] != 0) return std::unexpected(Fault::wrong_value);
  const std::uint32_t present = u32(b, 8);
  if (present & 1U) return std::unexpected(Fault::wrong_value);
  if (b.size() != kAudioHeader + static_cast<std::size_t>(std::popcount(present)) * kBlockSamples) return std::unexpected(Fault::wrong_length);
  return Audio{u32(b, 4), present, b.subspan(kAudioHeader)};
}

}  // namespace

std::expected<Packet, Fault> parse(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return std::unexpected(Fault::empty);
  if (bytes.size() > kPacketMax) return std::unexpected(Fault::too_long);
  switch (static_cast<Type>(bytes[0])) {
    case Type::hello: return parse_hello(bytes);
    case Type::error:
      if (bytes.size() < 2 || bytes.size() > 2 + kErrorTextMax) return std::unexpected(Fault::wrong_length);
      if (bytes[1] < 1 || bytes[1] > 6) return std::unexpected(Fault::wrong_value);
      return ErrorPacket{static_cast<ErrorCode>(bytes[1]), text(bytes.subspan(2))};
    case Type::frame:
      if (bytes.size() < 2 || bytes.size() > 1 + kFrameMax) return std::unexpected(Fault::wrong_length);
      return Frame{bytes.subspan(1)};
    case Type::line: return parse_line(bytes);
    case Type::audio: return parse_audio(bytes);
  }
  return std::unexpected(Fault::unknown_type);
}

std::vector<std::uint8_t> encode(const Hello& hello) {
  const auto name = hello.name.substr(0, kNameMax);
  std::vector<std::uint8_t> b = {static_cast<std::uint8_t>(Type::hello), kVersion, static_cast<std::uint8_t>(hello.plane), static_cast<std::uint8_t>(hello.kind),
                                 0, 0, 0, 0, static_cast<std::uint8_t>(name.size())};
  put_u32(b.data() + 4, hello.session);
  append(b, name);
  return b;
}

std::vector<std::uint8_t> encode(const ErrorPacket& error) {
  std::vector<std::uint8_t> b = {static_cast<std::uint8_t>(Type::error), static_cast<std::uint8_t>(error.code)};
  append(b, error.text.substr(0, kErrorTextMax));
  return b;
}

std::vector<std::uint8_t> encode(const Frame& frame) {
  std::vector<std::uint8_t> b;
  b.reserve(1 + frame.octets.size());
  b.push_back(static_cast<std::uint8_t>(Type::frame));
  b.insert(b.end(), frame.octets.begin(), frame.octets.end());
  return b;
}

std::vector<std::uint8_t> encode(const Line& line) {
  std::vector<std::uint8_t> b = {static_cast<std::uint8_t>(Type::line), static_cast<std::uint8_t>(line.channel), static_cast<std::uint8_t>(line.signal)};
  for (const char c : line.text.substr(0, kLineTextMax)) b.push_back(c < 0x20 || c > 0x7E ? '?' : static_cast<std::uint8_t>(c));
  return b;
}

std::array<std::uint8_t, kAudioHeader> audio_header(std::uint32_t tick, std::uint32_t present) {
  std::array<std::uint8_t, kAudioHeader> b{static_cast<std::uint8_t>(Type::audio)};
  put_u32(b.data() + 4, tick);
  put_u32(b.data() + 8, present);
  return b;
}

SpanKind opposite(SpanKind kind) {
  if (kind == SpanKind::fxs) return SpanKind::fxo;
  if (kind == SpanKind::fxo) return SpanKind::fxs;
  return kind;
}

std::string_view text_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::version: return "this end speaks version 1";
    case ErrorCode::unknown_span: return "no span of that name here";
    case ErrorCode::wrong_kind: return "the span is of another kind";
    case ErrorCode::in_use: return "another far end is plugged in";
    case ErrorCode::wrong_session: return "not the session of the signalling connection";
    case ErrorCode::not_hello: return "the first packet must be a hello";
  }
  return "";
}

}  // namespace sr::soft
