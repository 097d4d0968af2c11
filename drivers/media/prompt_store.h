// The prompts: every <lang>/<name>.wav below a directory, read once, never freed while the store lives. Also the music on hold.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "drivers/base/result.h"
#include "drivers/media/media.h"

namespace sr::media {

inline constexpr std::size_t kPromptsMax = 10'000;
inline constexpr std::size_t kPromptBytesMax = 8 * 1024 * 1024;  // 17 minutes

// Samples of one 8 kHz A-law mono WAV.
Result<std::vector<std::uint8_t>> read_clip(const std::string& path);

class PromptStore {
 public:
  // Reads what it can; each file that it cannot is one Error. A missing directory is one Error.
  std::vector<Error> load(const std::string& directory);
  Result<Clip> find(const std::string& name) const;  // "zh/welcome"
  std::size_t size() const { return prompts_.size(); }

 private:
  std::map<std::string, std::vector<std::uint8_t>> prompts_;
};

// A few bars of our own when no music file is configured: about ten seconds, to be repeated.
std::vector<std::uint8_t> built_in_melody();

}  // namespace sr::media
