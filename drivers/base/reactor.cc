// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/reactor.h"

#include <time.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <mutex>
#include <vector>

#include "drivers/base/log.h"

namespace sr {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// A turn ends after so many handlers or so long, ready or not: a storm of readable descriptors must not starve the timers.
constexpr int kHandlersPerTurnMax = 512;
constexpr Duration kTurnMax = 5ms;
constexpr int kTimersPerTurnMax = 4096;
constexpr int kTurnEndRoundsMax = 8;

std::int64_t clock_us(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1000;
}

class WatchImpl final : public Reactor::Watch {
 public:
  WatchImpl(asio::io_context& io, int fd, std::function<void()> readable, std::function<void()> writable)
      : state_(std::make_shared<State>(io, std::move(readable), std::move(writable))) {
    error_code ec;
    state_->fd.assign(fd, ec);
    if (ec) log::error("fd {} cannot be watched: {}", fd, ec.message());
    else wait_read(state_);
  }
  ~WatchImpl() override {
    state_->on = false;
    state_->writing = false;
    if (state_->fd.is_open()) state_->fd.release();  // cancels the waits; the fd stays the caller's
  }
  void want_write(bool on) override {
    state_->writing = on;
    if (on && !state_->write_waits && state_->fd.is_open()) wait_write(state_);
  }

 private:
  // Shared with the waits in flight: a callback may destroy its own Watch.
  struct State {
    State(asio::io_context& io, std::function<void()> r, std::function<void()> w)
        : fd(io), readable(std::move(r)), writable(std::move(w)) {}
    asio::posix::stream_descriptor fd;
    std::function<void()> readable, writable;
    bool on = true, writing = false, write_waits = false;
  };
  using Shared = std::shared_ptr<State>;

  static void wait_read(const Shared& s) {
    s->fd.async_wait(asio::posix::stream_descriptor::wait_read, [s](const error_code& ec) {
      if (!s->on || ec == asio::error::operation_aborted) return;
      s->readable();
      if (s->on) wait_read(s);
    });
  }
  static void wait_write(const Shared& s) {
    s->write_waits = true;
    s->fd.async_wait(asio::posix::stream_descriptor::wait_write, [s](const error_code& ec) {
      s->write_waits = false;
      if (!s->writing || ec == asio::error::operation_aborted) return;
      if (s->writable) s->writable();
      if (s->writing && !s->write_waits) wait_write(s);
    });
  }

  Shared state_;
};

}  // namespace

struct Reactor::Impl final : Timers {
  Impl() : offset_us(clock_us(CLOCK_REALTIME) - clock_us(CLOCK_MONOTONIC)), alarm(io), signals(io) {}

  // ---- Timers -----------------------------------------------------------------------------------------------------------
  Instant now() const override {
    if (running_loop && read_this_turn) return turn_now;
    turn_now = read_clock();
    read_this_turn = true;
    return turn_now;
  }
  TimerId at(Instant when, Callback run) override { return queue.add(when, std::move(run)); }
  void cancel(TimerId id) override { queue.cancel(id); }

  // CLOCK_MONOTONIC, on the scale of the wall clock as it stood at the start: it never steps.
  Instant read_clock() const { return from_us(clock_us(CLOCK_MONOTONIC) + offset_us); }

  // The alarm may be early (what it was for has been cancelled), never late: moving a timer away costs no system call.
  void set_alarm() {
    if (queue.empty() || queue.next() >= alarm_at) return;
    alarm_at = queue.next();
    const std::chrono::microseconds monotonic(to_us(alarm_at) - offset_us);
    alarm.expires_at(std::chrono::steady_clock::time_point(std::chrono::duration_cast<std::chrono::steady_clock::duration>(monotonic)));
    alarm.async_wait([this](const error_code& ec) {
      if (ec != asio::error::operation_aborted) alarm_at = Instant::max();
    });
  }

  // ---- the loop ---------------------------------------------------------------------------------------------------------
  void turn() {
    set_alarm();
    take_posted();
    read_this_turn = false;
    if (taken.empty() && once.empty()) io.run_one();
    now();
    for (int i = 0; i < kHandlersPerTurnMax && io.poll_one() > 0; ++i)
      if (stopped || read_clock() - turn_now > kTurnMax) break;
    for (auto& one : taken) one();
    taken.clear();
    for (int i = 0; i < kTimersPerTurnMax && queue.run_one(turn_now); ++i) {
    }
    end_turn();
  }

  void end_turn() {
    for (std::size_t i = 0; i < hooks.size(); ++i) hooks[i]();
    for (int round = 0; round < kTurnEndRoundsMax && !once.empty(); ++round) {
      ending.swap(once);
      for (auto& hook : ending) hook();
      ending.clear();
    }
  }

  // At the start of a turn only: what this turn posts runs in a later one.
  void take_posted() {
    const std::lock_guard lock(mutex);
    taken.swap(posted);
  }

  void wait_signal() {
    signals.async_wait([this](const error_code& ec, int signal) {
      if (ec) return;
      if (on_signal) on_signal(signal);
      wait_signal();
    });
  }

  const std::int64_t offset_us;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  TimerQueue queue;
  asio::steady_timer alarm;
  Instant alarm_at = Instant::max();
  asio::signal_set signals;
  std::function<void(int)> on_signal;
  std::vector<std::function<void()>> hooks, once, ending, taken;
  mutable Instant turn_now{};
  mutable bool read_this_turn = false;
  bool running_loop = false;
  bool stopped = false;

  // The one door for other threads. A mutex, not a ring: whoever posts has bounded his own work, and nobody posts per sample.
  std::mutex mutex;
  std::vector<std::function<void()>> posted;
};

Reactor::Reactor() : impl_(std::make_unique<Impl>()) {}
Reactor::~Reactor() = default;

Timers& Reactor::timers() { return *impl_; }

std::unique_ptr<Reactor::Watch> Reactor::watch(int fd, std::function<void()> readable, std::function<void()> writable) {
  return std::make_unique<WatchImpl>(impl_->io, fd, std::move(readable), std::move(writable));
}

void Reactor::on_turn_end(std::function<void()> hook) { impl_->hooks.push_back(std::move(hook)); }
void Reactor::at_turn_end(std::function<void()> hook) { impl_->once.push_back(std::move(hook)); }

void Reactor::on_signal(std::function<void(int)> handler) {
  const bool first = !impl_->on_signal;
  impl_->on_signal = std::move(handler);
  if (!first) return;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    error_code ec;
    impl_->signals.add(signal, ec);
    if (ec) log::error("signal {} cannot be caught: {}", signal, ec.message());
  }
  impl_->wait_signal();
}

void Reactor::post(std::function<void()> work) {
  bool first = false;
  {
    const std::lock_guard lock(impl_->mutex);
    first = impl_->posted.empty();
    impl_->posted.push_back(std::move(work));
  }
  // An empty handler wakes the loop through Asio's eventfd; the next turn looks here before it blocks.
  if (first) asio::post(impl_->io, [] {});
}

void Reactor::run() {
  impl_->stopped = false;
  impl_->running_loop = true;
  impl_->read_this_turn = false;
  impl_->end_turn();  // what was sent before the loop began
  while (!impl_->stopped) impl_->turn();
  impl_->running_loop = false;
}

void Reactor::stop() { impl_->stopped = true; }

}  // namespace sr
