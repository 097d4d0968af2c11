// A file of lines that outlives a full disk: room for kRoomAhead is allocated ahead of what is written; when that is used up too,
// lines wait in memory, kPendingMax at most. At the end the file holds whole lines only. Reactor thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "drivers/base/result.h"

namespace sr::callgen {

inline constexpr std::uint64_t kRoomAhead = std::uint64_t{1} << 20;  // about 2,400 rows of exchange.jsonl
inline constexpr std::size_t kPendingMax = std::size_t{4} << 20;

class RowFile {
 public:
  RowFile() = default;
  ~RowFile();
  RowFile(const RowFile&) = delete;
  RowFile& operator=(const RowFile&) = delete;

  Status open(const std::string& path, std::uint64_t room_ahead);  // an empty path: nothing is written
  void add(std::string_view line);  // without its newline
  void flush();                     // what the disk does not take now is tried again by the next one
  bool close();                     // flushes; false: lines are missing in the file

 private:
  void allocate_ahead();
  int fd_ = -1;
  std::string pending_;
  std::uint64_t room_ahead_ = 0, allocated_ = 0;
  std::uint64_t written_ = 0, whole_ = 0;  // bytes; `whole_` ends with the last complete line
  bool lost_ = false;
};

}  // namespace sr::callgen
