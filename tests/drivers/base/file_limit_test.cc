// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/file_limit.h"

#include <sys/resource.h>

#include <CppUTest/TestHarness.h>

using namespace sr;

TEST_GROUP(FileLimit) {
  rlimit before{};
  void setup() override { CHECK_EQUAL(0, getrlimit(RLIMIT_NOFILE, &before)); }
  void teardown() override { setrlimit(RLIMIT_NOFILE, &before); }
};

TEST(FileLimit, goes_up_to_what_is_allowed) {
  rlimit low = before;
  low.rlim_cur = 64;
  CHECK_EQUAL(0, setrlimit(RLIMIT_NOFILE, &low));
  CHECK(raise_file_limit() == before.rlim_max);
  rlimit now{};
  CHECK_EQUAL(0, getrlimit(RLIMIT_NOFILE, &now));
  CHECK(now.rlim_cur == before.rlim_max);
  CHECK(raise_file_limit() == before.rlim_max);
}
