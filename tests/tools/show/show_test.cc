// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "cti-core/store/writer.h"
#include "tools/show/child.h"
#include "tools/show/files.h"
#include "tools/show/picture.h"
#include "tools/show/report.h"
#include "tools/show/run_dir.h"
#include "tools/show/views.h"

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
std::string without_colours(const std::string& line) {
  std::string out;
  bool escape = false;
  for (const char c : line) {
    escape = escape || c == '\x1b';
    if (!escape) out += c;
    else if (c == 'm') escape = false;
  }
  return out;
}
std::size_t width_of(const std::string& line) {  // code points on the screen
  const std::string text = without_colours(line);
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
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
TEST(RunDirectory, a_slash_at_its_end_changes_nothing_and_the_current_directory_is_refused) {
  auto run = RunDir::make(temp.path + "/run/");
  CHECK_TRUE(run.has_value());
  STRCMP_EQUAL((temp.path + "/run").c_str(), run->path().c_str());
  CHECK_FALSE(fs::exists(temp.path + "/run/.lock"));
  for (const char* here : {"", ".", "./", ".."}) CHECK_FALSE(RunDir::make(here).has_value());
}
TEST(RunDirectory, what_is_no_directory_is_refused_with_the_option_to_change) {
  const auto run = RunDir::make(temp.write("letter", "dear") + "/run");
  CHECK_FALSE(run.has_value());
  STRCMP_CONTAINS("--run-dir", run.error().text().c_str());
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
  v.center.agents = {{"agentBusy", 12}, {"agentReady", 1}, {"agentWorkingAfterCall", 3}, {"agentNotReady", 2}, {"agentNull", 5}};
  v.arrivals.assign(200, 3.0);
  v.notice = std::string(300, 'x');
  for (const int columns : {22, 40, 80, 300})
    for (const bool colour : {false, true})
      for (const auto& line : picture(v, columns, colour)) CHECK_TRUE(std::cmp_less(width_of(line), columns));
}
TEST(Picture, has_colours_only_when_asked_and_is_the_same_text_then) {
  View v;
  v.exchange.spans = {{"e1-1", 30, 30, true}, {"e1-2", 30, 7, false}};
  v.center.lost = {{"in_queue", 3}};
  v.notice = "ctid died";
  const auto plain = picture(v, 80, false), coloured = picture(v, 80, true);
  CHECK_EQUAL(plain.size(), coloured.size());
  std::size_t painted = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CHECK_TRUE(plain[i].find('\x1b') == std::string::npos);
    STRCMP_EQUAL(plain[i].c_str(), without_colours(coloured[i]).c_str());
    painted += coloured[i] != plain[i];
  }
  CHECK_TRUE(painted >= 5);
}
TEST(Picture, what_does_not_fit_goes_on_below) {
  View v;
  v.center.lost = {{"blacklist", 9}, {"in_queue", 38}, {"in_script", 40}, {"rejected", 7}, {"ringing_agent", 8}};
  std::string all;
  for (const auto& line : picture(v, 80, false)) all += line + "\n";
  STRCMP_CONTAINS("lost           102   in_script 40   in_queue 38   blacklist 9", all.c_str());
  STRCMP_CONTAINS("\n                     rejected 7\n", all.c_str());
}
TEST(Picture, says_who_is_left_once_the_seconds_are_over) {
  View v;
  v.seconds = 30;
  v.exchange.phase = "calling";
  v.exchange.elapsed_s = 12;
  v.exchange.callers_up = 7;
  STRCMP_CONTAINS("12 of 30 s: 0 attempts", progress_line(v).c_str());
  v.exchange.elapsed_s = 31;
  v.exchange.phase = "draining";
  STRCMP_CONTAINS("draining, 7 callers left: 0 attempts", progress_line(v).c_str());
  STRCMP_CONTAINS("30 of 30 s   draining, 7 callers left", picture(v, 80, false).front().c_str());
  STRCMP_CONTAINS("30 of 30 s", picture(v, 40, false).front().c_str());
  v.exchange.phase = "going_home";
  STRCMP_CONTAINS("the agents go home: 0 attempts", progress_line(v).c_str());
}

TEST_GROUP(Views) { TempDir temp; };
TEST(Views, who_waits_and_who_works_is_read_from_the_journal) {
  const std::string path = temp.path + "/journal.db";
  CHECK_FALSE(read_center_view(path).has_value());
  {
    auto writer = store::Writer::open(path, 0);
    CHECK_TRUE(writer.has_value());
    CHECK_TRUE((*writer)->database().exec("insert into call(call, direction, begun_at, in_queue, with_agent, ended_at) values"
                                      "(1, 'in', 1, 1, 0, null), (2, 'in', 1, 1, 0, null), (3, 'in', 1, 1, 1, null), (4, 'in', 1, 2, 2, null), (5, 'in', 1, 1, 0, 9);"
                                      "insert into agent(agent, device, state, reason, call, since) values ('2001', '1001', 'agentBusy', '', 4, 1),"
                                      "('2002', '1002', 'agentReady', '', 0, 1), ('2003', '1003', 'agentReady', '', 0, 1)").has_value());
  }
  const auto view = read_center_view(path);
  CHECK_TRUE(view.has_value());
  CHECK_EQUAL(2, view->waiting);  // 3: his agent's phone rings, 4: talks, 5: has gone
  CHECK_EQUAL(1, view->agents.at("agentBusy"));
  CHECK_EQUAL(2, view->agents.at("agentReady"));
}

TEST_GROUP(Report) {};
TEST(Report, fits_80_columns) {
  Report r;
  r.exchange = {12345, 12000, 11000, 345};
  r.center = {12000, 10000, 100, {{"in_queue", 1900}}, 0};
  r.outgoing = {1234, 1000, 200, 30, 4, 1100, 1000};
  r.recordings = {11000, 11000, 123456};
  r.trunks_busy_s = {{"e1-1", 1234.5}};
  r.groups_full = {{"city", {1234.5, 240, 239.9, 86400, 0.9999}}};
  r.show.boardd_restarts = 2;
  r.balanced = r.ok = true;
  std::istringstream lines(human(r, "var/run"));
  for (std::string line; std::getline(lines, line);) CHECK_TEXT(line.size() <= 80, line.c_str());
  STRCMP_CONTAINS("The books balance.", human(r, "var/run").c_str());
  r.balanced = false;
  STRCMP_CONTAINS("The books do NOT balance.", human(r, "var/run").c_str());
}
TEST(Report, of_an_incomplete_exchange_log_says_so_and_does_not_blame_the_center) {
  Report r;
  r.balanced = true;
  r.exchange_log_complete = false;
  r.mismatches = {"exchange.jsonl is incomplete", "booked, but the exchange knows nothing of it: call 7"};
  STRCMP_CONTAINS("exchange.jsonl, is incomplete: not every call can be compared.\nThe books balance.\n", human(r, "var/run").c_str());
  r.exchange_log_complete = true;
  STRCMP_CONTAINS("exchange and center differ", human(r, "var/run").c_str());
}
