// The spool file itself: blocking, one thread, no decisions. Format (docs/protocol-board.md, "The spool file"): lines
// "CRC32 JSON\n", the CRC of the JSON in 8 hex digits, then one NUL. What stands after the first NUL, or after a line that is torn
// or whose CRC is wrong, is not read. The room is allocated ahead, so that the last kSpoolReserve bytes can be written
// when the disk is full.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.h"

namespace sr::daemon {

inline constexpr std::uint64_t kSpoolRoom = 1 << 20;      // allocated at once, and in steps of this size later
inline constexpr std::uint64_t kSpoolReserve = 256 << 10; // of it set apart for refusals: about 900 calls
inline constexpr std::uint64_t kSpoolMax = 64 << 20;      // the file never grows beyond; then it counts as a full disk

// What `bytes` of a spool file hold; `torn` is set to 1 when reading ended at a damaged line.
std::vector<std::string> spool_lines(std::string_view bytes, std::uint64_t& torn);
std::string spool_line(std::string_view json);

class SpoolFile {
 public:
  // Opens or makes the file and reads what is in it. New lines go behind the good ones.
  static Result<SpoolFile> open(const std::string& path, std::uint64_t size_max = kSpoolMax);
  SpoolFile(SpoolFile&& other) noexcept;
  SpoolFile& operator=(SpoolFile&&) = delete;
  ~SpoolFile();

  const std::vector<std::string>& lines() const { return lines_; }
  std::uint64_t torn() const { return torn_; }

  enum class Wrote { room, reserve, nothing };
  Wrote append(std::string_view lines);  // whole lines; written and fdatasync'ed when this returns
  void clear();                          // everything in it is acknowledged
  std::uint64_t size() const { return end_; }

 private:
  SpoolFile(int fd, std::uint64_t size_max) : fd_(fd), size_max_(size_max) {}
  bool make_room(std::uint64_t upto);
  int fd_ = -1;
  std::uint64_t size_max_;
  std::uint64_t end_ = 0;        // of the good lines
  std::uint64_t allocated_ = 0;
  std::uint64_t torn_ = 0;
  std::vector<std::string> lines_;
};

}  // namespace sr::daemon
