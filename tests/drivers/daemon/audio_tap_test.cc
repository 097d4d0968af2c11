// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/audio_tap.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::daemon;

namespace {

struct JoiningPort final : AudioPort {
  bool receive(SpanAudio&) override { return false; }
  void send(const SpanAudio&) override {}
  void use(std::uint32_t channels) override { used = channels; }
  void exact(std::uint32_t channels) override { untouched = channels; }
  Junction junction(int channel) const override { return {100 + channel, 1}; }
  bool join(int channel, int line) override { return joined = channel, with = line, true; }
  void part(int channel, bool) override { parted = channel; }
  int fd() const override { return -1; }
  std::uint32_t used = 0, untouched = 0;
  int joined = 0, with = 0, parted = 0;
};

}  // namespace

TEST_GROUP(AudioTap) {
  JoiningPort port;
  AudioTap tap{port};
};

TEST(AudioTap, a_call_is_joined_by_the_port_behind_it) {
  tap.use(1U << 3);
  LONGS_EQUAL(103, tap.junction(3).line);
  CHECK(tap.join(3, 7));
  LONGS_EQUAL(3, port.joined);
  LONGS_EQUAL(7, port.with);
  tap.part(3, true);
  LONGS_EQUAL(3, port.parted);
}

TEST(AudioTap, a_channel_that_is_measured_is_not_joined) {
  tap.set(0, 0, 1U << 3);
  tap.use(1U << 3);
  LONGS_EQUAL(0, tap.junction(3).line);
  LONGS_EQUAL(104, tap.junction(4).line);
  tap.set(0, 0, 0);
  tap.use(1U << 3);
  LONGS_EQUAL(103, tap.junction(3).line);
}

TEST(AudioTap, what_is_looped_or_tested_for_bit_errors_meets_no_echo_canceller) {
  tap.begin_bert(5);
  tap.set(1U << 4, 1U << 5, 1U << 6);
  tap.use(1U << 3);
  LONGS_EQUAL(1U << 4 | 1U << 5, port.untouched);
  LONGS_EQUAL(1U << 3 | 1U << 4 | 1U << 5 | 1U << 6, port.used);
}
