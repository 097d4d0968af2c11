// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <sqlite3.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "cti-core/ivr/sql_source.h"

namespace sr::ivr {

Status prepare_business_data(const std::string& db_path, const std::string& sql_path) {
  if (std::ifstream(db_path).good()) return {};
  std::ifstream in(sql_path);
  if (!in) return fail("cannot be read", sql_path, "it holds the schema and the first data of the business");
  std::ostringstream text;
  text << in.rdbuf();

  const std::string fresh = db_path + ".new";
  std::remove(fresh.c_str());
  sqlite3* handle = nullptr;
  char* message = nullptr;
  std::string why;
  if (sqlite3_open_v2(fresh.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) != SQLITE_OK)
    why = sqlite3_errmsg(handle);
  else if (sqlite3_exec(handle, ("PRAGMA journal_mode=WAL; BEGIN;" + text.str() + ";COMMIT;").c_str(), nullptr, nullptr, &message) !=
           SQLITE_OK)
    why = message;
  sqlite3_free(message);
  sqlite3_close(handle);
  if (why.empty() && std::rename(fresh.c_str(), db_path.c_str()) == 0) return {};
  std::remove(fresh.c_str());
  return fail(fmt::format("{} cannot be made: {}", db_path, why.empty() ? "rename failed" : why), sql_path);
}

}  // namespace sr::ivr
