// Writes turns of the journal: the rows of table event, the projections and the board cursor in one SQLite transaction.
// Both stores (store_thread.h, inline_store.h) are fronts over this; whoever owns it calls it from one thread.
//
// A full disk: a commit that fails for want of room (SQLITE_FULL, SQLITE_IOERR) is rolled back, the reserve (disk_reserve.h) is
// given up and the commit tried once more. From then on short_of_room() is true – ctid refuses new calls – until regain_room()
// could take the reserve again. What even the reserve does not hold stays with the caller, to be tried again.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cti-core/model/events.h"
#include "cti-core/store/disk_reserve.h"
#include "cti-core/store/sqlite.h"

namespace sr::store {

struct Turn {  // what one turn of the reactor appended: durable together or not at all
  std::vector<JournalRow> rows;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> cursors;  // (boardd epoch, seq)
  bool empty() const { return rows.empty() && cursors.empty(); }
};

class Writer {
 public:
  // Opens or creates the journal and brings it up to date. `reserve_bytes` 0: no reserve (":memory:", tests).
  static Result<std::unique_ptr<Writer>> open(const std::string& path, std::int64_t reserve_bytes = kReserveBytes);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Status write(std::span<const Turn> turns);  // all of them durable, or none
  bool short_of_room() const;
  bool regain_room();                         // true: not short any more
  Database& database();

  struct Counters { std::uint64_t commits = 0, rows = 0, failures = 0, doubtful = 0; };
  Counters counters() const;

  // For tests and the World: from now on the disk is full, with room for `reserve_rows` rows in the reserve; off: it has room.
  void pretend_disk_full(bool on, std::size_t reserve_rows = 10'000);

 private:
  struct Impl;
  explicit Writer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sr::store
