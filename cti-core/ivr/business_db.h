// One connection to the business data with all its fences. One thread at a time.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cti-core/ivr/ivr.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sr::ivr {

class BusinessDb {
 public:
  static Result<std::unique_ptr<BusinessDb>> open(const std::string& path, const std::vector<std::string>& writable_tables);
  ~BusinessDb();
  BusinessDb(const BusinessDb&) = delete;
  BusinessDb& operator=(const BusinessDb&) = delete;

  // Asked every few hundred steps of a question; true: give it up.
  std::function<bool()> give_up;
  SqlResult run(const std::string& sql, const std::vector<SqlValue>& parameters);
  bool gave_up() const { return gave_up_; }  // the last question

 private:
  explicit BusinessDb(sqlite3* handle) : handle_(handle) {}
  void fence(const std::vector<std::string>& writable_tables);
  int allowed(int action, const char* first, const char* second);
  int on_progress();
  sqlite3_stmt* statement(const std::string& sql, std::string& error);
  std::string bind(sqlite3_stmt* statement, const std::vector<SqlValue>& parameters);
  void read_rows(sqlite3_stmt* statement, SqlResult& out);

  sqlite3* handle_;
  std::set<std::string> writable_;
  std::unordered_map<std::string, sqlite3_stmt*> prepared_;
  std::string denied_;      // why the authorizer said no
  std::uint64_t steps_ = 0;
  bool gave_up_ = false;
};

}  // namespace sr::ivr
