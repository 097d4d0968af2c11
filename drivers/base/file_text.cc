// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/file_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sr {
namespace {

Result<std::string> text_of(int fd, const std::string& file, std::size_t bytes_max, const std::string& fix) {
  struct stat is {};
  if (::fstat(fd, &is) != 0) return fail("cannot be read: " + std::string(std::strerror(errno)), file, fix);
  if (!S_ISREG(is.st_mode)) return fail(S_ISDIR(is.st_mode) ? "is a directory" : "is no regular file", file, fix);
  std::string text(bytes_max + 1, '\0');
  std::size_t got = 0;
  while (got < text.size()) {
    const ssize_t n = ::read(fd, text.data() + got, text.size() - got);
    if (n == 0) break;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail("cannot be read: " + std::string(std::strerror(errno)), file, fix);
    got += static_cast<std::size_t>(n);
  }
  if (got > bytes_max) return fail("longer than " + std::to_string(bytes_max) + " bytes", file, fix);
  text.resize(got);
  return text;
}

}  // namespace

Result<std::string> file_text(const std::string& file, std::size_t bytes_max, const std::string& fix) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);  // not blocking: a pipe without a writer opens at once
  if (fd < 0) return fail("cannot be read: " + std::string(std::strerror(errno)), file, fix);
  auto text = text_of(fd, file, bytes_max, fix);
  ::close(fd);
  return text;
}

}  // namespace sr
