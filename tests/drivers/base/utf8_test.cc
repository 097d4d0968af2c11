// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/utf8.h"

#include <CppUTest/TestHarness.h>

using namespace sr;

TEST_GROUP(Utf8){};

TEST(Utf8, NoCharacterIsCutInTwo) {
  STRCMP_EQUAL("aé", first_bytes("aéé", 4).c_str());
  STRCMP_EQUAL("aéé", first_bytes("aéé", 5).c_str());
  STRCMP_EQUAL("休", first_bytes("休息", 5).c_str());
  STRCMP_EQUAL("", first_bytes("休息", 2).c_str());
  STRCMP_EQUAL("lunch", first_bytes("lunch", 64).c_str());
}
