// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/fax_tone.h"

#include <cstdlib>
#include <functional>

#include "tests/drivers/dahdi/sine.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::dahdi;

TEST_GROUP(FaxTone) {
  FaxTone fax;
  Sine sine;
  // After how many blocks of it; 0: never, in three seconds.
  int heard(double hz, double amplitude = 4000, double other_hz = 0) {
    for (int n = 1; n <= 150; ++n)
      if (fax.hear(sine.block(hz, amplitude, other_hz))) return n;
    return 0;
  }
};

TEST(FaxTone, both_tones_are_known_within_their_tolerance) {
  for (const double hz : {1062.0, 1100.0, 1138.0, 2085.0, 2100.0, 2115.0}) {
    fax = {};
    LONGS_EQUAL(kFaxToneBlocks, heard(hz));
  }
}

TEST(FaxTone, a_quiet_one_too_and_silence_is_none) {
  LONGS_EQUAL(kFaxToneBlocks, heard(1100, 300));
  fax = {};
  LONGS_EQUAL(0, heard(1100, 100));
  LONGS_EQUAL(0, heard(0, 0));
}

TEST(FaxTone, other_tones_are_not_a_fax) {
  for (const double hz : {350.0, 450.0, 941.0, 1000.0, 1209.0, 1400.0, 1633.0, 1850.0, 2280.0, 2600.0}) {
    fax = {};
    LONGS_EQUAL(0, heard(hz));
  }
}

TEST(FaxTone, nor_is_dtmf_nor_a_tone_among_others) {
  LONGS_EQUAL(0, heard(941, 4000, 1336));
  fax = {};
  LONGS_EQUAL(0, heard(1100, 4000, 700));
}

TEST(FaxTone, a_tone_that_breaks_off_early_begins_anew) {
  for (int round = 0; round < 10; ++round) {
    for (int n = 1; n < kFaxToneBlocks; ++n) CHECK_FALSE(fax.hear(sine.block(1100, 4000)));
    CHECK_FALSE(fax.hear(sine.block(0, 0)));
  }
}

TEST(FaxTone, it_is_told_once_and_after_a_minute_nobody_listens) {
  CHECK(heard(2100) > 0);
  LONGS_EQUAL(0, heard(2100));
  fax = {};
  for (int n = 0; n < kFaxListenBlocks; ++n) CHECK_FALSE(fax.hear(sine.block(0, 0)));
  LONGS_EQUAL(0, heard(2100));
}
