// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/reactor.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/base/arrival_pacer.h"
#include "drivers/base/log.h"
#include "drivers/base/result.h"
#include "drivers/base/signal_door.h"
#include "drivers/base/watch_table.h"

namespace sr {
namespace {

// A turn ends after so many descriptors or so long, ready or not: a storm of them must not starve the timers.
constexpr std::size_t kReadyPerTurnMax = 512;
constexpr Duration kTurnMax = 5ms;
constexpr int kTimersPerTurnMax = 4096;
constexpr int kTurnEndRoundsMax = 8;

constexpr std::uint32_t kReadable = EPOLLIN | EPOLLPRI | EPOLLERR | EPOLLHUP;
constexpr std::uint32_t kWritable = EPOLLOUT | EPOLLERR | EPOLLHUP;
constexpr std::uint64_t kDoorbell = ~std::uint64_t{0};  // the places of no watch
constexpr std::uint64_t kGathered = kDoorbell - 1;

std::int64_t clock_us(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1000;
}

timespec to_timespec(std::int64_t us) { return {static_cast<time_t>(us / 1'000'000), static_cast<long>(us % 1'000'000 * 1000)}; }

class WatchImpl final : public Reactor::Watch {
 public:
  WatchImpl(WatchTable& table, std::uint64_t id) : table_(table), id_(id) {}
  ~WatchImpl() override { table_.remove(id_); }
  void want_write(bool on) override { table_.want_write(id_, on); }

