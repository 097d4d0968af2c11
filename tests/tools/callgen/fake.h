// A board that writes down what it is told and says what the test wants; virtual time; rows in memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdio>
#include <string>
#include <unistd.h>
#include <vector>

#include "tools/callgen/callgen.h"

namespace sr::callgen::test {

class FakeBoard final : public Board {
 public:
  std::vector<board::Command> sent;
  bool full = false;                    // no free channel
  BoardListener* listener = nullptr;
  Timers* timers = nullptr;
  LegId last_leg{};

  void send(const board::Command& command) override {
    sent.push_back(command);
    if (const auto* dial = std::get_if<board::cmd::Dial>(&command)) {
      last_leg = dial->leg;
      if (full) say(board::evt::Released{dial->leg, 34, false, "no channel"});
    }
  }
  void say(board::Event event) { listener->on_event({1, ++seq, timers->now(), std::move(event)}); }
  template <class C>
  std::vector<C> all() const {
    std::vector<C> out;
    for (const auto& c : sent)
      if (const auto* one = std::get_if<C>(&c)) out.push_back(*one);
    return out;
  }
  std::uint64_t seq = 0;
};

class Rows final : public CallSink {
 public:
  std::vector<CallRow> calls;
  std::vector<AgentRow> agents;
  void call(const CallRow& row) override { calls.push_back(row); }
  void agent(const AgentRow& row) override { agents.push_back(row); }
};

// A scenario file that goes away with the test.
class ScenarioFile {
 public:
  explicit ScenarioFile(const std::string& text) : path("/tmp/callgen_test_" + std::to_string(::getpid()) + ".lua") {
    std::FILE* f = std::fopen(path.c_str(), "w");
    std::fwrite(text.data(), 1, text.size(), f);
    std::fclose(f);
  }
  ~ScenarioFile() { std::remove(path.c_str()); }
  const std::string path;
};

struct Bench {  // callgen on a fake board
  VirtualTimers timers;
  FakeBoard board;
  Rows rows;
  ScenarioFile file;
  Callgen callgen;
  static Config config(const std::string& path, double seconds) {
    Config c;
    c.scenario = path;
    c.group = "center";
    c.phones = {{"phones", 1}, {"phones", 2}};
    c.seconds = seconds;
    c.seed = 7;
    return c;
  }
  explicit Bench(const std::string& text, double seconds = 10) : file(text), callgen(timers, board, rows, config(file.path, seconds)) {
    board.listener = &callgen.listener();
    board.timers = &timers;
  }
  void run(Duration d) { timers.run_for(d); }
};

}  // namespace sr::callgen::test
