// One run of a scenario: phases, arrivals and the people's coroutines, over a Timers and a Board that somebody else owns (main.cc
// with real time and boardd's soft spans; the World with virtual time). Reactor thread.
//   waiting   until the lines are up (or start() is told not to wait); then the agents are at their phones, and callers may
//             still be held back (hold_callers_until)
//   calling   callers arrive by the curve, agents work
//   draining  no new callers; those that are there are served; then agents go home; at the limit everybody hangs up
//   done      no leg is left (or kHangUpLimit is over)
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/callgen/exchange.h"
#include "tools/callgen/script.h"

namespace sr::callgen {

inline constexpr Duration kGoHomeLimit = 20s;     // agents have so long to log out
inline constexpr Duration kHangUpLimit = 15s;     // legs have so long to end after everybody was told to hang up
inline constexpr Duration kPhaseStep = 100ms;
inline constexpr Duration kAgentStagger = 1ms;    // between the first acts of two agents

struct Config {
  std::string scenario;            // path of the Lua file
  std::string group = "center";    // trunk group that callers dial on, unless the scenario names one
  std::vector<PhoneLine> phones;   // in the order of the agents
  double seconds = 90;             // of arrivals; 0: until stop_arrivals()
  std::uint64_t seed = 1;
  std::uint64_t calls_max = 0;     // 0: the scenario's
  double rate = 0;                 // 0: the scenario's
  int agents = -1;                 // -1: the scenario's
  double drain_s = -1;             // -1: the scenario's
  std::map<std::string, std::string> param;
};

enum class Phase { waiting, calling, draining, going_home, hanging_up, done };

class Callgen {
 public:
  Callgen(Timers& timers, Board& board, CallSink& sink, Config config);
  ~Callgen();
  Status load();                   // the scenario; before anything else
  BoardListener& listener() { return exchange_; }
  Exchange& exchange() { return exchange_; }
  const Exchange& exchange() const { return exchange_; }
  const Script& script() const { return script_; }
  void hold_callers_until(std::function<bool()> may_call) { may_call_ = std::move(may_call); }  // asked each kPhaseStep
  void start(bool wait_for_lines, std::function<void()> on_done = {});
  void stop_arrivals();            // the show is over for new callers
  void hang_up();                  // and for all others
  Phase phase() const { return phase_; }
  Progress progress() const;

 private:
  void man_phones();
  void begin();
  void arrive();
  void new_caller();
  void step();
  void enter(Phase phase);

  Timers& timers_;
  Config config_;
  Exchange exchange_;
  Script script_;
  Random random_;
  Phase phase_ = Phase::waiting;
  bool manned_ = false;
  Instant begun_{}, manned_at_{}, entered_{};
  double next_s_ = 0;
  std::uint64_t made_ = 0, calls_max_ = 0;
  double drain_s_ = 60;
  Arrivals arrivals_;
  TimerId arrival_timer_{}, step_timer_{};
  std::vector<TimerId> agent_timers_;
  std::function<void()> on_done_;
  std::function<bool()> may_call_;  // empty: at once
};

}  // namespace sr::callgen
