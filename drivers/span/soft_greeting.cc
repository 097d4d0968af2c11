// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "drivers/span/soft_driver.h"

namespace sr::soft {

Greeting::Greeting(Reactor& reactor, int fd, std::function<void(int, std::span<const std::uint8_t>)> done)
    : reactor_(reactor), fd_(fd), done_(std::move(done)) {
  timer_ = reactor_.timers().after(kHelloTimeout, [this] { finish({}, false); });
  watch_ = reactor_.watch(fd_, [this] {
    std::array<std::uint8_t, kPacketMax + 1> buffer;
    const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    finish({buffer.data(), n > 0 ? static_cast<std::size_t>(n) : 0U}, n > 0);
  });
}

Greeting::~Greeting() {
  reactor_.timers().cancel(timer_);
  watch_.reset();
  if (fd_ >= 0) ::close(fd_);
}

// `done_` may destroy this Greeting: nothing of it is touched afterwards.
void Greeting::finish(std::span<const std::uint8_t> packet, bool keep) {
  reactor_.timers().cancel(timer_);
  watch_.reset();
  if (!keep) ::close(fd_);
  const int fd = keep ? fd_ : -1;
  fd_ = -1;
  const auto done = std::move(done_);
  done(fd, packet);
}

bool send_packet(int fd, const std::vector<std::uint8_t>& packet) { return ::send(fd, packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0; }

}  // namespace sr::soft
