// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/business_db.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>

#include "cti-core/ivr/limits.h"

namespace sr::ivr {
namespace {

constexpr int kStepsPerLook = 500;
constexpr std::uint64_t kStepsMax = 20'000'000;  // about half a second; what bounds a question in virtual time
constexpr std::size_t kPreparedMax = 64;
constexpr int kBusyMs = 100;
constexpr std::array<std::string_view, 13> kForbidden = {
    "date",         "time",         "datetime", "julianday",  "strftime",       "unixepoch",     "current_timestamp",
    "current_date", "current_time", "random",   "randomblob", "load_extension", "fts3_tokenizer"};

}  // namespace

Result<std::unique_ptr<BusinessDb>> BusinessDb::open(const std::string& path, const std::vector<std::string>& writable_tables) {
  sqlite3* handle = nullptr;
  if (sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
    std::string why = handle != nullptr ? sqlite3_errmsg(handle) : "no memory";
    sqlite3_close_v2(handle);
    return fail(fmt::format("business data cannot be opened: {}", why), path, "ctid makes it from ivr-scripts/data/business.sql");
  }
  std::unique_ptr<BusinessDb> db(new BusinessDb(handle));
  db->fence(writable_tables);
  return db;
}

BusinessDb::~BusinessDb() {
  for (auto& [sql, s] : prepared_) sqlite3_finalize(s);
  sqlite3_close_v2(handle_);
}

void BusinessDb::fence(const std::vector<std::string>& writable_tables) {
  writable_.insert(writable_tables.begin(), writable_tables.end());
  sqlite3_busy_timeout(handle_, kBusyMs);
  sqlite3_exec(handle_, "PRAGMA synchronous=NORMAL", nullptr, nullptr, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  const std::pair<int, int> limits[] = {{SQLITE_LIMIT_SQL_LENGTH, static_cast<int>(kSqlBytesMax)},
                                        {SQLITE_LIMIT_LENGTH, 256 * 1024},
                                        {SQLITE_LIMIT_VARIABLE_NUMBER, static_cast<int>(kSqlParametersMax)},
                                        {SQLITE_LIMIT_EXPR_DEPTH, 100},
                                        {SQLITE_LIMIT_COMPOUND_SELECT, 10},
                                        {SQLITE_LIMIT_COLUMN, 64},
                                        {SQLITE_LIMIT_ATTACHED, 0},
                                        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100},
                                        {SQLITE_LIMIT_WORKER_THREADS, 0}};
  for (const auto& [which, value] : limits) sqlite3_limit(handle_, which, value);
  sqlite3_progress_handler(
      handle_, kStepsPerLook, [](void* self) { return static_cast<BusinessDb*>(self)->on_progress(); }, this);
  sqlite3_set_authorizer(
      handle_,
      [](void* self, int action, const char* first, const char* second, const char*, const char*) {
        return static_cast<BusinessDb*>(self)->allowed(action, first, second);
      },
      this);
}

int BusinessDb::allowed(int action, const char* first, const char* second) {
  const std::string_view name = first != nullptr ? first : "";
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_READ:
      return SQLITE_OK;
    case SQLITE_FUNCTION: {
      const std::string_view function = second != nullptr ? second : "";
      if (std::find(kForbidden.begin(), kForbidden.end(), function) == kForbidden.end()) return SQLITE_OK;
      denied_ = fmt::format("function {} is not allowed; bind the value (clock() has the time)", function);
      return SQLITE_DENY;
    }
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
      if (writable_.contains(std::string(name))) return SQLITE_OK;
      denied_ = fmt::format("table {} is read-only for scripts", name);
      return SQLITE_DENY;
    default:
      denied_ = "a script may SELECT, and INSERT or UPDATE in declared tables";
      return SQLITE_DENY;
  }
}

int BusinessDb::on_progress() {
  steps_ += kStepsPerLook;
  gave_up_ = gave_up_ || steps_ > kStepsMax || (give_up && give_up());
  return gave_up_ ? 1 : 0;
}

