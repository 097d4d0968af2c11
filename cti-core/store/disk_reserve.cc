// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/disk_reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstring>

namespace sr::store {

Status DiskReserve::take() {
  if (held_ || bytes_ == 0) return held_ = true, Status{};
  struct stat file {};
  if (::stat(path_.c_str(), &file) == 0 && file.st_blocks * 512 >= bytes_) return held_ = true, Status{};
  const auto slash = path_.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return fail("cannot ask for the room in " + folder + ": " + std::strerror(errno));
  const auto room = static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
  if (room < 2 * bytes_)
    return fail("the disk of " + folder + " has " + std::to_string(room >> 10) + " KiB left; the journal wants " + std::to_string(2 * bytes_ >> 10) + " KiB", {}, "make room on that disk");
  const int fd = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0) return fail("cannot create " + path_ + ": " + std::strerror(errno));
  const int code = ::posix_fallocate(fd, 0, bytes_);
  ::close(fd);
  if (code != 0) {
    ::unlink(path_.c_str());
    return fail("cannot allocate " + path_ + ": " + std::strerror(code));
  }
  held_ = true;
  return {};
}

void DiskReserve::release() {
  if (!held_) return;
  held_ = false;
  if (bytes_ > 0) ::unlink(path_.c_str());
}

}  // namespace sr::store
