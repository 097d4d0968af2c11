// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/epoch.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace sr::daemon {

Result<std::uint64_t> next_epoch(const std::string& state_file, Instant now) {
  std::uint64_t kept = 0;
  {
    std::ifstream in(state_file);
    std::string text;
    if (in && std::getline(in, text)) {
      const auto [p, ec] = std::from_chars(text.data(), text.data() + text.size(), kept);
      if (ec != std::errc() || p != text.data() + text.size())
        return fail("does not hold a number", state_file, "delete it if no ctid has ever known this board, else write the last epoch into it");
    }
  }
  const std::uint64_t epoch = std::max(static_cast<std::uint64_t>(to_us(now)), kept + 1);
  const std::string fresh = state_file + ".new", text = std::to_string(epoch) + "\n";
  const auto wrong = [&] { return fail("cannot be written: " + std::string(std::strerror(errno)), fresh, "check the directory of board.spool"); };
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return wrong();
  const bool ok = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!ok || std::rename(fresh.c_str(), state_file.c_str()) != 0) return wrong();
  return epoch;
}

}  // namespace sr::daemon
