// A-law WAV (RIFF, format 6, 8,000 Hz): reading a mono clip, writing the header of a stereo recording, mending one after a crash.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "drivers/base/result.h"

namespace sr::media {

inline constexpr std::size_t kWavHeaderBytes = 58;            // RIFF + fmt (18) + fact + data
inline constexpr std::uint32_t kWavLengthOpen = 0xFFFFFFFF;   // readers take everything that follows
inline constexpr std::uint32_t kWavBytesMax = 0xFFFFFF00;

using WavHeader = std::array<std::uint8_t, kWavHeaderBytes>;
// `data_bytes` kWavLengthOpen: the recording is still being written.
WavHeader wav_header(int channels, std::uint32_t data_bytes);

// Offset and length of the samples of an 8 kHz A-law mono WAV within `file`; an error says what it is instead.
struct WavData { std::size_t offset = 0, length = 0; };
Result<WavData> find_alaw_mono(std::span<const std::uint8_t> file);

// Gives a recording that was not closed (kill -9, power) its true length. true: it was mended.
Result<bool> mend_recording(const std::string& path);

}  // namespace sr::media
