// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/law.h"

#include <cstdlib>

#include <CppUTest/TestHarness.h>

using namespace sr::dahdi;

TEST_GROUP(Law) {};

TEST(Law, silence_stays_silence_with_its_sign) {
  LONGS_EQUAL(0xD5, kMulawToAlaw[0xFF]);
  LONGS_EQUAL(0x55, kMulawToAlaw[0x7F]);
  LONGS_EQUAL(0xFE, kAlawToMulaw[0xD5]);  // A-law has no zero
}

TEST(Law, the_loudest_values_meet) {
  LONGS_EQUAL(0xAA, kMulawToAlaw[0x80]);
  LONGS_EQUAL(0x2A, kMulawToAlaw[0x00]);
}

TEST(Law, the_error_is_at_most_half_a_step_of_the_target) {
  for (int i = 0; i < 256; ++i) {
    const auto byte = static_cast<std::uint8_t>(i);
    const int from = law::mulaw_value(byte), to = law::alaw_value(kMulawToAlaw[byte]);
    CHECK(std::abs(from - to) <= std::max(8, std::abs(to) / 32));
  }
}

TEST(Law, there_and_back_again_changes_a_sample_by_one_step_at_most) {
  int changed = 0;
  for (int i = 0; i < 256; ++i) {
    const auto byte = static_cast<std::uint8_t>(i);
    const auto back = kMulawToAlaw[kAlawToMulaw[byte]];
    if (back == byte) continue;
    ++changed;
    CHECK(std::abs(law::alaw_value(back) - law::alaw_value(byte)) <= std::max(16, std::abs(law::alaw_value(byte)) / 16));
  }
  CHECK(changed <= 30);
}

TEST(Law, six_db_are_twice_the_value_until_the_loudest) {
  for (const auto value : {law::alaw_value, law::mulaw_value}) {
    const LawTable same = law::amplified(value, 1.0), twice = law::amplified(value, 2.0), half = law::amplified(value, 0.5);
    for (int i = 0; i < 256; ++i) {
      const auto byte = static_cast<std::uint8_t>(i);
      LONGS_EQUAL(value(byte), value(same[byte]));
      LONGS_EQUAL(byte & 0x80, twice[byte] & 0x80);
      const int wanted = 2 * value(byte), got = value(twice[byte]);
      CHECK(std::abs(wanted) > 32'000 || std::abs(got - wanted) <= 16 + std::abs(wanted) / 24);
      CHECK(std::abs(value(half[byte])) <= std::abs(value(byte)));
    }
  }
}
