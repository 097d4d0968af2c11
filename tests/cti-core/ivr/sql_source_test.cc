// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/sql_source.h"
#include "cti-core/ivr/limits.h"

#include <fmt/format.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ivr;

namespace {

constexpr const char* kSchema =
    "CREATE TABLE customer (phone TEXT PRIMARY KEY, name TEXT, points INTEGER, rate REAL);"
    "CREATE TABLE note (phone TEXT, text TEXT);"
    "CREATE TABLE big (n INTEGER, pad TEXT);"
    "INSERT INTO customer VALUES ('1', '王', 5, 1.5), ('2', '李', NULL, 2.0);"
    "INSERT INTO big WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300) SELECT x, hex(zeroblob(100)) FROM c;";

std::string fresh_database() {
  static int number = 0;
  std::filesystem::create_directories("build/tmp");
  const std::string base = fmt::format("build/tmp/sql-{}-{}", ::getpid(), ++number);
  std::ofstream(base + ".sql") << kSchema;
  const Status made = prepare_business_data(base + ".db", base + ".sql");
  if (!made) FAIL(made.error().text().c_str());
  return base;
}

// What another thread posts waits here until the test takes it: a reactor of one test.
class Mailbox {
 public:
  void post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    box_.push_back(std::move(work));
    wake_.notify_one();
  }
  void run_one() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !box_.empty(); });
    const auto work = std::move(box_.front());
    box_.pop_front();
    lock.unlock();
    work();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> box_;
};

}  // namespace

TEST_GROUP(BusinessData) {
  std::string base = fresh_database();
  VirtualTimers timers;
  std::unique_ptr<SqlSource> source = *make_inline_sql_source(timers, {base + ".db", {"note"}, 500ms});
  void teardown() override {
    source.reset();
    std::filesystem::remove(base + ".db");
    std::filesystem::remove(base + ".sql");
  }
  SqlResult ask(const std::string& sql, std::vector<SqlValue> parameters = {}) {
    SqlResult out;
    int answers = 0;
    source->query(sql, std::move(parameters), [&](SqlResult r) { out = std::move(r); ++answers; });
    LONGS_EQUAL(0, answers);  // never from inside query()
    timers.run_for(1ms);
    LONGS_EQUAL(1, answers);
    return out;
  }
  void denied(const std::string& sql) {
    const SqlResult r = ask(sql);
    CHECK_TEXT(!r.error.empty() && r.rows.empty(), sql.c_str());
  }
};

TEST(BusinessData, answers_with_named_columns_of_all_types) {
  const SqlResult r = ask("SELECT name, points, rate FROM customer WHERE phone = ?", {std::string("1")});
  STRCMP_EQUAL("", r.error.c_str());
  LONGS_EQUAL(1, r.rows.size());
  STRCMP_EQUAL("name", r.rows[0][0].first.c_str());
  STRCMP_EQUAL("王", std::get<std::string>(r.rows[0][0].second).c_str());
  LONGS_EQUAL(5, std::get<std::int64_t>(r.rows[0][1].second));
  CHECK(std::get<double>(r.rows[0][2].second) == 1.5);
  CHECK(std::holds_alternative<std::nullptr_t>(ask("SELECT points FROM customer WHERE phone = '2'").rows[0][0].second));
}

TEST(BusinessData, a_parameter_is_never_sql) {
  LONGS_EQUAL(0, ask("SELECT * FROM customer WHERE phone = ?", {std::string("' OR '1'='1")}).rows.size());
  STRCMP_EQUAL("the question has 1 parameters, 0 were given", ask("SELECT * FROM customer WHERE phone = ?").error.c_str());
}

TEST(BusinessData, writes_in_declared_tables_only) {
  LONGS_EQUAL(1, ask("INSERT INTO note VALUES (?, ?)", {std::string("1"), std::string("called")}).changed);
  LONGS_EQUAL(1, ask("UPDATE note SET text = 'x' WHERE phone = '1'").changed);
  LONGS_EQUAL(1, ask("SELECT * FROM note WHERE text = 'x'").rows.size());
  STRCMP_EQUAL("table customer is read-only for scripts", ask("UPDATE customer SET points = 99").error.c_str());
  denied("INSERT INTO customer VALUES ('9', 'x', 1, 1)");
  denied("WITH a AS (SELECT 1) INSERT INTO customer SELECT 3, 3, 3, 3");
}

TEST(BusinessData, does_nothing_else) {
  for (const char* sql : {"DELETE FROM note", "DROP TABLE note", "CREATE TABLE x (y)", "ALTER TABLE note ADD z", "ATTACH 'x.db' AS x", "DETACH main", "PRAGMA journal_mode",
                          "PRAGMA writable_schema=1", "VACUUM", "VACUUM INTO 'x.db'", "BEGIN", "COMMIT", "SAVEPOINT s", "REINDEX", "ANALYZE", "CREATE TEMP TABLE t (x)",
                          "CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM customer; END", "SELECT 1; SELECT 2", "SELECT load_extension('x')", "", "-- nothing", "SELEC 1",
                          "UPDATE sqlite_master SET sql = ''"})
    denied(sql);
  CHECK(!std::filesystem::exists("x.db"));
  LONGS_EQUAL(2, ask("SELECT * FROM customer;  ").rows.size());
}

