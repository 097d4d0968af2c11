// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/wav.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace sr::media {
namespace {

constexpr std::uint16_t kFormatAlaw = 6;
constexpr std::uint32_t kRate = 8'000;

void put(WavHeader& h, std::size_t at, std::uint32_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) h[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}
void put(WavHeader& h, std::size_t at, std::string_view text) { std::copy(text.begin(), text.end(), h.begin() + static_cast<std::ptrdiff_t>(at)); }

std::uint32_t get(std::span<const std::uint8_t> b, std::size_t at, std::size_t bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= std::uint32_t{b[at + i]} << (8 * i);
  return value;
}
bool is(std::span<const std::uint8_t> b, std::size_t at, std::string_view text) { return std::equal(text.begin(), text.end(), b.begin() + static_cast<std::ptrdiff_t>(at)); }

}  // namespace

WavHeader wav_header(int channels, std::uint32_t data_bytes) {
  const auto c = static_cast<std::uint32_t>(channels);
  const bool open = data_bytes == kWavLengthOpen;
  WavHeader h{};
  put(h, 0, "RIFF");
  put(h, 4, open ? kWavLengthOpen : data_bytes + static_cast<std::uint32_t>(kWavHeaderBytes) - 8, 4);
  put(h, 8, "WAVEfmt ");
  put(h, 16, 18, 4);
  put(h, 20, kFormatAlaw, 2);
  put(h, 22, c, 2);
  put(h, 24, kRate, 4);
  put(h, 28, kRate * c, 4);
  put(h, 32, c, 2);
  put(h, 34, 8, 2);
  put(h, 38, "fact");
  put(h, 42, 4, 4);
  put(h, 46, open ? kWavLengthOpen : data_bytes / c, 4);
  put(h, 50, "data");
  put(h, 54, data_bytes, 4);
  return h;
}

Result<WavData> find_alaw_mono(std::span<const std::uint8_t> file) {
  constexpr std::string_view kFix = "sox IN.wav -r 8000 -c 1 -e a-law OUT.wav";
  if (file.size() < 12 || !is(file, 0, "RIFF") || !is(file, 8, "WAVE")) return fail("is no WAV file", {}, std::string(kFix));
  bool format_seen = false;
  std::size_t at = 12;
  while (at + 8 <= file.size()) {
    const std::size_t length = get(file, at + 4, 4), body = at + 8, there = file.size() - body;
    if (is(file, at, "fmt ")) {
      if (length < 16 || there < 16) return fail("has a broken fmt chunk", {}, std::string(kFix));
      const std::uint32_t format = get(file, body, 2), channels = get(file, body + 2, 2), rate = get(file, body + 4, 4);
      if (format != kFormatAlaw || channels != 1 || rate != kRate)
        return fail("is format " + std::to_string(format) + ", " + std::to_string(channels) + " channel(s), " + std::to_string(rate) + " Hz; it must be A-law (6), 1, 8000", {}, std::string(kFix));
      format_seen = true;
    } else if (is(file, at, "data")) {
      if (!format_seen) return fail("has no fmt chunk before its data", {}, std::string(kFix));
      return WavData{body, std::min(length, there)};
    }
    if (length > there) break;
    at = body + length + (length & 1U);
  }
  return fail("has no data chunk", {}, std::string(kFix));
}

Result<bool> mend_recording(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  const auto failed = [&] {
    const std::string why = std::strerror(errno);
    if (fd >= 0) ::close(fd);
    return fail("recording " + path + ": " + why);
  };
  if (fd < 0) return failed();
  struct stat st{};
  WavHeader h{};
  if (::fstat(fd, &st) != 0) return failed();
  const auto size = static_cast<std::uint64_t>(st.st_size);
  const bool ours = size >= kWavHeaderBytes && ::pread(fd, h.data(), h.size(), 0) == static_cast<ssize_t>(h.size()) && is(h, 0, "RIFF") && is(h, 50, "data");
  const std::uint32_t channels = ours ? get(h, 22, 2) : 0;
  bool mended = false;
  if (ours && channels >= 1 && channels <= 2) {
    const auto data = static_cast<std::uint32_t>(std::min<std::uint64_t>((size - kWavHeaderBytes) / channels * channels, kWavBytesMax));
    if (get(h, 54, 4) != data) {
      const WavHeader right = wav_header(static_cast<int>(channels), data);
      if (::pwrite(fd, right.data(), right.size(), 0) != static_cast<ssize_t>(right.size())) return failed();
      mended = true;
    }
  }
  ::close(fd);
  return mended;
}

}  // namespace sr::media
