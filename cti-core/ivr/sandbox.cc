// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/sandbox.h"

#include "cti-core/ivr/turn_meter.h"

namespace sr::ivr {
namespace {

constexpr char kGlobalsKey = 0, kLibrariesKey = 0, kOriginalKey = 0;  // their addresses are registry keys
void* key(const char& c) { return const_cast<char*>(&c); }

// ---- functions of our own --------------------------------------------------------------------------------------------
int after_pcall(lua_State* lua, int status, lua_KContext) {
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(lua);
  TurnMeter& meter = TurnMeter::of(lua);
  if (meter.failure()) meter.charge(lua, 0);  // does not come back
  if (status == LUA_ERRMEM) meter.stop(lua, "a value of a script is too large");
  lua_pushboolean(lua, 0);
  lua_insert(lua, -2);
  return 2;
}

int protected_call(lua_State* lua) {
  luaL_checkany(lua, 1);
  TurnMeter::of(lua).charge(lua, 10);
  lua_pushboolean(lua, 1);
  lua_insert(lua, 1);
  const int status = lua_pcallk(lua, lua_gettop(lua) - 2, LUA_MULTRET, 0, 0, after_pcall);
  return after_pcall(lua, status, 0);
}

// The metatable that a value gets is a copy with these fields only, taken at the moment of the call; no script can reach it.
constexpr const char* kMetafields[] = {"__index", "__newindex", "__call", "__concat", "__unm",      "__add",  "__sub",  "__mul", "__div",
                                       "__mod",   "__pow",      "__idiv", "__band",   "__bor",      "__bxor", "__shl",  "__shr", "__bnot",
                                       "__len",   "__eq",       "__lt",   "__le",     "__tostring", "__name", "__pairs"};

int set_metatable(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  const int type = lua_type(lua, 2);
  luaL_argexpected(lua, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
  lua_settop(lua, 2);
  if (lua_getmetatable(lua, 1)) {
    lua_rawgetp(lua, -1, key(kOriginalKey));
    const bool locked = lua_isnil(lua, -1) || (lua_getfield(lua, -1, "__metatable"), !lua_isnil(lua, -1));
    if (locked) return luaL_error(lua, "cannot change a protected metatable");
    lua_settop(lua, 2);
  }
  if (type == LUA_TTABLE) {
    for (const char* absent : {"__gc", "__close", "__mode"}) {
      lua_pushstring(lua, absent);
      if (lua_rawget(lua, 2) != LUA_TNIL) return luaL_error(lua, "a metatable may not have %s", absent);
      lua_pop(lua, 1);
    }
    lua_createtable(lua, 0, 4);
    for (const char* name : kMetafields) {
      lua_pushstring(lua, name);
      if (lua_rawget(lua, 2) == LUA_TNIL)
        lua_pop(lua, 1);
      else
        lua_setfield(lua, 3, name);
    }
    lua_pushvalue(lua, 2);
    lua_rawsetp(lua, 3, key(kOriginalKey));
    lua_pushstring(lua, "__metatable");
    if (lua_rawget(lua, 2) == LUA_TNIL) {
      lua_pop(lua, 1);
      lua_pushvalue(lua, 2);
    }
    lua_setfield(lua, 3, "__metatable");
  }
  TurnMeter::of(lua).charge(lua, 20);
  lua_setmetatable(lua, 1);
  lua_settop(lua, 1);
  return 1;
}

int read_only(lua_State* lua) { return luaL_error(lua, "this table cannot be changed"); }

// A function of Lua's own that reads or copies its strings once: charged by their length. Upvalue 1: the function.
int charged(lua_State* lua) {
  std::size_t bytes = 0;
  for (int i = 1; i <= lua_gettop(lua); ++i)
    if (lua_type(lua, i) == LUA_TSTRING) bytes += lua_rawlen(lua, i);
  TurnMeter::of(lua).charge_bytes(lua, bytes);
  return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

// Copies `names` from the library on top of the stack into the table below it.
void choose(lua_State* lua, std::initializer_list<const char*> names, bool by_length = false) {
  for (const char* name : names) {
    lua_getfield(lua, -1, name);
    if (by_length) lua_pushcclosure(lua, charged, 1);
    lua_setfield(lua, -3, name);
  }
}

void fill(lua_State* lua, const Function* functions) {
  for (; functions->name != nullptr; ++functions) {
    lua_pushcfunction(lua, functions->run);
    lua_setfield(lua, -2, functions->name);
  }
}

void publish(lua_State* lua, const char* name) {  // table on top → library of that name
  lua_rawgetp(lua, LUA_REGISTRYINDEX, key(kLibrariesKey));
  lua_pushvalue(lua, -2);
  lua_setfield(lua, -2, name);
  lua_pop(lua, 1);
  push_globals(lua);
  lua_insert(lua, -2);
  push_read_only(lua);
  lua_setfield(lua, -2, name);
  lua_pop(lua, 1);
}

void make_base(lua_State* lua) {
  luaL_requiref(lua, "_G", luaopen_base, 0);
  push_globals(lua);
  lua_insert(lua, -2);
  choose(lua, {"assert", "error", "getmetatable", "ipairs", "next", "pairs", "rawequal", "rawget", "rawlen", "select", "type"});
  choose(lua, {"tonumber", "tostring"}, true);
  lua_pop(lua, 1);
  static constexpr Function kOwn[] = {{"pcall", protected_call}, {"setmetatable", set_metatable}, {nullptr, nullptr}};
  fill(lua, kOwn);
  lua_pop(lua, 1);
}

void make_string(lua_State* lua) {
  lua_newtable(lua);
  luaL_requiref(lua, LUA_STRLIBNAME, luaopen_string, 0);
  choose(lua, {"byte", "char", "len", "lower", "reverse", "sub", "upper"}, true);
  lua_getfield(lua, -1, "format");  // one item at a time, sandbox_string.cc
  lua_setfield(lua, LUA_REGISTRYINDEX, "sr.format");
  lua_pop(lua, 1);
  fill(lua, kStringFunctions);
  fill(lua, kPatternFunctions);
  // ("x"):upper() finds the same functions; the metatable of all strings shows nothing of itself.
  lua_pushliteral(lua, "");
  lua_createtable(lua, 0, 2);
  lua_pushvalue(lua, -3);
  lua_setfield(lua, -2, "__index");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_setmetatable(lua, -2);
  lua_pop(lua, 1);
  publish(lua, "string");
}

}  // namespace

void push_globals(lua_State* lua) { lua_rawgetp(lua, LUA_REGISTRYINDEX, key(kGlobalsKey)); }

void push_read_only(lua_State* lua) {
  lua_newtable(lua);
  lua_createtable(lua, 0, 3);
  lua_pushvalue(lua, -3);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, read_only);
  lua_setfield(lua, -2, "__newindex");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_setmetatable(lua, -2);
  lua_remove(lua, -2);
}

void add_library(lua_State* lua, const char* name, const Function* functions) {
  lua_newtable(lua);
  fill(lua, functions);
  publish(lua, name);
}

void add_globals(lua_State* lua, const Function* functions) {
  push_globals(lua);
  fill(lua, functions);
  lua_pop(lua, 1);
}

void make_sandbox(lua_State* lua) {
  lua_newtable(lua);
  lua_rawsetp(lua, LUA_REGISTRYINDEX, key(kGlobalsKey));
  lua_newtable(lua);
  lua_rawsetp(lua, LUA_REGISTRYINDEX, key(kLibrariesKey));
  make_base(lua);
  make_string(lua);
  add_library(lua, "table", kTableFunctions);

  lua_newtable(lua);
  luaL_requiref(lua, LUA_MATHLIBNAME, luaopen_math, 0);
  choose(lua, {"abs", "ceil", "floor", "fmod", "huge", "max", "maxinteger", "min", "mininteger", "modf", "pi", "sqrt", "tointeger", "type",
               "ult"});
  lua_pop(lua, 1);
  publish(lua, "math");

  lua_newtable(lua);
  luaL_requiref(lua, LUA_UTF8LIBNAME, luaopen_utf8, 0);
  choose(lua, {"char", "codepoint", "len", "offset"}, true);
  lua_pop(lua, 1);
  publish(lua, "utf8");
}

bool has_global(lua_State* lua, const std::string& name) {
  if (name == "lang" || name == "_ENV") return true;
  push_globals(lua);
  lua_pushlstring(lua, name.data(), name.size());
  const bool found = lua_rawget(lua, -2) != LUA_TNIL;
  lua_pop(lua, 2);
  return found;
}

bool has_member(lua_State* lua, const std::string& library, const std::string& name) {
  const int top = lua_gettop(lua);
  lua_rawgetp(lua, LUA_REGISTRYINDEX, key(kLibrariesKey));
  const bool found = lua_getfield(lua, -1, library.c_str()) != LUA_TTABLE || lua_getfield(lua, -1, name.c_str()) != LUA_TNIL;
  lua_settop(lua, top);
  return found;
}

}  // namespace sr::ivr
