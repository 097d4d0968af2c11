// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/books.h"

#include "drivers/base/json.h"
#include "tests/cti-core/store/support.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::store;
using namespace sr::store::test;

TEST_GROUP(Books) {
  std::unique_ptr<Writer> writer = std::move(*Writer::open(":memory:", 0));
  Pen pen{*writer};
  std::uint64_t last = 0;

  CallId offer() {
    const CallId call{++last};
    pen.put(ev::Offered{call, "e1-1", 1, 1, "139", "4006001", "4006001"});
    return call;
  }
  void answer(CallId call) { pen.put(ev::Established{call, "P1", "1001", "139", "4006001"}); }
  void clear(CallId call) { pen.put(ev::CallCleared{call}); }
  Books books(Instant from = kFromEver, Instant to = kToEver) {
    CHECK(pen.ok);
    auto read = read_books(writer->database(), from, to);
    CHECK(read.has_value());
    return *read;
  }
  void exec(const char* sql) { CHECK(writer->database().exec(sql).has_value()); }
};

TEST(Books, of_an_empty_journal_balance) {
  const Books b = books();
  CHECK(b.balanced);
  LONGS_EQUAL(0, b.offered);
}

TEST(Books, balance_over_every_stage_of_loss_and_every_other_outcome) {
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<LossStage>>([&](auto stage) {
    const CallId call = offer();
    pen.put(ev::Lost{call, stage.value, "test", stage.value == LossStage::timeout});
    clear(call);
  });
  const CallId answered = offer();
  answer(answered);
  clear(answered);
  pen.put(ev::Served{offer(), "told"});
  offer();
  const Books b = books();
  CHECK(b.balanced);
  constexpr std::size_t stages = boost::mp11::mp_size<boost::describe::describe_enumerators<LossStage>>::value;
  LONGS_EQUAL(stages, b.lost.size());
  for (const auto& [stage, n] : b.lost) LONGS_EQUAL(1, n);
  LONGS_EQUAL(stages + 3, b.offered);
  LONGS_EQUAL(stages, b.lost_total);
  LONGS_EQUAL(1, b.callbacks_promised);
  LONGS_EQUAL(1, b.answered);
  LONGS_EQUAL(1, b.served);
  LONGS_EQUAL(1, b.in_progress);
}

TEST(Books, name_a_call_that_was_booked_twice) {
  const CallId call = offer();
  answer(call);
  pen.put(ev::Lost{call, LossStage::system_fault, "twice"});
  const Books b = books();
  CHECK_FALSE(b.balanced);
  STRCMP_EQUAL("call 1 is booked twice: answered and lost", b.why.at(0).c_str());
}

TEST(Books, name_a_call_that_ended_without_an_outcome) {
  clear(offer());
  const Books b = books();
  CHECK_FALSE(b.balanced);
  STRCMP_EQUAL("call 1 has ended without an outcome", b.why.at(0).c_str());
}

TEST(Books, name_a_call_that_was_never_offered) {
  pen.put(ev::Lost{CallId{5}, LossStage::rejected, "no offer"});
  answer(CallId{6});
  const Books b = books();
  CHECK_FALSE(b.balanced);
  STRCMP_EQUAL("call 5 is lost but was never offered", b.why.at(0).c_str());
  STRCMP_EQUAL("call 6 is answered but was never offered", b.why.at(1).c_str());
}

TEST(Books, find_a_row_that_has_vanished_from_any_term) {
  for (const char* table : {"answered", "served", "lost", "in_progress"}) {
    last += 10;
    const CallId a = offer(), s = offer(), l = offer();
    offer();
    answer(a);
    pen.put(ev::Served{s, ""}).put(ev::Lost{l, LossStage::full, ""});
    CHECK(books().balanced);
    exec(("create table kept as select * from " + std::string(table)).c_str());
    exec(("delete from " + std::string(table) + " where call > " + std::to_string(to_number(a) - 1)).c_str());
    const Books b = books();
    CHECK_FALSE(b.balanced);
    LONGS_EQUAL(2, b.why.size());  // the call and the sum
    exec(("insert or ignore into " + std::string(table) + " select * from kept; drop table kept;").c_str());
  }
}

TEST(Books, of_an_interval_count_a_call_where_it_was_offered) {
  const CallId early = offer();  // second 1
  const CallId late = offer();   // second 2
  answer(early);
  pen.put(ev::Lost{late, LossStage::in_queue, ""});
  const Books first = books(at(0), at(2)), second = books(at(2), at(3)), none = books(at(3), at(100));
  CHECK(first.balanced && second.balanced && none.balanced);
  LONGS_EQUAL(1, first.offered);
  LONGS_EQUAL(1, first.answered);
  LONGS_EQUAL(0, first.lost_total);
  LONGS_EQUAL(1, second.lost_total);
  LONGS_EQUAL(0, second.answered);
  LONGS_EQUAL(0, none.offered);
}

TEST(Books, book_outgoing_calls_apart) {
  pen.put(ev::Originated{CallId{1}, "P1", "2", "1001"}).put(ev::Established{CallId{1}, "2", "1001", "P1", "2"});
  pen.put(ev::Originated{CallId{2}, "P1", "2", "1001"}).put(ev::Failed{CallId{2}, "2", Cause::busy, 17});
  pen.put(ev::Originated{CallId{3}, "P1", "2", "1001"}).put(ev::CallCleared{CallId{3}});
  pen.put(ev::Originated{CallId{4}, "P1", "2", "1001"});
  pen.put(ev::ServiceInitiated{CallId{5}, "P1"}).put(ev::CallCleared{CallId{5}});
  const Books b = books();
  CHECK(b.balanced);
  LONGS_EQUAL(0, b.offered);
  LONGS_EQUAL(4, b.outgoing.attempts);
  LONGS_EQUAL(1, b.outgoing.answered);
  LONGS_EQUAL(1, b.outgoing.failed);
  LONGS_EQUAL(1, b.outgoing.not_answered);
  LONGS_EQUAL(1, b.outgoing.in_progress);
  LONGS_EQUAL(1, b.outgoing.not_dialled);
}

TEST(Books, cut_busy_times_at_the_ends_of_the_interval) {
  pen.put(ev::AllTrunksBusy{"e1-1", at(10), 20s}).put(ev::AllTrunksBusy{"e1-1", at(100), 5s}).put(ev::AllTrunksBusy{"e1-2", at(1), 1s});
  DOUBLES_EQUAL(25.0, books().trunks_busy_s.at("e1-1"), 1e-9);
  const Books part = books(at(15), at(102));
  DOUBLES_EQUAL(17.0, part.trunks_busy_s.at("e1-1"), 1e-9);
  LONGS_EQUAL(0, part.trunks_busy_s.count("e1-2"));
}

TEST(Books, read_as_json) {
  pen.put(ev::Lost{offer(), LossStage::in_queue, ""});
  const std::string text = to_json(books());
  CHECK(text.find("\"lost\":{\"in_queue\":1}") != std::string::npos);
  CHECK(text.find("\"balanced\":true") != std::string::npos);
}

TEST(Books, of_a_file_that_is_not_a_journal_are_refused) {
  ScratchFolder folder;
  CHECK_FALSE(read_books(folder.journal()).has_value());
  std::FILE* file = std::fopen(folder.journal().c_str(), "w");
  std::fputs("hello", file);
  std::fclose(file);
  CHECK_FALSE(read_books(folder.journal()).has_value());
}
