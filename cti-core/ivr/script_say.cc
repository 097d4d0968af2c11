// say.number … say.time: lists of prompts for play{}.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>

#include "cti-core/ivr/sandbox.h"
#include "cti-core/ivr/say.h"
#include "cti-core/ivr/script_args.h"
#include "cti-core/ivr/turn_meter.h"

namespace sr::ivr {
namespace {

std::string language(lua_State* lua) { return lua_isnoneornil(lua, 2) ? session_of(lua).lang : text_argument(lua, 2, 8, "lang"); }

int push(lua_State* lua, const Result<say::Prompts>& prompts) {
  if (!prompts) return luaL_error(lua, "say: %s", prompts.error().text().c_str());
  TurnMeter::of(lua).charge(lua, 20 + 5 * static_cast<std::int64_t>(prompts->size()));
  lua_createtable(lua, static_cast<int>(prompts->size()), 0);
  lua_Integer i = 0;
  for (const std::string& p : *prompts) {
    lua_pushlstring(lua, p.data(), p.size());
    lua_rawseti(lua, -2, ++i);
  }
  return 1;
}

template <class T>
T good(lua_State* lua, const Result<T>& value) {
  if (!value) luaL_error(lua, "say: %s", value.error().text().c_str());
  return *value;
}

int number(lua_State* lua) {
  const lua_Integer value = luaL_checkinteger(lua, 1);
  return push(lua, say::number(language(lua), value));
}

int digits(lua_State* lua) { return push(lua, say::digits(language(lua), text_argument(lua, 1, kDigitsMax * 2, "say.digits"))); }

int money(lua_State* lua) {  // 12.5 or "12.50" yuan
  if (lua_type(lua, 1) != LUA_TNUMBER)
    return push(lua, say::money(language(lua), good(lua, say::read_money(text_argument(lua, 1, 32, "say.money")))));
  const lua_Number yuan = lua_tonumber(lua, 1);
  if (!(std::fabs(yuan) < 1e9)) return luaL_error(lua, "say.money: below 1,000,000,000");
  return push(lua, say::money(language(lua), std::llround(yuan * 100)));
}

int date(lua_State* lua) { return push(lua, say::date(language(lua), good(lua, say::read_date(text_argument(lua, 1, 32, "say.date"))))); }
int time(lua_State* lua) { return push(lua, say::time(language(lua), good(lua, say::read_time(text_argument(lua, 1, 32, "say.time"))))); }

}  // namespace

extern const Function kSayFunctions[];
const Function kSayFunctions[] = {{"number", number}, {"digits", digits}, {"money", money},
                                  {"date", date},     {"time", time},     {nullptr, nullptr}};

}  // namespace sr::ivr
