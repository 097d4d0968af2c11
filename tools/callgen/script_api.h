// The functions a scenario calls, as Lua sees them. Used by script.cc only. No Lua header here: lua_State is opaque.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "tools/callgen/exchange.h"

struct lua_State;

namespace sr::callgen {

struct ApiContext {  // outlives the Lua state's threads
  Timers* timers = nullptr;
  Exchange* exchange = nullptr;
  Instant begun{};
  std::string directory;   // of the scenario, for include()
  std::string group;       // default trunk group
  std::map<std::string, std::uint64_t> marks;
};

void open_api(lua_State* lua, ApiContext* context);  // registers everything; leaves the method table on the stack
void push_party(lua_State* lua, PartyId id);
unsigned wakes_from(std::string_view names);

}  // namespace sr::callgen
