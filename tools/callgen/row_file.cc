// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/row_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace sr::callgen {

RowFile::~RowFile() { close(); }

Status RowFile::open(const std::string& path, std::uint64_t room_ahead) {
  if (path.empty()) return {};
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd_ < 0) return fail("cannot write " + path + ": " + std::strerror(errno));
  room_ahead_ = room_ahead;
  allocate_ahead();
  return {};
}

void RowFile::allocate_ahead() {
  if (room_ahead_ == 0 || allocated_ >= written_ + room_ahead_ / 2) return;
  if (::fallocate(fd_, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(written_), static_cast<off_t>(room_ahead_)) == 0) allocated_ = written_ + room_ahead_;
}

void RowFile::add(std::string_view line) {
  if (fd_ < 0) return;
  if (pending_.size() + line.size() >= kPendingMax) {
    lost_ = true;
    return;
  }
  pending_.append(line).push_back('\n');
}

void RowFile::flush() {
  if (fd_ < 0) return;
  std::size_t done = 0;
  while (done < pending_.size()) {
    const ssize_t n = ::pwrite(fd_, pending_.data() + done, pending_.size() - done, static_cast<off_t>(written_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  if (done == 0) return;
  if (const auto last = std::string_view(pending_).substr(0, done).rfind('\n'); last != std::string_view::npos) whole_ = written_ + last + 1;
  written_ += done;
  pending_.erase(0, done);
  allocate_ahead();
}

// Cutting the file gives the unused room back.
bool RowFile::close() {
  if (fd_ < 0) return !lost_;
  flush();
  lost_ = lost_ || !pending_.empty();
  if (::ftruncate(fd_, static_cast<off_t>(whole_)) != 0) lost_ = true;
  ::close(std::exchange(fd_, -1));
  return !lost_;
}

}  // namespace sr::callgen
