// table.concat, insert, remove, sort, unpack: on the table itself (no metamethods), with a limit for every loop.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <string>

#include "cti-core/ivr/limits.h"
#include "cti-core/ivr/sandbox.h"
#include "cti-core/ivr/turn_meter.h"

namespace sr::ivr {
namespace {

lua_Integer length_of(lua_State* lua, std::int64_t most, const char* function) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  const auto n = lua_rawlen(lua, 1);
  if (n > static_cast<lua_Unsigned>(most)) luaL_error(lua, "table.%s: a table may have %d items here", function, static_cast<int>(most));
  TurnMeter::of(lua).charge(lua, 5);
  return static_cast<lua_Integer>(n);
}

int concat(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  std::size_t between_size = 0;
  const char* between = luaL_optlstring(lua, 2, "", &between_size);
  const lua_Integer first = luaL_optinteger(lua, 3, 1);
  const lua_Integer last = lua_isnoneornil(lua, 4) ? length_of(lua, kTableItemsMax, "concat") : luaL_checkinteger(lua, 4);
  std::string out;
  if (first <= last) {
    const auto items = static_cast<lua_Unsigned>(last) - static_cast<lua_Unsigned>(first);
    if (items >= static_cast<lua_Unsigned>(kTableItemsMax))
      return luaL_error(lua, "table.concat: at most %d items", static_cast<int>(kTableItemsMax));
    TurnMeter::of(lua).charge(lua, static_cast<std::int64_t>(items));
    for (lua_Integer i = first;; ++i) {
      const int type = lua_rawgeti(lua, 1, i);
      if (type != LUA_TSTRING && type != LUA_TNUMBER)
        return luaL_error(lua, "invalid value (at index %I) in table for 'concat'", static_cast<LUAI_UACINT>(i));
      std::size_t size = 0;
      const char* piece = lua_tolstring(lua, -1, &size);
      if (static_cast<std::int64_t>(out.size() + size + between_size) > kStringBytesMax)
        return luaL_error(lua, "table.concat: the result may have %d bytes", static_cast<int>(kStringBytesMax));
      out.append(piece, size);
      lua_pop(lua, 1);
      if (i == last) break;
      out.append(between, between_size);
    }
  }
  TurnMeter::of(lua).charge_bytes(lua, out.size());
  lua_pushlstring(lua, out.data(), out.size());
  return 1;
}

int insert(lua_State* lua) {
  const lua_Integer n = length_of(lua, kTableItemsMax, "insert");
  // The fronts of the libraries are empty tables that all calls share: a raw write into one would be seen by others.
  if (luaL_getmetafield(lua, 1, "__newindex") != LUA_TNIL) return luaL_error(lua, "table.insert: this table cannot be changed");
  lua_Integer at = n + 1;
  if (lua_gettop(lua) == 3) {
    at = luaL_checkinteger(lua, 2);
    luaL_argcheck(lua, at >= 1 && at <= n + 1, 2, "position out of bounds");
    TurnMeter::of(lua).charge(lua, n + 1 - at);
    for (lua_Integer i = n; i >= at; --i) {
      lua_rawgeti(lua, 1, i);
      lua_rawseti(lua, 1, i + 1);
    }
  } else if (lua_gettop(lua) != 2)
    return luaL_error(lua, "wrong number of arguments to 'insert'");
  lua_rawseti(lua, 1, at);
  return 0;
}

int remove(lua_State* lua) {
  const lua_Integer n = length_of(lua, kTableItemsMax, "remove");
  if (luaL_getmetafield(lua, 1, "__newindex") != LUA_TNIL) return luaL_error(lua, "table.remove: this table cannot be changed");
  const lua_Integer at = luaL_optinteger(lua, 2, n);
  if (lua_gettop(lua) >= 2 && !lua_isnil(lua, 2))
    luaL_argcheck(lua, (n == 0 && at == 0) || (at >= 1 && at <= n + 1), 2, "position out of bounds");
  lua_rawgeti(lua, 1, at);
  TurnMeter::of(lua).charge(lua, std::max<lua_Integer>(0, n - at));
  for (lua_Integer i = at; i < n; ++i) {
    lua_rawgeti(lua, 1, i + 1);
    lua_rawseti(lua, 1, i);
  }
  if (at >= 1 && at <= n) {
    lua_pushnil(lua);
    lua_rawseti(lua, 1, n);
  }
  return 1;
}

bool less(lua_State* lua, int a, int b) {  // stack indexes; argument 2: the order, if any
  TurnMeter::of(lua).charge(lua, 4);
  if (lua_isnil(lua, 2)) return lua_compare(lua, a, b, LUA_OPLT);
  a = lua_absindex(lua, a);
  b = lua_absindex(lua, b);
  lua_pushvalue(lua, 2);
  lua_pushvalue(lua, a);
  lua_pushvalue(lua, b);
  lua_call(lua, 2, 1);
  const bool result = lua_toboolean(lua, -1);
  lua_pop(lua, 1);
  return result;
}

// Heap sort: n log n comparisons, also when the order contradicts itself.
void sift(lua_State* lua, lua_Integer root, lua_Integer n) {
  for (;;) {
    lua_Integer child = 2 * root;
    if (child > n) return;
    lua_rawgeti(lua, 1, child);
    if (child < n) {
      lua_rawgeti(lua, 1, child + 1);
      if (less(lua, -2, -1)) {
        lua_replace(lua, -2);
        ++child;
      } else
        lua_pop(lua, 1);
    }
    lua_rawgeti(lua, 1, root);
    if (!less(lua, -1, -2)) {
      lua_pop(lua, 2);
      return;
    }
    lua_rawseti(lua, 1, child);
    lua_rawseti(lua, 1, root);
    root = child;
  }
}

int sort(lua_State* lua) {
  const lua_Integer n = length_of(lua, kSortItemsMax, "sort");
  if (!lua_isnoneornil(lua, 2)) luaL_checktype(lua, 2, LUA_TFUNCTION);
  lua_settop(lua, 2);
  for (lua_Integer root = n / 2; root >= 1; --root) sift(lua, root, n);
  for (lua_Integer last = n; last > 1; --last) {
    lua_rawgeti(lua, 1, 1);
    lua_rawgeti(lua, 1, last);
    lua_rawseti(lua, 1, 1);
    lua_rawseti(lua, 1, last);
    sift(lua, 1, last - 1);
  }
  return 0;
}

int unpack(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  const lua_Integer first = luaL_optinteger(lua, 2, 1);
  const lua_Integer last = lua_isnoneornil(lua, 3) ? static_cast<lua_Integer>(lua_rawlen(lua, 1)) : luaL_checkinteger(lua, 3);
  if (first > last) return 0;
  if (static_cast<lua_Unsigned>(last) - static_cast<lua_Unsigned>(first) >= static_cast<lua_Unsigned>(kUnpackMax))
    return luaL_error(lua, "table.unpack: at most %d values", kUnpackMax);
  const int n = static_cast<int>(last - first) + 1;
  luaL_checkstack(lua, n, "too many results to unpack");
  TurnMeter::of(lua).charge(lua, n);
  for (lua_Integer i = 0; i < n; ++i) lua_rawgeti(lua, 1, first + i);
  return n;
}

}  // namespace

const Function kTableFunctions[] = {{"concat", concat}, {"insert", insert}, {"remove", remove},
                                    {"sort", sort},     {"unpack", unpack}, {nullptr, nullptr}};

}  // namespace sr::ivr
