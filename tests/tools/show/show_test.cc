// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tools/show/child.h"
#include "tools/show/files.h"
#include "tools/show/picture.h"
#include "tools/show/run_dir.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::show;
namespace fs = std::filesystem;

namespace {
struct TempDir {
  TempDir() : path("/tmp/show_test_" + std::to_string(::getpid())) { fs::remove_all(path); fs::create_directories(path); }
  ~TempDir() { fs::remove_all(path); }
  std::string path;
  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(path + "/" + name).parent_path());
    std::ofstream(path + "/" + name, std::ios::binary) << text;
    return path + "/" + name;
  }
};
std::string wav(std::uint32_t data_length, std::size_t bytes) {
  const auto le = [](std::uint32_t v, int n) { std::string s; for (int i = 0; i < n; ++i) s += static_cast<char>(v >> (8 * i)); return s; };
  return "RIFF" + le(0xFFFFFFFF, 4) + "WAVEfmt " + le(18, 4) + le(6, 2) + le(2, 2) + le(8000, 4) + le(16000, 4) + le(2, 2) + le(8, 2) + le(0, 2) + "data" +
         le(data_length, 4) + std::string(bytes, '\xD5');
}
int wait_for(Child& child) {
  for (int i = 0; i < 500; ++i) {
    if (const auto s = child.poll()) return *s;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));  // a real process is the point here
  }
  return -1;
}
}  // namespace

TEST_GROUP(RunDirectory) { TempDir temp; };
TEST(RunDirectory, a_previous_run_moves_aside_and_the_new_one_is_empty) {
  {
    auto first = RunDir::make(temp.path + "/run");
    CHECK_TRUE(first.has_value());
    std::ofstream(first->file("report.json")) << "{}";
  }
  auto second = RunDir::make(temp.path + "/run");
  CHECK_TRUE(second.has_value());
  CHECK_FALSE(fs::exists(second->file("report.json")));
  CHECK_TRUE(fs::exists(temp.path + "/run.prev/report.json"));
  CHECK_TRUE(fs::exists(second->file("recordings")));
}
TEST(RunDirectory, a_run_that_goes_on_is_left_alone) {
  auto first = RunDir::make(temp.path + "/run");
  const auto second = RunDir::make(temp.path + "/run");
  CHECK_TRUE(first.has_value() && !second.has_value());
  STRCMP_CONTAINS("another show", second.error().what.c_str());
}
TEST(RunDirectory, a_directory_with_somebody_elses_files_is_refused) {
  temp.write("home/letter.txt", "dear");
  CHECK_FALSE(RunDir::make(temp.path + "/home").has_value());
  CHECK_TRUE(fs::exists(temp.path + "/home/letter.txt"));
}

TEST_GROUP(ChildProcess) { TempDir temp; };
TEST(ChildProcess, its_exit_is_reported_once_and_its_output_is_in_the_log) {
  Child child("sh", {"/bin/sh", "-c", "echo one; echo two; exit 3"}, temp.path + "/log");
  CHECK_TRUE(child.start().has_value());
  CHECK_EQUAL(3, wait_for(child));
  CHECK_FALSE(child.running());
  CHECK_FALSE(child.poll().has_value());
  STRCMP_EQUAL("  two\n", child.last_lines(1).c_str());
}
TEST(ChildProcess, a_signal_is_told_from_an_exit) {
  Child child("sleep", {"/bin/sleep", "30"}, temp.path + "/log");
  CHECK_TRUE(child.start().has_value());
  child.signal(SIGKILL);
  CHECK_EQUAL(128 + SIGKILL, wait_for(child));
}
TEST(ChildProcess, goes_with_its_owner) {
  pid_t pid = 0;
  {
    Child child("sleep", {"/bin/sleep", "30"}, temp.path + "/log");
    CHECK_TRUE(child.start().has_value());
    pid = child.pid();
  }
  CHECK_EQUAL(-1, ::kill(pid, 0));
}
TEST(ChildProcess, a_program_that_does_not_exist_ends_with_127) {
  Child child("none", {"/nowhere/none"}, temp.path + "/log");
  CHECK_TRUE(child.start().has_value());
  CHECK_EQUAL(127, wait_for(child));
}

TEST_GROUP(ReportFiles) { TempDir temp; };
TEST(ReportFiles, the_length_of_a_wav_is_read_from_its_header_or_its_size) {
  DOUBLES_EQUAL(2.0, wav_length(wav(32000, 32000).substr(0, 256), 46 + 32000).seconds, 1e-9);
  DOUBLES_EQUAL(1.0, wav_length(wav(0xFFFFFFFF, 16000).substr(0, 256), 46 + 16000).seconds, 1e-9);
  DOUBLES_EQUAL(1.0, wav_length(wav(32000, 16000).substr(0, 256), 46 + 16000).seconds, 1e-9);
  DOUBLES_EQUAL(0.0, wav_length("RIFF", 4).seconds, 1e-9);
}
TEST(ReportFiles, recordings_are_found_below_their_directory) {
  temp.write("rec/2026/a.wav", wav(16000, 16000));
  temp.write("rec/note.txt", "x");
  const auto found = read_wavs(temp.path + "/rec");
  CHECK_EQUAL(1, found.size());
  DOUBLES_EQUAL(1.0, found.at("2026/a.wav").seconds, 1e-9);
}
TEST(ReportFiles, rows_of_the_exchange_are_read_and_broken_lines_counted) {
  const auto path = temp.write("x.jsonl", R"({"direction":"in","span":"e1-1","channel":1,"crv":5,"calling":"1","called":"2","at":1000,"refused":false,"delivered":true,"connected_at":2000})"
                               "\n{\"direction\":\"out\",\"span\":\"e1-1\",\"crv\":5,\"calling\":\"1\",\"called\":\"2\",\"at\":1000,\"refused\":false,\"delivered\":true}\n{\"dir\n");
  const auto rows = read_exchange(path);
  CHECK_TRUE(rows.has_value());
  CHECK_EQUAL(1, rows->in.size());
  CHECK_TRUE(rows->in[0].connected_at.has_value() && !rows->in[0].cleared_at.has_value());
  CHECK_EQUAL(1, rows->out);
  CHECK_EQUAL(0, rows->out_connected);
  CHECK_EQUAL(1, rows->broken_lines);
  CHECK_FALSE(read_exchange(temp.path + "/none").has_value());
}

TEST_GROUP(Picture) {};
TEST(Picture, bars_and_curves_have_their_width) {
  STRCMP_EQUAL("█████░░░░░", bar(15, 30, 10).c_str());
  STRCMP_EQUAL("█░░░", bar(1, 30, 4).c_str());
  STRCMP_EQUAL("░░░", bar(0, 0, 3).c_str());
  STRCMP_EQUAL("▁█", curve({9, 0, 4}, 2).c_str());
  STRCMP_EQUAL("", curve({}, 5).c_str());
}
TEST(Picture, no_line_is_wider_than_the_terminal) {
  View v;
  v.exchange.phase = "calling";
  v.exchange.spans = {{"e1-1", 30, 30, true}, {"e1-2", 30, 7, false}};
  v.center.lost = {{"in_queue", 3}, {"in_script", 4}, {"timeout", 12345}};
  v.arrivals.assign(200, 3.0);
  for (const auto& line : picture(v, 40)) {
    std::size_t points = 0;
    for (const char c : line) points += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    CHECK_TRUE(points <= 39);
  }
}
