// The Store of ctid: append() and end_of_turn() on the reactor only move values; one thread of its own writes and commits.
//
// When it commits: at once when somebody waits or kGroupRows have come together, otherwise kGroupDelay after the first row; under
// load a commit is shared by those of the next kCommitSpacing (commit_pacer.h, docs/adr/0008). That clock is the
// reactor's Timers; the thread has none and sleeps until it is given work. While a commit runs, what comes in meanwhile waits and
// goes into the next one, at most kCommitRowsMax rows each, never a part of a turn. Order is kept: waiters run in the order in
// which they asked, each in a turn of the reactor, handed over by the `post` function.
//
// The disk is full or failing: healthy() is false, the thread keeps what it has, and the reactor tries again every kRetryDelay;
// the reserve (writer.h) books what is refused meanwhile. The backlog is bounded: ctid refuses new calls beyond kStoreBacklogMax;
// beyond kBacklogHardMax even rows of refusals are thrown away, counted in dropped() and logged – memory is not endless, and
// by then boardd writes every SETUP to its spool, because nothing is acknowledged.
//
// A mutex between reactor and thread: docs/adr/0007-store-thread.md. Destroy it when the reactor no longer runs it, from the
// reactor's thread: the destructor commits what it can and joins; waiters that were not served are dropped.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>

#include "cti-core/store/store.h"
#include "cti-core/store/writer.h"

namespace sr::store {

inline constexpr Duration kRetryDelay = 500ms;
inline constexpr std::size_t kCommitRowsMax = 4096;
inline constexpr std::size_t kBacklogHardMax = 4 * kStoreBacklogMax;

class StoreThread final : public Store {
 public:
  using Post = std::function<void(std::function<void()>)>;  // from any thread: run this in a later turn of the reactor
  // `next_seq` from recover(). The Writer becomes the thread's.
  StoreThread(std::unique_ptr<Writer> writer, Timers& timers, Post post, Seq next_seq);
  ~StoreThread() override;
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;

  Seq append(Instant at, JournalEvent event) override;
  void board_cursor(std::uint64_t epoch, std::uint64_t seq) override;
  void when_durable(std::function<void()> then) override;
  void end_of_turn() override;
  std::size_t backlog() const override;
  bool healthy() const override;

  std::uint64_t commits() const;
  std::uint64_t dropped() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // a hand-over posted to the reactor may outlive the store
};

}  // namespace sr::store
