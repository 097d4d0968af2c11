// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/wal_vfs.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "cti-core/store/schema.h"
#include "cti-core/store/sqlite.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::store;

TEST_GROUP(WalVfs) {
  char folder[32] = "/tmp/sr-wal-XXXXXX";
  std::string path;
  void setup() override {
    CHECK(::mkdtemp(folder) != nullptr);
    path = std::string(folder) + "/j.db";
  }
  void teardown() override {
    for (const char* end : {"", "-wal", "-shm"}) ::unlink((path + end).c_str());
    ::rmdir(folder);
  }
  Database open(bool read_only) {
    auto database = Database::open(path, read_only);
    CHECK(database.has_value());
    return std::move(*database);
  }
  long log_size() const {
    struct stat file {};
    return ::stat((path + "-wal").c_str(), &file) == 0 ? static_cast<long>(file.st_size) : -1;
  }
  static std::int64_t count(Database& database) {
    auto rows = Statement::prepare(database, "select count(*) from call_data");
    CHECK(rows.has_value() && rows->next());
    return rows->integer(0);
  }
};

TEST(WalVfs, it_is_there) { CHECK(wal_vfs() != nullptr); }

TEST(WalVfs, another_connection_sees_a_commit_at_once_and_nothing_of_an_open_transaction) {
  auto writer = open(false);
  CHECK(migrate(writer).has_value());
  auto reader = open(true);
  for (int i = 1; i <= 20; ++i) {
    CHECK(writer.exec("begin immediate; insert into call_data values(abs(random()), 'k', 'v')").has_value());
    const long before = log_size();
    CHECK_EQUAL(i - 1, count(reader));
    CHECK(writer.exec("commit").has_value());
    CHECK_EQUAL(i, count(reader));
    CHECK(log_size() > before);  // the commit is in the file when it has returned
  }
}

TEST(WalVfs, a_transaction_larger_than_the_buffer_and_than_the_cache_is_whole) {
  auto writer = open(false);
  CHECK(migrate(writer).has_value());
  CHECK(writer.exec("pragma cache_size=10; begin immediate").has_value());  // pages leave before the commit and are read back
  auto insert = Statement::prepare(writer, "insert into call_data values(?1, ?2, ?3)");
  CHECK(insert.has_value());
  const std::string value(500, 'x');
  for (int i = 0; i < 4000; ++i) CHECK(insert->bind((i * 7919) % 4001, std::string_view("key"), value).run());
  CHECK(writer.exec("update call_data set value = value || 'y'; commit").has_value());
  auto reader = open(true);
  CHECK_EQUAL(4000, count(reader));
  auto check = Statement::prepare(reader, "pragma integrity_check");
  CHECK(check.has_value() && check->next());
  STRCMP_EQUAL("ok", check->text(0).c_str());
  auto sum = Statement::prepare(reader, "select sum(length(value)) from call_data");
  CHECK(sum.has_value() && sum->next());
  CHECK_EQUAL(4000 * 501, sum->integer(0));
}

TEST(WalVfs, a_commit_of_any_size_is_written) {
  auto writer = open(false);
  CHECK(migrate(writer).has_value());
  auto insert = Statement::prepare(writer, "insert into call_data values(?1, ?2, ?3)");
  CHECK(insert.has_value());
  const std::string value(900, 'x');
  int rows = 0;
  for (int pages = 90; pages < 600; pages += 17) {  // about 1 KiB each: below and above what one write takes
    CHECK(writer.exec("begin immediate").has_value());
    for (int i = 0; i < pages; ++i) CHECK(insert->bind(++rows, std::string_view("key"), value).run());
    CHECK(writer.exec("commit").has_value());
  }
  auto reader = open(true);
  CHECK_EQUAL(rows, count(reader));
}

TEST(WalVfs, what_is_rolled_back_leaves_no_trace_and_the_next_commit_is_whole) {
  auto writer = open(false);
  CHECK(migrate(writer).has_value());
  for (int i = 0; i < 50; ++i) {
    CHECK(writer.exec("begin immediate; insert into call_data values(abs(random()), 'k', randomblob(3000)); rollback").has_value());
    CHECK(writer.exec("begin immediate; insert into call_data values(abs(random()), 'k', 'v'); commit").has_value());
  }
  CHECK(writer.exec("pragma wal_checkpoint(truncate)").has_value());
  auto reader = open(true);
  CHECK_EQUAL(50, count(reader));
}
