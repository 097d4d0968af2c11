// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/progress_file.h"

#include <cstdio>

#include "drivers/base/log.h"

namespace sr::callgen {

void write_progress(const std::string& path, const Progress& progress) {
  if (path.empty()) return;
  const std::string text = to_json(progress) + "\n";
  const std::string beside = path + ".new";
  std::FILE* f = std::fopen(beside.c_str(), "we");
  bool ok = f != nullptr && std::fwrite(text.data(), 1, text.size(), f) == text.size();
  if (f != nullptr && std::fclose(f) != 0) ok = false;
  if (!ok || std::rename(beside.c_str(), path.c_str()) != 0) log::warn("cannot write {}", path);
}

}  // namespace sr::callgen
