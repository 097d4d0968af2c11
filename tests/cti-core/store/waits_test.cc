// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/waits.h"

#include "tests/cti-core/store/support.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::store;
using namespace sr::store::test;

TEST_GROUP(Waits) {
  std::unique_ptr<Writer> writer = std::move(*Writer::open(":memory:", 0));
  Pen pen{*writer};

  CallId told(std::uint64_t id, const std::string& queue, int seconds, std::int64_t second) {
    const CallId call{id};
    pen.put(ev::Offered{call, "e1-1", 1, 1, "1", "2", "2"});
    pen.put(ev::Queued{.call = call, .queue = queue});
    pen.second = second - 1;
    pen.put(ev::WaitAnnounced{call, queue, 3, seconds, seconds * 900});
    return call;
  }
  void answered(CallId call, std::int64_t second) {
    pen.second = second - 1;
    pen.put(ev::Established{call, "1001", "2001", "1", "2"});
  }
  std::vector<WaitError> read(Duration every = {}, Instant to = kToEver) {
    CHECK(pen.ok);
    return *read_waits(writer->database(), kFromEver, to, every);
  }
};

TEST(Waits, the_error_is_what_he_waited_beyond_what_he_was_told) {
  answered(told(1, "orders", 120, 100), 200);  // -20
  answered(told(2, "orders", 60, 100), 200);   // +40
  answered(told(3, "orders", 60, 100), 170);   // +10
  const auto rows = read();
  LONGS_EQUAL(1, rows.size());
  STRCMP_EQUAL("orders", rows[0].queue.c_str());
  LONGS_EQUAL(3, rows[0].answered);
  DOUBLES_EQUAL(80, *rows[0].mean_told_s, 1e-9);
  DOUBLES_EQUAL(90, *rows[0].mean_actual_s, 1e-9);
  DOUBLES_EQUAL(10, *rows[0].bias_s, 1e-9);
  DOUBLES_EQUAL(20, *rows[0].p50_s, 1e-9);
  DOUBLES_EQUAL(40, *rows[0].p90_s, 1e-9);
  DOUBLES_EQUAL(2.0 / 3, *rows[0].longer, 1e-9);
  DOUBLES_EQUAL(18, *rows[0].estimate_bias_s, 1e-9);
}

TEST(Waits, who_gave_up_or_still_waits_is_counted_apart_and_has_no_error) {
  pen.put(ev::Diverted{told(1, "orders", 60, 10), "orders", {}, Cause::queueTimeOverflow});
  pen.put(ev::CallCleared{told(2, "orders", 60, 20), Cause::normalClearing});
  told(3, "orders", 60, 30);
  pen.put(ev::Diverted{told(4, "orders", 60, 40), "1001", "2001", Cause::alertTimeExpired});  // his agent did not answer: he waits on
  const auto rows = read();
  LONGS_EQUAL(4, rows[0].announced);
  LONGS_EQUAL(2, rows[0].left);
  LONGS_EQUAL(2, rows[0].waiting);
  CHECK(!rows[0].bias_s && !rows[0].p90_s);
}

TEST(Waits, each_announcement_of_a_caller_counts_and_those_without_a_wait_do_not) {
  const CallId call = told(1, "orders", 120, 100);
  pen.second = 159;
  pen.put(ev::WaitAnnounced{call, "orders", 2, 60, 50'000});
  pen.put(ev::WaitAnnounced{call, "orders", 1, 0, 0});
  answered(call, 220);
  const auto rows = read();
  LONGS_EQUAL(2, rows[0].answered);
  DOUBLES_EQUAL(0, *rows[0].bias_s, 1e-9);
}

TEST(Waits, a_row_for_each_queue_and_each_part_of_the_interval) {
  answered(told(1, "orders", 60, 10), 70);
  answered(told(2, "service", 60, 10), 80);
  answered(told(3, "orders", 60, 1'900), 2'000);
  LONGS_EQUAL(2, read().size());
  const auto rows = read(1800s);
  LONGS_EQUAL(3, rows.size());
  CHECK(rows[0].queue == "orders" && rows[0].from == at(0) && rows[1].from == at(1800) && rows[2].queue == "service");
  LONGS_EQUAL(2, read(1800s, at(1800)).size());
}
