// The files of boardd: spool, trace, epoch. SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <sstream>

#include "drivers/base/pcap.h"
#include "drivers/daemon/epoch.h"
#include "drivers/daemon/file_spool.h"
#include "drivers/daemon/file_thread.h"
#include "drivers/daemon/pcap_trace.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::daemon;
namespace fs = std::filesystem;

namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

void spit(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

struct TempDir {
  TempDir() {
    char name[] = "/tmp/sr-daemon-XXXXXX";
    path = mkdtemp(name);
  }
  ~TempDir() { fs::remove_all(path); }
  std::string path;
};

// Work of the file thread comes back here and is run when the test says so.
struct Turn {
  void post(std::function<void()> work) {
    const std::lock_guard lock(mutex);
    queue.push_back(std::move(work));
    ready = ready + 1;
    ready.notify_one();
  }
  void run_one() {
    for (int n = ready; n == 0; n = ready) ready.wait(0);
    std::function<void()> work;
    {
      const std::lock_guard lock(mutex);
      work = std::move(queue.front());
      queue.erase(queue.begin());
      ready = ready - 1;
    }
    work();
  }
  std::mutex mutex;
  std::vector<std::function<void()>> queue;
  std::atomic<int> ready{0};
};

board::Envelope offered(std::uint64_t epoch, std::uint64_t seq) {
  return {epoch, seq, from_us(1'767'225'600'000'000), board::evt::Offered{LegId{seq}, "e1-1", 3, 9, "city", "138", "4006001", true, board::LineKind::trunk}};
}

}  // namespace

TEST_GROUP(SpoolFile) {
  TempDir dir;
  std::string path = dir.path + "/spool";
  std::vector<std::string> reread() { return SpoolFile::open(path)->lines(); }
};

TEST(SpoolFile, what_was_written_is_read_by_the_next_life) {
  {
    auto file = SpoolFile::open(path);
    CHECK(file->append(spool_line("{\"a\":1}") + spool_line("{\"b\":2}")) == SpoolFile::Wrote::room);
    CHECK(file->append(spool_line("{\"c\":3}")) == SpoolFile::Wrote::room);
  }
  const auto lines = reread();
  CHECK_EQUAL(3u, lines.size());
  STRCMP_EQUAL("{\"c\":3}", lines[2].c_str());
}

TEST(SpoolFile, the_next_life_writes_behind_what_it_found) {
  (void)SpoolFile::open(path)->append(spool_line("one"));
  (void)SpoolFile::open(path)->append(spool_line("two"));
  CHECK_EQUAL(2u, reread().size());
}

TEST(SpoolFile, a_torn_last_line_is_ignored_and_counted) {
  (void)SpoolFile::open(path)->append(spool_line("one") + spool_line("two"));
  auto bytes = slurp(path);
  bytes.resize(2 * spool_line("one").size() - 2);
  spit(path, bytes);
  auto file = SpoolFile::open(path);
  CHECK_EQUAL(1u, file->lines().size());
  CHECK_EQUAL(1u, file->torn());
  (void)file->append(spool_line("three"));
  CHECK_EQUAL(2u, reread().size());
}

TEST(SpoolFile, a_line_with_a_wrong_crc_ends_the_reading) {
  std::uint64_t torn = 0;
  auto bytes = spool_line("one") + spool_line("two") + spool_line("three");
  bytes[spool_line("one").size() + 10] ^= 1;
  CHECK_EQUAL(1u, spool_lines(bytes, torn).size());
  CHECK_EQUAL(1u, torn);
}

TEST(SpoolFile, garbage_never_becomes_an_event) {
  std::uint64_t torn = 0;
  for (const char* bad : {"\n", "x\n", "00000000 one\n", "deadbeef\n", "zzzzzzzz one\n"}) CHECK(spool_lines(bad, torn).empty());
}

TEST(SpoolFile, cleared_lines_do_not_come_back) {
  {
    auto file = SpoolFile::open(path);
    (void)file->append(spool_line("a long first line") + spool_line("and a second one"));
    file->clear();
    (void)file->append(spool_line("new"));
  }
  const auto lines = reread();
  CHECK_EQUAL(1u, lines.size());
  STRCMP_EQUAL("new", lines[0].c_str());
}

TEST(SpoolFile, has_its_room_on_the_disk_from_the_start) {
  auto file = SpoolFile::open(path);
  struct stat st {};
  CHECK_EQUAL(0, ::stat(path.c_str(), &st));
  CHECK(static_cast<std::uint64_t>(st.st_size) >= kSpoolRoom);
  CHECK(static_cast<std::uint64_t>(st.st_blocks) * 512 >= kSpoolRoom);
}

TEST(SpoolFile, beyond_its_limit_it_uses_the_reserve_and_then_refuses) {
  auto file = SpoolFile::open(path, 2 * kSpoolRoom);
  const std::string big = spool_line(std::string(kSpoolReserve, 'x'));
  SpoolFile::Wrote wrote = SpoolFile::Wrote::room;
  while (file->size() + big.size() + 2 < 2 * kSpoolRoom - kSpoolReserve) CHECK(file->append(big) == SpoolFile::Wrote::room);
  const std::string line = spool_line(std::string(4000, 'y'));
  int reserved = 0;
  while ((wrote = file->append(line)) != SpoolFile::Wrote::nothing)
    if (wrote == SpoolFile::Wrote::reserve) ++reserved;
  CHECK(reserved >= 50);
  file->clear();
  CHECK(file->append(line) == SpoolFile::Wrote::room);
}

TEST(SpoolFile, a_directory_is_refused_with_its_name) {
  const auto file = SpoolFile::open(dir.path);
  CHECK(!file);
  STRCMP_EQUAL(dir.path.c_str(), file.error().where.c_str());
}

TEST_GROUP(FileSpool) {
  TempDir dir;
  Turn turn;
  std::string path = dir.path + "/spool";
  std::unique_ptr<FileSpool> open() {
    return std::move(*FileSpool::open(path, [this](std::function<void()> w) { turn.post(std::move(w)); }));
  }
};

TEST(FileSpool, tells_when_the_event_is_on_the_disk) {
  auto spool = open();
  Kept kept = Kept::failed;
  spool->keep(offered(5, 1), [&](Kept k) { kept = k; });
  CHECK(kept == Kept::failed);  // later, never at once
  turn.run_one();
  CHECK(kept == Kept::stored);
  auto second = open();
  const auto earlier = second->earlier();
  CHECK_EQUAL(1u, earlier.size());
  CHECK_EQUAL(5u, earlier[0].epoch);
  STRCMP_EQUAL("4006001", std::get<board::evt::Offered>(earlier[0].event).called.c_str());
}

TEST(FileSpool, events_that_come_while_the_disk_is_busy_leave_together) {
  auto spool = open();
  int done = 0;
  for (std::uint64_t i = 1; i <= 50; ++i) spool->keep(offered(5, i), [&](Kept) { ++done; });
  turn.run_one();
  CHECK_EQUAL(1, done);
  turn.run_one();
  CHECK_EQUAL(50, done);
  CHECK_EQUAL(50u, open()->earlier().size());
}

TEST(FileSpool, is_emptied_when_everything_is_acknowledged) {
  {
    auto spool = open();
    for (std::uint64_t i = 1; i <= 2; ++i) {
      spool->keep(offered(5, i), [](Kept) {});
      turn.run_one();
    }
    spool->forget(5, 1);
  }
  CHECK_EQUAL(2u, slurp(path).find('\0') == 0 ? 0u : open()->earlier().size());  // not all: the file stays as it is
  {
    auto spool = open();
    spool->forget(6, 0);
  }
  CHECK(open()->earlier().empty());
}

TEST(FileSpool, more_than_the_limit_waiting_fails) {
  auto spool = open();
  int failed = 0;
  for (std::uint64_t i = 1; i <= kSpoolWaitingMax + 2; ++i) spool->keep(offered(5, i), [&](Kept k) { failed += k == Kept::failed; });
  CHECK_EQUAL(1u, spool->failed());
  turn.run_one();
  turn.run_one();
  turn.run_one();
  CHECK_EQUAL(1, failed);
}

TEST_GROUP(FileThread) {};

TEST(FileThread, does_its_jobs_in_order_and_all_of_them_before_it_ends) {
  std::vector<int> done;
  {
    FileThread thread;
    for (int i = 0; i < 100; ++i) CHECK(thread.post([&done, i] { done.push_back(i); }));
  }
  CHECK_EQUAL(100u, done.size());
  for (int i = 0; i < 100; ++i) CHECK_EQUAL(i, done[static_cast<std::size_t>(i)]);
}

TEST(FileThread, refuses_when_too_many_jobs_wait) {
  std::promise<void> go;
  auto gate = go.get_future().share();
  FileThread thread;
  std::promise<void> running;
  CHECK(thread.post([gate, &running] { running.set_value(); gate.wait(); }));
  running.get_future().wait();
  for (std::size_t i = 0; i < FileThread::kJobsMax; ++i) CHECK(thread.post([] {}));
  CHECK(!thread.post([] {}));
  go.set_value();
}

TEST_GROUP(Pcap) {
  std::uint8_t frame[5] = {0x02, 0x01, 0x7f, 0xaa, 0xbb};
};

TEST(Pcap, a_frame_has_the_lapd_header_of_link_type_177) {
  std::string out;
  pcap_frame(out, true, true, frame, from_us(1'700'000'000'123'456));
  CHECK_EQUAL(kPcapRecordSize + kLapdHeaderSize + 5, out.size());
  const std::string lapd = out.substr(kPcapRecordSize);
  CHECK(lapd.substr(0, 16) == std::string("\x00\x04\x20\x1c\x00\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x30", 16));
  CHECK(lapd.substr(16) == std::string("\x02\x01\x7f\xaa\xbb", 5));
}

TEST(Pcap, the_readable_part_ends_at_the_last_whole_frame) {
  std::string bytes = pcap_header();
  pcap_frame(bytes, false, false, frame, from_us(1));
  const auto good = bytes.size();
  pcap_frame(bytes, false, false, frame, from_us(2));
  CHECK_EQUAL(bytes.size(), pcap_whole(bytes));
  for (std::size_t cut = good + 1; cut < bytes.size(); ++cut) CHECK_EQUAL(good, pcap_whole(bytes.substr(0, cut)));
  CHECK_EQUAL(0u, pcap_whole("not a trace"));
}

TEST_GROUP(PcapTrace) {
  TempDir dir;
  VirtualTimers timers;
  std::uint8_t frame[3] = {1, 2, 3};
  std::unique_ptr<PcapTrace> open() { return std::move(*PcapTrace::open(timers, dir.path, {{"e1-1", false, true}, {"fxs-1", false, false}})); }
  std::size_t frames() { return (pcap_whole(slurp(dir.path + "/e1-1.pcap")) - kPcapHeaderSize) / (kPcapRecordSize + kLapdHeaderSize + 3); }
};

TEST(PcapTrace, writes_each_second_and_at_the_end) {
  auto trace = open();
  trace->frame(0, true, frame, timers.now());
  trace->frame(1, true, frame, timers.now());  // no D channel: not traced
  timers.run_for(kTraceEvery);
  trace.reset();
  CHECK_EQUAL(1u, frames());
  CHECK(!fs::exists(dir.path + "/fxs-1.pcap"));
}

TEST(PcapTrace, a_trace_of_a_former_life_is_continued_after_its_last_whole_frame) {
  auto trace = open();
  trace->frame(0, true, frame, timers.now());
  trace.reset();
  spit(dir.path + "/e1-1.pcap", slurp(dir.path + "/e1-1.pcap") + "half a frame");
  trace = open();
  trace->frame(0, false, frame, timers.now());
  trace.reset();
  CHECK_EQUAL(2u, frames());
}

TEST_GROUP(Epoch) { TempDir dir; };

TEST(Epoch, is_the_time_of_the_start) { CHECK_EQUAL(5'000'000u, *next_epoch(dir.path + "/e", from_us(5'000'000))); }

TEST(Epoch, is_larger_than_the_last_one_when_the_clock_was_set_back) {
  CHECK_EQUAL(9'000'000u, *next_epoch(dir.path + "/e", from_us(9'000'000)));
  CHECK_EQUAL(9'000'001u, *next_epoch(dir.path + "/e", from_us(5'000'000)));
}

TEST(Epoch, a_file_that_holds_something_else_is_refused) {
  spit(dir.path + "/e", "yesterday\n");
  CHECK(!next_epoch(dir.path + "/e", from_us(1)));
}
