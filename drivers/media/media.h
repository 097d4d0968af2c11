// The media plane as values: commands in, events out, both trivially copyable so that they travel through an SpscRing between
// the reactor and the media thread. A Slot is one channel's place in the engine (board_core maps legs to slots).
// The engine itself (media_engine.h) has tick() and no clock, no allocation, no lock, no log and no file after start.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <type_traits>
#include <variant>

#include "drivers/span/span.h"

namespace sr::media {

enum class Slot : std::uint16_t { none = 0xFFFF };
inline constexpr std::size_t kPlayItemsMax = 32;
inline constexpr std::size_t kConferenceLegsMax = 16;
inline constexpr std::size_t kDigitsMax = 40;

struct Clip {  // A-law samples that live as long as the process (prompts are loaded once, never freed)
  const std::uint8_t* samples = nullptr;
  std::uint32_t length = 0;
};
// A cadence, each step the sum of up to 2 tones (level: of each), or freq1 with its amplitude modulated by freq2; repeats from
// `loop_from`. freq1 0 = silence; ms 0 = for ever. The longest tones of libtonezone need kCadenceStepsMax.
inline constexpr std::size_t kCadenceStepsMax = 32;
struct ToneStep { std::uint16_t freq1 = 0, freq2 = 0; std::uint16_t ms = 0; std::int8_t level_dbm0 = -10; bool modulated = false; };
struct Cadence { std::array<ToneStep, kCadenceStepsMax> steps{}; std::uint8_t count = 0; std::uint8_t loop_from = 0; bool repeat = true; };

// How a listener is heard: not at all; by his target alone; by his target and by whoever hears the target.
enum class ListenAs : std::uint8_t { listen, whisper, barge };

namespace cmd {
struct Open { Slot slot; };    // a call begins here: everything off, silence both ways
struct Close { Slot slot; };   // it ends: connection, conference, sources and recording end with it
struct Play { Slot slot; std::uint32_t play; bool barge_in; std::uint8_t count; std::array<Clip, kPlayItemsMax> clips; };
struct PlayTone { Slot slot; Cadence cadence; };
struct Music { Slot slot; std::int32_t from_ms = -1; };  // -1: the one position of all
struct Silence { Slot slot; };
struct SendDtmf { Slot slot; std::uint8_t count; std::array<char, kDigitsMax> digits; };
struct Detect { Slot slot; bool dtmf; bool activity; };
struct Connect { Slot a, b; };
struct Disconnect { Slot slot; };
struct Join { Slot slot; std::uint32_t conference; bool talks; };
struct Listen { Slot slot, target; ListenAs as = ListenAs::listen; };
struct Record { Slot slot; std::uint32_t record; bool only_connected; };  // `record` was opened with the Recorder before
struct StopRecord { Slot slot; };
}  // namespace cmd

using Command = std::variant<cmd::Open, cmd::Close, cmd::Play, cmd::PlayTone, cmd::Music, cmd::Silence, cmd::SendDtmf, cmd::Detect, cmd::Connect,
                             cmd::Disconnect, cmd::Join, cmd::Listen, cmd::Record, cmd::StopRecord>;
static_assert(std::is_trivially_copyable_v<Command>);

namespace evt {
enum class PlayEnd : std::uint8_t { done, barged, stopped };
struct Digit { Slot slot; char digit; std::uint16_t duration_ms; };   // when it has ended
struct Activity { Slot slot; bool on; };
struct PlayEnded { Slot slot; std::uint32_t play; PlayEnd end; std::uint32_t played_ms; };
struct RecordLost { Slot slot; std::uint32_t record; std::uint32_t blocks; };  // the writer did not keep up: silence stands there
struct SpanSilent { std::uint8_t span; bool silent; };                          // no audio block for kSilentTicks
struct ClockLost { bool lost; };                                                // the tick goes on from the system clock
}  // namespace evt

using Event = std::variant<evt::Digit, evt::Activity, evt::PlayEnded, evt::RecordLost, evt::SpanSilent, evt::ClockLost>;
static_assert(std::is_trivially_copyable_v<Event>);

}  // namespace sr::media
