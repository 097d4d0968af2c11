// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/prompt_store.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

#include "drivers/media/g711.h"
#include "drivers/media/wav.h"

namespace sr::media {
namespace fs = std::filesystem;

Result<std::vector<std::uint8_t>> read_clip(const std::string& path) {
  std::error_code ec;
  const auto size = fs::file_size(path, ec);
  if (ec) return fail("cannot be read: " + ec.message(), path);
  if (size > kPromptBytesMax) return fail("is larger than " + std::to_string(kPromptBytesMax) + " bytes", path);
  std::vector<std::uint8_t> bytes(size);
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)) && size > 0) return fail("cannot be read", path);
  const auto data = find_alaw_mono(bytes);
  if (!data) return fail(data.error().what, path, data.error().fix);
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(data->offset);
  return std::vector<std::uint8_t>(begin, begin + static_cast<std::ptrdiff_t>(data->length));
}

std::vector<Error> PromptStore::load(const std::string& directory) {
  std::vector<Error> errors;
  std::error_code ec;
  std::vector<fs::path> files;
  for (fs::directory_iterator language(directory, ec), end; !ec && language != end; language.increment(ec)) {
    std::error_code inner;
    if (!language->is_directory(inner)) continue;
    for (fs::directory_iterator file(language->path(), inner); !inner && file != end; file.increment(inner))
      if (file->path().extension() == ".wav") files.push_back(file->path());
  }
  if (ec) errors.push_back(Error{"prompt directory: " + ec.message(), directory, "make prompts"});
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    if (prompts_.size() == kPromptsMax) {
      errors.push_back(Error{"more than " + std::to_string(kPromptsMax) + " prompts", directory, {}});
      break;
    }
    auto clip = read_clip(path.string());
    if (clip) prompts_[path.parent_path().filename().string() + "/" + path.stem().string()] = std::move(*clip);
    else errors.push_back(clip.error());
  }
  return errors;
}

Result<Clip> PromptStore::find(const std::string& name) const {
  const auto found = prompts_.find(name);
  if (found == prompts_.end()) return fail("no prompt '" + name + "'", {}, "put " + name + ".wav into the prompt directory");
  return Clip{found->second.data(), static_cast<std::uint32_t>(found->second.size())};
}

// A slow broken triad over four chords; each note is a decaying sine with its octave.
std::vector<std::uint8_t> built_in_melody() {
  constexpr std::array<std::array<double, 4>, 4> kChords = {{{261.63, 329.63, 392.00, 523.25}, {220.00, 261.63, 329.63, 440.00}, {174.61, 220.00, 261.63, 349.23}, {196.00, 246.94, 293.66, 392.00}}};
  constexpr std::array<std::size_t, 8> kOrder = {0, 1, 2, 3, 2, 1, 2, 1};
  constexpr std::size_t kNote = 2'560;  // 0.32 s, a whole number of blocks
  constexpr double kLevelDbm0 = -19.0;
  std::vector<double> mix(kChords.size() * kOrder.size() * kNote);
  const double peak = amplitude_of(kLevelDbm0);
  for (std::size_t n = 0; n < kChords.size() * kOrder.size(); ++n) {
    const double hz = kChords[n / kOrder.size()][kOrder[n % kOrder.size()]];
    for (std::size_t i = 0; i < 3 * kNote; ++i) {  // it rings into the next two, and over the end into the beginning
      const double t = static_cast<double>(i) / 8'000.0, w = 2.0 * std::numbers::pi * hz * t;
      const double attack = std::min(1.0, t / 0.01);
      mix[(n * kNote + i) % mix.size()] += peak * attack * std::exp(-4.0 * t) * (std::sin(w) + 0.3 * std::sin(2.0 * w));
    }
  }
  std::vector<std::uint8_t> out(mix.size());
  std::transform(mix.begin(), mix.end(), out.begin(), [](double x) { return alaw_encode(static_cast<std::int16_t>(std::clamp(x, -32'000.0, 32'000.0))); });
  return out;
}

}  // namespace sr::media
