// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/writer.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cti-core/store/recover.h"
#include "cti-core/store/schema.h"
#include "tests/cti-core/store/support.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::store;
using namespace sr::store::test;

TEST_GROUP(Writer) {
  ScratchFolder folder;

  static Turn turn(Seq seq, std::uint64_t call, std::uint64_t board_seq = 0) {
    Turn out;
    out.rows.push_back({seq, at(1), ev::Offered{CallId{call}, "e1-1", 1, 1, "139", "4006001", "4006001"}});
    if (board_seq) out.cursors.emplace_back(77, board_seq);
    return out;
  }
};

TEST(Writer, writes_rows_and_the_board_cursor_in_one_transaction) {
  auto writer = std::move(*Writer::open(folder.journal(), 0));
  const Turn turns[] = {turn(1, 1, 10), turn(2, 2, 12)};
  CHECK(writer->write(turns).has_value());
  STRCMP_EQUAL("77|12", row(writer->database(), "select epoch, seq from board_cursor", 2).c_str());
  // The third turn cannot be written (its seq is taken): neither its rows nor its cursor are there, nor those of the fourth.
  const Turn bad[] = {turn(3, 3, 13), turn(2, 4, 14)};
  CHECK_FALSE(writer->write(bad).has_value());
  STRCMP_EQUAL("12", row(writer->database(), "select seq from board_cursor").c_str());
  STRCMP_EQUAL("2|2", row(writer->database(), "select count(*), (select count(*) from offered) from event", 2).c_str());
  LONGS_EQUAL(1, writer->counters().failures);
}

TEST(Writer, a_cursor_never_goes_back) {
  auto writer = std::move(*Writer::open(":memory:", 0));
  const Turn turns[] = {turn(1, 1, 20), turn(2, 2, 15)};
  CHECK(writer->write(turns).has_value());
  STRCMP_EQUAL("20", row(writer->database(), "select seq from board_cursor").c_str());
}

TEST(Writer, refuses_a_file_that_is_not_its_own) {
  {
    auto other = Database::open(folder.journal(), false);
    CHECK(other->exec("create table x(a)").has_value());
  }
  const auto opened = Writer::open(folder.journal(), 0);
  CHECK_FALSE(opened.has_value());
  CHECK(opened.error().text().find(folder.journal()) != std::string::npos);
}

TEST(Writer, refuses_a_journal_of_a_newer_program_and_leaves_it) {
  { auto writer = std::move(*Writer::open(folder.journal(), 0)); }
  {
    auto database = Database::open(folder.journal(), false);
    CHECK(database->exec("pragma user_version = 99").has_value());
  }
  CHECK_FALSE(Writer::open(folder.journal(), 0).has_value());
  auto database = Database::open(folder.journal(), true);
  STRCMP_EQUAL("99", row(*database, "pragma user_version").c_str());
}

TEST(Writer, opens_its_own_file_again) {
  {
    auto writer = std::move(*Writer::open(folder.journal(), 0));
    const Turn one[] = {turn(1, 1)};
    CHECK(writer->write(one).has_value());
  }
  auto writer = std::move(*Writer::open(folder.journal(), 0));
  STRCMP_EQUAL("1", row(writer->database(), "select count(*) from event").c_str());
  STRCMP_EQUAL("wal|2", row(writer->database(), "select (select journal_mode from pragma_journal_mode), (select synchronous from pragma_synchronous)", 2).c_str());
}

TEST(Writer, takes_its_reserve_at_the_start) {
  auto writer = std::move(*Writer::open(folder.journal(), 1 << 20));
  struct stat file {};
  LONGS_EQUAL(0, ::stat((folder.journal() + ".reserve").c_str(), &file));
  CHECK(file.st_blocks * 512 >= 1 << 20);
  CHECK_FALSE(writer->short_of_room());
}

TEST(Writer, gives_the_reserve_up_when_it_is_told_that_the_disk_is_full) {
  auto writer = std::move(*Writer::open(folder.journal(), 1 << 20));
  writer->pretend_disk_full(true, 2);
  const Turn one[] = {turn(1, 1)}, two[] = {turn(2, 2)}, three[] = {turn(3, 3)};
  CHECK(writer->write(one).has_value());
  CHECK(writer->short_of_room());
  CHECK(::access((folder.journal() + ".reserve").c_str(), F_OK) != 0);
  CHECK_FALSE(writer->regain_room());
  CHECK(writer->write(two).has_value());
  CHECK_FALSE(writer->write(three).has_value());  // the reserve is used up
  writer->pretend_disk_full(false);
  CHECK(writer->regain_room());
  CHECK(::access((folder.journal() + ".reserve").c_str(), F_OK) == 0);
  CHECK(writer->write(three).has_value());
}

// A disk of 12 MiB of our own, really full. Runs in a child that has its own mounts; where the kernel forbids that, it says so.
TEST(Writer, books_refusals_on_a_really_full_disk) {
  const pid_t child = ::fork();
  if (child == 0) {
    if ((::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder.path.c_str(), "tmpfs", 0, "size=12m") != 0)
      ::_exit(77);
    auto writer = std::move(*Writer::open(folder.journal(), 2 << 20));
    if (writer->short_of_room()) ::_exit(1);
    // Somebody else fills the disk to the last byte.
    std::FILE* hog = std::fopen((folder.path + "/hog").c_str(), "w");
    const std::string block(4096, 'h');
    while (std::fwrite(block.data(), 1, block.size(), hog) == block.size() && std::fflush(hog) == 0) {
    }
    Seq seq = 0;
    std::uint64_t call = 0;
    const auto refuse_call = [&] {
      Turn t;
      const CallId id{++call};
      t.rows.push_back({++seq, at(1), ev::Offered{id, "e1-1", 1, 1, "13900000000", "4006001", "4006001"}});
      t.rows.push_back({++seq, at(1), ev::Lost{id, LossStage::system_fault, "disk full", true}});
      t.rows.push_back({++seq, at(1), ev::CallCleared{id}});
      return writer->write({&t, 1}).has_value();
    };
    int booked = 0;
    while (booked < 100'000 && refuse_call()) ++booked;
    if (!writer->short_of_room()) ::_exit(2);
    if (booked < 1000 || booked == 100'000) ::_exit(3);  // the reserve booked many, and then the disk was really full
    const auto books = read_books(writer->database());
    if (!books || !books->balanced || books->offered != booked) ::_exit(4);
    if (writer->regain_room()) ::_exit(5);
    std::fclose(hog);
    ::unlink((folder.path + "/hog").c_str());
    seq += 1;
    if (!refuse_call() || !writer->regain_room() || writer->short_of_room()) ::_exit(6);
    std::printf("(%d refusals in a reserve of 2 MiB) ", booked);
    std::fflush(stdout);
    writer.reset();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
    std::printf("(not run: this kernel gives us no mount of our own) ");
    return;
  }
  LONGS_EQUAL(0, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