sqlite3_stmt* BusinessDb::statement(const std::string& sql, std::string& error) {
  if (const auto found = prepared_.find(sql); found != prepared_.end()) return found->second;
  denied_.clear();
  sqlite3_stmt* made = nullptr;
  const char* rest = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, &rest) != SQLITE_OK) {
    error = denied_.empty() ? sqlite3_errmsg(handle_) : denied_;
    return nullptr;
  }
  const std::string_view tail(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (made == nullptr || tail.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    error = made == nullptr ? "the question is empty" : "one statement at a time";
    sqlite3_finalize(made);
    return nullptr;
  }
  if (prepared_.size() == kPreparedMax) {
    for (auto& [text, s] : prepared_) sqlite3_finalize(s);
    prepared_.clear();
  }
  prepared_.emplace(sql, made);
  return made;
}

std::string BusinessDb::bind(sqlite3_stmt* s, const std::vector<SqlValue>& parameters) {
  const auto wanted = static_cast<std::size_t>(sqlite3_bind_parameter_count(s));
  if (wanted != parameters.size()) return fmt::format("the question has {} parameters, {} were given", wanted, parameters.size());
  int place = 0;
  for (const SqlValue& value : parameters) {
    ++place;
    if (const auto* i = std::get_if<std::int64_t>(&value))
      sqlite3_bind_int64(s, place, *i);
    else if (const auto* d = std::get_if<double>(&value))
      sqlite3_bind_double(s, place, *d);
    else if (const auto* t = std::get_if<std::string>(&value))
      sqlite3_bind_text64(s, place, t->data(), t->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    else
      sqlite3_bind_null(s, place);
  }
  return {};
}

void BusinessDb::read_rows(sqlite3_stmt* s, SqlResult& out) {
  const int columns = sqlite3_column_count(s);
  std::size_t bytes = 0;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(s)) == SQLITE_ROW) {
    if (out.rows.size() == kSqlRowsMax) {
      out.error = fmt::format("more than {} rows; add a LIMIT", kSqlRowsMax);
      return;
    }
    SqlRow row;
    for (int c = 0; c < columns; ++c) {
      SqlValue value = nullptr;
      switch (sqlite3_column_type(s, c)) {
        case SQLITE_INTEGER:
          value = std::int64_t{sqlite3_column_int64(s, c)};
          break;
        case SQLITE_FLOAT:
          value = sqlite3_column_double(s, c);
          break;
        case SQLITE_NULL:
          break;
        default: {
          const void* blob = sqlite3_column_blob(s, c);
          const auto size = static_cast<std::size_t>(sqlite3_column_bytes(s, c));
          value = std::string(static_cast<const char*>(blob != nullptr ? blob : ""), size);
          bytes += size;
        }
      }
      const char* name = sqlite3_column_name(s, c);
      row.emplace_back(name != nullptr ? name : "", std::move(value));
      bytes += 16 + row.back().first.size();
    }
    if (bytes > kSqlResultBytesMax) {
      out.error = fmt::format("more than {} KB of answer; ask for fewer columns", kSqlResultBytesMax / 1024);
      return;
    }
    out.rows.push_back(std::move(row));
  }
  if (code != SQLITE_DONE)
    out.error = gave_up_ ? "the question took too long" : sqlite3_errmsg(handle_);
  else if (!sqlite3_stmt_readonly(s))
    out.changed = sqlite3_changes64(handle_);
}

SqlResult BusinessDb::run(const std::string& sql, const std::vector<SqlValue>& parameters) {
  SqlResult out;
  steps_ = 0;
  gave_up_ = false;
  sqlite3_stmt* s = statement(sql, out.error);
  if (s == nullptr) return out;
  out.error = bind(s, parameters);
  if (out.error.empty()) read_rows(s, out);
  sqlite3_reset(s);
  sqlite3_clear_bindings(s);
  if (!out.error.empty()) out.rows.clear();
  return out;
}

}  // namespace sr::ivr
