// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/turn_meter.h"

#include <fmt/format.h>

#include <algorithm>

namespace sr::ivr {

TurnMeter::TurnMeter(LuaHeap& heap, TurnClock& clock) : heap_(heap), clock_(clock) {
  heap_.on_over_limit = [this] {
    if (running_ != nullptr) lua_sethook(running_, hook, LUA_MASKCOUNT, 1);
  };
}

TurnMeter& TurnMeter::of(lua_State* lua) { return **static_cast<TurnMeter**>(lua_getextraspace(lua)); }
void TurnMeter::install(lua_State* main) { *static_cast<TurnMeter**>(lua_getextraspace(main)) = this; }

void TurnMeter::begin(lua_State* coroutine, LuaHeap::Account account, Session* session) {
  running_ = coroutine;
  session_ = session;
  failure_.reset();
  used_ = looked_ = 0;
  log_lines = 0;
  began_ns_ = clock_.now_ns();
  heap_.enter(account);
  lua_sethook(coroutine, hook, LUA_MASKCOUNT, kHookInstructions);
}

std::int64_t TurnMeter::end() {
  heap_.leave();
  lua_sethook(running_, nullptr, 0, 0);
  running_ = nullptr;
  session_ = nullptr;
  const std::int64_t took = clock_.now_ns() - began_ns_;
  longest_ns = std::max(longest_ns, took);
  return took;
}

void TurnMeter::hook(lua_State* lua, lua_Debug*) {
  TurnMeter& meter = of(lua);
  meter.used_ += kHookInstructions;
  meter.look(lua);
}

void TurnMeter::charge(lua_State* lua, std::int64_t instructions) {
  if (running_ == nullptr) return;
  used_ += instructions;
  if (used_ - looked_ >= kHookInstructions || failure_) look(lua);
}

void TurnMeter::charge_bytes(lua_State* lua, std::size_t bytes) {
  charge(lua, static_cast<std::int64_t>(bytes / kBytesPerInstruction) + 1);
}

void TurnMeter::look(lua_State* lua) {
  looked_ = used_;
  if (failure_) return give_up(lua);
  if (heap_.over_limit()) return stop(lua, heap_.which_limit());
  if (used_ > kTurnInstructionsMax) return stop(lua, fmt::format("a script may run {} instructions without waiting", kTurnInstructionsMax));
  if (clock_.now_ns() - began_ns_ > kTurnNsMax)
    return stop(lua, fmt::format("a script may run {} ms without waiting", kTurnNsMax / 1'000'000));
}

void TurnMeter::stop(lua_State* lua, std::string what) {
  if (!failure_) failure_ = Error{std::move(what), place_of(lua), "the call goes to its number's queue; see the limits in docs/IVR.md"};
  give_up(lua);
}

void TurnMeter::give_up(lua_State* lua) {
  lua_sethook(lua, hook, LUA_MASKCOUNT, 1);
  if (lua_isyieldable(lua)) {
    lua_yield(lua, 0);  // inside a hook it returns and Lua suspends when the hook is left
    return;
  }
  luaL_error(lua, "%s", "limit reached");
}

std::string place_of(lua_State* lua) {
  lua_Debug at{};
  for (int level = 0; lua_getstack(lua, level, &at); ++level) {
    lua_getinfo(lua, "Sl", &at);
    if (at.currentline > 0) return fmt::format("{}:{}", at.short_src, at.currentline);
  }
  return {};
}

Error error_of(std::string message) {
  for (std::size_t colon = message.find(':'); colon < 80; colon = message.find(':', colon + 1)) {
    std::size_t end = colon + 1;
    while (end < message.size() && message[end] >= '0' && message[end] <= '9') ++end;
    if (end == colon + 1 || end >= message.size() || message[end] != ':') continue;
    std::string where = message.substr(0, end);
    std::string what = message.substr(std::min(message.size(), end + 2));
    return {std::move(what), std::move(where), {}};
  }
  return {std::move(message), {}, {}};
}

}  // namespace sr::ivr
