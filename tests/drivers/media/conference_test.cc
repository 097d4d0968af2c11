// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/media/engine_rig.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;

TEST_GROUP(Conference) {
  std::unique_ptr<EngineRig> box = std::make_unique<EngineRig>();  // its rings are aligned, CppUTest's new is not
  EngineRig& rig = *box;
  static int near(std::int16_t linear) { return alaw_decode(alaw_encode(linear)); }
  void join(int channel, std::int16_t level, bool talks = true) {
    rig.open(channel);
    rig.apply(cmd::Join{rig.slot(channel), 9, talks});
    rig.say(channel, filled(alaw_encode(level)));
  }
  int heard(int channel) {
    const auto block = rig.heard(channel);
    CHECK_TRUE(block.has_value());
    return alaw_decode((*block)[80]);
  }
};

TEST(Conference, each_hears_the_sum_of_the_others) {
  join(1, 1000);
  join(2, -300);
  join(3, 5000);
  rig.tick();
  LONGS_EQUAL(near(static_cast<std::int16_t>(near(-300) + near(5000))), heard(1));
  LONGS_EQUAL(near(static_cast<std::int16_t>(near(1000) + near(5000))), heard(2));
  LONGS_EQUAL(near(static_cast<std::int16_t>(near(1000) + near(-300))), heard(3));
}

TEST(Conference, the_sum_saturates) {
  join(1, 30000);
  join(2, 30000);
  join(3, 30000);
  rig.tick();
  LONGS_EQUAL(32256, heard(1));
}

TEST(Conference, who_only_listens_is_not_heard) {
  join(1, 1000);
  join(2, 2000);
  join(3, 9000, false);
  rig.tick();
  LONGS_EQUAL(near(2000), heard(1));
  LONGS_EQUAL(near(static_cast<std::int16_t>(near(1000) + near(2000))), heard(3));
}

TEST(Conference, one_other_voice_passes_bit_by_bit) {
  join(1, 1000);
  join(2, 2000);
  Block odd{};
  for (std::size_t i = 0; i < odd.size(); ++i) odd[i] = static_cast<std::uint8_t>(i * 7);
  rig.say(1, odd);
  rig.tick();
  MEMCMP_EQUAL(odd.data(), rig.heard(2)->data(), odd.size());
}

TEST(Conference, nobody_else_is_silence) {
  join(1, 1000);
  rig.tick();
  CHECK_FALSE(rig.heard(1).has_value());
}

TEST(Conference, who_leaves_is_neither_heard_nor_hears) {
  join(1, 1000);
  join(2, 2000);
  join(3, 4000);
  rig.apply(cmd::Disconnect{rig.slot(3)});
  rig.tick();
  LONGS_EQUAL(near(2000), heard(1));
  CHECK_FALSE(rig.heard(3).has_value());
}

TEST(Conference, the_seventeenth_is_refused) {
  for (int c = 1; c <= 17; ++c) join(c, 10);
  UNSIGNED_LONGS_EQUAL(1, rig.engine.commands_refused());
  rig.tick();
  CHECK_TRUE(rig.heard(16).has_value());
  CHECK_FALSE(rig.heard(17).has_value());
}

TEST(Conference, is_gone_with_the_last_and_its_place_is_used_again) {
  Conferences conferences(2);
  const auto a = conferences.join(1, 10, true);
  const auto b = conferences.join(2, 20, true);
  CHECK_TRUE(a != b);
  LONGS_EQUAL(kNoConference, conferences.join(3, 30, true));
  conferences.leave(a, 10);
  LONGS_EQUAL(a, conferences.join(3, 30, true));
  LONGS_EQUAL(2, conferences.active().size());
}
