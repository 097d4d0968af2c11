// RLIMIT_FSIZE plays the full disk: the kernel takes a part of a write, then nothing.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/row_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::callgen;

TEST_GROUP(Rows) {
  const std::string path = "/tmp/row_file_" + std::to_string(::getpid());
  rlimit before{};
  void setup() override {
    ::getrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, SIG_IGN);
  }
  void teardown() override {
    disk_has(before.rlim_cur);
    std::signal(SIGXFSZ, SIG_DFL);
    ::unlink(path.c_str());
  }
  void disk_has(rlim_t bytes) const {
    const rlimit now{bytes, before.rlim_max};
    CHECK_EQUAL(0, ::setrlimit(RLIMIT_FSIZE, &now));
  }
  std::string text() const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
};
TEST(Rows, room_is_allocated_ahead_and_given_back_at_the_end) {
  RowFile file;
  CHECK_TRUE(file.open(path, kRoomAhead).has_value());
  struct stat s{};
  CHECK_EQUAL(0, ::stat(path.c_str(), &s));
  CHECK_EQUAL(0, s.st_size);
  CHECK_TRUE(s.st_blocks * 512 >= static_cast<long>(kRoomAhead));
  file.add("one");
  file.flush();
  CHECK_TRUE(file.close());
  CHECK_EQUAL(0, ::stat(path.c_str(), &s));
  CHECK_EQUAL(4, s.st_size);
  CHECK_TRUE(s.st_blocks * 512 < static_cast<long>(kRoomAhead));
  STRCMP_EQUAL("one\n", text().c_str());
}
TEST(Rows, what_a_full_disk_did_not_take_comes_when_there_is_room_again) {
  RowFile file;
  CHECK_TRUE(file.open(path, 0).has_value());
  disk_has(6);
  for (const char* line : {"one", "two", "three"}) file.add(line);
  file.flush();
  file.flush();
  STRCMP_EQUAL("one\ntw", text().c_str());
  disk_has(before.rlim_cur);
  file.add("four");
  CHECK_TRUE(file.close());
  STRCMP_EQUAL("one\ntwo\nthree\nfour\n", text().c_str());
}
TEST(Rows, a_disk_that_stays_full_leaves_whole_lines_and_says_so) {
  RowFile file;
  CHECK_TRUE(file.open(path, 0).has_value());
  disk_has(6);
  for (const char* line : {"one", "two", "three"}) file.add(line);
  CHECK_FALSE(file.close());
  STRCMP_EQUAL("one\n", text().c_str());
}
TEST(Rows, more_than_may_wait_is_dropped_and_said) {
  RowFile file;
  CHECK_TRUE(file.open(path, 0).has_value());
  const std::string line(100'000, 'x');
  for (std::size_t i = 0; i <= kPendingMax / line.size(); ++i) file.add(line);
  CHECK_FALSE(file.close());
  CHECK_EQUAL(kPendingMax / (line.size() + 1), text().size() / (line.size() + 1));
}
TEST(Rows, without_a_path_nothing_is_written_and_nothing_is_missing) {
  RowFile file;
  CHECK_TRUE(file.open("", kRoomAhead).has_value());
  file.add("one");
  file.flush();
  CHECK_TRUE(file.close());
}
