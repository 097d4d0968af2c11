// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/sqlite.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "cti-core/store/wal_vfs.h"

namespace sr::store {
namespace {

constexpr int kBusyWaitMs = 2000;  // a reader of the journal that meets a checkpoint

// Before the library's first use: its count of the memory in use takes a lock at every allocation, and nobody reads it.
void configure_library() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)done;
}

}  // namespace

Result<Database> Database::open(const std::string& path, bool read_only) {
  configure_library();
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) return fail("cannot open the journal " + path + ": it is no file");
  sqlite3* handle = nullptr;
  const int flags = (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, read_only ? nullptr : wal_vfs());
  Database database(handle);
  if (code != SQLITE_OK) return fail("cannot open the journal " + path + ": " + sqlite3_errstr(code));
  sqlite3_busy_timeout(handle, kBusyWaitMs);
  return database;
}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Database::~Database() {
  if (handle_) sqlite3_close_v2(handle_);
}

Status Database::exec(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return error(sql);
  return {};
}

Status Database::error(std::string_view doing) const {
  return fail("journal: " + std::string(sqlite3_errmsg(handle_)) + " (in: " + std::string(doing.substr(0, 80)) + ")");
}

int Database::last_code() const { return sqlite3_errcode(handle_) & 0xff; }

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

Result<Statement> Statement::prepare(const Database& database, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &handle, nullptr) != SQLITE_OK)
    return std::unexpected(database.error(sql).error());
  return Statement(handle);
}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(failed_, other.failed_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(handle_); }

bool Statement::run() {
  const int code = sqlite3_step(handle_);
  const bool ok = code == SQLITE_DONE || code == SQLITE_ROW;
  if (ok) sqlite3_reset(handle_);  // of a failure the reset is left to the next bind, so that errmsg keeps its words
  failed_ = !ok;
  return ok;
}

bool Statement::next() {
  const int code = sqlite3_step(handle_);
  failed_ = code != SQLITE_DONE && code != SQLITE_ROW;
  if (code == SQLITE_DONE) sqlite3_reset(handle_);
  return code == SQLITE_ROW;
}

void Statement::reset() {
  sqlite3_reset(handle_);
  failed_ = false;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))) : std::string();
}

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

void Statement::bind_one(int place, std::int64_t value) { sqlite3_bind_int64(handle_, place, value); }

void Statement::bind_one(int place, std::string_view value) {
  const char* bytes = value.data() ? value.data() : "";  // a null pointer would bind NULL
  sqlite3_bind_text64(handle_, place, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind_one(int place, std::nullptr_t) { sqlite3_bind_null(handle_, place); }

bool is_no_room(int code) { return code == SQLITE_FULL || code == SQLITE_IOERR; }

}  // namespace sr::store
