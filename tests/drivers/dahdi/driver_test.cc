// Frames, alarms, removal and return of a DAHDI span.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/dahdi/rig.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::dahdi;
using Words = std::vector<std::string>;

TEST_GROUP(DahdiDriver) { Rig rig; };

TEST(DahdiDriver, a_frame_comes_up_without_its_fcs_and_goes_down_with_room_for_it) {
  CHECK(rig.open().has_value());
  CHECK(rig.driver->signalling().carrier());
  rig.device.at(16).to_read.push_back({1, 2, 3, 0xAA, 0xBB});
  rig.ready(16);
  CHECK(rig.frames == std::vector<std::vector<std::uint8_t>>{std::vector<std::uint8_t>({1, 2, 3})});
  const std::uint8_t out[] = {7, 8};
  rig.driver->signalling().send_frame(out);
  CHECK(rig.device.at(16).written == std::vector<std::vector<std::uint8_t>>{std::vector<std::uint8_t>({7, 8, 0, 0})});
}

TEST(DahdiDriver, a_frame_is_written_after_the_event_that_was_in_its_way) {
  CHECK(rig.open().has_value());
  rig.device.at(16).events.push_back({EventKind::bad_fcs, 0});
  const std::uint8_t out[] = {7};
  rig.driver->signalling().send_frame(out);
  LONGS_EQUAL(1, rig.device.at(16).written.size());
  LONGS_EQUAL(1, rig.driver->counters()["bad_frames"]);
}

TEST(DahdiDriver, a_frame_that_finds_no_room_is_lost_and_counted) {
  CHECK(rig.open().has_value());
  rig.device.at(16).write_room = 0;
  const std::uint8_t out[] = {7};
  rig.driver->signalling().send_frame(out);
  LONGS_EQUAL(1, rig.driver->counters()["frames_dropped"]);
}

TEST(DahdiDriver, each_alarm_is_a_word_and_ends_the_carrier_once) {
  CHECK(rig.open().has_value());
  rig.device.alarm(1, abi::kAlarmYellow);
  rig.ready_all();
  rig.device.alarm(1, abi::kAlarmRed | abi::kAlarmLos);
  rig.ready_all();
  rig.device.alarm(1, abi::kAlarmBlue);
  rig.ready_all();
  rig.device.alarm(1, 0);
  rig.ready_all();
  CHECK(rig.heard == Words({"yellow on", "down", "red on", "yellow off", "los on", "red off", "blue on", "los off", "blue off", "up"}));
}

TEST(DahdiDriver, an_alarm_stands_while_the_board_says_that_it_recovers) {
  CHECK(rig.open().has_value());
  rig.device.alarm(1, abi::kAlarmRed);
  rig.ready(1);
  rig.device.alarm(1, abi::kAlarmRecover);
  rig.ready(1);
  CHECK(rig.heard == Words({"red on", "down"}));
  rig.device.alarm(1, 0);
  rig.ready(1);
  CHECK(rig.heard == Words({"red on", "down", "red off", "up"}));
}

TEST(DahdiDriver, an_alarm_whose_events_are_lost_is_seen_within_a_second) {
  CHECK(rig.open().has_value());
  rig.device.status(1).alarms = abi::kAlarmRed;
  rig.timers.run_for(kLookEvery);
  CHECK(rig.heard == Words({"red on", "down"}));
}

TEST(DahdiDriver, loss_of_frame_is_red) {
  CHECK(rig.open().has_value());
  rig.device.alarm(1, abi::kAlarmLfa);
  rig.ready(1);
  CHECK(rig.heard == Words({"red on", "down"}));
}

TEST(DahdiDriver, no_frame_passes_without_carrier) {
  CHECK(rig.open().has_value());
  rig.device.alarm(1, abi::kAlarmRed);
  rig.ready(16);
  rig.device.at(16).to_read.push_back({1, 2, 3, 4});
  rig.ready(16);
  const std::uint8_t out[] = {7};
  rig.driver->signalling().send_frame(out);
  CHECK(rig.frames.empty());
  CHECK(rig.device.at(16).written.empty());
}

TEST(DahdiDriver, a_span_that_is_pulled_out_is_red_and_is_opened_again_when_it_is_back) {
  CHECK(rig.open().has_value());
  SpanAudio audio;
  rig.driver->audio().receive(audio);  // the media thread has the channels
  rig.device.gone(1);
  rig.ready(1);
  rig.timers.run_for(100ms);
  CHECK(rig.heard == Words({"red on", "down"}));
  CHECK(rig.watched.empty());
  CHECK(rig.device.at(1).open);  // not before the media thread has let go
  rig.driver->audio().receive(audio);
  LONGS_EQUAL(-1, rig.driver->audio().fd());
  rig.timers.run_for(100ms);
  CHECK_FALSE(rig.device.at(1).open);
  rig.timers.run_for(kReopenFirst + 5s);
  CHECK_FALSE(rig.driver->signalling().carrier());
  rig.device.back(1);
  rig.timers.run_for(kReopenMax);
  CHECK(rig.heard == Words({"red on", "down", "red off", "up"}));
  CHECK(rig.device.at(1).open);
  LONGS_EQUAL(1, rig.driver->counters()["removals"]);
}

TEST(DahdiDriver, a_frame_sent_into_a_span_that_is_gone_is_no_crash) {
  CHECK(rig.open().has_value());
  rig.device.gone(1);
  const std::uint8_t out[] = {7};
  rig.driver->signalling().send_frame(out);
  rig.driver->signalling().send_frame(out);
  rig.timers.run_for(10ms);
  CHECK_FALSE(rig.driver->signalling().carrier());
}

TEST(DahdiDriver, what_the_media_thread_finds_gone_is_closed_as_well) {
  CHECK(rig.open().has_value());
  SpanAudio audio;
  rig.device.gone(1);
  CHECK_FALSE(rig.driver->audio().receive(audio));
  rig.timers.run_for(kLookEvery + 10ms);
  CHECK(rig.heard == Words({"red on", "down"}));
}

TEST(DahdiDriver, kernel_overruns_are_counted_per_channel) {
  CHECK(rig.open().has_value());
  rig.device.at(5).events.push_back({EventKind::read_overrun, 0});
  rig.ready(5);
  LONGS_EQUAL(1, rig.driver->counters()["overruns"]);
  LONGS_EQUAL(1, rig.driver->counters()["overruns/5"]);
}

TEST(DahdiDriver, the_board_loops_its_span_and_ends_the_loop) {
  CHECK(rig.open().has_value());
  CHECK(rig.driver->loopback(true).has_value());
  CHECK(rig.driver->loopback(false).has_value());
  CHECK(rig.device.calls == Words({"maintenance 1 2", "maintenance 1 0"}));
}

TEST(DahdiDriver, a_board_without_maintenance_says_so) {
  CHECK(rig.open().has_value());
  rig.device.maintenance_error = ENOSYS;
  const auto ok = rig.driver->loopback(true);
  CHECK_FALSE(ok.has_value());
  CHECK_TEXT(ok.error().text().find("no maintenance") != std::string::npos, ok.error().text().c_str());
}
