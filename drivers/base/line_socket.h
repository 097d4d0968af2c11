// JSON lines over a Unix stream socket, as the board link and the CTI socket speak them. Non-blocking; reactor thread.
// Limits: a line longer than `line_max` is refused (on_line gets nothing, on_close("line_too_long")); when more than
// `backlog_max` bytes wait to be written, the peer is cut off (on_close("slow reader")).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/base/reactor.h"
#include "drivers/base/result.h"

namespace sr {

struct LineLimits {
  std::size_t line_max = 64 * 1024;
  std::size_t backlog_max = 8 * 1024 * 1024;
};

// One connection. Lines are written at the end of the turn, or by flush(). Destroying it closes it; on_close runs once, in a
// later turn than the call that found out, and never after destruction.
class LineSocket {
 public:
  struct Handler {
    std::function<void(std::string_view line)> on_line;
    std::function<void(std::string_view why)> on_close;
  };
  LineSocket(Reactor& reactor, int fd, LineLimits limits, Handler handler);  // takes fd
  ~LineSocket();
  void send(std::string_view line);  // without the newline
  void flush();
  void close_after_flush();
  std::size_t backlog() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// A listening Unix socket of `type` (SOCK_STREAM, SOCK_SEQPACKET) with file mode `mode`. A path that another live process
// listens on is refused with a clear error; a stale file is replaced. Removes the file when destroyed.
class UnixListener {
 public:
  static Result<std::unique_ptr<UnixListener>> open(Reactor& reactor, const std::string& path, int type, unsigned mode,
                                                    std::function<void(int fd)> on_accept);
  ~UnixListener();

 private:
  UnixListener() = default;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Result<int> connect_unix(const std::string& path, int type);  // a connected non-blocking fd, or why not

}  // namespace sr