TEST(BusinessData, asks_neither_the_clock_nor_chance) {
  for (const char* sql : {"SELECT datetime('now')", "SELECT CURRENT_TIMESTAMP", "SELECT current_date", "SELECT strftime('%s', 'now')", "SELECT julianday()", "SELECT unixepoch()",
                          "SELECT random()", "SELECT hex(randomblob(4))", "SELECT DATE('now')"})
    denied(sql);
}

TEST(BusinessData, has_a_limit_of_rows_and_bytes) {
  STRCMP_EQUAL("more than 100 rows; add a LIMIT", ask("SELECT n FROM big").error.c_str());
  LONGS_EQUAL(100, ask("SELECT n FROM big LIMIT 100").rows.size());
  STRCMP_CONTAINS("more than 32 KB", ask("SELECT pad || pad || pad || pad AS x FROM big LIMIT 100").error.c_str());
  CHECK(!ask("SELECT hex(zeroblob(1000000))").error.empty());
}

TEST(BusinessData, has_a_limit_of_work) {
  STRCMP_EQUAL("the question took too long", ask("SELECT count(*) FROM big a, big b, big c, big d").error.c_str());
  LONGS_EQUAL(1, source->counters().timed_out);
  STRCMP_EQUAL("the question took too long", ask("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c").error.c_str());
  LONGS_EQUAL(2, ask("SELECT * FROM customer").rows.size());  // and goes on
}

TEST(BusinessData, a_thread_answers_through_the_poster) {
  Mailbox box;
  auto threaded = *make_sql_source(timers, [&box](std::function<void()> w) { box.post(std::move(w)); }, {base + ".db", {"note"}, 500ms});
  SqlResult got;
  for (int i = 0; i < 5; ++i) threaded->query("SELECT name FROM customer WHERE phone = ?", {std::string("2")}, [&](SqlResult r) { got = std::move(r); });
  for (int i = 0; i < 5; ++i) box.run_one();
  STRCMP_EQUAL("李", std::get<std::string>(got.rows.at(0).at(0).second).c_str());
  LONGS_EQUAL(5, threaded->counters().answered);
  LONGS_EQUAL(0, timers.pending());
}

TEST(BusinessData, a_question_over_its_time_is_answered_once_and_given_up) {
  Mailbox box;
  auto threaded = *make_sql_source(timers, [&box](std::function<void()> w) { box.post(std::move(w)); }, {base + ".db", {}, 200ms});
  int answers = 0;
  std::string error;
  threaded->query("SELECT count(*) FROM big a, big b, big c, big d", {}, [&](SqlResult r) { ++answers; error = r.error; });
  timers.run_for(200ms);
  LONGS_EQUAL(1, answers);
  STRCMP_EQUAL("the question took too long", error.c_str());
  SqlResult next;
  threaded->query("SELECT 7 AS x", {}, [&](SqlResult r) { next = std::move(r); });
  while (next.rows.empty()) box.run_one();
  LONGS_EQUAL(1, answers);
  LONGS_EQUAL(1, threaded->counters().timed_out);
}

TEST(BusinessData, refuses_questions_beyond_its_line) {
  Mailbox box;
  auto threaded = *make_sql_source(timers, [&box](std::function<void()> w) { box.post(std::move(w)); }, {base + ".db", {}, 500ms});
  int refused = 0, total = 0;
  for (std::size_t i = 0; i < kSqlWaitingMax + 10; ++i)
    threaded->query("SELECT 1", {}, [&](SqlResult r) { ++total; refused += r.error == "too many questions at once"; });
  timers.run_for(1ms);
  LONGS_EQUAL(10, refused);
  for (std::size_t i = 0; i < kSqlWaitingMax; ++i) box.run_one();
  LONGS_EQUAL(kSqlWaitingMax + 10, total);
  LONGS_EQUAL(10, threaded->counters().refused);
}

TEST(BusinessData, stops_with_questions_open) {
  Mailbox box;
  auto threaded = *make_sql_source(timers, [&box](std::function<void()> w) { box.post(std::move(w)); }, {base + ".db", {}, 500ms});
  for (int i = 0; i < 20; ++i) threaded->query("SELECT count(*) FROM big a, big b, big c", {}, [](SqlResult) {});
  threaded.reset();
  LONGS_EQUAL(0, timers.pending());
}

TEST(BusinessData, says_what_is_wrong_with_the_file) {
  CHECK(!make_inline_sql_source(timers, {"build/tmp/none.db", {}, 500ms}).has_value());
  CHECK(!prepare_business_data("build/tmp/none.db", "build/tmp/none.sql").has_value());
  std::ofstream("build/tmp/bad.sql") << "CREATE TABLE a (b); CREATE TABLE a (b);";
  CHECK(!prepare_business_data("build/tmp/none.db", "build/tmp/bad.sql").has_value());
  CHECK(!std::filesystem::exists("build/tmp/none.db"));
  CHECK(prepare_business_data(base + ".db", "build/tmp/none.sql").has_value());  // it is there: nothing to do
}
