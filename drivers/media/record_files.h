// Where recordings go: the disk, or memory (the World, tests). Writer's thread only.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "drivers/base/result.h"

namespace sr::media {

class RecordFiles {
 public:
  virtual ~RecordFiles() = default;
  virtual void mend() = 0;                                        // once, at start: what a kill -9 left open
  virtual Result<int> create(const std::string& file) = 0;        // relative; with the directories it needs; an existing file is an error
  virtual Status append(int handle, std::span<const std::uint8_t> bytes) = 0;
  virtual Status finish(int handle, std::uint32_t data_bytes) = 0;  // the header's true length; the handle is gone
  virtual void sync() = 0;                                        // all that was appended is on the disk
  virtual double free_percent() = 0;
};

// Below `directory`, which is made when the first file needs it.
std::unique_ptr<RecordFiles> make_disk_files(const std::string& directory);

// Keeps the bytes (keep) or only their number, for tests and the World.
class MemoryFiles final : public RecordFiles {
 public:
  explicit MemoryFiles(bool keep) : keep_(keep) {}
  struct File { std::string name; std::vector<std::uint8_t> bytes; std::uint64_t size = 0; bool finished = false; std::uint32_t data_bytes = 0; };

  void mend() override {}
  Result<int> create(const std::string& file) override;
  Status append(int handle, std::span<const std::uint8_t> bytes) override;
  Status finish(int handle, std::uint32_t data_bytes) override;
  void sync() override { ++syncs; }
  double free_percent() override { return free; }

  std::map<int, File> files;  // open ones; with keep also the finished
  double free = 50.0;         // what a test sets
  bool full = false;          // append() fails
  int syncs = 0;

 private:
  bool keep_;
  int last_ = 0;
};

}  // namespace sr::media
