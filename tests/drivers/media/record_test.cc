// Recordings: what the engine taps, what the writer makes of it, and what stands on the disk.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "drivers/media/record_writer.h"
#include "drivers/media/wav.h"
#include "tests/drivers/media/engine_rig.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;
namespace fs = std::filesystem;

namespace {

struct Recorder {
  EngineRig rig;
  MemoryFiles* files = new MemoryFiles(true);
  std::vector<RecordDone> done;
  std::vector<bool> disk_low;
  RecordWriter writer{std::unique_ptr<RecordFiles>(files), rig.pool, 5, {[this](RecordDone d) { done.push_back(d); }, [this](bool low) { disk_low.push_back(low); }}};

  void start(std::uint32_t record, int channel, bool only_connected = false) {
    RecordRequest r{.record = record, .length = 5};
    std::copy_n("x.wav", 5, r.file.begin());
    CHECK_TRUE(writer.request(r));
    rig.apply(cmd::Record{rig.slot(channel), record, only_connected});
  }
  void ticks(int n) {
    for (int i = 0; i < n; ++i) rig.tick();
  }
};

std::vector<std::uint8_t> read_all(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct TempDir {
  fs::path path;
  TempDir() {
    std::string name = (fs::temp_directory_path() / "switchroom-XXXXXX").string();
    CHECK_TRUE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TempDir() { fs::remove_all(path); }
};

// sox's opinion of a file's length in samples; -1 when it cannot read it.
long sox_samples(const fs::path& path) {
  const fs::path raw = path.string() + ".raw";
  if (std::system(("sox " + path.string() + " " + raw.string() + " 2>/dev/null").c_str()) != 0) return -1;
  const auto bytes = static_cast<long>(fs::file_size(raw));
  fs::remove(raw);
  return bytes / 2;  // two channels of one byte
}

}  // namespace

TEST_GROUP(Record) {};

TEST(Record, left_is_what_the_leg_says_and_right_what_it_hears) {
  Recorder r;
  r.rig.open(1);
  r.rig.open(2);
  r.rig.apply(cmd::Connect{r.rig.slot(1), r.rig.slot(2)});
  r.start(1, 1);
  r.rig.say(1, filled(0x11));
  r.rig.say(2, filled(0x22));
  r.ticks(30);
  r.rig.hush();
  r.ticks(1);
  r.rig.apply(cmd::Close{r.rig.slot(1)});
  r.writer.turn();
  LONGS_EQUAL(1, r.done.size());
  LONGS_EQUAL(31 * 20, r.done[0].duration_ms);
  CHECK_TRUE(r.done[0].end == RecordDone::End::done);
  const auto& bytes = r.files->files.begin()->second.bytes;
  LONGS_EQUAL(31 * 320, bytes.size());
  for (std::size_t i = 0; i < 30 * 320; i += 2) {
    BYTES_EQUAL(0x11, bytes[i]);
    BYTES_EQUAL(0x22, bytes[i + 1]);
  }
  for (std::size_t i = 30 * 320; i < bytes.size(); ++i) BYTES_EQUAL(kAlawSilence, bytes[i]);
}

TEST(Record, policy_agent_writes_only_while_connected) {
  Recorder r;
  r.rig.open(1);
  r.rig.open(2);
  r.start(1, 1, true);
  r.ticks(10);
  r.rig.apply(cmd::Connect{r.rig.slot(1), r.rig.slot(2)});
  r.ticks(5);
  r.rig.apply(cmd::Disconnect{r.rig.slot(1)});
  r.ticks(10);
  r.rig.apply(cmd::StopRecord{r.rig.slot(1)});
  r.writer.turn();
  LONGS_EQUAL(100, r.done.at(0).duration_ms);
}

TEST(Record, when_the_writer_does_not_keep_up_silence_stands_there_and_the_length_is_right) {
  EngineRig rig;
  RecordPool pool{1};  // 8 chunks of half a second
  RecordTap tap{pool, 1};
  std::vector<RecordDone> done;
  auto* files = new MemoryFiles(true);
  RecordWriter writer{std::unique_ptr<RecordFiles>(files), pool, 5, {[&](RecordDone d) { done.push_back(d); }, [](bool) {}}};
  CHECK_TRUE(writer.request({.record = 3, .length = 1, .file = {'x'}}));
  tap.begin(0, 3);
  std::uint32_t lost = 0;
  for (std::size_t n = 0; n < 8 * kChunkBlocks + 7; ++n) lost += tap.block(0, filled(1), filled(2));
  LONGS_EQUAL(0, lost);  // not yet known how many
  LONGS_EQUAL(7, tap.blocks_lost());
  writer.turn();
  for (int n = 0; n < 3; ++n) lost += tap.block(0, filled(1), filled(2));
  LONGS_EQUAL(7, lost);
  LONGS_EQUAL(0, tap.end(0));
  writer.turn();
  LONGS_EQUAL((8 * kChunkBlocks + 7 + 3) * 20, done.at(0).duration_ms);
  const auto& bytes = files->files.begin()->second.bytes;
  BYTES_EQUAL(kAlawSilence, bytes[8 * kChunkBytes]);
  BYTES_EQUAL(kAlawSilence, bytes[8 * kChunkBytes + 7 * kRecordBlockBytes - 1]);
  BYTES_EQUAL(1, bytes[8 * kChunkBytes + 7 * kRecordBlockBytes]);
}

TEST(Record, a_recording_that_comes_after_its_leg_is_closed_at_once) {
  Recorder r;
  r.start(1, 1);  // the slot is not open
  r.writer.turn();
  LONGS_EQUAL(0, r.done.at(0).duration_ms);
  LONGS_EQUAL(0, r.writer.open_files());
}

TEST(Record, a_lost_command_cancels_its_file) {
  Recorder r;
  CHECK_TRUE(r.writer.request({.record = 4, .length = 1, .file = {'x'}}));
  CHECK_TRUE(r.writer.request({.record = 4, .cancel = true}));
  r.writer.turn();
  CHECK_TRUE(r.done.at(0).end == RecordDone::End::failed);
}

TEST(Record, a_disk_that_runs_low_ends_the_recordings_and_calls_go_on) {
  Recorder r;
  r.rig.open(1);
  r.start(1, 1);
  r.rig.say(1, filled(1));
  r.ticks(50);
  r.writer.turn();
  r.files->free = 4.9;
  for (int n = 0; n < kTurnsPerSync; ++n) r.writer.turn();
  CHECK_TRUE(r.done.at(0).end == RecordDone::End::disk_low);
  LONGS_EQUAL(1000, r.done[0].duration_ms);
  LONGS_EQUAL(1, r.disk_low.size());
  CHECK_TRUE(r.disk_low[0]);
  r.ticks(500);  // the engine goes on, its chunks come back
  r.writer.turn();
  r.start(2, 1);
  r.writer.turn();
  CHECK_TRUE(r.done.at(1).end == RecordDone::End::disk_low);
  r.files->free = 5.5;  // not yet: it would flap
  for (int n = 0; n < kTurnsPerSync; ++n) r.writer.turn();
  LONGS_EQUAL(1, r.disk_low.size());
  r.files->free = 6.0;
  for (int n = 0; n < kTurnsPerSync; ++n) r.writer.turn();
  CHECK_FALSE(r.disk_low.at(1));
  r.start(3, 1);
  r.ticks(1);
  r.writer.turn();
  LONGS_EQUAL(1, r.writer.open_files());
  LONGS_EQUAL(0, r.rig.tap.blocks_lost());
}

TEST(Record, a_write_error_ends_that_recording_with_its_reason) {
  Recorder r;
  r.rig.open(1);
  r.start(1, 1);
  r.writer.turn();
  r.files->full = true;
  r.ticks(25);
  r.writer.turn();
  CHECK_TRUE(r.done.at(0).end == RecordDone::End::failed);
  STRCMP_CONTAINS("no space", r.done[0].why.c_str());
}

TEST(Record, finish_all_closes_what_is_open) {
  Recorder r;
  r.rig.open(1);
  r.start(1, 1);
  r.ticks(3);
  r.rig.tap.end(static_cast<std::size_t>(r.rig.slot(1)));
  CHECK_TRUE(r.writer.request({.record = 2, .length = 1, .file = {'y'}}));
  r.writer.finish_all();
  LONGS_EQUAL(2, r.done.size());
  LONGS_EQUAL(60, r.done[0].duration_ms);
}

TEST(Record, names_stay_below_the_directory) {
  CHECK_TRUE(RecordWriter::check_name("2026/01/02/call-7.wav").has_value());
  for (const auto* bad : {"", "/etc/x.wav", "../x.wav", "a/../../x.wav", "x", "a b.wav", "x.wav\n"}) CHECK_FALSE_TEXT(RecordWriter::check_name(bad).has_value(), bad);
  CHECK_FALSE(RecordWriter::check_name(std::string(kRecordFileMax, 'a') + ".wav").has_value());
}

TEST(Record, on_the_disk_it_can_be_played_also_when_nobody_closed_it) {
  TempDir dir;
  std::vector<RecordDone> done;
  EngineRig rig;
  RecordWriter writer{make_disk_files(dir.path.string()), rig.pool, 0, {[&](RecordDone d) { done.push_back(d); }, [](bool) {}}};
  RecordRequest request{.record = 1, .length = 9};
  std::copy_n("a/b/c.wav", 9, request.file.begin());
  CHECK_TRUE(writer.request(request));
  rig.open(1);
  rig.apply(cmd::Record{rig.slot(1), 1, false});
  rig.say(1, filled(0x11));
  for (std::size_t n = 0; n < 3 * kChunkBlocks + 5; ++n) rig.tick();
  writer.turn();
  const fs::path file = dir.path / "a/b/c.wav", killed = dir.path / "killed.wav";
  LONGS_EQUAL(3 * kChunkBlocks * 160, sox_samples(file));  // while it is being written
  fs::copy_file(file, killed);                             // what a kill -9 leaves
  {
    std::ofstream half(killed, std::ios::binary | std::ios::app);
    half.put(0x11);  // in the middle of a pair of samples
  }
  rig.apply(cmd::Close{rig.slot(1)});
  writer.turn();
  LONGS_EQUAL((3 * kChunkBlocks + 5) * 20, done.at(0).duration_ms);
  LONGS_EQUAL((3 * kChunkBlocks + 5) * 160, sox_samples(file));
  const auto bytes = read_all(file);
  LONGS_EQUAL(bytes.size() - kWavHeaderBytes, bytes[54] + 256 * bytes[55] + 65536 * bytes[56]);
  BYTES_EQUAL(2, bytes[22]);
  BYTES_EQUAL(6, bytes[20]);

  RecordWriter next{make_disk_files(dir.path.string()), rig.pool, 0, {[](RecordDone) {}, [](bool) {}}};
  next.turn();
  const auto mended = read_all(killed);
  LONGS_EQUAL(3 * kChunkBytes, mended[54] + 256 * mended[55] + 65536 * mended[56]);
  LONGS_EQUAL(3 * kChunkBlocks * 160, sox_samples(killed));
  CHECK_FALSE(*mend_recording(file.string()));
}

TEST(Record, an_existing_file_is_not_overwritten) {
  TempDir dir;
  std::vector<RecordDone> done;
  EngineRig rig;
  RecordWriter writer{make_disk_files(dir.path.string()), rig.pool, 0, {[&](RecordDone d) { done.push_back(d); }, [](bool) {}}};
  for (const std::uint32_t id : {1U, 2U}) {
    RecordRequest request{.record = id, .length = 5};
    std::copy_n("x.wav", 5, request.file.begin());
    CHECK_TRUE(writer.request(request));
  }
  writer.turn();
  LONGS_EQUAL(1, done.size());
  LONGS_EQUAL(2, done[0].record);
  CHECK_TRUE(done[0].end == RecordDone::End::failed);
}
