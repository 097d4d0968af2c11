// Counts what a script uses within one turn and stops it at the limit. There is one meter per Lua state; every coroutine of the
// state finds it in its extra space. A stopped call is suspended for good, not raised an error in: pcall has nothing to catch.
// Only where Lua cannot suspend (inside a comparison function of table.sort, say) an error is raised, with the hook at every
// instruction, and the sandbox's pcall stops again.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <lua.hpp>
#include <optional>

#include "cti-core/ivr/lua_heap.h"
#include "cti-core/ivr/turn_clock.h"
#include "drivers/base/result.h"

namespace sr::ivr {

struct Session;

class TurnMeter {
 public:
  TurnMeter(LuaHeap& heap, TurnClock& clock);
  static TurnMeter& of(lua_State* lua);
  void install(lua_State* main);  // before any coroutine is made

  void begin(lua_State* coroutine, LuaHeap::Account account, Session* session);
  std::int64_t end();  // → nanoseconds of the turn

  // From C functions of the sandbox: work that the instruction count does not see. Does not come back when the limit is reached.
  void charge(lua_State* lua, std::int64_t instructions);
  void charge_bytes(lua_State* lua, std::size_t bytes);
  void stop(lua_State* lua, std::string what);  // the same, with a reason of the caller's; in C functions it does not come back

  const std::optional<Error>& failure() const { return failure_; }
  Session* session() const { return session_; }
  int log_lines = 0;           // of this turn
  std::int64_t longest_ns = 0; // of all turns

 private:
  static void hook(lua_State* lua, lua_Debug* at);
  void look(lua_State* lua);
  void give_up(lua_State* lua);

  LuaHeap& heap_;
  TurnClock& clock_;
  lua_State* running_ = nullptr;
  Session* session_ = nullptr;
  std::int64_t began_ns_ = 0, used_ = 0, looked_ = 0;
  std::optional<Error> failure_;
};

std::string place_of(lua_State* lua);   // "main.lua:12" of the innermost Lua function, or empty
Error error_of(std::string message);    // "main.lua:12: what" → {what, where}

}  // namespace sr::ivr
