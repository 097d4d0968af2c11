// Room on the disk that is taken before it is needed: a file of kReserveBytes beside the journal, really allocated. When the
// disk is full the file is removed and its room serves the journal alone – recordings have stopped long before, at their
// low-water mark – so that every refused call is still booked: offered, lost, cleared. 2 MiB held 3,300 refusals on a disk
// without one other free byte (writer_test.cc), so 32 MiB hold some 50,000. It is taken again when the disk has room for it twice.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <string>

#include "drivers/base/result.h"

namespace sr::store {

inline constexpr std::int64_t kReserveBytes = 32 << 20;

class DiskReserve {
 public:
  DiskReserve(std::string path, std::int64_t bytes) : path_(std::move(path)), bytes_(bytes) {}
  Status take();     // allocates the file unless it is there; fails when the disk has not twice the room
  bool held() const { return held_; }
  void release();    // removes the file: the room is free at once
 private:
  std::string path_;
  std::int64_t bytes_;
  bool held_ = false;
};

}  // namespace sr::store
