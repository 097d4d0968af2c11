// string.find, match, gmatch, gsub over our own matcher (lua_pattern.h): same results, never more than kPatternStepsMax steps.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstring>
#include <string>
#include <string_view>

#include "cti-core/ivr/lua_pattern.h"
#include "cti-core/ivr/sandbox.h"
#include "cti-core/ivr/turn_meter.h"

namespace sr::ivr {
namespace {

std::string_view text_at(lua_State* lua, int index) {
  std::size_t size = 0;
  const char* text = luaL_checklstring(lua, index, &size);
  return {text, size};
}

Pattern compiled(lua_State* lua, std::string_view text, bool anchor) {
  TurnMeter::of(lua).charge(lua, 10 + static_cast<std::int64_t>(text.size()));
  auto pattern = Pattern::compile(text, anchor);
  if (!pattern) luaL_error(lua, "%s", pattern.error().what.c_str());
  return std::move(*pattern);
}

void account(lua_State* lua, const Match& m) {
  TurnMeter::of(lua).charge(lua, m.steps / kStepsPerInstruction + 1);
  if (m.end == Match::End::too_many_steps) luaL_error(lua, "pattern too complex: more than %d steps", kPatternStepsMax);
}

// 1-based start as the manual has it → offset, or size + 1 when it lies behind the end.
std::size_t start_of(lua_Integer init, std::size_t size) {
  if (init > 0) return static_cast<std::size_t>(init) - 1;
  if (init == 0 || -init > static_cast<lua_Integer>(size)) return 0;
  return size - static_cast<std::size_t>(-init);
}

void push_capture(lua_State* lua, std::string_view subject, const Capture& c) {
  if (c.length == Capture::kPosition)
    lua_pushinteger(lua, static_cast<lua_Integer>(c.begin) + 1);
  else
    lua_pushlstring(lua, subject.data() + c.begin, c.length);
}

void push_whole(lua_State* lua, std::string_view subject, const Match& m) {
  lua_pushlstring(lua, subject.data() + m.begin, m.finish - m.begin);
}

int push_captures(lua_State* lua, std::string_view subject, const Match& m, bool whole_if_none) {
  if (m.captures.empty() && whole_if_none) {
    push_whole(lua, subject, m);
    return 1;
  }
  luaL_checkstack(lua, static_cast<int>(m.captures.size()), "too many captures");
  for (const Capture& c : m.captures) push_capture(lua, subject, c);
  return static_cast<int>(m.captures.size());
}

int plain_find(lua_State* lua, std::string_view subject, std::string_view text, std::size_t from) {
  TurnMeter::of(lua).charge_bytes(lua, subject.size() + text.size());
  const void* at = memmem(subject.data() + from, subject.size() - from, text.data(), text.size());
  if (at == nullptr) {
    lua_pushnil(lua);
    return 1;
  }
  const auto begin = static_cast<lua_Integer>(static_cast<const char*>(at) - subject.data());
  lua_pushinteger(lua, begin + 1);
  lua_pushinteger(lua, begin + static_cast<lua_Integer>(text.size()));
  return 2;
}

int search(lua_State* lua, bool want_positions) {
  const std::string_view subject = text_at(lua, 1), text = text_at(lua, 2);
  const std::size_t from = start_of(luaL_optinteger(lua, 3, 1), subject.size());
  if (from > subject.size()) {
    lua_pushnil(lua);
    return 1;
  }
  const bool plain = lua_toboolean(lua, 4) || text.find_first_of("^$*+?.([%-") == std::string_view::npos;
  if (want_positions && plain) return plain_find(lua, subject, text, from);
  const Pattern pattern = compiled(lua, text, true);
  const Match m = pattern.find(subject, from);
  account(lua, m);
  if (m.end == Match::End::none) {
    lua_pushnil(lua);
    return 1;
  }
  if (!want_positions) return push_captures(lua, subject, m, true);
  lua_pushinteger(lua, static_cast<lua_Integer>(m.begin) + 1);
  lua_pushinteger(lua, static_cast<lua_Integer>(m.finish));
  return 2 + push_captures(lua, subject, m, false);
}

int find(lua_State* lua) { return search(lua, true); }
int match(lua_State* lua) { return search(lua, false); }

// Upvalues: subject, pattern, where to go on, end of the last match (an empty match directly behind a match does not count).
int gmatch_next(lua_State* lua) {
  const std::string_view subject = text_at(lua, lua_upvalueindex(1)), text = text_at(lua, lua_upvalueindex(2));
  const auto from = static_cast<std::size_t>(lua_tointeger(lua, lua_upvalueindex(3)));
  const lua_Integer last = lua_tointeger(lua, lua_upvalueindex(4));
  const Pattern pattern = compiled(lua, text, false);
  int left = kPatternStepsMax;
  for (std::size_t at = from; at <= subject.size(); ++at) {
    const Match m = pattern.match_at(subject, at, left);
    account(lua, m);
    left -= m.steps;
    if (m.end != Match::End::found || static_cast<lua_Integer>(m.finish) == last) continue;
    lua_pushinteger(lua, static_cast<lua_Integer>(m.finish));
    lua_copy(lua, -1, lua_upvalueindex(3));
    lua_replace(lua, lua_upvalueindex(4));
    return push_captures(lua, subject, m, true);
  }
  return 0;
}

int gmatch(lua_State* lua) {
  const std::string_view subject = text_at(lua, 1);
  text_at(lua, 2);
  const std::size_t from = start_of(luaL_optinteger(lua, 3, 1), subject.size());
  lua_settop(lua, 2);
  lua_pushinteger(lua, static_cast<lua_Integer>(from));
  lua_pushinteger(lua, -1);
  lua_pushcclosure(lua, gmatch_next, 4);
  return 1;
}

// ---- gsub: arguments are subject, pattern, replacement (string, table, function), how many at most ----------------------
constexpr int kReplacement = 3;

void add_text(lua_State* lua, std::string& out, std::string_view subject, const Match& m) {
  const std::string_view with = text_at(lua, kReplacement);
  for (std::size_t i = 0; i < with.size(); ++i) {
    if (with[i] != '%') {
      out += with[i];
      continue;
    }
    const char c = ++i < with.size() ? with[i] : '\0';
    if (c == '%')
      out += '%';
    else if (c >= '0' && c <= '9') {
      const auto n = static_cast<std::size_t>(c - '0');
      if (n == 0 || (n == 1 && m.captures.empty()))
        push_whole(lua, subject, m);
      else if (n > m.captures.size())
        luaL_error(lua, "invalid capture index %%%d in replacement string", static_cast<int>(n));
      else
        push_capture(lua, subject, m.captures[n - 1]);
      std::size_t size = 0;
      const char* piece = lua_tolstring(lua, -1, &size);
      out.append(piece, size);
      lua_pop(lua, 1);
    } else
      luaL_error(lua, "invalid use of '%%' in replacement string");
  }
}

void add_value(lua_State* lua, std::string& out, std::string_view subject, const Match& m) {
  const int type = lua_type(lua, kReplacement);
  if (type == LUA_TSTRING || type == LUA_TNUMBER) return add_text(lua, out, subject, m);
  if (type == LUA_TFUNCTION) {
    lua_pushvalue(lua, kReplacement);
    lua_call(lua, push_captures(lua, subject, m, true), 1);
  } else {
    if (m.captures.empty())
      push_whole(lua, subject, m);
    else
      push_capture(lua, subject, m.captures[0]);
    lua_gettable(lua, kReplacement);
  }
  if (!lua_toboolean(lua, -1))
    out.append(subject.substr(m.begin, m.finish - m.begin));
  else if (lua_isstring(lua, -1))
    out.append(text_at(lua, -1));
  else
    luaL_error(lua, "invalid replacement value (a %s)", luaL_typename(lua, -1));
  lua_pop(lua, 1);
}

int gsub(lua_State* lua) {
  const std::string_view subject = text_at(lua, 1), text = text_at(lua, 2);
  const int type = lua_type(lua, kReplacement);
  luaL_argexpected(lua, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, kReplacement,
                   "string/function/table");
  const lua_Integer most = luaL_optinteger(lua, 4, static_cast<lua_Integer>(subject.size()) + 1);
  const Pattern pattern = compiled(lua, text, true);
  std::string out;
  std::size_t at = 0, last = std::string_view::npos;
  lua_Integer count = 0;
  int left = kPatternStepsMax;
  while (count < most) {
    const Match m = pattern.match_at(subject, at, left);
    account(lua, m);
    left -= m.steps;
    if (m.end == Match::End::found && m.finish != last) {
      ++count;
      add_value(lua, out, subject, m);
      at = last = m.finish;
    } else if (at < subject.size())
      out += subject[at++];
    else
      break;
    if (static_cast<std::int64_t>(out.size()) > kStringBytesMax)
      luaL_error(lua, "string.gsub: the result may have %d bytes", static_cast<int>(kStringBytesMax));
    if (pattern.anchored()) break;
  }
  if (at < subject.size()) out.append(subject.substr(at));
  TurnMeter::of(lua).charge_bytes(lua, out.size());
  lua_pushlstring(lua, out.data(), out.size());
  lua_pushinteger(lua, count);
  return 2;
}

}  // namespace

const Function kPatternFunctions[] = {{"find", find}, {"match", match}, {"gmatch", gmatch}, {"gsub", gsub}, {nullptr, nullptr}};

}  // namespace sr::ivr
