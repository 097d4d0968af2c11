// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/store_thread.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "cti-core/store/commit_pacer.h"
#include "drivers/base/log.h"

namespace sr::store {
namespace {

struct Work {  // one turn and who waits for it
  Turn turn;
  std::vector<std::function<void()>> waiters;
};

std::size_t rows_of(const Work& work) { return work.turn.rows.size(); }

}  // namespace

struct StoreThread::Impl : std::enable_shared_from_this<StoreThread::Impl> {
  Impl(std::unique_ptr<Writer> w, Timers& t, Post p, Seq next) : writer(std::move(w)), timers(t), post(std::move(p)), next_seq(next) {}

  // on the reactor
  void hand_over_by(Instant when, bool waited_for);
  void hand_over();
  void arm(Duration d);
  void on_result(bool failed);
  // on the thread
  void loop();
  bool commit_some(std::deque<Work>& work);

  std::unique_ptr<Writer> writer;
  Timers& timers;
  Post post;

  // the reactor's
  Seq next_seq;
  Work open;                 // the turn that is running
  std::vector<Work> group;   // ended turns not yet handed over
  std::size_t group_rows = 0;
  TimerId timer = TimerId::none;
  Instant armed_for{};
  CommitPacer pacer;
  bool closed = false;
  std::uint64_t dropped = 0;

  // both
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Work> queue;
  bool go = false;     // commit, or try again
  bool stop = false;
  std::atomic<std::size_t> backlog{0};
  std::atomic<bool> failing{false};
  std::atomic<bool> short_of_room{false};
  std::atomic<std::uint64_t> commits{0};
  std::thread thread;
};

StoreThread::StoreThread(std::unique_ptr<Writer> writer, Timers& timers, Post post, Seq next_seq)
    : impl_(std::make_shared<Impl>(std::move(writer), timers, std::move(post), next_seq)) {
  impl_->short_of_room = impl_->writer->short_of_room();
  impl_->thread = std::thread([impl = impl_.get()] { impl->loop(); });
  if (impl_->short_of_room) impl_->arm(kRetryDelay);
}

StoreThread::~StoreThread() {
  end_of_turn();
  impl_->closed = true;
  impl_->timers.cancel(impl_->timer);
  impl_->hand_over();
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stop = true;
  }
  impl_->wake.notify_one();
  impl_->thread.join();
  impl_->writer.reset();
}

Seq StoreThread::append(Instant at, JournalEvent event) {
  const Seq seq = impl_->next_seq++;
  if (impl_->backlog.load(std::memory_order_relaxed) >= kBacklogHardMax) {
    if (impl_->dropped++ == 0) log::error("journal: {} rows wait for the disk; row {} and those after it are not booked", kBacklogHardMax, seq);
    return seq;
  }
  impl_->open.turn.rows.push_back({seq, at, std::move(event)});
  impl_->backlog.fetch_add(1, std::memory_order_relaxed);
  return seq;
}

void StoreThread::board_cursor(std::uint64_t epoch, std::uint64_t seq) { impl_->open.turn.cursors.emplace_back(epoch, seq); }

void StoreThread::when_durable(std::function<void()> then) { impl_->open.waiters.push_back(std::move(then)); }

void StoreThread::end_of_turn() {
  Impl& s = *impl_;
  const bool waited_for = !s.open.waiters.empty();
  if (s.open.turn.empty() && !waited_for) return;
  s.group_rows += rows_of(s.open);
  s.group.push_back(std::exchange(s.open, {}));
  if (s.failing.load(std::memory_order_relaxed)) {  // a failing disk is asked again by the retry's timer, not by every turn
    if (s.timer == TimerId::none) s.arm(kRetryDelay);
  } else if (s.group_rows >= kCommitRowsMax) {
    s.hand_over();
  } else {
    const bool now = waited_for || s.group_rows >= kGroupRows;
    s.hand_over_by(now ? s.timers.now() : s.timers.now() + kGroupDelay, waited_for);
  }
}

std::size_t StoreThread::backlog() const { return impl_->backlog.load(std::memory_order_relaxed); }

bool StoreThread::healthy() const {
  return !impl_->failing.load(std::memory_order_relaxed) && !impl_->short_of_room.load(std::memory_order_relaxed);
}

std::uint64_t StoreThread::commits() const { return impl_->commits; }
std::uint64_t StoreThread::dropped() const { return impl_->dropped; }

void StoreThread::Impl::arm(Duration d) {
  timers.cancel(timer);
  armed_for = timers.now() + d;
  timer = timers.after(d, [this] {
    timer = TimerId::none;
    hand_over();
  });
}

void StoreThread::Impl::hand_over_by(Instant when, bool waited_for) {
  when = std::max(when, pacer.not_before(waited_for));
  if (when <= timers.now()) return hand_over();
  if (timer != TimerId::none && when >= armed_for) return;
  arm(when - timers.now());
}

void StoreThread::Impl::hand_over() {
  timers.cancel(timer);
  timer = TimerId::none;
  pacer.committed(timers.now());
  {
    const std::lock_guard lock(mutex);
    for (Work& work : group) queue.push_back(std::move(work));
    go = true;
  }
  group.clear();
  group_rows = 0;
  wake.notify_one();
}

void StoreThread::Impl::on_result(bool failed) {
  if (closed) return;
  if ((failed || short_of_room) && timer == TimerId::none) arm(kRetryDelay);
}

// Commits the first turns of `work`; false: the disk refused, they are still there.
bool StoreThread::Impl::commit_some(std::deque<Work>& work) {
  std::vector<Turn> turns;
  std::size_t rows = 0, count = 0;
  while (count < work.size() && (count == 0 || rows + rows_of(work[count]) <= kCommitRowsMax)) {
    rows += rows_of(work[count]);
    turns.push_back(std::move(work[count++].turn));
  }
  const bool something = std::any_of(turns.begin(), turns.end(), [](const Turn& turn) { return !turn.empty(); });
  if (something) {
    if (const auto ok = writer->write(turns); !ok) {
      if (!failing.exchange(true)) log::error("journal: {}; trying again every {} ms", ok.error().text(), kRetryDelay / 1ms);
      for (std::size_t i = 0; i < count; ++i) work[i].turn = std::move(turns[i]);
      return false;
    }
    commits.fetch_add(1, std::memory_order_relaxed);
  }
  if (failing.exchange(false)) log::warn("journal: written again");
  backlog.fetch_sub(rows, std::memory_order_relaxed);
  std::vector<std::function<void()>> waiters;
  for (std::size_t i = 0; i < count; ++i)
    for (auto& then : work[i].waiters) waiters.push_back(std::move(then));
  work.erase(work.begin(), work.begin() + static_cast<std::ptrdiff_t>(count));
  if (!waiters.empty())
    post([self = shared_from_this(), waiters = std::move(waiters)] {
      for (const auto& then : waiters)
        if (!self->closed) then();
    });
  return true;
}

void StoreThread::Impl::loop() {
  std::deque<Work> work;
  for (;;) {
    bool last = false;
    {
      std::unique_lock lock(mutex);
      wake.wait(lock, [this] { return go || stop; });
      go = false;
      last = stop;
      for (Work& one : queue) work.push_back(std::move(one));
      queue.clear();
    }
    bool ok = true;
    while (ok && !work.empty()) ok = commit_some(work);
    const bool was_short = short_of_room.exchange(writer->short_of_room() && !writer->regain_room());
    if (last) return;
    if (!ok || short_of_room || was_short)
      post([self = shared_from_this(), ok] { self->on_result(!ok); });
  }
}

}  // namespace sr::store
