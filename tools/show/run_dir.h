// The directory of one run: var/run. What a previous run left is moved to <dir>.prev (the one before that is removed). A run
// that still goes on is found by its lock and left alone.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

#include "drivers/base/result.h"

namespace sr::show {

class RunDir {
 public:
  static Result<RunDir> make(const std::string& path);
  RunDir(RunDir&& other) noexcept;
  RunDir& operator=(RunDir&&) = delete;
  ~RunDir();  // gives the lock back; the files stay
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  RunDir(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_ = -1;
};

}  // namespace sr::show
