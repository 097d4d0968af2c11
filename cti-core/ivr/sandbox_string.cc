// string.rep, string.format: results have a limit, and no single call is long.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>

#include "cti-core/ivr/limits.h"
#include "cti-core/ivr/sandbox.h"
#include "cti-core/ivr/turn_meter.h"

namespace sr::ivr {
namespace {

void check_size(lua_State* lua, std::int64_t size, const char* function) {
  if (size > kStringBytesMax) luaL_error(lua, "string.%s: the result may have %d bytes", function, static_cast<int>(kStringBytesMax));
}

int repeat(lua_State* lua) {
  std::size_t size = 0, between_size = 0;
  const char* text = luaL_checklstring(lua, 1, &size);
  const lua_Integer times = luaL_checkinteger(lua, 2);
  const char* between = luaL_optlstring(lua, 3, "", &between_size);
  if (times <= 0) {
    lua_pushliteral(lua, "");
    return 1;
  }
  check_size(lua, times > kStringBytesMax && size + between_size > 0 ? kStringBytesMax + 1 : 0, "rep");
  if (size + between_size == 0) {
    lua_pushliteral(lua, "");
    return 1;
  }
  const auto total = static_cast<std::size_t>(times) * size + static_cast<std::size_t>(times - 1) * between_size;
  if (size > static_cast<std::size_t>(kStringBytesMax) || between_size > static_cast<std::size_t>(kStringBytesMax))
    check_size(lua, kStringBytesMax + 1, "rep");
  check_size(lua, static_cast<std::int64_t>(total), "rep");
  TurnMeter::of(lua).charge_bytes(lua, total);
  std::string out;
  out.reserve(total);
  for (lua_Integer i = 0; i < times; ++i) {
    if (i > 0) out.append(between, between_size);
    out.append(text, size);
  }
  lua_pushlstring(lua, out.data(), out.size());
  return 1;
}

// Lua's own format does one item ("%5.2f") with its argument; we walk over the items and watch the size.
int format(lua_State* lua) {
  std::size_t size = 0;
  const char* text = luaL_checklstring(lua, 1, &size);
  const int arguments = lua_gettop(lua);
  check_size(lua, static_cast<std::int64_t>(size), "format");
  TurnMeter& meter = TurnMeter::of(lua);
  meter.charge_bytes(lua, size);
  std::string out;
  int argument = 1;
  for (std::size_t i = 0; i < size;) {
    if (text[i] != '%') {
      out += text[i++];
      continue;
    }
    if (i + 1 < size && text[i + 1] == '%') {
      out += '%';
      i += 2;
      continue;
    }
    std::size_t end = i + 1;
    while (end < size && end - i < 12 && !((text[end] >= 'a' && text[end] <= 'z') || (text[end] >= 'A' && text[end] <= 'Z'))) ++end;
    if (end == size || end - i >= 12) return luaL_error(lua, "invalid conversion in string.format");
    if (text[end] == 'q' || text[end] == 'p') return luaL_error(lua, "string.format has no %%%c here", text[end]);
    if (++argument > arguments) return luaL_argerror(lua, argument, "no value");
    meter.charge(lua, 20);
    lua_getfield(lua, LUA_REGISTRYINDEX, "sr.format");
    lua_pushlstring(lua, text + i, end + 1 - i);
    if (text[end] == 's')
      luaL_tolstring(lua, argument, nullptr);
    else
      lua_pushvalue(lua, argument);
    if (lua_type(lua, -1) == LUA_TSTRING) {
      check_size(lua, static_cast<std::int64_t>(lua_rawlen(lua, -1)), "format");
      meter.charge_bytes(lua, lua_rawlen(lua, -1));
    }
    lua_call(lua, 2, 1);
    std::size_t piece_size = 0;
    const char* piece = lua_tolstring(lua, -1, &piece_size);
    out.append(piece, piece_size);
    lua_settop(lua, arguments);
    check_size(lua, static_cast<std::int64_t>(out.size()), "format");
    i = end + 1;
  }
  lua_pushlstring(lua, out.data(), out.size());
  return 1;
}

}  // namespace

const Function kStringFunctions[] = {{"rep", repeat}, {"format", format}, {nullptr, nullptr}};

}  // namespace sr::ivr
