// The show over programs that misbehave: shell scripts in the places of boardd, ctid and callgen; and what callgen is told when.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tools/show/show.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::show;
namespace fs = std::filesystem;

TEST_GROUP(ShowLife) {
  const std::string path = "/tmp/show_life_" + std::to_string(::getpid());
  void setup() override { fs::remove_all(path); fs::create_directories(path + "/bin"); }
  void teardown() override { fs::remove_all(path); }

  void program(const std::string& name, const std::string& body) const {
    const std::string file = path + "/bin/" + name;
    std::ofstream(file) << "#!/bin/sh\n" << body << "\n";
    CHECK_EQUAL(0, ::chmod(file.c_str(), 0755));
  }
  Options options() const {
    Options o;
    o.bin_dir = path + "/bin";
    return o;
  }
  void wait_for_file(const std::string& file) const {
    for (int i = 0; i < 1000 && !fs::exists(file); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK_TRUE(fs::exists(file));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // a real process is the point: its last line, then its end
  }
  // True: the show ended by itself.
  static bool run(Reactor& reactor) {
    bool late = false;
    reactor.timers().after(10s, [&] { late = true; reactor.stop(); });
    reactor.run();
    return !late;
  }
};
// A start takes long when the machine is busy. Here it waits for somebody to read the log of the last program.
TEST(ShowLife, a_program_that_refuses_while_the_others_are_being_started_ends_the_show) {
  program("boardd", "echo 'wrong.toml:1: no such key'; touch " + path + "/gone; exit 2");
  program("ctid", "exec sleep 60");
  program("callgen", "exec sleep 60");
  auto dir = RunDir::make(path + "/run");
  CHECK_TRUE(dir.has_value());
  const std::string log = dir->file("callgen.log");
  CHECK_EQUAL(0, ::mkfifo(log.c_str(), 0600));
  int reading = -1;
  std::thread opener([&] {
    wait_for_file(path + "/gone");
    reading = ::open(log.c_str(), O_RDONLY | O_CLOEXEC);
  });
  {
    Reactor reactor;
    Terminal terminal;
    Show show(reactor, options(), *dir, terminal);
    CHECK_TRUE(show.start().has_value());
    opener.join();
    CHECK_TRUE(run(reactor));
    CHECK_TRUE(show.failed() && show.refused());
    STRCMP_CONTAINS("wrong.toml:1: no such key", show.error().c_str());
  }
  ::close(reading);
}
TEST(ShowLife, ctrl_c_before_the_lines_are_up_ends_programs_that_hear_no_signal) {
  for (const char* name : {"boardd", "ctid", "callgen"}) program(name, "trap '' INT TERM HUP; touch " + path + "/" + name + "; sleep 60; sleep 60");
  auto dir = RunDir::make(path + "/run");
  CHECK_TRUE(dir.has_value());
  Terminal terminal;
  Reactor reactor;
  Show show(reactor, options(), *dir, terminal);
  CHECK_TRUE(show.start().has_value());
  std::thread user([&] {
    for (const char* name : {"boardd", "ctid", "callgen"}) wait_for_file(path + "/" + name);
    reactor.post([&] {
      CHECK_TRUE(show.stop_softly());
      CHECK_FALSE(show.stop_softly());
    });
  });
  const bool ended = run(reactor);
  user.join();
  CHECK_TRUE(ended && show.failed() && !show.refused());
  STRCMP_CONTAINS("stopped before the lines were up", show.error().c_str());
}

TEST_GROUP(ShowEnding) {
  const Instant t0 = from_us(1'000'000'000);
  void urged(Urge wanted, const Ending& e, Duration after) const { CHECK_TRUE(wanted == urge(e, t0 + after)); }
};
TEST(ShowEnding, a_show_without_end_is_left_alone_until_it_is_stopped) {
  const Ending e{0, t0, {}, {}};
  urged(Urge::none, e, 0s);
  urged(Urge::none, e, 100h);
}
TEST(ShowEnding, who_drains_too_long_is_told_to_hang_up) {
  const Ending stopped{0, t0, t0 + 7s, {}}, over{90, t0, {}, {}};
  urged(Urge::none, stopped, 7s + kDrainAfterStop - 1us);
  urged(Urge::hang_up, stopped, 7s + kDrainAfterStop);
  urged(Urge::none, over, 90s + kDrainMax - 1us);
  urged(Urge::hang_up, over, 90s + kDrainMax);
}
TEST(ShowEnding, who_was_told_to_hang_up_and_stays_is_killed) {
  const Ending e{90, t0, t0 + 7s, t0 + 40s};
  urged(Urge::none, e, 40s + kHangUpMax - 1us);
  urged(Urge::kill, e, 40s + kHangUpMax);
}

TEST_GROUP(ShowTerminal) {};
TEST(ShowTerminal, a_terminal_without_utf_8_gets_signs_of_the_same_width) {
  STRCMP_EQUAL("e1 ##.. _.:-=+*# a - b", ascii("e1 ██░░ ▁▂▃▄▅▆▇█ a – b").c_str());
  STRCMP_EQUAL("caf? ?", ascii("café 中").c_str());
}
