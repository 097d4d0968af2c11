// The packets of docs/protocol-softspan.md, bytes to values and back. Pure: no socket, no state, no failure but the returned one.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/span/span.h"

namespace sr::soft {

inline constexpr std::uint8_t kVersion = 1;
inline constexpr std::size_t kNameMax = 64;
inline constexpr std::size_t kFrameMax = 1000;       // a Q.921 frame without FCS
inline constexpr std::size_t kLineTextMax = 64;
inline constexpr std::size_t kErrorTextMax = 200;
inline constexpr std::size_t kAudioHeader = 12;
inline constexpr std::size_t kPacketMax = kAudioHeader + static_cast<std::size_t>(kSpanChannelsMax) * kBlockSamples;

enum class Type : std::uint8_t { hello = 1, error = 2, frame = 3, line = 4, audio = 5 };
enum class Plane : std::uint8_t { signalling = 0, audio = 1 };
enum class ErrorCode : std::uint8_t { version = 1, unknown_span = 2, wrong_kind = 3, in_use = 4, wrong_session = 5, not_hello = 6 };
enum class Fault { empty, too_long, unknown_type, wrong_length, wrong_value, wrong_version };

struct Hello { Plane plane = Plane::signalling; SpanKind kind = SpanKind::e1; std::uint32_t session = 0; std::string_view name; };
struct ErrorPacket { ErrorCode code = ErrorCode::not_hello; std::string_view text; };
struct Frame { std::span<const std::uint8_t> octets; };
struct Line { int channel = 0; LineSignal signal{}; std::string_view text; };
struct Audio { std::uint32_t tick = 0; std::uint32_t present = 0; std::span<const std::uint8_t> blocks; };
using Packet = std::variant<Hello, ErrorPacket, Frame, Line, Audio>;

// The views point into `bytes`.
std::expected<Packet, Fault> parse(std::span<const std::uint8_t> bytes);

std::vector<std::uint8_t> encode(const Hello& hello);
std::vector<std::uint8_t> encode(const ErrorPacket& error);
std::vector<std::uint8_t> encode(const Frame& frame);
std::vector<std::uint8_t> encode(const Line& line);
std::array<std::uint8_t, kAudioHeader> audio_header(std::uint32_t tick, std::uint32_t present);

SpanKind opposite(SpanKind kind);  // what the other end of a span of that kind is
std::string_view text_of(ErrorCode code);

}  // namespace sr::soft
