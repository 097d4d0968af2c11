// What is computed from the journal while it is written: one row per call, the terms of the books, agents, recordings, alarms.
// apply() runs inside the transaction that holds the event itself, so a projection is never ahead of or behind the journal.
// Two outcomes of one call are both booked as they were said – the books (books.h) then name that call; nothing is put right
// silently here. A second row of the same outcome is counted in doubtful() and logged.
// Thread: the writer's.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>

#include "cti-core/model/events.h"
#include "cti-core/store/sqlite.h"

namespace sr::store {

class Projections {
 public:
  static Result<Projections> prepare(Database& database);
  Projections(Projections&&) noexcept;
  Projections& operator=(Projections&&) noexcept;
  ~Projections();

  bool apply(const JournalRow& row);  // false: the database refused, Database::error says why; roll back
  std::uint64_t doubtful() const;

 private:
  struct Impl;
  explicit Projections(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sr::store
