// What the store's tests share: a scratch file, turns from events, and a fixed clock.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "cti-core/store/books.h"
#include "cti-core/store/sqlite.h"
#include "cti-core/store/writer.h"

namespace sr::store::test {

inline constexpr std::int64_t kStart = 1'767'225'600'000'000;  // 2026-01-01T00:00:00Z

inline Instant at(std::int64_t seconds) { return from_us(kStart + seconds * 1'000'000); }

struct ScratchFolder {
  ScratchFolder() {
    char name[] = "/tmp/sr_store_XXXXXX";
    path = ::mkdtemp(name);
  }
  ~ScratchFolder() { std::filesystem::remove_all(path); }
  std::string journal() const { return path + "/journal.db"; }
  std::string path;
};

// Writes events in order, one second apart, each its own turn.
struct Pen {
  explicit Pen(Writer& w) : writer(w) {}
  Pen& put(JournalEvent event) {
    Turn turn;
    turn.rows.push_back({++seq, at(++second), std::move(event)});
    ok = ok && writer.write({&turn, 1}).has_value();
    return *this;
  }
  Writer& writer;
  Seq seq = 0;
  std::int64_t second = 0;
  bool ok = true;
};

// The rows of a query, columns joined by '|'.
inline std::vector<std::string> rows(Database& database, const std::string& sql, int columns = 1) {
  std::vector<std::string> out;
  auto statement = Statement::prepare(database, sql);
  if (!statement) return {statement.error().text()};
  while (statement->next()) {
    std::string line = statement->text(0);
    for (int c = 1; c < columns; ++c) line += "|" + statement->text(c);
    out.push_back(line);
  }
  return out;
}
inline std::string row(Database& database, const std::string& sql, int columns = 1) {
  const auto all = rows(database, sql, columns);
  return all.empty() ? "none" : all.front();
}

}  // namespace sr::store::test
