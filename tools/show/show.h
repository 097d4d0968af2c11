// The show: the processes, their order, their restarts, the picture, the end. Everything happens in a timer of the reactor.
//   starting   boardd, ctid and callgen are started; until callgen has its lines
//   running    until callgen ends by itself (seconds over and drained) or is told to
//              (ending.h says when, and what happens when it does not end)
//   settling   until no call is in progress in the books, kSettleMax at most
//   stopping   boardd first (it finishes the recordings), then ctid; SIGKILL for each after kStopChildMax
//   over       the report may be made
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "drivers/base/reactor.h"
#include "drivers/base/result.h"
#include "tools/show/child.h"
#include "tools/show/ending.h"
#include "tools/show/report.h"
#include "tools/show/run_dir.h"
#include "tools/show/terminal.h"
#include "tools/show/views.h"

namespace sr::show {

inline constexpr Duration kStartMax = 30s;        // until the lines are up
inline constexpr Duration kSettleMax = 10s;
inline constexpr Duration kStopChildMax = 8s;     // then SIGKILL
inline constexpr Duration kLookEvery = 50ms;      // at the children: a dead one is started again well within 1 s
inline constexpr Duration kPictureEvery = 250ms;
inline constexpr Duration kJournalEvery = 500ms;
inline constexpr Duration kLineEvery = 5s;        // without a terminal
inline constexpr int kQuickDeathsMax = 5;         // in a row, each within kQuickDeath of its start: then the show gives up
inline constexpr Duration kQuickDeath = 2s;
inline constexpr std::size_t kDeathsKeptMax = 1'000;

struct Options {
  double seconds = 90;
  std::uint64_t seed = 0;
  std::uint64_t calls = 0;
  int agents = -1;
  double rate = 0;
  std::string run_dir = "var/run", profile = "hw-profiles/soft-show.toml", exchange_profile = "hw-profiles/soft-exchange.toml",
              config = "ivr-scripts/center.toml", scenario = "tools/callgen/scenarios/show.lua", bin_dir;
  std::vector<std::string> set;  // name=value for the scenario
};

class Show {
 public:
  Show(Reactor& reactor, const Options& options, const RunDir& dir, Terminal& terminal);
  Status start();
  bool stop_softly();   // first Ctrl-C, SIGTERM: no new callers, a short drain, the report. false: was told before
  void stop_now();      // second Ctrl-C
  // After the reactor has stopped:
  bool failed() const { return !error_.empty(); }
  bool refused() const { return refused_; }  // failed because a program refused what it was given, before anything began
  const std::string& error() const { return error_; }
  bool aborted() const { return aborted_; }
  ReportInput report_input() const;

 private:
  enum class Phase { starting, running, settling, stopping_board, stopping_center, over };
  void tick();
  void look_at_lines();
  void hurry_callgen();
  void look_at_children();
  void revive(Child& child, int status, std::int64_t& restarts, Instant& started, int& quick);
  void give_up_on(const Child& child, int status);
  void give_up(const std::string& why);
  void enter(Phase phase);
  void draw();
  void clear_picture();
  void print(const std::string& text);
  void say(const std::string& line);
  void measure_arrivals();

  Reactor& reactor_;
  const Options options_;
  const RunDir& dir_;
  Terminal& terminal_;
  std::unique_ptr<Child> boardd_, ctid_, callgen_;
  Phase phase_ = Phase::starting;
  Instant entered_{}, board_started_{}, center_started_{}, drawn_{}, read_{}, sampled_{};
  Ending ending_;
  std::int64_t board_restarts_ = 0, center_restarts_ = 0, attempts_seen_ = 0;
  int board_quick_ = 0, center_quick_ = 0, callgen_status_ = 0;
  std::size_t lines_drawn_ = 0;
  bool aborted_ = false, refused_ = false;
  std::vector<Instant> board_deaths_;
  Instant notice_until_{};
  View view_;
  std::string error_;
};

}  // namespace sr::show
