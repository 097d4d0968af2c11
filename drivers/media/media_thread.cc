// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/media_thread.h"

#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sr::media {
namespace {
constexpr int kFifoPriority = 20;

int new_timer() {
  const int fd = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  SR_ENSURE(fd >= 0);
  return fd;
}

void set_period(int fd, int ms) {  // 0: off
  itimerspec when{};
  when.it_value.tv_nsec = when.it_interval.tv_nsec = ms * 1'000'000L;
  SR_ENSURE(::timerfd_settime(fd, 0, &when, nullptr) == 0);
}

int expirations(int fd) {
  std::uint64_t times = 0;
  if (::read(fd, &times, sizeof times) != static_cast<ssize_t>(sizeof times)) return 0;
  return static_cast<int>(std::min<std::uint64_t>(times, kCatchUpTicksMax));
}
}  // namespace

MediaThread::MediaThread(AudioLoop& loop, bool own_clock, int stop_fd, std::function<void()> after_ticks)
    : loop_(loop), own_clock_(own_clock), stop_fd_(stop_fd), timer_fd_(new_timer()), guard_fd_(new_timer()), after_ticks_(std::move(after_ticks)) {
  set_period(guard_fd_, kGuardMs);
  set_timer(true);
}

MediaThread::~MediaThread() {
  ::close(timer_fd_);
  ::close(guard_fd_);
}

void MediaThread::run() {
  while (wake()) {
  }
}

bool MediaThread::wake() {
  const int source = timer_on_ ? timer_fd_ : credit_ == 0 ? guard_fd_ : loop_.fd(master_);
  std::array<pollfd, 2> fds = {pollfd{stop_fd_, POLLIN, 0}, pollfd{source, POLLIN, 0}};  // poll passes over -1
  const int ready = ::poll(fds.data(), fds.size(), kMasterLostMs);
  if (ready < 0) return errno == EINTR;
  if (fds[0].revents != 0) return false;
  if (timer_on_) {
    if (fds[1].revents != 0) on_timer();
  } else {
    on_master(fds[1].revents != 0);
  }
  return true;
}

void MediaThread::on_timer() {
  const int due = expirations(timer_fd_);
  if (due == 0) return;
  earn();
  for (int n = 0; n < due; ++n) {
    loop_.receive_all();
    spend();
    if (const int delivering = own_clock_ ? -1 : loop_.delivering(); delivering >= 0) {
      master_ = delivering;
      set_timer(false);
      if (std::exchange(lost_told_, false)) loop_.emit(evt::ClockLost{false});
      loop_.tick(master_);
      after_ticks_();
      on_master(true);  // what came with it
      return;
    }
    loop_.tick(-1, n == due - 1);
  }
  if (own_clock_ && --ticks_to_drain_ <= 0) {
    ticks_to_drain_ = kTicksPerDrain;
    loop_.drain(-1);
  }
  after_ticks_();
}

void MediaThread::on_master(bool readable) {
  earn();
  const bool may_tick = credit_ > 0;
  int ticked = 0;
  bool newest = false;
  for (int taken = 0; !newest; ++taken) {
    newest = taken == kTakeMax || !loop_.receive(master_);
    if (credit_ == 0 || loop_.waiting(master_) < (newest ? 1 : 2)) continue;
    for (int span = 0; span < loop_.spans(); ++span)
      if (span != master_) loop_.receive(span);
    loop_.tick(master_, newest || credit_ == 1);
    ++ticked;
    spend();
  }
  if (ticked == 0) {
    if (may_tick && (!readable || ++idle_wakes_ >= kIdleWakesMax)) lose_master();
    return;
  }
  idle_wakes_ = 0;
  if (--ticks_to_drain_ <= 0) {
    ticks_to_drain_ = kTicksPerDrain;
    loop_.drain(master_);
  }
  after_ticks_();
}

// Another span that delivers takes over at once; otherwise the machine's clock does.
void MediaThread::lose_master() {
  idle_wakes_ = 0;
  master_ = -1;
  loop_.receive_all();
  if (const int next = loop_.delivering(); next >= 0) {
    master_ = next;
    loop_.tick(master_);
  } else {
    lost_told_ = true;
    loop_.emit(evt::ClockLost{true});
    set_timer(true);
  }
  after_ticks_();
}

void MediaThread::set_timer(bool on) {
  timer_on_ = on;
  set_period(timer_fd_, on ? static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(kTick).count()) : 0);
}

void MediaThread::earn() { credit_ = std::min(credit_, kAheadTicksMax) + expirations(guard_fd_); }

std::string ask_realtime() {
  std::string refused;
  sched_param parameter{};
  parameter.sched_priority = kFifoPriority;
  if (const int error = ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &parameter); error != 0)
    refused += std::string("SCHED_FIFO (") + std::strerror(error) + ")";
  // Only what is there now and only what is touched: MCL_FUTURE under a limit would make later allocations fail.
  if (::mlockall(MCL_CURRENT | MCL_ONFAULT) != 0) refused += (refused.empty() ? "" : ", ") + std::string("mlockall (") + std::strerror(errno) + ")";
  return refused;
}

}  // namespace sr::media
