// What the fake does as the kernel does: the other tests of this folder rest on it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/dahdi/fake_device.h"

#include <CppUTest/TestHarness.h>

using namespace sr::dahdi;

TEST_GROUP(FakeDevice) {
  FakeDevice device;
  std::array<std::uint8_t, 160> block{};
  void setup() override { device.add(1, 1, 31, abi::kSigClear); }
};

TEST(FakeDevice, a_channel_is_open_once) {
  auto first = device.open(5);
  CHECK(first.has_value());
  LONGS_EQUAL(EBUSY, device.open(5).error());
  first->reset();
  CHECK(device.open(5).has_value());
}

TEST(FakeDevice, a_waiting_event_holds_up_read_and_write) {
  auto channel = *device.open(5);
  device.at(5).to_read.push_back(std::vector<std::uint8_t>(160, 7));
  device.alarm(1, abi::kAlarmRed);
  LONGS_EQUAL(abi::kElast, channel->read(block).error());
  LONGS_EQUAL(abi::kElast, channel->write(block).error());
  CHECK(channel->event()->kind == EventKind::alarm);
  CHECK(channel->event()->kind == EventKind::none);
  LONGS_EQUAL(160, *channel->read(block));
  LONGS_EQUAL(EAGAIN, channel->read(block).error());
}

TEST(FakeDevice, what_is_pulled_out_is_enodev_until_it_is_opened_anew) {
  auto channel = *device.open(5);
  device.gone(1);
  LONGS_EQUAL(ENODEV, channel->read(block).error());
  LONGS_EQUAL(ENODEV, channel->event().error());
  LONGS_EQUAL(EINVAL, device.open(6).error());
  LONGS_EQUAL(EINVAL, device.span(1).error());
  channel.reset();
  device.back(1);
  CHECK(device.open(5).has_value());
}

TEST(FakeDevice, a_channel_without_signalling_cannot_be_opened) {
  device.add(2, 32, 1, abi::kSigNone);
  LONGS_EQUAL(ENXIO, device.open(32).error());
}
