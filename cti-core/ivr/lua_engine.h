// The Engine of ivr.h on Lua 5.4. One Lua state; each call has a coroutine and globals of its own, about 3 KB. The first turn of
// a script runs inside start(). Requests go to the host after the turn, never from inside Lua; an answer that comes at once, from
// within the request, is taken up in a timer of its own, so that nothing recurses and a script that never waits is found out.
// The limits are in limits.h. Reactor thread. The engine outlives every answer of the data source.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cti-core/ivr/ivr.h"
#include "cti-core/ivr/limits.h"
#include "cti-core/ivr/script_check.h"
#include "cti-core/ivr/turn_clock.h"

namespace sr::ivr {

struct EngineOptions {
  std::string directory = "ivr-scripts";  // scripts and include() are below it
  bool watch_files = true;                // a changed file serves the calls that begin after it (looked for at a start, at most every kWatchEvery)
  std::optional<int> utc_offset_minutes{};  // what clock() calls local time; none: the zone of the machine
  std::size_t state_bytes_max = kStateBytesMax;
};

struct EngineCounters {
  std::uint64_t started = 0, refused = 0;      // refused: no such script, or no memory
  std::uint64_t finished = 0, failed = 0, hung_up = 0;
  std::uint64_t limits = 0;                    // of failed: a limit was reached
  std::uint64_t digits_dropped = 0;            // typed ahead beyond kDigitsMax
  std::uint64_t late = 0;                      // events for a call that has no script, or that it does not wait for
  std::uint64_t reloaded = 0, reload_refused = 0;
  std::int64_t longest_turn_ns = 0;            // of a script
  std::int64_t longest_pause_ns = 0;           // of the reactor: the turn and the garbage collected after it
  std::size_t memory = 0;                      // bytes of the state
};

class LuaEngine : public Engine {
 public:
  static std::unique_ptr<LuaEngine> make(Timers& timers, ScriptHost& host, DataSource& data, TurnClock& clock, EngineOptions options);

  virtual std::vector<Error> check(const std::string& script) = 0;  // everything that is wrong with it; empty: nothing. load() says the first
  virtual void reload_changed() = 0;                                // now, whatever kWatchEvery says
  virtual EngineCounters counters() const = 0;
  virtual std::vector<std::string> scripts() const = 0;             // loaded ones
};

}  // namespace sr::ivr
