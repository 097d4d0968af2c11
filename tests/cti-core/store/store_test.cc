// Both stores, by the contract of store.h; then what each has of its own.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/store.h"

#include "cti-core/store/inline_store.h"
#include "cti-core/store/journal_reader.h"
#include "cti-core/store/recover.h"
#include "cti-core/store/store_thread.h"
#include "drivers/base/reactor.h"
#include "tests/cti-core/store/support.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::store;
using namespace sr::store::test;

namespace {
JournalEvent offered(std::uint64_t call) { return ev::Offered{CallId{call}, "e1-1", 1, 1, "139", "4006001", "4006001"}; }
}  // namespace

TEST_GROUP(InlineStore) {
  std::unique_ptr<Writer> writer = std::move(*Writer::open(":memory:", 0));
  VirtualTimers timers;
  std::unique_ptr<InlineStore> inline_store;

  InlineStore& open(Duration group_delay = {}) {
    inline_store = std::make_unique<InlineStore>(*writer, timers, 1, group_delay);
    return *inline_store;
  }
  std::string count() { return row(writer->database(), "select count(*) from event"); }
};

TEST(InlineStore, a_turn_is_durable_at_its_end_and_waiters_run_in_a_later_turn) {
  InlineStore& s = open();
  LONGS_EQUAL(1, s.append(timers.now(), offered(1)));
  LONGS_EQUAL(2, s.append(timers.now(), offered(2)));
  bool told = false;
  s.when_durable([&] { told = true; });
  STRCMP_EQUAL("0", count().c_str());
  LONGS_EQUAL(2, s.backlog());
  s.end_of_turn();
  STRCMP_EQUAL("2", count().c_str());
  LONGS_EQUAL(0, s.backlog());
  CHECK_FALSE(told);
  timers.run_for(0us);
  CHECK(told);
}

TEST(InlineStore, a_group_waits_for_its_delay_a_waiter_or_its_size) {
  InlineStore& s = open(kGroupDelay);
  s.append(timers.now(), offered(1));
  s.end_of_turn();
  STRCMP_EQUAL("0", count().c_str());
  timers.run_for(kGroupDelay);
  STRCMP_EQUAL("1", count().c_str());
  s.append(timers.now(), offered(2));
  s.when_durable([] {});
  s.end_of_turn();
  STRCMP_EQUAL("2", count().c_str());
  for (std::uint64_t i = 0; i < kGroupRows; ++i) s.append(timers.now(), offered(10 + i));
  s.end_of_turn();
  STRCMP_EQUAL(std::to_string(2 + kGroupRows).c_str(), count().c_str());
}

TEST(InlineStore, waiting_for_nothing_is_answered_too) {
  InlineStore& s = open();
  bool told = false;
  s.when_durable([&] { told = true; });
  s.end_of_turn();
  timers.run_for(0us);
  CHECK(told);
}

TEST(InlineStore, a_crash_forgets_what_is_not_durable_and_tells_nobody) {
  InlineStore& s = open(kGroupDelay);
  s.append(timers.now(), offered(1));
  s.when_durable([] {});
  s.end_of_turn();
  s.append(timers.now(), offered(2));
  s.board_cursor(7, 2);
  s.end_of_turn();
  s.when_durable([] { FAIL("told after the crash"); });
  s.crash();
  s.end_of_turn();
  timers.run_for(1s);
  STRCMP_EQUAL("1", count().c_str());
  const auto found = recover(writer->database());
  CHECK(found->board_cursors.empty());
  LONGS_EQUAL(1 + kSeqGap, found->next_seq);
}

TEST(InlineStore, a_full_disk_makes_it_unhealthy_and_books_from_the_reserve_until_that_is_used_up) {
  InlineStore& s = open();
  s.disk_full(true, 2);
  s.append(timers.now(), offered(1));
  s.end_of_turn();
  CHECK_FALSE(s.healthy());
  STRCMP_EQUAL("1", count().c_str());
  s.append(timers.now(), offered(2));
  s.append(timers.now(), offered(3));
  bool told = false;
  s.when_durable([&] { told = true; });
  s.end_of_turn();
  timers.run_for(5s);
  CHECK_FALSE(told);
  LONGS_EQUAL(2, s.backlog());
  s.disk_full(false);
  timers.run_for(kRetryDelay);
  CHECK(told && s.healthy());
  STRCMP_EQUAL("3", count().c_str());
}

TEST_GROUP(StoreThread) {
  ScratchFolder folder;
  Reactor reactor;
  Writer* writer = nullptr;
  std::unique_ptr<StoreThread> store_thread;
  std::vector<int> order;

  StoreThread& open(std::int64_t reserve = 0) {
    auto own = std::move(*Writer::open(folder.journal(), reserve));
    writer = own.get();
    store_thread = std::make_unique<StoreThread>(std::move(own), reactor.timers(), [this](std::function<void()> work) { reactor.post(std::move(work)); }, 1);
    return *store_thread;
  }
  void teardown() override { store_thread.reset(); }
  void run(Duration d) {
    reactor.timers().after(d, [this] { reactor.stop(); });
    reactor.run();
  }
  bool run_until(const std::function<bool()>& done) {
    for (int i = 0; i < 4000 && !done(); ++i) run(5ms);
    return done();
  }
  std::string ask(const std::string& sql) {
    auto database = Database::open(folder.journal(), true);
    return row(*database, sql);
  }
};

