// A scenario: a Lua file with the functions caller(c), agent(a) and called(p), each written in blocking style and run as one
// coroutine per person. Standard libraries: base, string, table, math. What the functions may call: tools/callgen/README.md.
// The file is the user's own; a runaway loop is stopped after kInstructionsMax, an error ends that person's part with one log line.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <memory>
#include <string>

#include "drivers/base/result.h"
#include "drivers/base/time.h"
#include "tools/callgen/arrivals.h"
#include "tools/callgen/exchange.h"

namespace sr::callgen {

inline constexpr int kInstructionsMax = 10'000'000;  // between two waits
inline constexpr std::size_t kMarksMax = 100;        // names of mark()

// What the scenario's top level says; the command line overrides.
struct ScenarioSettings {
  Arrivals arrivals;
  std::uint64_t calls = 0;    // 0: no limit
  int agents = 0;
  double drain_s = 60;        // after the end of arrivals
  std::string group;          // trunk group that callers dial on
};

class Script {
 public:
  // `param`: what the scenario finds in its global table `param` (strings; numbers where they look like one).
  Script(Timers& timers, Exchange& exchange, std::map<std::string, std::string> param);
  ~Script();
  Status load(const std::string& path);     // error: file:line and what Lua says
  const ScenarioSettings& settings() const;
  void set_group(std::string group);
  bool has(Role role) const;
  void start(Party& party);                 // runs his function until its first wait
  void on_wake(PartyId id, Wake wake);
  std::size_t running() const;
  std::size_t running(Role role) const;
  const std::map<std::string, std::uint64_t>& marks() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sr::callgen
