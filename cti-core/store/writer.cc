// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/writer.h"

#include <optional>

#include "cti-core/store/projections.h"
#include "cti-core/store/schema.h"
#include "drivers/base/log.h"

namespace sr::store {

struct Writer::Impl {
  Impl(Database d, DiskReserve r) : database(std::move(d)), reserve(std::move(r)) {}

  Status attempt(std::span<const Turn> turns);
  bool put(const Turn& turn);
  Status pretended(std::size_t rows);
  void set_short_of_room(bool on);

  Database database;
  std::optional<Projections> projections;  // there from open() on; prepared when `database` stands at its final place
  DiskReserve reserve;
  Statement begin, commit, rollback, event, event_without_call, cursor;
  bool short_of_room = false;
  bool no_room = false;  // the last attempt failed for want of room
  Counters counters;
  bool pretend_full = false;
  std::size_t pretend_rows = 0;
};

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Writer::~Writer() = default;

Result<std::unique_ptr<Writer>> Writer::open(const std::string& path, std::int64_t reserve_bytes) {
  auto database = Database::open(path, false);
  if (!database) return std::unexpected(database.error());
  if (auto ok = migrate(*database); !ok) {
    ok.error().where = path;
    return std::unexpected(ok.error());
  }
  auto impl = std::make_unique<Impl>(std::move(*database), DiskReserve(path + ".reserve", reserve_bytes));
  auto projections = Projections::prepare(impl->database);
  if (!projections) return std::unexpected(projections.error());
  impl->projections.emplace(std::move(*projections));
  struct { Statement* to; const char* sql; } const kinds[] = {
      {&impl->begin, "begin immediate"},
      {&impl->commit, "commit"},
      {&impl->rollback, "rollback"},
      {&impl->event, "insert into event values(?1, ?2, ?3, ?4, ?5)"},
      {&impl->event_without_call, "insert into event values(?1, ?2, ?3, null, ?4)"},
      {&impl->cursor, "insert into board_cursor values(?1, ?2) on conflict do update set seq = max(seq, excluded.seq)"},
  };
  for (const auto& kind : kinds) {
    auto statement = Statement::prepare(impl->database, kind.sql);
    if (!statement) return std::unexpected(statement.error());
    *kind.to = std::move(*statement);
  }
  if (auto ok = impl->reserve.take(); !ok) {
    impl->set_short_of_room(true);
    log::error("journal: {}", ok.error().text());
  }
  return std::unique_ptr<Writer>(new Writer(std::move(impl)));
}

bool Writer::Impl::put(const Turn& turn) {
  for (const JournalRow& row : turn.rows) {
    const std::string body = to_json(row.event);
    const CallId call = call_of(row.event);
    const bool ok = call == CallId::none ? event_without_call.bind(row.seq, row.at, event_name(row.event), body).run()
                                         : event.bind(row.seq, row.at, event_name(row.event), to_number(call), body).run();
    if (!ok || !projections->apply(row)) return false;
  }
  for (const auto& [epoch, seq] : turn.cursors)
    if (!cursor.bind(epoch, seq).run()) return false;
  return true;
}

Status Writer::Impl::attempt(std::span<const Turn> turns) {
  bool ok = begin.bind().run();
  for (std::size_t i = 0; ok && i < turns.size(); ++i) ok = put(turns[i]);
  if (ok && commit.bind().run()) return {};
  no_room = is_no_room(database.last_code());
  const auto error = database.error("a turn");
  (void)rollback.bind().run();  // fails when SQLite has rolled back by itself
  return error;
}

// While room is short the log is written back after every few commits and used again from its start: then a refusal costs the
// room of its rows, about 1 KiB, and not that of the pages they stand in, 8 KiB.
void Writer::Impl::set_short_of_room(bool on) {
  if (on != short_of_room) (void)database.exec(on ? "pragma wal_autocheckpoint=256" : kUsualCheckpoint);
  short_of_room = on;
}

Status Writer::Impl::pretended(std::size_t rows) {
  no_room = true;
  reserve.release();
  set_short_of_room(true);
  if (rows > pretend_rows) return fail("journal: pretending that the disk is full");
  pretend_rows -= rows;
  return {};
}

Status Writer::write(std::span<const Turn> turns) {
  std::size_t rows = 0;
  for (const Turn& turn : turns) rows += turn.rows.size();
  Status ok;
  if (impl_->pretend_full) ok = impl_->pretended(rows);
  if (ok) ok = impl_->attempt(turns);
  if (!ok && impl_->no_room) {
    if (!impl_->short_of_room) log::error("journal: {}; new calls are refused until there is room", ok.error().text());
    impl_->set_short_of_room(true);
    if (impl_->reserve.held()) {
      impl_->reserve.release();
      ok = impl_->attempt(turns);
    }
  }
  if (!ok) return ++impl_->counters.failures, ok;
  ++impl_->counters.commits;
  impl_->counters.rows += rows;
  return ok;
}

bool Writer::short_of_room() const { return impl_->short_of_room; }

bool Writer::regain_room() {
  if (!impl_->short_of_room) return true;
  if (impl_->pretend_full || !impl_->reserve.take()) return false;
  impl_->set_short_of_room(false);
  log::warn("journal: the disk has room again");
  return true;
}

Database& Writer::database() { return impl_->database; }

Writer::Counters Writer::counters() const {
  Counters out = impl_->counters;
  out.doubtful = impl_->projections->doubtful();
  return out;
}

void Writer::pretend_disk_full(bool on, std::size_t reserve_rows) {
  impl_->pretend_full = on;
  impl_->pretend_rows = reserve_rows;
}

}  // namespace sr::store
