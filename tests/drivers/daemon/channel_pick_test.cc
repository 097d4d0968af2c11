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
  CHECK((pick_channel(group, Hunt::descending) == PickedChannel{1, 31}));
}

TEST(ChannelPick, network_side_hunts_upwards_from_the_first_span) {
  const TrunkChannels group[] = {{kE1, 0}, {kE1, 0}};
  CHECK((pick_channel(group, Hunt::ascending) == PickedChannel{0, 1}));
}

TEST(ChannelPick, busy_channels_and_the_d_channel_are_passed_over) {
  const TrunkChannels user[] = {{kE1, 0xFFFE0000}};
  CHECK((pick_channel(user, Hunt::descending) == PickedChannel{0, 15}));
  const TrunkChannels network[] = {{kE1, 0x0000FFFE}};
  CHECK((pick_channel(network, Hunt::ascending) == PickedChannel{0, 17}));
}

TEST(ChannelPick, a_span_out_of_service_is_passed_over) {
  const TrunkChannels group[] = {{0, 0}, {kE1, 0}};
  CHECK((pick_channel(group, Hunt::ascending) == PickedChannel{1, 1}));
}

TEST(ChannelPick, says_none_when_all_are_busy_or_there_is_no_span) {
  const TrunkChannels group[] = {{kE1, kE1}};
  CHECK(!pick_channel(group, Hunt::ascending));
  CHECK(!pick_channel({}, Hunt::descending));
}

TEST(ChannelPick, each_side_hunts_from_its_own_end_unless_the_group_says_otherwise) {
  CHECK(hunt_of("", false) == Hunt::descending);
  CHECK(hunt_of("", true) == Hunt::ascending);
  CHECK(hunt_of("ascending", false) == Hunt::ascending);
  CHECK(hunt_of("descending", true) == Hunt::descending);
  CHECK(hunt_of("round_robin", true) == Hunt::round_robin);
  CHECK(hunt_of("least_recent", true) == Hunt::least_recent);
}

TEST(ChannelPick, round_robin_goes_on_after_the_last_and_begins_anew_at_the_end) {
  const TrunkChannels group[] = {{0b1110, 0}, {0b1110, 0b0010}};
  CHECK((pick_channel(group, Hunt::round_robin) == PickedChannel{0, 1}));
  CHECK((pick_channel(group, Hunt::round_robin, {0, 1}) == PickedChannel{0, 2}));
  CHECK((pick_channel(group, Hunt::round_robin, {0, 3}) == PickedChannel{1, 2}));
  CHECK((pick_channel(group, Hunt::round_robin, {1, 3}) == PickedChannel{0, 1}));
}

TEST(ChannelPick, round_robin_gives_the_last_one_again_when_it_is_the_only_one) {
  const TrunkChannels group[] = {{0b1110, 0b1010}};
  CHECK((pick_channel(group, Hunt::round_robin, {0, 2}) == PickedChannel{0, 2}));
}

TEST(ChannelPick, least_recent_takes_the_channel_that_rested_longest) {
  TrunkChannels group[] = {{0b1110, 0}, {0b1110, 0}};
  group[0].left = {0, 5, 9, 7};
  group[1].left = {0, 6, 4, 8};
  CHECK((pick_channel(group, Hunt::least_recent) == PickedChannel{1, 2}));
  group[1].busy = 0b0100;
  CHECK((pick_channel(group, Hunt::least_recent) == PickedChannel{0, 1}));
  group[0].left[3] = 0;  // never used
  CHECK((pick_channel(group, Hunt::least_recent) == PickedChannel{0, 3}));
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

TEST(BusyMeter, a_moment_of_no_length_is_not_told) {  // channels that are busied out one after the other
  CHECK(!meter.update(1, 1, from_us(5)));
  CHECK(!meter.update(1, 2, from_us(5)));
}

TEST(BusyMeter, a_span_without_usable_channels_is_not_busy) { CHECK(!meter.update(0, 0, from_us(1)) && !meter.update(1, 30, from_us(2))); }
