// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/channel_pick.h"

#include "drivers/daemon/busy_meter.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::daemon;

namespace {
constexpr std::uint32_t kE1 = 0xFFFEFFFE;  // 1…15, 17…31
}

TEST_GROUP(ChannelPick) {};

TEST(ChannelPick, user_side_hunts_downwards_from_the_last_span) {
  const TrunkChannels group[] = {{kE1, 0}, {kE1, 0}};
  CHECK((pick_channel(group, false) == PickedChannel{1, 31}));
}

TEST(ChannelPick, network_side_hunts_upwards_from_the_first_span) {
  const TrunkChannels group[] = {{kE1, 0}, {kE1, 0}};
  CHECK((pick_channel(group, true) == PickedChannel{0, 1}));
}

TEST(ChannelPick, busy_channels_and_the_d_channel_are_passed_over) {
  const TrunkChannels user[] = {{kE1, 0xFFFE0000}};
  CHECK((pick_channel(user, false) == PickedChannel{0, 15}));
  const TrunkChannels network[] = {{kE1, 0x0000FFFE}};
  CHECK((pick_channel(network, true) == PickedChannel{0, 17}));
}

TEST(ChannelPick, a_span_out_of_service_is_passed_over) {
  const TrunkChannels group[] = {{0, 0}, {kE1, 0}};
  CHECK((pick_channel(group, true) == PickedChannel{1, 1}));
}

TEST(ChannelPick, says_none_when_all_are_busy_or_there_is_no_span) {
  const TrunkChannels group[] = {{kE1, kE1}};
  CHECK(!pick_channel(group, true));
  CHECK(!pick_channel({}, false));
}

TEST_GROUP(BusyMeter) { BusyMeter meter; };

TEST(BusyMeter, measures_from_the_last_free_channel_to_the_next) {
  CHECK(!meter.update(29, 30, from_us(0)));
  CHECK(!meter.update(30, 30, from_us(1'000'000)));
  CHECK(!meter.update(30, 30, from_us(2'000'000)));
  const auto busy = meter.update(29, 30, from_us(5'000'000));
  CHECK(busy.has_value());
  CHECK(busy->since == from_us(1'000'000));
  CHECK(busy->lasted == 4s);
  CHECK(!meter.update(28, 30, from_us(6'000'000)));
}

TEST(BusyMeter, a_span_without_usable_channels_is_not_busy) { CHECK(!meter.update(0, 0, from_us(1)) && !meter.update(1, 30, from_us(2))); }
