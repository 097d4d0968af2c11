// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/output.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace sr {

int after_output(const char* program, int code, int failed) {
  const bool earlier = std::ferror(stdout) != 0;
  errno = 0;
  if (std::fflush(stdout) == 0 && !earlier) return code;
  const int error = errno;
  pollfd out{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  if (error == EPIPE || (::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0)) return code;
  fmt::print(stderr, "{}: the output could not be written{}{}\n", program, error ? ": " : "", error ? std::strerror(error) : "");
  return failed;
}

}  // namespace sr
