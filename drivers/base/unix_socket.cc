// UnixListener and connect_unix of line_socket.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "drivers/base/line_socket.h"
#include "drivers/base/log.h"

namespace sr {
namespace {

constexpr int kBacklog = 64;
constexpr int kAcceptsPerTurnMax = 64;
constexpr Duration kAcceptPause = 100ms;  // when the process has no descriptor left, accepting again at once would only spin

std::string os_error(int error) { return std::strerror(error); }

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& o) noexcept : fd_(o.release()) {}
  Fd& operator=(Fd&&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Result<sockaddr_un> address(const std::string& path) {
  sockaddr_un a{};
  a.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof a.sun_path)
    return fail("socket path '" + path + "' has " + std::to_string(path.size()) + " bytes", {},
                "write one of 1 to " + std::to_string(sizeof a.sun_path - 1) + " bytes");
  std::memcpy(a.sun_path, path.c_str(), path.size() + 1);
  return a;
}

int connect_to(int fd, const sockaddr_un& a) {  // 0 or errno
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0 ? 0 : errno;
}

// What lies at `path` makes way only if it is a socket that nobody listens on.
Status make_way(const std::string& path, const sockaddr_un& a, int type) {
  struct stat st{};
  if (::lstat(path.c_str(), &st) != 0) return {};
  if (!S_ISSOCK(st.st_mode)) return fail(path + " exists and is not a socket", {}, "remove it or name another path");
  const Fd probe(::socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  switch (const int error = connect_to(probe.get(), a)) {
    case 0:
    case EAGAIN:      // alive, with a full backlog
    case EPROTOTYPE:  // alive, of another type
      return fail("another process is already listening on " + path, {}, "stop it or name another path");
    case ECONNREFUSED:
      ::unlink(path.c_str());
      return {};
    default:
      return fail("cannot tell whether somebody listens on " + path + ": " + os_error(error));
  }
}

}  // namespace

struct UnixListener::Impl {
  Impl(Reactor& r, std::string p, int f, std::function<void(int)> a)
      : reactor(r), path(std::move(p)), fd(f), on_accept(std::move(a)) {
    ::stat(path.c_str(), &file);
    listen();
  }
  ~Impl() {
    reactor.timers().cancel(pause);
    watch.reset();
    ::close(fd);
    struct stat st{};
    if (::stat(path.c_str(), &st) == 0 && st.st_ino == file.st_ino && st.st_dev == file.st_dev) ::unlink(path.c_str());
  }

  void listen() {
    watch = reactor.watch(fd, [this] { accept_some(); });
  }

  void accept_some() {
    for (int i = 0; i < kAcceptsPerTurnMax; ++i) {
      const int peer = ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (peer >= 0) {
        on_accept(peer);
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
        log::warn("{}: nobody accepted for {} ms: {}", path, kAcceptPause / 1ms, os_error(errno));
        pause = reactor.timers().after(kAcceptPause, [this] { listen(); });
        watch.reset();
        return;
      } else if (errno != EINTR && errno != ECONNABORTED) {
        return;
      }
    }
  }

  Reactor& reactor;
  const std::string path;
  const int fd;
  const std::function<void(int)> on_accept;
  struct stat file{};
  std::unique_ptr<Reactor::Watch> watch;
  TimerId pause{};
};

UnixListener::~UnixListener() = default;

Result<std::unique_ptr<UnixListener>> UnixListener::open(Reactor& reactor, const std::string& path, int type, unsigned mode,
                                                         std::function<void(int fd)> on_accept) {
  const auto a = address(path);
  if (!a) return std::unexpected(a.error());
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  // Two processes that start at once must not each take the other's new socket for a stale one: the folder is locked meanwhile.
  const Fd lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock.get() < 0) return fail("cannot listen on " + path + ": folder " + folder + ": " + os_error(errno), {}, "make the folder");
  ::flock(lock.get(), LOCK_EX);
  if (auto free = make_way(path, *a, type); !free) return std::unexpected(free.error());

  Fd fd(::socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return fail("cannot make a socket: " + os_error(errno));
  ::fchmod(fd.get(), mode);  // before bind, so that the file is never more open than asked for
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&*a), sizeof *a) != 0) return fail("cannot listen on " + path + ": " + os_error(errno));
  ::chmod(path.c_str(), mode);
  if (::listen(fd.get(), kBacklog) != 0) return fail("cannot listen on " + path + ": " + os_error(errno));
  std::unique_ptr<UnixListener> listener(new UnixListener);
  listener->impl_ = std::make_unique<Impl>(reactor, path, fd.release(), std::move(on_accept));
  return listener;
}

Result<int> connect_unix(const std::string& path, int type) {
  const auto a = address(path);
  if (!a) return std::unexpected(a.error());
  Fd fd(::socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return fail("cannot make a socket: " + os_error(errno));
  switch (const int error = connect_to(fd.get(), *a)) {
    case 0: return fd.release();
    case ENOENT:
    case ECONNREFUSED: return fail("nobody listens on " + path, {}, "start the daemon or name its socket");
    default: return fail("cannot connect to " + path + ": " + os_error(error));
  }
}

}  // namespace sr
