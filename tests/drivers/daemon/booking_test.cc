// Durability, the one rule.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/daemon/fakes.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

TEST_GROUP(Booking) {
  Rig rig;
};

TEST(Booking, a_setup_is_answered_only_after_its_acknowledgement) {
  rig.start();
  const LegId leg = rig.offer();
  CHECK_EQUAL(1, rig.ctid.count<evt::Offered>());
  rig.run(400ms);
  CHECK(!rig.trunk().did("booked 1"));
  rig.ack();
  CHECK(rig.trunk().did("booked 1"));
  CHECK(rig.disk.events.empty());
  CHECK_EQUAL(1u, to_number(leg));
}

TEST(Booking, an_acknowledgement_of_an_earlier_event_does_not_book) {
  rig.start();
  rig.offer();
  rig.core->send(cmd::Ack{1, rig.ctid.events.back().seq - 1});
  CHECK(!rig.trunk().did("booked 1"));
}

TEST(Booking, without_acknowledgement_it_is_spooled_after_500_ms_and_then_answered) {
  rig.start();
  rig.disk.delay = 20ms;
  rig.offer();
  rig.run(498ms);
  CHECK(rig.disk.events.empty());
  rig.run(2ms);
  CHECK_EQUAL(1u, rig.disk.events.size());
  CHECK(!rig.trunk().did("booked 1"));  // the disk has not answered
  rig.run(20ms);
  CHECK(rig.trunk().did("booked 1"));
  CHECK_EQUAL(1u, rig.core->counters().spooled);
}

TEST(Booking, commands_before_the_booking_are_passed_on_to_signalling_which_keeps_them) {
  rig.start();
  const LegId leg = rig.offer();
  rig.core->send(cmd::Answer{leg});
  CHECK(rig.trunk().did("answer 1"));
  CHECK(!rig.trunk().did("booked 1"));
}

TEST(Booking, a_caller_who_hung_up_unbooked_is_spooled_all_the_same) {
  rig.start();
  const LegId leg = rig.offer();
  rig.trunk().observer.released(leg, 16, true, "");
  rig.run(500ms);
  CHECK_EQUAL(1u, rig.disk.events.size());
}

TEST(Booking, many_at_once_are_due_in_their_order) {
  rig.start();
  for (int c = 1; c <= 5; ++c) rig.offer(c);
  rig.run(600ms);
  CHECK_EQUAL(5u, rig.disk.events.size());
  for (std::size_t i = 1; i < 5; ++i) CHECK(rig.disk.events[i - 1].seq < rig.disk.events[i].seq);
}

TEST(Booking, on_a_full_disk_the_call_is_refused_with_42_out_of_the_reserve) {
  rig.start();
  rig.disk.answer = daemon::Kept::reserve;
  rig.offer();
  rig.run(501ms);
  const auto& log = rig.trunk().log;
  const auto clear = std::ranges::find(log, "clear 1 42"), booked = std::ranges::find(log, "booked 1");
  CHECK(clear != log.end() && booked != log.end() && clear < booked);  // kept, then done: RELEASE COMPLETE is the only answer
  CHECK_EQUAL(1u, rig.disk.events.size());
  CHECK_EQUAL(1u, rig.core->counters().refused_full);
}

TEST(Booking, what_can_be_kept_nowhere_is_not_answered_while_the_exchange_waits) {
  rig.start();
  rig.disk.answer = daemon::Kept::failed;
  rig.offer();
  rig.run(8s);
  CHECK(!rig.trunk().did("booked 1"));
  rig.run(3s);  // T303 has ended the call at the exchange: now the leg goes
  CHECK(rig.trunk().did("clear 1 42"));
  CHECK(rig.trunk().did("booked 1"));
}

TEST(Booking, an_acknowledgement_after_the_spooling_empties_the_spool_and_books_only_once) {
  rig.start();
  rig.offer();
  rig.run(600ms);
  rig.ack();
  CHECK(rig.disk.events.empty());
  CHECK_EQUAL(1, std::ranges::count(rig.trunk().log, "booked 1"));
}

TEST(Booking, a_later_life_replays_the_spool_before_its_own_events) {
  rig.start();
  rig.offer();
  rig.run(600ms);
  rig.core.reset();  // kill -9: the disk is what remains
  Rig second{{.epoch = 2}};
  second.disk = rig.disk;
  second.start();
  CHECK_EQUAL(std::string("link up"), second.ctid.log[0]);
  CHECK_EQUAL(1u, second.ctid.events[0].epoch);
  CHECK(std::get<evt::Offered>(second.ctid.events[0].event).called == "4006001");
  second.offer();
  CHECK_EQUAL(2u, second.ctid.events.back().epoch);
  CHECK_EQUAL(1u, second.ctid.events.back().seq);
  second.core->send(cmd::Ack{1, second.ctid.events[0].seq});
  CHECK(second.disk.events.empty());
}

TEST(Booking, replay_snapshot_live_is_the_order_on_reconnection) {
  rig.start();
  rig.up(1);
  rig.core->detach();
  rig.offer(2);
  rig.ctid.log.clear();
  rig.core->attach(rig.ctid);
  rig.run();
  rig.offer(3);
  const auto& log = rig.ctid.log;
  CHECK_EQUAL(std::string("link up"), log.front());
  const auto shot = std::ranges::find_if(log, [](const std::string& s) { return s.starts_with("snapshot"); });
  CHECK(shot != log.end());
  CHECK(std::ranges::any_of(log.begin(), shot, [](const std::string& s) { return s.starts_with("offered"); }));
  CHECK(log.back().starts_with("offered"));
  CHECK_EQUAL(rig.ctid.snapshots.back().seq + 1, rig.ctid.events.back().seq);
}

TEST(Booking, a_long_replay_comes_in_batches_and_the_snapshot_after_the_last) {
  rig.start();
  rig.core->detach();
  for (std::size_t i = 0; i < daemon::kReplayBatch * 2; ++i) rig.bank().observer.flashed(LegId{1});
  rig.ctid.log.clear();
  rig.core->attach(rig.ctid);
  CHECK(rig.ctid.log.size() <= daemon::kReplayBatch + 1);
  rig.run(100ms);
  CHECK(rig.ctid.log.back().starts_with("snapshot"));
  CHECK(rig.ctid.log.size() > daemon::kReplayBatch * 2);
}

TEST(Booking, a_listener_that_acknowledges_inside_the_event_harms_nothing) {
  rig.ctid.board = rig.core.get();
  rig.start();
  rig.offer();
  CHECK(rig.trunk().did("booked 1"));
}

TEST(Booking, callgen_needs_nobody_to_book) {
  Rig exchange{{.durable = false}};
  exchange.start();
  exchange.offer();
  CHECK(exchange.trunk().did("booked 1"));
  CHECK_EQUAL(1, exchange.ctid.count<evt::Offered>());
  exchange.run(1s);
  CHECK(exchange.disk.events.empty());
}
