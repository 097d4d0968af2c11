// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/surge.h"

#include <unistd.h>

#include <filesystem>

#include "cti-core/store/writer.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::show;

TEST_GROUP(ShowSurge) {
  std::string path = "/tmp/show_surge_" + std::to_string(::getpid()) + ".db";
  void teardown() override {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  }
};

TEST(ShowSurge, waits_steps_captures_and_callbacks_are_read_from_the_journal) {
  store::Turn turn;
  Seq seq = 0;
  const auto add = [&](int second, JournalEvent event) { turn.rows.push_back({++seq, from_us(1'000'000'000'000'000 + second * 1'000'000LL), std::move(event)}); };
  for (std::uint64_t c = 1; c <= 4; ++c) {
    add(0, ev::Offered{CallId{c}, "e1-1", static_cast<int>(c), 1, "13800000001", "4006001", "4006001"});
    add(1, ev::Queued{CallId{c}, "orders", 0, 0, Cause::enteringDistribution});
  }
  add(2, ev::QueueOverflow{"orders", 2, 4, 1000});
  for (std::uint64_t c = 1; c <= 3; ++c) add(static_cast<int>(1 + 10 * c), ev::Established{CallId{c}, "1001", "2001", "13800000001", "4006001", Cause::normal});
  add(40, ev::QueueOverflow{"orders", 0, 1, 0});
  add(41, ev::QueueOverflow{"orders", 1, 4, 0});
  add(50, ev::Lost{CallId{4}, LossStage::captured, "no channel", true});
  const std::pair<std::uint64_t, const char*> ends[] = {{11, "reached"}, {12, "reached"}, {13, "got through"}, {14, "callback list: busy"}, {15, ""}};
  for (const auto& [call, outcome] : ends) {
    add(51, ev::PlaceKept{CallId{call}, "orders", "13800000001", 0, from_us(1)});
    add(52, ev::PlaceCalled{CallId{call}, CallId{100 + call}, "2001"});
    if (call == 14) add(53, ev::PlaceTried{CallId{call}, CallId{100 + call}, 1, 17});
    if (*outcome) add(54, ev::PlaceClosed{CallId{call}, outcome});
  }
  {
    auto writer = store::Writer::open(path, 0);
    CHECK_TRUE((*writer)->write(std::span(&turn, 1)).has_value());
  }
  const auto surge = read_surge(path, *store::read_books(path));
  CHECK_TRUE(surge.has_value());
  LONGS_EQUAL(4, surge->queued);
  LONGS_EQUAL(3, surge->answered_from_queue);
  DOUBLES_EQUAL(20, surge->wait_p50_s, 1e-6);
  DOUBLES_EQUAL(30, surge->wait_p90_s, 1e-6);
  DOUBLES_EQUAL(30, surge->wait_longest_s, 1e-6);
  LONGS_EQUAL(3, surge->overflow_steps.at("orders"));
  LONGS_EQUAL(1, surge->captured);
  STRCMP_CONTAINS("       5  places    2 reached, 1 came again, 1 listed, 1 open\n", human(*surge).c_str());
  LONGS_EQUAL(5, surge->places.calls);
  LONGS_EQUAL(1, surge->places.in_vain);
  STRCMP_CONTAINS("       3  overflow  steps begun: orders 3\n", human(*surge).c_str());
}

TEST(ShowSurge, fits_80_columns) {
  SurgeTerms s{12345, 12000, 123.4, 1234.5, 2345.6, {{"orders", 123}, {"service", 123}, {"a queue with a very long name of forty letters", 1}}, 1234, {}, {}};
  s.callbacks.opened = s.callbacks.open = s.callbacks.got_through = s.callbacks.closed = s.callbacks.withheld = 12345;
  s.places = {12345, 12345, 12345, 12345, 12345, 0, 0, 0};
  const std::string text = human(s);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    CHECK_TRUE_TEXT(end - at <= 80, text.substr(at, end - at).c_str());
    at = end + 1;
  }
}