 private:
  WatchTable& table_;
  const std::uint64_t id_;
};

}  // namespace

struct Reactor::Impl final : Timers {
  Impl()
      : offset_us(clock_us(CLOCK_REALTIME) - clock_us(CLOCK_MONOTONIC)),
        bell(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        prompt(::epoll_create1(EPOLL_CLOEXEC)),
        gathered(::epoll_create1(EPOLL_CLOEXEC)) {
    SR_ENSURE(bell >= 0 && prompt >= 0 && gathered >= 0);
    SR_ENSURE(epoll_control(prompt, EPOLL_CTL_ADD, bell, EPOLLIN | EPOLLET, kDoorbell));  // each ring is a new event: nobody has to read it away
    SR_ENSURE(epoll_control(prompt, EPOLL_CTL_ADD, gathered, EPOLLIN | EPOLLONESHOT, kGathered));
  }
  ~Impl() override {
    for (const int fd : {gathered, prompt, bell}) ::close(fd);
  }

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

  // ---- the loop ---------------------------------------------------------------------------------------------------------
  void turn() {
    if (ready_at == ready_count) {
      const bool idle = take_posted();
      read_this_turn = false;
      wait(idle);
    } else {  // what the last turn had no time for
      take_posted();
      read_this_turn = false;
    }
    now();
    serve();
    for (auto& one : taken) one();
    taken.clear();
    for (int i = 0; i < kTimersPerTurnMax && queue.run_one(turn_now); ++i) {
    }
    end_turn();
  }

  // Until something is ready, the next timer is due or the bell rings; not at all unless `idle`.
  void wait(bool idle) {
    const Instant before = read_clock();
    if (!looking && pacer.not_before() <= before) looking = epoll_control(prompt, EPOLL_CTL_MOD, gathered, EPOLLIN | EPOLLONESHOT, kGathered);
    std::optional<Instant> until;
    if (!idle) until = before;
    else if (!queue.empty()) until = queue.next();
    if (!looking) until = std::min(until.value_or(pacer.not_before()), pacer.not_before());
    const timespec timeout = to_timespec(until ? std::max<std::int64_t>(0, (*until - before).count()) : 0);
    ready_at = ready_count = 0;
    take_ready(prompt, until ? &timeout : nullptr);
    for (std::size_t i = 0; i < ready_count; ++i)
      if (ready[i].data.u64 == kGathered) {
        look();
        break;
      }
    if (idle) asleep_no_more();
  }

  // What was gathered. The set stands in the other one for a single event: it is asked for again when the pacer wants it.
  void look() {
    looking = false;
    const timespec at_once{};
    const std::size_t before = ready_count;
    take_ready(gathered, &at_once);
    pacer.looked(read_clock(), ready_count - before);
  }

  // At most kReadyPerTurnMax of each set: the second has its room however many of the first are ready.
  void take_ready(int set, const timespec* timeout) {
    const int n = ::epoll_pwait2(set, ready.data() + ready_count, static_cast<int>(kReadyPerTurnMax), timeout, nullptr);
    SR_ENSURE(n >= 0 || errno == EINTR);
    ready_count += static_cast<std::size_t>(std::max(n, 0));
  }

  void serve() {
    while (ready_at < ready_count && !stopped) {
      const epoll_event event = ready[ready_at++];
      if (event.data.u64 >= kGathered) continue;  // what was posted is taken at the start of a turn
      if (const auto entry = watches.find(event.data.u64)) {
        if (event.events & kReadable) entry->readable();
        if (event.events & kWritable && entry->writing && entry->writable && watches.find(event.data.u64)) entry->writable();
      }
      if (read_clock() - turn_now > kTurnMax) return;
    }
  }

  void end_turn() {
    for (std::size_t i = 0; i < hooks.size(); ++i) hooks[i]();
    for (int round = 0; round < kTurnEndRoundsMax && !once.empty(); ++round) {
      ending.swap(once);
      for (auto& hook : ending) hook();
      ending.clear();
    }
  }

  // ---- other threads ----------------------------------------------------------------------------------------------------
  // At the start of a turn only: what this turn posts runs in a later one. true: nothing to do, whoever posts must ring.
  bool take_posted() {
    const std::lock_guard lock(mutex);
    taken.swap(posted);
    asleep = taken.empty() && once.empty();
    return asleep;
  }
  void asleep_no_more() {
    const std::lock_guard lock(mutex);
    asleep = false;
  }
  void post(std::function<void()> work) {
    bool ring = false;
    {
      const std::lock_guard lock(mutex);
      posted.push_back(std::move(work));
      ring = std::exchange(asleep, false);
    }
    const std::uint64_t one = 1;
    if (ring) (void)!::write(bell, &one, sizeof one);
  }

  void on_signals() {
    while (const int signal = signals->take())
      if (on_signal) on_signal(signal);
  }

  const std::int64_t offset_us;
  const int bell;
  const int prompt, gathered;  // epoll sets; the second stands in the first
  bool looking = true;         // the first tells when the second has something
  WatchTable watches;
  std::array<epoll_event, 2 * kReadyPerTurnMax> ready;
  std::size_t ready_at = 0, ready_count = 0;
  TimerQueue queue;
  ArrivalPacer pacer;
  std::optional<SignalDoor> signals;
  std::unique_ptr<Watch> signal_watch;
  std::function<void(int)> on_signal;
  std::vector<std::function<void()>> hooks, once, ending, taken;
  mutable Instant turn_now{};
  mutable bool read_this_turn = false;
  bool running_loop = false;
  bool stopped = false;

  // The one door for other threads. A mutex, not a ring: whoever posts has bounded his own work, and nobody posts per sample.
  std::mutex mutex;
  std::vector<std::function<void()>> posted;
  bool asleep = false;  // the loop waits, or is about to, and looks at `posted` only when the bell has rung
};

Reactor::Reactor() : impl_(std::make_unique<Impl>()) {}
Reactor::~Reactor() = default;

Timers& Reactor::timers() { return *impl_; }

std::unique_ptr<Reactor::Watch> Reactor::watch(int fd, std::function<void()> readable, std::function<void()> writable) {
  return std::make_unique<WatchImpl>(impl_->watches, impl_->watches.add(impl_->prompt, fd, EPOLLIN, std::move(readable), std::move(writable)));
}

std::unique_ptr<Reactor::Watch> Reactor::watch_gathered(int fd, std::function<void()> readable, std::function<void()> writable) {
  return std::make_unique<WatchImpl>(impl_->watches, impl_->watches.add(impl_->gathered, fd, EPOLLIN, std::move(readable), std::move(writable)));
}

std::unique_ptr<Reactor::Watch> Reactor::watch_urgent(int fd, bool data, std::function<void()> ready) {
  return std::make_unique<WatchImpl>(impl_->watches, impl_->watches.add(impl_->prompt, fd, data ? EPOLLPRI | EPOLLIN : EPOLLPRI, std::move(ready), {}));
}

void Reactor::on_turn_end(std::function<void()> hook) { impl_->hooks.push_back(std::move(hook)); }
void Reactor::at_turn_end(std::function<void()> hook) { impl_->once.push_back(std::move(hook)); }

void Reactor::on_signal(std::function<void(int)> handler) {
  impl_->on_signal = std::move(handler);
  if (impl_->signals) return;
  impl_->signals.emplace();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    if (!impl_->signals->catch_signal(signal)) log::error("signal {} cannot be caught: {}", signal, std::strerror(errno));
  impl_->signal_watch = watch(impl_->signals->fd(), [impl = impl_.get()] { impl->on_signals(); });
}

void Reactor::post(std::function<void()> work) { impl_->post(std::move(work)); }
void Reactor::gather_every(Duration spacing) { impl_->pacer = ArrivalPacer(spacing); }

void Reactor::run() {
  impl_->running_loop = true;
  impl_->read_this_turn = false;
  impl_->end_turn();  // what was sent before the loop began
  while (!std::exchange(impl_->stopped, false)) impl_->turn();
  impl_->running_loop = false;
}

void Reactor::stop() { impl_->stopped = true; }

}  // namespace sr
