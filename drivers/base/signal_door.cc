// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/signal_door.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "drivers/base/result.h"

namespace sr {
namespace {

constexpr int kSignalMax = 63;

// Static because a signal handler is given nothing but the number.
std::atomic<int> open_door{-1};
std::atomic<unsigned long long> arrived{0};
static_assert(std::atomic<unsigned long long>::is_always_lock_free);

void on_signal(int signal) {
  const int error = errno;
  arrived.fetch_or(1ULL << signal);
  const std::uint64_t one = 1;
  if (const int fd = open_door.load(); fd >= 0) (void)!::write(fd, &one, sizeof one);
  errno = error;
}

}  // namespace

SignalDoor::SignalDoor() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  SR_ENSURE(fd_ >= 0);
  open_door = fd_;
}

SignalDoor::~SignalDoor() {
  for (; caught_ != 0; caught_ &= caught_ - 1) ::signal(std::countr_zero(caught_), SIG_DFL);
  int mine = fd_;
  open_door.compare_exchange_strong(mine, -1);
  ::close(fd_);
}

bool SignalDoor::catch_signal(int signal) {
  if (signal < 1 || signal > kSignalMax) return false;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  if (::sigaction(signal, &action, nullptr) != 0) return false;
  caught_ |= 1ULL << signal;
  return true;
}

int SignalDoor::take() {
  if (taken_ == 0) {
    std::uint64_t n = 0;
    (void)!::read(fd_, &n, sizeof n);
    taken_ = arrived.exchange(0);
  }
  if (taken_ == 0) return 0;
  const int signal = std::countr_zero(taken_);
  taken_ &= taken_ - 1;
  return signal;
}

}  // namespace sr
