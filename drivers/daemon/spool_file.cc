// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/spool_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sr::daemon {
namespace {

constexpr auto kCrcTable = [] {  // CRC-32 of IEEE 802.3, reflected
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    std::uint32_t c = n;
    for (int k = 0; k < 8; ++k) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    table[n] = c;
  }
  return table;
}();

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t c = 0xFFFFFFFFU;
  for (const char b : bytes) c = kCrcTable[(c ^ static_cast<unsigned char>(b)) & 0xFFU] ^ (c >> 8);
  return c ^ 0xFFFFFFFFU;
}

bool write_all(int fd, std::string_view bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
    at += static_cast<std::uint64_t>(n);
  }
  return true;
}

}  // namespace

std::string spool_line(std::string_view json) { return fmt::format("{:08x} {}\n", crc32(json), json); }

std::vector<std::string> spool_lines(std::string_view bytes, std::uint64_t& torn) {
  std::vector<std::string> out;
  bytes = bytes.substr(0, bytes.find('\0'));
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto line = bytes.substr(0, end);
    if (end == std::string_view::npos || line.size() < 10 || line[8] != ' ' || line.substr(0, 8) != fmt::format("{:08x}", crc32(line.substr(9)))) {
      torn = 1;
      break;
    }
    out.emplace_back(line.substr(9));
    bytes.remove_prefix(end + 1);
  }
  return out;
}

Result<SpoolFile> SpoolFile::open(const std::string& path, std::uint64_t size_max) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return fail("the spool file cannot be opened: " + std::string(std::strerror(errno)), path, "check board.spool and the directory's rights");
  SpoolFile file(fd, size_max);
  struct stat st {};
  if (::fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || static_cast<std::uint64_t>(st.st_size) > kSpoolMax)
    return fail("is not a spool file", path, "move it away");
  std::string bytes(static_cast<std::size_t>(st.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t n = ::pread(fd, bytes.data() + have, bytes.size() - have, static_cast<off_t>(have));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail("the spool file cannot be read: " + std::string(std::strerror(errno)), path);
    have += static_cast<std::size_t>(n);
  }
  file.lines_ = spool_lines(bytes, file.torn_);
  for (const auto& line : file.lines_) file.end_ += line.size() + 10;
  file.allocated_ = static_cast<std::uint64_t>(st.st_size);
  if (!file.make_room(file.end_ + kSpoolReserve + 1) && file.end_ == 0)
    return fail("there is no room for the spool file: " + std::string(std::strerror(errno)), path, "free at least 1 MiB on this disk");
  if (!write_all(fd, std::string_view("\0", 1), file.end_) || ::fdatasync(fd) != 0)
    return fail("the spool file cannot be written: " + std::string(std::strerror(errno)), path);
  return file;
}

SpoolFile::SpoolFile(SpoolFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), size_max_(other.size_max_), end_(other.end_), allocated_(other.allocated_), torn_(other.torn_), lines_(std::move(other.lines_)) {}

SpoolFile::~SpoolFile() {
  if (fd_ >= 0) ::close(fd_);
}

// posix_fallocate writes zeros where the file system cannot allocate otherwise; both hold the blocks for us.
bool SpoolFile::make_room(std::uint64_t upto) {
  if (upto <= allocated_) return true;
  const std::uint64_t want = (upto + kSpoolRoom - 1) / kSpoolRoom * kSpoolRoom;
  if (want > size_max_) return false;
  const int error = ::posix_fallocate(fd_, static_cast<off_t>(allocated_), static_cast<off_t>(want - allocated_));
  if (error != 0) { errno = error; return false; }
  allocated_ = want;
  return true;
}

SpoolFile::Wrote SpoolFile::append(std::string_view lines) {
  const std::uint64_t after = end_ + lines.size() + 1;
  const bool room = make_room(after + kSpoolReserve);
  if (!room && after > allocated_) return Wrote::nothing;
  std::string bytes(lines);
  bytes += '\0';  // ends the reading: behind it may stand lines of former days
  if (!write_all(fd_, bytes, end_) || ::fdatasync(fd_) != 0) {
    (void)write_all(fd_, std::string_view("\0", 1), end_);
    return Wrote::nothing;
  }
  end_ = after - 1;
  return room ? Wrote::room : Wrote::reserve;
}

// Not synced: lines that come back after a power failure are replayed and dropped by their epoch and seq.
void SpoolFile::clear() {
  if (!write_all(fd_, std::string_view("\0", 1), 0)) return;
  end_ = 0;
  lines_.clear();
  if (allocated_ > kSpoolRoom && ::ftruncate(fd_, static_cast<off_t>(kSpoolRoom)) == 0) allocated_ = kSpoolRoom;
}

}  // namespace sr::daemon
