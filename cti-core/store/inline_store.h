// The Store of the World and of tests: the same Writer, on the reactor's thread, in whatever time is handed in. A turn is
// written when somebody waits for it, when kGroupRows have come together, or `group_delay` after it (0: at once, in
// end_of_turn) – so that a crash loses here what it would lose in the real thing. when_durable callbacks run in a later turn.
// The Writer stays the caller's: after crash() a new InlineStore over the same Writer is the restart (recover() first).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "cti-core/store/store.h"
#include "cti-core/store/writer.h"

namespace sr::store {

class InlineStore final : public Store {
 public:
  InlineStore(Writer& writer, Timers& timers, Seq next_seq = 1, Duration group_delay = {});
  ~InlineStore() override;  // commits what it can, as an orderly stop does

  Seq append(Instant at, JournalEvent event) override;
  void board_cursor(std::uint64_t epoch, std::uint64_t seq) override;
  void when_durable(std::function<void()> then) override;
  void end_of_turn() override;
  std::size_t backlog() const override { return rows_waiting_; }
  bool healthy() const override;

  void crash();  // kill -9 now: what is not durable is forgotten, nobody is told; the store does nothing from here on
  void disk_full(bool on, std::size_t reserve_rows = 10'000) { writer_.pretend_disk_full(on, reserve_rows); }

 private:
  void commit();
  void later(Duration d);

  Writer& writer_;
  Timers& timers_;
  Seq next_;
  const Duration group_delay_;
  std::vector<Turn> turns_;  // the last one is open
  std::vector<std::function<void()>> waiters_;  // for all of turns_
  std::size_t rows_waiting_ = 0;
  bool failing_ = false;
  bool dead_ = false;
  TimerId timer_ = TimerId::none;
  std::shared_ptr<bool> alive_;  // what is posted to a later turn may outlive the store
};

}  // namespace sr::store