TEST(StoreThread, commits_at_once_for_a_waiter_and_keeps_the_order_of_waiters) {
  StoreThread& s = open();
  for (int i = 1; i <= 5; ++i) {
    s.append(reactor.timers().now(), offered(static_cast<std::uint64_t>(i)));
    s.when_durable([this, i] { order.push_back(i); });
    if (i != 3) s.end_of_turn();
  }
  CHECK(run_until([&] { return order.size() == 5; }));
  for (int i = 0; i < 5; ++i) LONGS_EQUAL(i + 1, order[static_cast<std::size_t>(i)]);
  STRCMP_EQUAL("5", ask("select count(*) from event").c_str());
  LONGS_EQUAL(0, s.backlog());
}

TEST(StoreThread, a_waiter_is_told_only_when_its_rows_are_on_the_disk) {
  StoreThread& s = open();
  std::string seen;
  s.append(reactor.timers().now(), offered(1));
  s.when_durable([&] { seen = ask("select count(*) from offered"); });
  s.end_of_turn();
  CHECK(run_until([&] { return !seen.empty(); }));
  STRCMP_EQUAL("1", seen.c_str());
}

TEST(StoreThread, groups_turns_that_nobody_waits_for) {
  StoreThread& s = open();
  for (std::uint64_t i = 1; i <= 20; ++i) {
    s.append(reactor.timers().now(), offered(i));
    s.end_of_turn();
  }
  LONGS_EQUAL(20, s.backlog());
  CHECK(run_until([&] { return s.backlog() == 0; }));
  LONGS_EQUAL(1, s.commits());
}

TEST(StoreThread, a_waiter_takes_along_what_was_grouped_before_it) {
  StoreThread& s = open();
  s.append(reactor.timers().now(), offered(1));
  s.end_of_turn();
  s.append(reactor.timers().now(), offered(2));
  bool told = false;
  s.when_durable([&] { told = true; });
  s.end_of_turn();
  CHECK(run_until([&] { return told; }));
  STRCMP_EQUAL("2", ask("select count(*) from event").c_str());
  LONGS_EQUAL(1, s.commits());
}

TEST(StoreThread, a_turn_and_its_cursor_are_durable_together) {
  StoreThread& s = open();
  bool told = false;
  s.append(reactor.timers().now(), offered(1));
  s.board_cursor(9, 4);
  s.when_durable([&] { told = true; });
  s.end_of_turn();
  CHECK(run_until([&] { return told; }));
  STRCMP_EQUAL("4", ask("select seq from board_cursor where epoch = 9").c_str());
}

TEST(StoreThread, its_end_commits_what_is_there) {
  StoreThread& s = open();
  s.append(reactor.timers().now(), offered(1));
  s.end_of_turn();
  s.append(reactor.timers().now(), offered(2));
  s.when_durable([] { FAIL("the store is gone"); });
  store_thread.reset();
  run(20ms);
  STRCMP_EQUAL("2", ask("select count(*) from event").c_str());
}

TEST(StoreThread, a_full_disk_is_survived_and_tried_again) {
  auto own = std::move(*Writer::open(folder.journal(), 0));
  own->pretend_disk_full(true, 1);
  writer = own.get();
  store_thread = std::make_unique<StoreThread>(std::move(own), reactor.timers(), [this](std::function<void()> work) { reactor.post(std::move(work)); }, 1);
  StoreThread& s = *store_thread;
  bool first = false, second = false;
  s.append(reactor.timers().now(), offered(1));
  s.when_durable([&] { first = true; });
  s.end_of_turn();
  CHECK(run_until([&] { return first && !s.healthy(); }));  // out of the reserve
  s.append(reactor.timers().now(), offered(2));
  s.append(reactor.timers().now(), offered(3));
  s.when_durable([&] { second = true; });
  s.end_of_turn();
  run(30ms);
  CHECK_FALSE(second);
  LONGS_EQUAL(2, s.backlog());
}

TEST_GROUP(JournalReaderThread) {
  ScratchFolder folder;
  Reactor reactor;
  std::unique_ptr<Writer> writer = std::move(*Writer::open(folder.journal(), 0));
  Pen pen{*writer};
};

TEST(JournalReaderThread, reads_rows_after_a_place_on_its_own_connection) {
  for (std::uint64_t i = 1; i <= 10; ++i) pen.put(ev::CallData{CallId{i}, "k", std::to_string(i)});
  auto reader = std::move(*JournalReaderThread::open(folder.journal(), [this](std::function<void()> work) { reactor.post(std::move(work)); }));
  JournalReader::Rows got;
  reader->read(6, 3, [&](JournalReader::Rows rows) {
    got = std::move(rows);
    reactor.stop();
  });
  reactor.run();
  STRCMP_EQUAL("", got.error.c_str());
  LONGS_EQUAL(3, got.rows.size());
  LONGS_EQUAL(7, got.rows[0].first);
  STRCMP_EQUAL(R"({"call":7,"key":"k","value":"7"})", got.rows[0].second.c_str());
  STRCMP_EQUAL("callData", got.type[0].c_str());
  LONGS_EQUAL(7, got.call[0]);
  CHECK(got.at[0] == at(7));
  LONGS_EQUAL(1, got.oldest);
}

TEST(JournalReaderThread, one_that_is_gone_answers_nobody) {
  auto reader = std::move(*JournalReaderThread::open(folder.journal(), [this](std::function<void()> work) { reactor.post(std::move(work)); }));
  for (std::size_t i = 0; i < 2 * kReadsMax; ++i) reader->read(0, 10, [](const JournalReader::Rows&) { FAIL("answered"); });
  reader.reset();
  reactor.timers().after(10ms, [this] { reactor.stop(); });
  reactor.run();
}

TEST(JournalReaderThread, needs_a_journal) {
  CHECK_FALSE(JournalReaderThread::open(folder.path + "/none.db", [](std::function<void()>) {}).has_value());
}
