// One call's script: its coroutine, what it has asked for in this turn, and what came back. Owned by the engine.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <deque>
#include <lua.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cti-core/ivr/collect.h"
#include "cti-core/ivr/ivr.h"
#include "cti-core/ivr/lua_heap.h"
#include "cti-core/ivr/script_program.h"
#include "cti-core/ivr/session_state.h"

namespace sr::ivr {

namespace ask {  // what a script waits for
struct Answer {};
struct Play { std::vector<std::string> prompts; bool barge_in = false; };
struct Collect { std::vector<std::string> prompts; CollectRequest request; };
struct Queue { QueueRequest request; };
struct Dial { DialRequest request; };
struct Sql { std::string text; std::vector<SqlValue> parameters; };
struct Hangup { int q850 = 16; };
}  // namespace ask
using Ask = std::variant<std::monostate, ask::Answer, ask::Play, ask::Collect, ask::Queue, ask::Dial, ask::Sql, ask::Hangup>;

struct Answered {};
struct Digit { std::optional<char> digit; };
using Reply = std::variant<std::monostate, Answered, Digit, Collector, QueueEnd, DialEnd, SqlResult>;

struct ScriptContext {  // what the functions of the telephone reach besides the session
  ScriptHost& host;
  Timers& timers;
  std::optional<int> utc_offset_minutes;
};

struct Session {
  ScriptContext* context = nullptr;
  CallInfo info;
  State state = State::running;
  lua_State* coroutine = nullptr;
  int coroutine_ref = LUA_NOREF, globals_ref = LUA_NOREF;
  LuaHeap::Account account = LuaHeap::kNobody;
  std::uint32_t version = 0;                 // of its program
  const Program* program = nullptr;
  std::string lang;
  std::map<std::string, std::string> data;

  Ask ask;
  Reply reply;
  std::string typed;                         // digits not yet consumed
  std::unique_ptr<Collector> collector;
  std::vector<std::string> to_play;          // what is left for the next script_play
  std::uint32_t play = 0;
  bool barge_in = false;
  TimerId timer = TimerId::none;
  std::uint64_t question = 0;                // of the SQL query that is out

  bool busy = false;                         // inside a turn or a call to the host: results wait in `reply`
  bool ready = false;                        // a reply is there
  bool gone = false;                         // hung up meanwhile
  Instant window{};                          // of kTurnsPerSecondMax
  int window_turns = 0;
  std::int64_t window_ns = 0;
};

}  // namespace sr::ivr
