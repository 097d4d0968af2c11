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

#include "drivers/base/log.h"
#include "drivers/base/result.h"
#include "drivers/base/signal_door.h"
#include "drivers/base/turn_pacer.h"

namespace sr {
namespace {

// A turn ends after so many descriptors or so long, ready or not: a storm of them must not starve the timers.
constexpr std::size_t kReadyPerTurnMax = 512;
constexpr Duration kTurnMax = 5ms;
constexpr int kTimersPerTurnMax = 4096;
constexpr int kTurnEndRoundsMax = 8;

constexpr std::uint32_t kReadable = EPOLLIN | EPOLLPRI | EPOLLERR | EPOLLHUP;
constexpr std::uint32_t kWritable = EPOLLOUT | EPOLLERR | EPOLLHUP;
constexpr std::uint64_t kDoorbell = ~std::uint64_t{0};  // the place of no watch

std::int64_t clock_us(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1000;
}

timespec to_timespec(std::int64_t us) { return {static_cast<time_t>(us / 1'000'000), static_cast<long>(us % 1'000'000 * 1000)}; }

// What is watched, in places that are used again. An event that epoll gave for an earlier tenant of a place is known by its
// generation: the descriptor may have been closed by another callback of the same turn.
class WatchTable {
 public:
  struct Entry {
    int fd = -1;
    std::uint32_t interest = EPOLLIN;
    bool writing = false;
    std::function<void()> readable, writable;
  };

  WatchTable() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) { SR_ENSURE(epoll_ >= 0); }
  ~WatchTable() { ::close(epoll_); }
  WatchTable(const WatchTable&) = delete;
  WatchTable& operator=(const WatchTable&) = delete;

  int fd() const { return epoll_; }

  std::uint64_t add(int fd, std::uint32_t interest, std::function<void()> readable, std::function<void()> writable) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(places_.size()));
      places_.emplace_back();
    }
    const std::uint32_t at = free_.back();
    free_.pop_back();
    Place& place = places_[at];
    place.entry = std::make_shared<Entry>(fd, interest, false, std::move(readable), std::move(writable));
    const std::uint64_t id = std::uint64_t{place.generation} << 32 | at;
    if (!control(EPOLL_CTL_ADD, fd, interest, id)) {
      log::error("fd {} cannot be watched: {}", fd, std::strerror(errno));
      place.entry->fd = -1;
    }
    return id;
  }

  void want_write(std::uint64_t id, bool on) {
    const auto entry = find(id);
    if (!entry || entry->fd < 0 || entry->writing == on) return;
    entry->writing = on;
    control(EPOLL_CTL_MOD, entry->fd, on ? entry->interest | EPOLLOUT : entry->interest, id);
  }

  void remove(std::uint64_t id) {
    const auto entry = find(id);
    if (!entry) return;
    if (entry->fd >= 0) control(EPOLL_CTL_DEL, entry->fd, 0, id);
    Place& place = places_[static_cast<std::uint32_t>(id)];
    place.entry.reset();
    if (++place.generation == kGenerationMax) place.generation = 0;
    free_.push_back(static_cast<std::uint32_t>(id));
  }

  // Held by whoever calls into it: a callback may end its own watch.
  std::shared_ptr<Entry> find(std::uint64_t id) const {
    const auto at = static_cast<std::uint32_t>(id);
    if (at >= places_.size() || places_[at].generation != id >> 32) return {};
    return places_[at].entry;
  }

 private:
  static constexpr std::uint32_t kGenerationMax = 0xFFFF'FFFF;  // never reached by an id: that would be kDoorbell
  struct Place {
    std::shared_ptr<Entry> entry;
    std::uint32_t generation = 0;
  };
  bool control(int what, int fd, std::uint32_t events, std::uint64_t id) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    return ::epoll_ctl(epoll_, what, fd, &event) == 0;
  }

  const int epoll_;
  std::vector<Place> places_;
  std::vector<std::uint32_t> free_;
};

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
  Impl() : offset_us(clock_us(CLOCK_REALTIME) - clock_us(CLOCK_MONOTONIC)), bell(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    SR_ENSURE(bell >= 0);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;  // each ring is a new event: nobody has to read it away
    event.data.u64 = kDoorbell;
    SR_ENSURE(::epoll_ctl(watches.fd(), EPOLL_CTL_ADD, bell, &event) == 0);
  }
  ~Impl() override { ::close(bell); }

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
      hold_back();
      const bool idle = take_posted();
      read_this_turn = false;
      wait(idle);
    } else {  // what the last turn had no time for
      take_posted();
      read_this_turn = false;
    }
    pacer.began(now());
    serve();
    for (auto& one : taken) one();
    taken.clear();
    for (int i = 0; i < kTimersPerTurnMax && queue.run_one(turn_now); ++i) {
    }
    end_turn();
  }

  void hold_back() {
    if (!pacer.busy() || stopped) return;
    const timespec until = to_timespec(to_us(pacer.not_before()) - offset_us);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);  // in the past: returns at once; a signal: a turn too early
  }

  // Until something is ready, the next timer is due or the bell rings; not at all unless `idle`.
  void wait(bool idle) {
    timespec timeout{};
    if (idle && !queue.empty()) timeout = to_timespec(std::max<std::int64_t>(0, (queue.next() - read_clock()).count()));
    const int n = ::epoll_pwait2(watches.fd(), ready.data(), static_cast<int>(ready.size()), idle && queue.empty() ? nullptr : &timeout, nullptr);
    SR_ENSURE(n >= 0 || errno == EINTR);
    ready_at = 0;
    ready_count = static_cast<std::size_t>(std::max(n, 0));
    if (idle) asleep_no_more();
  }

  void serve() {
    while (ready_at < ready_count && !stopped) {
      const epoll_event event = ready[ready_at++];
      if (event.data.u64 == kDoorbell) continue;  // what was posted is taken at the start of a turn
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
  WatchTable watches;
  std::array<epoll_event, kReadyPerTurnMax> ready;
  std::size_t ready_at = 0, ready_count = 0;
  TimerQueue queue;
  TurnPacer pacer;
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
  return std::make_unique<WatchImpl>(impl_->watches, impl_->watches.add(fd, EPOLLIN, std::move(readable), std::move(writable)));
}

std::unique_ptr<Reactor::Watch> Reactor::watch_urgent(int fd, bool data, std::function<void()> ready) {
  return std::make_unique<WatchImpl>(impl_->watches, impl_->watches.add(fd, data ? EPOLLPRI | EPOLLIN : EPOLLPRI, std::move(ready), {}));
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
void Reactor::space_turns(Duration spacing) { impl_->pacer = TurnPacer(spacing); }

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
