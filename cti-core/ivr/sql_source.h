// The business data of the scripts: one SQLite file, apart from the journal. Every question has bound parameters, a time limit, a
// limit of rows and bytes; it reads any table and writes (INSERT, UPDATE) only in the tables named here. No ATTACH, no PRAGMA, no
// schema changes, no transactions, and no function that asks for the time of day or for chance: times are bound.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cti-core/ivr/ivr.h"
#include "drivers/base/time.h"

namespace sr::ivr {

struct SqlOptions {
  std::string path;                           // must exist: see prepare_business_data
  std::vector<std::string> writable_tables;
  Duration time_max = 500ms;                  // from the question to the answer, waiting in the line included
};

struct SqlCounters {
  std::uint64_t asked = 0, answered = 0, failed = 0;  // failed: answered with an error
  std::uint64_t refused = 0;                          // the line was full (kSqlWaitingMax)
  std::uint64_t timed_out = 0;
};

class SqlSource : public DataSource {
 public:
  virtual SqlCounters counters() const = 0;
};

// With a thread of its own. `post` hands work to the reactor from any thread (Reactor::post). Lives until the reactor has stopped.
using Poster = std::function<void(std::function<void()>)>;
Result<std::unique_ptr<SqlSource>> make_sql_source(Timers& timers, Poster post, SqlOptions options);
// Runs the question at once and answers in a timer of no delay: for virtual time. Its limit is one of steps, not of time.
Result<std::unique_ptr<SqlSource>> make_inline_sql_source(Timers& timers, SqlOptions options);

// Creates the database from a file of SQL statements if it is not there; a failure leaves nothing behind.
Status prepare_business_data(const std::string& db_path, const std::string& sql_path);

}  // namespace sr::ivr
