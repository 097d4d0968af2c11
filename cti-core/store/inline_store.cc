// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/inline_store.h"

#include "cti-core/store/store_thread.h"
#include "drivers/base/log.h"

namespace sr::store {

InlineStore::InlineStore(Writer& writer, Timers& timers, Seq next_seq, Duration group_delay)
    : writer_(writer), timers_(timers), next_(next_seq), group_delay_(group_delay), turns_(1), alive_(std::make_shared<bool>(true)) {}

InlineStore::~InlineStore() {
  if (!dead_) commit();
  *alive_ = false;
  timers_.cancel(timer_);
}

Seq InlineStore::append(Instant at, JournalEvent event) {
  const Seq seq = next_++;
  if (dead_) return seq;
  turns_.back().rows.push_back({seq, at, std::move(event)});
  ++rows_waiting_;
  return seq;
}

void InlineStore::board_cursor(std::uint64_t epoch, std::uint64_t seq) {
  if (!dead_) turns_.back().cursors.emplace_back(epoch, seq);
}

void InlineStore::when_durable(std::function<void()> then) {
  if (!dead_) waiters_.push_back(std::move(then));
}

void InlineStore::end_of_turn() {
  if (dead_) return;
  const bool something = !turns_.back().empty();
  if (something) turns_.emplace_back();
  if (failing_) return;  // the retry's timer runs
  if (!waiters_.empty() || rows_waiting_ >= kGroupRows || (something && group_delay_ == Duration{})) commit();
  else if (something && timer_ == TimerId::none) later(group_delay_);
}

void InlineStore::commit() {
  timers_.cancel(timer_);
  timer_ = TimerId::none;
  Turn open;
  if (turns_.back().empty()) turns_.pop_back();
  if (!turns_.empty())
    if (const auto ok = writer_.write(turns_); !ok) {
      if (!failing_) log::error("journal: {}", ok.error().text());
      failing_ = true;
      turns_.emplace_back();
      return later(kRetryDelay);
    }
  failing_ = false;
  turns_.assign(1, {});
  rows_waiting_ = 0;
  if (writer_.short_of_room() && !writer_.regain_room()) later(kRetryDelay);
  auto run = std::move(waiters_);
  waiters_.clear();
  for (auto& then : run)
    timers_.after(0us, [alive = alive_, then = std::move(then)] {
      if (*alive) then();
    });
}

void InlineStore::later(Duration d) {
  timer_ = timers_.after(d, [this] {
    timer_ = TimerId::none;
    commit();
  });
}

bool InlineStore::healthy() const { return !failing_ && !writer_.short_of_room(); }

void InlineStore::crash() {
  dead_ = true;
  *alive_ = false;
  timers_.cancel(timer_);
  timer_ = TimerId::none;
  turns_.assign(1, {});
  waiters_.clear();
  rows_waiting_ = 0;
}

}  // namespace sr::store
