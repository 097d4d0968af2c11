// What a script finds: a copied choice of Lua's own functions, some of them replaced by bounded ones, and read-only libraries.
// Absent on purpose: coroutine debug io os package utf8.charpattern, collectgarbage dofile load loadfile loadstring require xpcall
// rawset warn print, string.dump pack unpack packsize, table.move pack, math.random randomseed, metamethods __gc __close __mode.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <lua.hpp>
#include <string>

namespace sr::ivr {

struct Function { const char* name; lua_CFunction run; };

// Makes the table of globals that all calls share and leaves it in the registry. Once per state.
void make_sandbox(lua_State* lua);
void push_globals(lua_State* lua);                                       // that table
void add_library(lua_State* lua, const char* name, const Function* functions);  // ends with {nullptr, nullptr}; becomes read-only
void add_globals(lua_State* lua, const Function* functions);
void push_read_only(lua_State* lua);                                     // table on top → its read-only front
bool has_global(lua_State* lua, const std::string& name);
bool has_member(lua_State* lua, const std::string& library, const std::string& name);  // true where `library` is none

extern const Function kStringFunctions[];  // sandbox_string.cc, sandbox_pattern.cc, sandbox_table.cc
extern const Function kPatternFunctions[];
extern const Function kTableFunctions[];

}  // namespace sr::ivr
