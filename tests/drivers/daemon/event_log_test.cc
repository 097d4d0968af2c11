// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/event_log.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::daemon;
using namespace sr::board;

TEST_GROUP(EventLog) {
  EventLog log{100};
  std::uint64_t add(std::uint64_t leg) { return log.append(from_us(1), evt::Released{LegId{leg}, 16, false, {}}); }
  void give_all() { while (log.next() != nullptr) log.gave(); }
  int forgotten = 0;
  void ack(std::uint64_t epoch, std::uint64_t seq) { log.acknowledge(epoch, seq, [this](const Envelope&) { ++forgotten; }); }
};

TEST(EventLog, numbers_from_one_without_a_gap) {
  CHECK_EQUAL(1u, add(1));
  CHECK_EQUAL(2u, add(2));
  CHECK_EQUAL(100u, log.next()->epoch);
  CHECK_EQUAL(2u, log.last());
}

TEST(EventLog, forgets_what_is_acknowledged) {
  add(1); add(2); add(3);
  give_all();
  ack(100, 2);
  CHECK_EQUAL(2, forgotten);
  CHECK_EQUAL(1u, log.held());
  CHECK(log.find(2) == nullptr);
  CHECK_EQUAL(3u, log.find(3)->seq);
}

TEST(EventLog, an_acknowledgement_of_what_was_not_given_is_not_believed) {
  add(1); add(2);
  log.gave();
  ack(100, 99);
  CHECK_EQUAL(1u, log.held());
}

TEST(EventLog, a_new_connection_begins_with_what_is_not_acknowledged) {
  add(1); add(2);
  give_all();
  ack(100, 1);
  log.give_again();
  CHECK_EQUAL(2u, log.next()->seq);
}

TEST(EventLog, events_of_an_earlier_life_come_first_and_keep_their_numbers) {
  EventLog second{200};
  second.preload({Envelope{100, 7, from_us(1), evt::Released{}}});
  second.append(from_us(2), evt::Released{});
  CHECK_EQUAL(100u, second.next()->epoch);
  CHECK_EQUAL(7u, second.next()->seq);
  second.gave(); second.gave();
  second.acknowledge(100, 7, [](const Envelope&) {});
  CHECK_EQUAL(1u, second.held());
  CHECK_EQUAL(200u, second.find(1)->epoch);
}

TEST(EventLog, beyond_the_soft_limit_only_what_changes_the_books_is_kept) {
  while (log.held() < kHeldSoftMax) add(1);
  CHECK_EQUAL(0u, log.append(from_us(1), evt::Digit{LegId{1}, '5', 80}));
  CHECK_EQUAL(1u, log.dropped());
  CHECK(add(2) == kHeldSoftMax + 1);
  while (!log.full()) add(1);
  CHECK(add(3) != 0);
  while (log.held() < kHeldHardMax) add(1);
  CHECK_EQUAL(0u, add(4));
}
