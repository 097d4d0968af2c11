// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/commit_pacer.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::store;

TEST_GROUP(CommitPacer) {
  CommitPacer pacer;
  Instant now = from_us(1'790'000'000'000'000);
  // Commits whenever it may, asked every millisecond.
  int commits_in(Duration time, bool waited_for = true) {
    int count = 0;
    for (const Instant end = now + time; now < end; now += 1ms)
      if (pacer.not_before(waited_for) <= now) pacer.committed(now), ++count;
    return count;
  }
};

TEST(CommitPacer, a_burst_goes_at_once) {
  for (int i = 0; i < kCommitBurst; ++i) {
    CHECK(pacer.not_before(true) <= now);
    pacer.committed(now);
  }
  CHECK(pacer.not_before(true) == now + kCommitSpacing);
}

TEST(CommitPacer, under_load_they_are_spaced) {
  commits_in(1s);
  CHECK_EQUAL(1s / kCommitSpacing, commits_in(1s));
}

TEST(CommitPacer, after_a_pause_there_is_a_burst_again_and_not_more) {
  commits_in(1s);
  now += 1h;
  CHECK_EQUAL(kCommitBurst, commits_in(kCommitSpacing));
}

TEST(CommitPacer, a_quiet_system_never_waits) {
  for (int i = 0; i < 1000; ++i) {
    CHECK(pacer.not_before(true) <= now);
    pacer.committed(now);
    now += kCommitSpacing;
  }
}

TEST(CommitPacer, what_nobody_waits_for_leaves_the_burst_to_those_who_do) {
  commits_in(10s, false);
  CHECK_EQUAL(1s / kCommitSpacing, commits_in(1s, false));
  CHECK(pacer.not_before(true) <= now);
}
