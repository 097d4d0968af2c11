// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/file_text.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <CppUTest/TestHarness.h>

using namespace sr;

TEST_GROUP(FileText) {
  const std::filesystem::path dir = std::filesystem::temp_directory_path() / ("file_text." + std::to_string(::getpid()));
  void setup() override { std::filesystem::create_directories(dir); }
  void teardown() override { std::filesystem::remove_all(dir); }
  std::string wrong(const std::string& file, std::size_t bytes_max = 10) {
    const auto text = file_text(file, bytes_max, "a name");
    return text ? "read" : text.error().what;
  }
};

TEST(FileText, ReadsAFileAsItIsUpToItsLongest) {
  const std::string file = dir / "f";
  std::ofstream(file) << std::string("a\0b\n6789\r\n", 10);
  STRCMP_EQUAL("read", wrong(file).c_str());
  CHECK_TRUE(*file_text(file, 10, "") == std::string("a\0b\n6789\r\n", 10));
  STRCMP_EQUAL("longer than 9 bytes", wrong(file, 9).c_str());
}

TEST(FileText, WhatIsNoRegularFileIsRefusedAtOnce) {
  STRCMP_EQUAL("cannot be read: No such file or directory", wrong(dir / "none").c_str());
  STRCMP_EQUAL("is a directory", wrong(dir).c_str());
  STRCMP_EQUAL("is no regular file", wrong("/dev/zero").c_str());
  const std::string pipe = dir / "pipe";
  LONGS_EQUAL(0, ::mkfifo(pipe.c_str(), 0600));
  STRCMP_EQUAL("is no regular file", wrong(pipe).c_str());
}
