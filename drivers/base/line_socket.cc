// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/line_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

namespace sr {
namespace {

constexpr std::size_t kReadMax = 64 * 1024;           // taken from the kernel at once; the rest waits for the next wake-up
constexpr std::size_t kBufferKeptMax = 1024 * 1024;   // an output buffer that has grown larger is given back when empty
constexpr Duration kCloseFlushMax = 2s;               // for a peer that does not take our last lines

}  // namespace

struct LineSocket::Impl : std::enable_shared_from_this<Impl> {
  Impl(Reactor& r, int f, LineLimits l, Handler h) : reactor(r), fd(f), limits(l), handler(std::move(h)) {}

  void start() {
    watch = reactor.watch(fd, [this] { read_some(); }, [this] { flush(); });
  }

  void read_some() {
    const auto keep = shared_from_this();  // on_line may destroy the LineSocket
    std::array<char, kReadMax> chunk;      // not initialised: on purpose
    const ssize_t n = ::recv(fd, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (n == 0) return end("closed by peer");
    if (n < 0) {
      if (errno != EAGAIN && errno != EINTR) end(std::strerror(errno));
      return;
    }
    const std::string_view fresh(chunk.data(), static_cast<std::size_t>(n));
    if (in.empty()) {  // the usual case: whole lines, delivered where they are
      in.append(fresh.substr(deliver(fresh, 0)));
      return;
    }
    const std::size_t scanned = in.size();
    in.append(fresh);
    in.erase(0, deliver(in, scanned));
    if (in.empty() && in.capacity() > kReadMax) in.shrink_to_fit();
  }

  // Returns how many bytes have been dealt with. The first `scanned` bytes are known to hold no newline.
  std::size_t deliver(std::string_view text, std::size_t scanned) {
    std::size_t begin = 0;
    while (!why && !closing && !gone) {
      const std::size_t eol = text.find('\n', std::max(begin, scanned));
      const std::size_t length = (eol == std::string_view::npos ? text.size() : eol) - begin;
      if (length > limits.line_max) {
        end("line_too_long");
        break;
      }
      if (eol == std::string_view::npos) return begin;
      handler.on_line(text.substr(begin, length));
      begin = eol + 1;
    }
    return text.size();  // nothing more is wanted from a peer that we are leaving
  }

  void send(std::string_view line) {
    if (why || closing) return;
    if (out.size() == sent && !flush_waits && !blocked) {
      flush_waits = true;
      reactor.at_turn_end([weak = weak_from_this()] {
        if (const auto self = weak.lock()) {
          self->flush_waits = false;
          if (!self->blocked) self->flush();
        }
      });
    }
    out.append(line);
    out += '\n';
    if (waiting() <= limits.backlog_max) return;
    flush();
    if (waiting() > limits.backlog_max) end("slow reader");
  }

  void flush() {
    while (!gone && waiting() > 0) {
      const ssize_t n = ::send(fd, out.data() + sent, waiting(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno != EAGAIN) {
        out.clear();
        sent = 0;
        end(std::strerror(errno));
        break;
      }
      if (n <= 0) break;
      sent += static_cast<std::size_t>(n);
    }
    if (gone) return;
    if (waiting() == 0) {
      out.clear();
      sent = 0;
      if (out.capacity() > kBufferKeptMax) out.shrink_to_fit();
    } else if (sent > kBufferKeptMax) {
      out.erase(0, sent);
      sent = 0;
    }
    const bool block = waiting() > 0;
    if (block != blocked && watch) watch->want_write(block);
    blocked = block;
    if (closing && !blocked) end("closed");
  }

  // The one way out: on_close runs from a later turn, if the LineSocket still stands then.
  void end(std::string_view reason) {
    if (why) return;
    why = std::string(reason);
    watch.reset();  // a closed peer is readable for ever
    reactor.post([weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self || self->gone) return;
      self->flush();  // answers to a peer that has only closed its own direction
      self->drop();
      if (self->handler.on_close) self->handler.on_close(*self->why);
    });
  }

  void drop() {
    if (gone) return;
    gone = true;
    watch.reset();
    ::close(fd);
  }

  std::size_t waiting() const { return out.size() - sent; }

  Reactor& reactor;
  const int fd;
  const LineLimits limits;
  const Handler handler;
  std::unique_ptr<Reactor::Watch> watch;
  std::string in, out;
  std::size_t sent = 0;
  bool flush_waits = false, blocked = false, closing = false, gone = false;
  std::optional<std::string> why;
};

LineSocket::LineSocket(Reactor& reactor, int fd, LineLimits limits, Handler handler)
    : impl_(std::make_shared<Impl>(reactor, fd, limits, std::move(handler))) {
  impl_->start();
}

LineSocket::~LineSocket() {
  impl_->flush();  // what fits; nobody waits
  impl_->drop();
}

void LineSocket::send(std::string_view line) { impl_->send(line); }
void LineSocket::flush() { impl_->flush(); }
std::size_t LineSocket::backlog() const { return impl_->waiting(); }

void LineSocket::close_after_flush() {
  if (impl_->closing) return;
  impl_->closing = true;
  impl_->flush();
  if (impl_->blocked)
    impl_->reactor.timers().after(kCloseFlushMax, [weak = std::weak_ptr(impl_)] {
      if (const auto self = weak.lock()) self->end("closed");
    });
}

}  // namespace sr
