// Reading what a script passes: options of a table, names of prompts, texts with a limit. Errors are Lua errors with the place.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <lua.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cti-core/ivr/session.h"
#include "drivers/base/time.h"

namespace sr::ivr {

Session& session_of(lua_State* lua);
void may_wait(lua_State* lua, const char* function);  // refuses inside table.sort, string.gsub and metamethods called from C

std::string text_argument(lua_State* lua, int index, std::size_t bytes_max, const char* what);
// Fields of the options table at `options` (nil or none: everything absent). check_options refuses unknown fields by name.
void check_options(lua_State* lua, int options, std::initializer_list<const char*> known, bool list = false);
std::optional<std::string> text_option(lua_State* lua, int options, const char* name);
std::optional<std::int64_t> integer_option(lua_State* lua, int options, const char* name, std::int64_t least, std::int64_t most);
std::optional<Duration> seconds_option(lua_State* lua, int options, const char* name);
bool flag_option(lua_State* lua, int options, const char* name);

// "welcome", {"your_points", say.number(5), "points"} → full names that exist.
std::vector<std::string> prompts_argument(lua_State* lua, int index);

}  // namespace sr::ivr
