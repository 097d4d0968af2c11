// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/script_args.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "cti-core/ivr/turn_meter.h"

namespace sr::ivr {
namespace {

bool field(lua_State* lua, int options, const char* name) {  // pushes it; false (and nothing pushed): absent
  if (lua_type(lua, options) != LUA_TTABLE) return false;
  lua_pushstring(lua, name);
  if (lua_rawget(lua, options) != LUA_TNIL) return true;
  lua_pop(lua, 1);
  return false;
}

void add_prompt(lua_State* lua, const Session& s, int index, std::vector<std::string>& out) {
  std::string name = lua_tostring(lua, index);
  if (name.find('/') == std::string::npos) name = s.lang + "/" + name;
  if (!s.context->host.prompt_exists(name)) luaL_error(lua, "unknown prompt '%s'", name.substr(0, 80).c_str());
  if (out.size() == kPlayListMax) luaL_error(lua, "at most %d prompts in one play", static_cast<int>(kPlayListMax));
  out.push_back(std::move(name));
}

void add_list(lua_State* lua, const Session& s, int table, int depth, std::vector<std::string>& out) {
  const lua_Integer n = static_cast<lua_Integer>(std::min<lua_Unsigned>(lua_rawlen(lua, table), kPlayListMax + 1));
  luaL_checkstack(lua, 3, "list of prompts");
  for (lua_Integer i = 1; i <= n; ++i) {
    const int type = lua_rawgeti(lua, table, i);
    if (type == LUA_TSTRING)
      add_prompt(lua, s, -1, out);
    else if (type == LUA_TTABLE && depth < 3)
      add_list(lua, s, lua_absindex(lua, -1), depth + 1, out);
    else
      luaL_error(lua, "a prompt is a name or a list of names, not a %s", luaL_typename(lua, -1));
    lua_pop(lua, 1);
  }
}

}  // namespace

Session& session_of(lua_State* lua) {
  Session* s = TurnMeter::of(lua).session();
  if (s == nullptr) luaL_error(lua, "no call");
  return *s;
}

void may_wait(lua_State* lua, const char* function) {
  if (!lua_isyieldable(lua)) luaL_error(lua, "%s cannot wait inside table.sort, string.gsub or a metamethod", function);
}

std::string text_argument(lua_State* lua, int index, std::size_t bytes_max, const char* what) {
  std::size_t size = 0;
  const char* text = luaL_checklstring(lua, index, &size);
  if (size > bytes_max) luaL_error(lua, "%s: at most %d bytes", what, static_cast<int>(bytes_max));
  return {text, size};
}

void check_options(lua_State* lua, int options, std::initializer_list<const char*> known, bool list) {
  const int type = lua_type(lua, options);
  if (type == LUA_TNONE || type == LUA_TNIL) return;
  luaL_checktype(lua, options, LUA_TTABLE);
  int seen = 0;
  for (lua_pushnil(lua); lua_next(lua, options) != 0; lua_pop(lua, 1)) {
    if (++seen > static_cast<int>(kPlayListMax) * 2) luaL_error(lua, "too many options");
    if (list && lua_type(lua, -2) == LUA_TNUMBER) continue;
    if (lua_type(lua, -2) != LUA_TSTRING) luaL_error(lua, "options have names");
    const char* name = lua_tostring(lua, -2);
    if (std::none_of(known.begin(), known.end(), [name](const char* k) { return std::strcmp(k, name) == 0; })) {
      std::string all;
      for (const char* k : known) all += (all.empty() ? "" : ", ") + std::string(k);
      luaL_error(lua, "unknown option '%s' (there are: %s)", std::string(name).substr(0, 60).c_str(), all.c_str());
    }
  }
}

std::optional<std::string> text_option(lua_State* lua, int options, const char* name) {
  if (!field(lua, options, name)) return {};
  if (!lua_isstring(lua, -1)) luaL_error(lua, "option '%s' must be a text", name);
  std::size_t size = 0;
  const char* text = lua_tolstring(lua, -1, &size);
  if (size > kReasonBytesMax) luaL_error(lua, "option '%s': at most %d bytes", name, static_cast<int>(kReasonBytesMax));
  std::string out(text, size);
  lua_pop(lua, 1);
  return out;
}

std::optional<std::int64_t> integer_option(lua_State* lua, int options, const char* name, std::int64_t least, std::int64_t most) {
  if (!field(lua, options, name)) return {};
  int good = 0;
  const lua_Integer value = lua_tointegerx(lua, -1, &good);
  if (!good || value < least || value > most)
    luaL_error(lua, "option '%s' must be a whole number from %d to %d", name, static_cast<int>(least), static_cast<int>(most));
  lua_pop(lua, 1);
  return value;
}

std::optional<Duration> seconds_option(lua_State* lua, int options, const char* name) {
  if (!field(lua, options, name)) return {};
  int good = 0;
  const lua_Number value = lua_tonumberx(lua, -1, &good);
  if (!good || !(value >= 0 && value <= kWaitSecondsMax)) luaL_error(lua, "option '%s' must be a number of seconds", name);
  lua_pop(lua, 1);
  return Duration(static_cast<std::int64_t>(std::llround(value * 1e6)));
}

bool flag_option(lua_State* lua, int options, const char* name) {
  if (!field(lua, options, name)) return false;
  const bool on = lua_toboolean(lua, -1);
  lua_pop(lua, 1);
  return on;
}

std::vector<std::string> prompts_argument(lua_State* lua, int index) {
  const Session& s = session_of(lua);
  std::vector<std::string> out;
  index = lua_absindex(lua, index);
  if (lua_type(lua, index) == LUA_TSTRING)
    add_prompt(lua, s, index, out);
  else if (lua_type(lua, index) == LUA_TTABLE)
    add_list(lua, s, index, 0, out);
  else
    luaL_error(lua, "a prompt is a name or a list of names, not a %s", luaL_typename(lua, index));
  TurnMeter::of(lua).charge(lua, 10 * static_cast<std::int64_t>(out.size()));
  return out;
}

}  // namespace sr::ivr
