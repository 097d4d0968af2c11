// A thin, owning front over the C library of SQLite: one Database, its prepared Statements, binds only – no SQL is ever put
// together from data. Not thread-safe: one thread at a time per Database. SQL never asks for 'now'; times are bound.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "drivers/base/result.h"
#include "drivers/base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sr::store {

class Database {
 public:
  // `path` may be ":memory:". Read-only never creates the file and waits up to kBusyWait for a writer.
  static Result<Database> open(const std::string& path, bool read_only);
  Database(Database&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Database& operator=(Database&& other) noexcept;
  ~Database();

  Status exec(const char* sql);
  Status error(std::string_view doing) const;  // what the library says about its last failure
  int last_code() const;                       // primary result code of the last failure
  std::int64_t changes() const;
  sqlite3* handle() const { return handle_; }

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_ = nullptr;
};

// A prepared statement, kept for the life of its owner. Text that is bound must live until the step: run() and next() are
// called in the same expression as the binds.
class Statement {
 public:
  Statement() = default;
  static Result<Statement> prepare(const Database& database, std::string_view sql);
  Statement(Statement&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  template <class... A>
  Statement& bind(const A&... values) {  // from ?1 on
    reset();
    int place = 0;
    (bind_one(++place, values), ...);
    return *this;
  }
  bool run();    // for what returns no row; false: failed, Database::error says why
  bool next();   // true: a row is there
  bool failed() const { return failed_; }
  void reset();

  std::int64_t integer(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;
  Instant time(int column) const { return from_us(integer(column)); }

 private:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  void bind_one(int place, std::int64_t value);
  void bind_one(int place, std::uint64_t value) { bind_one(place, static_cast<std::int64_t>(value)); }
  void bind_one(int place, int value) { bind_one(place, std::int64_t{value}); }
  void bind_one(int place, bool value) { bind_one(place, std::int64_t{value}); }
  void bind_one(int place, Instant value) { bind_one(place, to_us(value)); }
  void bind_one(int place, std::string_view value);
  void bind_one(int place, const std::string& value) { bind_one(place, std::string_view(value)); }
  void bind_one(int place, std::nullptr_t);
  void bind_one(int place, const std::optional<Instant>& value) { value ? bind_one(place, *value) : bind_one(place, nullptr); }
  sqlite3_stmt* handle_ = nullptr;
  bool failed_ = false;
};

bool is_no_room(int code);  // the disk is full or failing, and trying again later may help: SQLITE_FULL, SQLITE_IOERR

}  // namespace sr::store
