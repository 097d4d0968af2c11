// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/script_api.h"

#include <lua.hpp>

#include "drivers/base/log.h"
#include "tools/callgen/script.h"

namespace sr::callgen {
namespace {

constexpr const char* kMeta = "callgen.party";
constexpr const char* kContext = "callgen.context";

ApiContext& context(lua_State* lua) {
  lua_getfield(lua, LUA_REGISTRYINDEX, kContext);
  auto* c = static_cast<ApiContext*>(lua_touserdata(lua, -1));
  lua_pop(lua, 1);
  return *c;
}

// The person may have been forgotten meanwhile: then he is nobody, and every method says so by its neutral answer.
Party* self(lua_State* lua) {
  const auto* id = static_cast<PartyId*>(luaL_checkudata(lua, 1, kMeta));
  return context(lua).exchange->find(*id);
}
Duration seconds(lua_State* lua, int index) {
  const double s = luaL_checknumber(lua, index);
  return s < 0 ? Duration(-1) : Duration(static_cast<std::int64_t>(std::min(s, 1e9) * 1e6));
}

int m_index(lua_State* l) { const Party* p = self(l); lua_pushinteger(l, p != nullptr ? static_cast<lua_Integer>(p->index) : 0); return 1; }
int m_number(lua_State* l) { const Party* p = self(l); lua_pushstring(l, p != nullptr ? p->number.c_str() : ""); return 1; }
int m_other(lua_State* l) { const Party* p = self(l); lua_pushstring(l, p != nullptr ? p->other.c_str() : ""); return 1; }
int m_signature(lua_State* l) { const Party* p = self(l); lua_pushinteger(l, p != nullptr ? p->signature_hz : 0); return 1; }
int m_is_up(lua_State* l) { const Party* p = self(l); lua_pushboolean(l, p != nullptr && p->leg != LegId::none && !p->hanging_up); return 1; }
int m_with_agent(lua_State* l) { const Party* p = self(l); lua_pushboolean(l, p != nullptr && p->with_agent); return 1; }
int m_rings_agent(lua_State* l) { const Party* p = self(l); lua_pushboolean(l, p != nullptr && p->rings_agent); return 1; }
int m_far_gone(lua_State* l) { const Party* p = self(l); lua_pushboolean(l, p != nullptr && p->far_gone); return 1; }
int m_is_closing(lua_State* l) { lua_pushboolean(l, context(l).exchange->is_closing()); return 1; }
int m_was_refused(lua_State* l) { const Party* p = self(l); lua_pushboolean(l, p != nullptr && p->row.refused); return 1; }
int m_state(lua_State* l) {
  const Party* p = self(l);
  constexpr const char* kNames[] = {"idle", "dialing", "ringing", "connected"};
  lua_pushstring(l, p != nullptr ? kNames[static_cast<int>(p->state)] : "idle");
  return 1;
}
int m_take_line_back(lua_State* l) {
  Party* p = self(l);
  lua_pushboolean(l, p != nullptr && std::exchange(p->line_back, false));
  return 1;
}

int m_set_number(lua_State* l) {
  const std::string number = luaL_checkstring(l, 2);
  Party* p = self(l);  // two callers with one number at a time could not be told apart at the agents' phones
  const bool free = p != nullptr && p->leg == LegId::none && p->role == Role::caller && !context(l).exchange->number_in_use(number);
  if (free) p->number = number;
  lua_pushboolean(l, free);
  return 1;
}
int m_story(lua_State* l) {
  const std::string story = luaL_checkstring(l, 2);
  if (Party* p = self(l)) p->row.story = story;
  return 0;
}
int m_dial(lua_State* l) {
  const std::string called = luaL_checkstring(l, 2);
  const std::string group = luaL_optstring(l, 3, "");
  ApiContext& c = context(l);
  if (Party* p = self(l)) c.exchange->dial(*p, group.empty() ? c.group : group, called);
  return 0;
}
int m_off_hook(lua_State* l) { if (Party* p = self(l)) context(l).exchange->off_hook(*p); return 0; }
int m_answer(lua_State* l) { if (Party* p = self(l)) context(l).exchange->answer(*p); return 0; }
int m_alert(lua_State* l) { if (Party* p = self(l)) context(l).exchange->alert(*p); return 0; }
int m_flash(lua_State* l) { if (Party* p = self(l)) context(l).exchange->flash(*p); return 0; }
int m_hangup(lua_State* l) {
  const auto cause = static_cast<int>(luaL_optinteger(l, 2, 16));
  if (Party* p = self(l)) context(l).exchange->hang_up(*p, cause);
  return 0;
}
int m_press(lua_State* l) {
  const std::string digits = luaL_checkstring(l, 2);
  if (Party* p = self(l)) context(l).exchange->press(*p, digits);
  return 0;
}
int m_speak(lua_State* l) {
  const bool on = lua_isnone(l, 2) || lua_toboolean(l, 2);
  if (Party* p = self(l)) context(l).exchange->speak(*p, on);
  return 0;
}

int m_wait(lua_State* l) {
  const unsigned wakes = wakes_from(luaL_checkstring(l, 2));
  const Duration timeout = seconds(l, 3);
  Party* p = self(l);
  if (p == nullptr) return luaL_error(l, "this person has gone");
  context(l).exchange->wait(*p, wakes, timeout);
  return lua_yield(l, 0);
}
int m_wait_prompt(lua_State* l) {
  const Duration timeout = seconds(l, 2);
  const Duration quiet = seconds(l, 3);
  Party* p = self(l);
  if (p == nullptr) return luaL_error(l, "this person has gone");
  context(l).exchange->wait_prompt(*p, static_cast<unsigned>(Wake::cleared), timeout, quiet < Duration::zero() ? kPromptQuiet : quiet);
  return lua_yield(l, 0);
}

int m_between(lua_State* l) {
  const double low = luaL_checknumber(l, 2), high = luaL_checknumber(l, 3);
  Party* p = self(l);
  lua_pushnumber(l, p != nullptr ? p->random.between(low, high) : low);
  return 1;
}
int m_random(lua_State* l) {  // as math.random: (), (high), (low, high)
  Party* p = self(l);
  if (lua_isnone(l, 2)) { lua_pushnumber(l, p != nullptr ? p->random.unit() : 0.5); return 1; }
  const lua_Integer low = lua_isnone(l, 3) ? 1 : luaL_checkinteger(l, 2);
  const lua_Integer high = lua_isnone(l, 3) ? luaL_checkinteger(l, 2) : luaL_checkinteger(l, 3);
  lua_pushinteger(l, p != nullptr ? p->random.integer(low, high) : low);
  return 1;
}
int m_chance(lua_State* l) {
  const double probability = luaL_checknumber(l, 2);
  Party* p = self(l);
  lua_pushboolean(l, p != nullptr && p->random.chance(probability));
  return 1;
}
int m_exponential(lua_State* l) {
  const double mean = luaL_checknumber(l, 2);
  Party* p = self(l);
  lua_pushnumber(l, p != nullptr ? p->random.exponential(mean) : mean);
  return 1;
}

int g_mark(lua_State* l) {
  const std::string name = luaL_checkstring(l, 1);
  auto& marks = context(l).marks;
  if (marks.contains(name) || marks.size() < kMarksMax) ++marks[name];
  return 0;
}
int g_log(lua_State* l) {
  const std::string line = luaL_checkstring(l, 1);
  log::info("scenario: {}", line);
  return 0;
}
int g_elapsed(lua_State* l) {
  const ApiContext& c = context(l);
  lua_pushnumber(l, to_seconds(c.timers->now() - c.begun));
  return 1;
}
int g_include(lua_State* l) {
  const std::string path = context(l).directory + luaL_checkstring(l, 1);
  if (luaL_loadfilex(l, path.c_str(), "t") != LUA_OK) return lua_error(l);
  lua_call(l, 0, LUA_MULTRET);
  return lua_gettop(l) - 1;
}

constexpr luaL_Reg kMethods[] = {{"index", m_index},           {"number", m_number},       {"other", m_other},
                                 {"signature", m_signature},   {"is_up", m_is_up},         {"with_agent", m_with_agent},
                                 {"far_gone", m_far_gone},     {"rings_agent", m_rings_agent},
                                     {"is_closing", m_is_closing}, {"was_refused", m_was_refused},
                                 {"state", m_state},           {"take_line_back", m_take_line_back}, {"set_number", m_set_number},
                                 {"story", m_story},           {"_dial", m_dial},          {"_off_hook", m_off_hook},
                                 {"_answer", m_answer},        {"alert", m_alert},         {"flash", m_flash},
                                 {"_hangup", m_hangup},        {"_press", m_press},        {"speak", m_speak},
                                 {"_wait", m_wait},            {"_wait_prompt", m_wait_prompt}, {"between", m_between},
                                 {"random", m_random},         {"chance", m_chance},       {"exponential", m_exponential},
                                 {nullptr, nullptr}};

}  // namespace

void push_party(lua_State* lua, PartyId id) {
  *static_cast<PartyId*>(lua_newuserdatauv(lua, sizeof(PartyId), 0)) = id;
  luaL_setmetatable(lua, kMeta);
}

void open_api(lua_State* lua, ApiContext* c) {
  lua_pushlightuserdata(lua, c);
  lua_setfield(lua, LUA_REGISTRYINDEX, kContext);
  lua_register(lua, "mark", g_mark);
  lua_register(lua, "log", g_log);
  lua_register(lua, "elapsed", g_elapsed);
  lua_register(lua, "include", g_include);
  luaL_newmetatable(lua, kMeta);
  luaL_newlib(lua, kMethods);
  lua_pushvalue(lua, -1);
  lua_setfield(lua, -3, "__index");
  lua_remove(lua, -2);
}

}  // namespace sr::callgen
