// The verbs that read the journal file, as a command would run them: what they print and the exit code.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cti-core/store/writer.h"
#include "tools/ctictl/audit.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/verbs.h"
#include "tools/ctictl/when.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ctictl;

TEST_GROUP(Ledger) {
  std::string folder;
  std::unique_ptr<store::Writer> writer;
  Seq seq = 0;
  std::string said;

  void setup() override {
    char name[] = "/tmp/sr_ctictl_XXXXXX";
    folder = ::mkdtemp(name);
    writer = std::move(*store::Writer::open(journal(), 0));
  }
  void teardown() override {
    writer.reset();
    std::filesystem::remove_all(folder);
  }
  std::string journal() { return folder + "/journal.db"; }
  void put(JournalEvent event) {
    store::Turn turn;
    ++seq;
    turn.rows.push_back({seq, from_us(1'767'268'800'000'000 + static_cast<std::int64_t>(seq) * 1'000'000), std::move(event)});
    CHECK(writer->write({&turn, 1}).has_value());
  }
  // Runs a verb with stdout and stderr in a file.
  template <class Verb>
  int run(Verb verb) {
    std::fflush(stdout);
    const int out = ::dup(STDOUT_FILENO), err = ::dup(STDERR_FILENO);
    const int file = ::open((folder + "/said").c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    const int code = verb();
    std::fflush(stdout);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    for (const int fd : {file, out, err}) ::close(fd);
    std::ifstream in(folder + "/said");
    said.assign(std::istreambuf_iterator<char>(in), {});
    return code;
  }
  bool says(const std::string& part) { return said.find(part) != std::string::npos; }
};

TEST(Ledger, books_that_balance_exit_0_beside_a_running_writer) {
  put(ev::Offered{CallId{1}, "e1-1", 3, 7, "139", "4006001", "4006001"});
  put(ev::Lost{CallId{1}, LossStage::in_queue, "hung up", true});
  LONGS_EQUAL(kOk, run([&] { return books(journal(), {}, false); }));
  CHECK(says("the books balance") && says("in_queue") && says("hung up while waiting"));
  LONGS_EQUAL(kOk, run([&] { return books(journal(), {}, true); }));
  CHECK(says("\"balanced\":true"));
}

TEST(Ledger, books_that_differ_exit_1_and_name_the_call) {
  put(ev::Offered{CallId{1}, "e1-1", 3, 7, "139", "4006001", "4006001"});
  put(ev::CallCleared{CallId{1}});
  LONGS_EQUAL(kRefused, run([&] { return books(journal(), {}, false); }));
  CHECK(says("THE BOOKS DIFFER") && says("call 1 has ended without an outcome"));
}

TEST(Ledger, an_interval_limits_the_books) {
  put(ev::Offered{CallId{1}, "e1-1", 3, 7, "139", "4006001", "4006001"});
  LONGS_EQUAL(kOk, run([&] { return books(journal(), {"2026-01-01T12:00Z", "2026-01-01T12:01Z"}, true); }));
  CHECK(says("\"offered\":1"));
  LONGS_EQUAL(kOk, run([&] { return books(journal(), {"2026-01-01T12:01Z", ""}, true); }));
  CHECK(says("\"offered\":0"));
  LONGS_EQUAL(kUsage, run([&] { return books(journal(), {"yesterday", ""}, true); }));
  LONGS_EQUAL(kUsage, run([&] { return books(journal(), {"2026-01-02", "2026-01-01"}, true); }));
}

TEST(Ledger, a_file_that_is_no_journal_exits_2) {
  LONGS_EQUAL(kUsage, run([&] { return books(folder + "/none.db", {}, false); }));
  std::ofstream(folder + "/text") << "this is no database, and it is long enough to be taken for one at first";
  LONGS_EQUAL(kUsage, run([&] { return lost(folder + "/text", {}, 10, false); }));
  CHECK(says("ctictl: "));
}

TEST(Ledger, lost_callers_are_listed_the_latest_up_to_a_limit) {
  for (std::uint64_t n = 1; n <= 3; ++n) {
    put(ev::Offered{CallId{n}, "e1-1", 3, 7, "139" + std::to_string(n), "4006001", "4006001"});
    put(ev::Lost{CallId{n}, LossStage::timeout, "", true});
  }
  LONGS_EQUAL(kOk, run([&] { return lost(journal(), {}, 2, true); }));
  CHECK(!says("1391") && says("1392") && says("1393") && says("\"stage\":\"timeout\"") && says("\"offered\":\"2026-01-01T12:00:03.000Z\"") && says("the latest 2"));
}

TEST(Ledger, recordings_are_found_by_call_and_by_agent) {
  put(ev::Offered{CallId{1}, "e1-1", 3, 7, "139", "4006001", "4006001"});
  put(ev::RecordingStarted{CallId{1}, "a/1.wav"});
  put(ev::Established{CallId{1}, "1001", "2001", "139", "4006001"});
  put(ev::RecordingEnded{CallId{1}, "a/1.wav", 65'000, "done"});
  put(ev::RecordingStarted{CallId{2}, "a/2.wav"});
  LONGS_EQUAL(kOk, run([&] { return recordings(journal(), {}, "", "2001", 10, true); }));
  CHECK(says("a/1.wav") && !says("a/2.wav") && says("\"seconds\":65") && says("\"agent\":\"2001\""));
  LONGS_EQUAL(kOk, run([&] { return recordings(journal(), {}, "2", "", 10, true); }));
  CHECK(says("a/2.wav") && says("\"end\":\"running\"") && !says("a/1.wav"));
}

TEST(Ledger, what_callers_were_told_stands_against_what_they_waited) {
  put(ev::Offered{CallId{1}, "e1-1", 3, 7, "139", "4006001", "4006001"});
  put(ev::WaitAnnounced{CallId{1}, "orders", 3, 60, 41'000});
  LONGS_EQUAL(kOk, run([&] { return waits(journal(), {}, 0, false); }));
  CHECK(says("orders") && says("bias s"));
  seq += 89;
  put(ev::Established{CallId{1}, "1001", "2001", "139", "4006001"});
  LONGS_EQUAL(kOk, run([&] { return waits(journal(), {}, 30, true); }));
  CHECK(says("\"queue\":\"orders\"") && says("\"bias_s\":30") && says("\"p90_s\":30") && says("\"longer\":1"));
}

TEST(Ledger, callbacks_are_shown_open_ones_first_asked_and_by_number) {
  put(ev::Offered{CallId{1}, "e1-1", 1, 7, "13800000001", "4006001", "4006001"});
  put(ev::Lost{CallId{1}, LossStage::captured, "too few channels", false});
  put(ev::CallbackOpened{CallId{1}, "13800000001", "lost", "4006001", "orders", "", std::nullopt});
  put(ev::Offered{CallId{2}, "e1-1", 1, 7, "13800000002", "4006001", "4006001"});
  put(ev::CallbackOpened{CallId{2}, "13800000002", "lost", "4006001", "orders", "", from_us(1'767'268'900'000'000)});
  put(ev::CallbackClosed{CallId{2}, "13800000002", "ordered", CallId::none});
  const auto show = [&](const std::string& number, bool all, bool as_json) { return run([&] { return callbacks(journal(), {}, number, all, 1000, as_json); }); };
  LONGS_EQUAL(kOk, show("", false, false));
  CHECK(says("13800000001"));
  CHECK_FALSE(says("13800000002"));
  LONGS_EQUAL(kOk, show("138-0000-0002", true, true));
  CHECK(says("\"outcome\":\"ordered\""));
  CHECK(says("\"due\":\"2026-01-01T12:01:40.000Z\""));
  CHECK_FALSE(says("13800000001"));
  LONGS_EQUAL(kUsage, show("none", false, false));
  run([&] { return books(journal(), {}, false); });
  CHECK(says("customers           2  for 1 lost calls"));
}

TEST(Ledger, the_time_that_a_trunk_group_was_full_stands_beside_erlang_b) {
  const Instant t = from_us(1'767'268'800'000'000);
  for (std::uint64_t n = 1; n <= 4; ++n) put(ev::Offered{CallId{n}, "e1-1", 1, 7, "138", "4006001", "4006001", "city"});
  for (std::uint64_t n = 1; n <= 4; ++n) put(ev::CallCleared{CallId{n}});
  put(ev::AllTrunksBusy{"", t + 3s, 2s, "city", 4});
  put(ev::AllTrunksBusy{"e1-1", t + 3s, 2s});
  run([&] { return books(journal(), {}, false); });
  CHECK(says("trunk group city full  2.0 s of 7 s (28.57 %), 4 channels, 2.3 erlangs of incoming calls carried"));
  CHECK(says("what the exchange refused then cannot be seen; Erlang B says 18.3"));
  run([&] { return books(journal(), {"2026-01-01T12:00:04Z", "2026-01-01T12:00:05Z"}, true); });
  CHECK(says("\"full_s\":1"));
  CHECK(says("\"trunks_busy_s\":{\"e1-1\":1"));
}

TEST(Ledger, spots_of_the_file_and_of_the_journal_are_shown_with_what_became_of_their_callers) {
  std::ofstream(folder + "/main.lua") << "";
  std::ofstream(folder + "/center.toml") << "[[agent]]\nid = \"2001\"\npin = \"1\"\n[[queue]]\nname = \"orders\"\nagents = [\"2001\"]\n[[number]]\nnumber = \"4006001\"\nbusiness = \"kitchen\"\n"
                                              "script = \"main.lua\"\nqueue = \"orders\"\n[[spot]]\nname = \"wok\"\nstart = 2026-01-01T12:00:00Z\nlength_s = 120\nnumbers = [\"4006001\"]\nexpected = [3, 2]\n";
  const std::string key = "wok " + local(from_us(1'767'268'800'000'000)).substr(0, 16);
  for (std::uint64_t n = 1; n <= 3; ++n) put(ev::Offered{CallId{n}, "e1-1", 1, 7, "138", "4006001", "4006001", "city", key});
  put(ev::Lost{CallId{1}, LossStage::captured, "too few channels free", false});
  put(ev::CallbackOpened{CallId{1}, "138", "lost", "4006001", "orders", key, std::nullopt});
  put(ev::Established{CallId{2}, "1001", "2001", "138", "4006001"});
  put(ev::Offered{CallId{4}, "e1-1", 1, 7, "138", "4006001", "4006001", "city", "pan 2025-12-31 12:00"});
  LONGS_EQUAL(kOk, run([&] { return spots(journal(), folder + "/center.toml", true); }));
  CHECK(says("\"spot\":\"" + key + "\",\"start\":\"2026-01-01T12:00:00.000Z\",\"length_s\":120,\"numbers\":[\"4006001\"],\"expected\":5,\"calls\":3,\"answered\":1,\"served\":0,\"lost_total\":1,"
             "\"captured\":1,\"lost\":{\"captured\":1},\"in_progress\":1,\"callbacks_open\":1,\"got_through\":0,\"arrivals\":[3,0]}"));
  CHECK(says("pan 2025-12-31 12:00"));
  LONGS_EQUAL(kOk, run([&] { return spots(journal(), "", false); }));
  CHECK(says("captured 1"));
}

TEST(Ledger, the_audit_log_is_shown_by_who_whom_and_since) {
  put(ev::SupervisorAct{CallId{7}, "2009", "phone 1009", "listen", "2001", "", true, ""});
  put(ev::SupervisorAct{CallId::none, "user root", "socket, user root", "setState", "2002", "notReady lunch", false, "agent 2002 is not logged on"});
  LONGS_EQUAL(kOk, run([&] { return audit(journal(), {}, false); }));
  CHECK(says("2009") && says("phone 1009") && says("listen") && says("refused: agent 2002 is not logged on") && says("notReady lunch"));
  LONGS_EQUAL(kOk, run([&] { return audit(journal(), {.who = "2009"}, true); }));
  CHECK(says("\"who\":\"2009\"") && says("\"call\":7") && says("\"done\":true") && !says("root"));
  LONGS_EQUAL(kOk, run([&] { return audit(journal(), {.agent = "2002"}, true); }));
  CHECK(says("\"done\":false") && !says("2009"));
  LONGS_EQUAL(kOk, run([&] { return audit(journal(), {.since = "2026-01-02"}, false); }));
  CHECK(says("nothing is in the audit log"));
  LONGS_EQUAL(kUsage, run([&] { return audit(journal(), {.since = "yesterday"}, false); }));
  LONGS_EQUAL(kUsage, run([&] { return audit(folder + "/none.db", {}, false); }));
}
