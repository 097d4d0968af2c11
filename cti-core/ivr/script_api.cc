// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/script_api.h"

#include <algorithm>
#include <cstring>

#include "cti-core/ivr/sandbox.h"
#include "cti-core/ivr/script_args.h"
#include "cti-core/ivr/turn_meter.h"
#include "drivers/base/log.h"

namespace sr::ivr {

extern const Function kSayFunctions[];   // script_say.cc
extern const Function kCallFunctions[];  // script_call.cc: what does not wait
extern const Function kNumberFunctions[];  // script_numbers.cc
void add_call_object(lua_State* lua);

namespace {

int suspend(lua_State* lua, Ask ask, lua_KFunction then) {
  session_of(lua).ask = std::move(ask);
  return lua_yieldk(lua, 0, 0, then);
}

template <class T>
T& reply_of(lua_State* lua) {
  return std::get<T>(session_of(lua).reply);
}

int push_word(lua_State* lua, const char* word) {
  lua_pushstring(lua, word);
  return 1;
}

// ---- answer() ----------------------------------------------------------------------------------------------------------
int answer(lua_State* lua) {
  may_wait(lua, "answer");
  return suspend(lua, ask::Answer{}, [](lua_State*, int, lua_KContext) { return 0; });
}

// ---- play(prompts, {barge_in=}) → digit | nil ---------------------------------------------------------------------------
int played(lua_State* lua, int, lua_KContext) {
  const auto digit = reply_of<Digit>(lua).digit;
  if (digit)
    lua_pushlstring(lua, &*digit, 1);
  else
    lua_pushnil(lua);
  return 1;
}

int play(lua_State* lua) {
  may_wait(lua, "play");
  const bool in_list = lua_type(lua, 1) == LUA_TTABLE;
  if (in_list) check_options(lua, 1, {"barge_in"}, true);
  check_options(lua, 2, {"barge_in"});
  ask::Play wish{prompts_argument(lua, 1), flag_option(lua, 2, "barge_in") || (in_list && flag_option(lua, 1, "barge_in"))};
  return suspend(lua, std::move(wish), played);
}

// ---- collect{…} → digits | nil, reason, what was typed ------------------------------------------------------------------
int collected(lua_State* lua, int, lua_KContext) {
  const Collector& c = reply_of<Collector>(lua);
  if (c.good())
    lua_pushlstring(lua, c.digits().data(), c.digits().size());
  else
    lua_pushnil(lua);
  lua_pushstring(lua, boost::describe::enum_to_string(c.end(), ""));
  lua_pushlstring(lua, c.digits().data(), c.digits().size());
  return 3;
}

CollectRequest collect_request(lua_State* lua) {
  CollectRequest r;
  const auto most = static_cast<std::int64_t>(kDigitsMax);
  r.min = static_cast<std::size_t>(integer_option(lua, 1, "min", 0, most).value_or(1));
  r.max = static_cast<std::size_t>(
      integer_option(lua, 1, "max", 1, most).value_or(std::max<std::int64_t>(1, static_cast<std::int64_t>(r.min))));
  if (r.max < r.min) luaL_error(lua, "collect: max is less than min");
  r.first_timeout = seconds_option(lua, 1, "first_timeout_s").value_or(r.first_timeout);
  r.digit_timeout = seconds_option(lua, 1, "digit_timeout_s").value_or(r.digit_timeout);
  if (const auto t = text_option(lua, 1, "terminator")) {
    if (t->size() > 1 || (t->size() == 1 && !std::strchr("0123456789*#ABCD", t->front())))
      luaL_error(lua, "collect: terminator is one key, or \"\" for none");
    r.terminator = t->empty() ? '\0' : t->front();
  }
  if (const auto p = text_option(lua, 1, "pattern")) {
    auto pattern = Pattern::compile(p->ends_with('$') ? *p : *p + "$");
    if (!pattern) luaL_error(lua, "collect: %s", pattern.error().what.c_str());
    r.pattern = std::move(*pattern);
  }
  return r;
}

int collect(lua_State* lua) {
  may_wait(lua, "collect");
  check_options(lua, 1, {"min", "max", "first_timeout_s", "digit_timeout_s", "terminator", "pattern", "prompts"});
  ask::Collect wish;
  wish.request = collect_request(lua);
  if (lua_type(lua, 1) == LUA_TTABLE) {
    if (lua_getfield(lua, 1, "prompts") != LUA_TNIL) wish.prompts = prompts_argument(lua, -1);
    lua_pop(lua, 1);
  }
  return suspend(lua, std::move(wish), collected);
}

// ---- queue(name, {…}) → "answered" | "timeout" | "full" | "closed" | "empty" | "callback" --------------------------------------------------------
int queue(lua_State* lua) {
  may_wait(lua, "queue");
  check_options(lua, 2, {"priority", "timeout_s", "agent", "agent_wait_s", "only_agent", "only_if_idle", "callback_key"});
  QueueRequest r;
  r.queue = text_argument(lua, 1, kReasonBytesMax, "queue");
  if (!session_of(lua).context->host.queue_exists(r.queue)) return luaL_error(lua, "unknown queue '%s'", r.queue.c_str());
  r.priority = static_cast<int>(integer_option(lua, 2, "priority", -1000, 1000).value_or(0));
  r.timeout = seconds_option(lua, 2, "timeout_s").value_or(Duration{});
  r.agent = text_option(lua, 2, "agent").value_or("");
  r.agent_wait = seconds_option(lua, 2, "agent_wait_s").value_or(Duration{});
  r.only_agent = flag_option(lua, 2, "only_agent");
  if (r.only_agent && r.agent.empty()) return luaL_error(lua, "queue: only_agent needs agent = \"…\"");
  if (const auto key = text_option(lua, 2, "callback_key")) {
    if (key->size() != 1 || !std::strchr("0123456789*#", key->front())) return luaL_error(lua, "queue: callback_key is one key");
    r.callback_key = key->front();
  }
  r.language = session_of(lua).lang;
  r.only_if_idle = flag_option(lua, 2, "only_if_idle");
  return suspend(lua, ask::Queue{std::move(r)}, [](lua_State* l, int, lua_KContext) {
    return push_word(l, boost::describe::enum_to_string(reply_of<QueueEnd>(l), "timeout"));
  });
}

// ---- dial(number, {…}) → "answered" (after the talk) | "busy" | "no_answer" | "failed" -------------------------------------
int dial(lua_State* lua) {
  may_wait(lua, "dial");
  check_options(lua, 2, {"timeout_s", "calling", "group"});
  DialRequest r;
  r.called = text_argument(lua, 1, kDigitsMax, "dial");
  if (r.called.empty() || r.called.find_first_not_of("0123456789*#") != std::string::npos)
    return luaL_error(lua, "dial: a number has digits, * and # only");
  r.calling = text_option(lua, 2, "calling").value_or("");
  r.group = text_option(lua, 2, "group").value_or("");
  r.timeout = seconds_option(lua, 2, "timeout_s").value_or(r.timeout);
  return suspend(lua, ask::Dial{std::move(r)}, [](lua_State* l, int, lua_KContext) {
    return push_word(l, boost::describe::enum_to_string(reply_of<DialEnd>(l), "failed"));
  });
}

// ---- hangup(cause): does not come back --------------------------------------------------------------------------------------
int hangup(lua_State* lua) {
  may_wait(lua, "hangup");
  const lua_Integer cause = luaL_optinteger(lua, 1, 16);
  luaL_argcheck(lua, cause >= 1 && cause <= 127, 1, "a Q.850 cause is 1 … 127");
  return suspend(lua, ask::Hangup{static_cast<int>(cause)},
                 [](lua_State* l, int, lua_KContext) { return luaL_error(l, "the call is over"); });
}

// ---- sql(text, …) → rows | nil, error ------------------------------------------------------------------------------------------
void push_value(lua_State* lua, const SqlValue& value) {
  if (const auto* i = std::get_if<std::int64_t>(&value))
    lua_pushinteger(lua, *i);
  else if (const auto* d = std::get_if<double>(&value))
    lua_pushnumber(lua, *d);
  else if (const auto* s = std::get_if<std::string>(&value))
    lua_pushlstring(lua, s->data(), s->size());
  else
    lua_pushnil(lua);
}

int rows_came(lua_State* lua, int, lua_KContext) {
  const SqlResult& result = reply_of<SqlResult>(lua);
  if (!result.error.empty()) {
    lua_pushnil(lua);
    lua_pushlstring(lua, result.error.data(), result.error.size());
    return 2;
  }
  lua_createtable(lua, static_cast<int>(result.rows.size()), 1);
  lua_Integer n = 0;
  for (const SqlRow& row : result.rows) {
    lua_createtable(lua, 0, static_cast<int>(row.size()));
    for (const auto& [name, value] : row) {
      lua_pushlstring(lua, name.data(), name.size());
      push_value(lua, value);
      lua_rawset(lua, -3);
    }
    lua_rawseti(lua, -2, ++n);
  }
  lua_pushinteger(lua, result.changed);
  lua_setfield(lua, -2, "changed");
  session_of(lua).reply = {};
  return 1;
}

int sql(lua_State* lua) {
  may_wait(lua, "sql");
  ask::Sql wish;
  wish.text = text_argument(lua, 1, kSqlBytesMax, "sql");
  const int last = lua_gettop(lua);
  if (last - 1 > static_cast<int>(kSqlParametersMax))
    return luaL_error(lua, "sql: at most %d parameters", static_cast<int>(kSqlParametersMax));
  for (int i = 2; i <= last; ++i) {
    switch (lua_type(lua, i)) {
      case LUA_TNIL:
        wish.parameters.emplace_back(nullptr);
        break;
      case LUA_TBOOLEAN:
        wish.parameters.emplace_back(std::int64_t{lua_toboolean(lua, i)});
        break;
      case LUA_TNUMBER:
        if (lua_isinteger(lua, i))
          wish.parameters.emplace_back(static_cast<std::int64_t>(lua_tointeger(lua, i)));
        else
          wish.parameters.emplace_back(static_cast<double>(lua_tonumber(lua, i)));
        break;
      case LUA_TSTRING:
        wish.parameters.emplace_back(text_argument(lua, i, kSqlBytesMax, "sql"));
        break;
      default:
        return luaL_error(lua, "sql: a parameter is nil, a number, a boolean or a text, not a %s", luaL_typename(lua, i));
    }
  }
  return suspend(lua, std::move(wish), rows_came);
}

// ---- include("lib/x.lua") → what the file returns --------------------------------------------------------------------------------
int included(lua_State* lua, int, lua_KContext) { return lua_gettop(lua) - 1; }

int include(lua_State* lua) {
  const Session& s = session_of(lua);
  const std::string name = text_argument(lua, 1, kNameBytesMax, "include");
  lua_settop(lua, 1);
  const auto found = s.program->libraries.find(name);
  if (found == s.program->libraries.end()) return luaL_error(lua, "'%s' was not included when the script was loaded", name.c_str());
  lua_rawgeti(lua, LUA_REGISTRYINDEX, found->second);
  lua_rawgeti(lua, LUA_REGISTRYINDEX, s.globals_ref);
  lua_callk(lua, 1, LUA_MULTRET, 0, included);
  return included(lua, LUA_OK, 0);
}

constexpr Function kWaiting[] = {{"answer", answer}, {"play", play}, {"collect", collect}, {"queue", queue},  {"dial", dial},
                                 {"hangup", hangup}, {"sql", sql},   {"include", include}, {nullptr, nullptr}};

// ---- lang: read and written like a global, checked ------------------------------------------------------------------------------------
int read_global(lua_State* lua) {
  if (lua_type(lua, 2) == LUA_TSTRING && std::string_view(lua_tostring(lua, 2)) == "lang") {
    const Session& s = session_of(lua);
    lua_pushlstring(lua, s.lang.data(), s.lang.size());
  } else
    lua_pushnil(lua);
  return 1;
}

int write_global(lua_State* lua) {
  if (lua_type(lua, 2) == LUA_TSTRING && std::string_view(lua_tostring(lua, 2)) == "lang") {
    const std::string lang = text_argument(lua, 3, 8, "lang");
    if (lang != "zh" && lang != "en") return luaL_error(lua, "lang: \"zh\" or \"en\", not '%s'", lang.c_str());
    session_of(lua).lang = lang;
    return 0;
  }
  lua_settop(lua, 3);
  lua_rawset(lua, 1);
  return 0;
}

}  // namespace

void add_script_api(lua_State* lua) {
  add_globals(lua, kWaiting);
  add_globals(lua, kCallFunctions);
  add_globals(lua, kNumberFunctions);
  add_library(lua, "say", kSayFunctions);
  add_call_object(lua);
  push_globals(lua);  // a name that is no global: lang, or nil
  lua_createtable(lua, 0, 1);
  lua_pushcfunction(lua, read_global);
  lua_setfield(lua, -2, "__index");
  lua_setmetatable(lua, -2);
  // The metatable of every call's globals.
  lua_createtable(lua, 0, 3);
  lua_insert(lua, -2);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, write_global);
  lua_setfield(lua, -2, "__newindex");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_setfield(lua, LUA_REGISTRYINDEX, "sr.environment");
}

void push_environment(lua_State* lua) {
  lua_newtable(lua);
  lua_getfield(lua, LUA_REGISTRYINDEX, "sr.environment");
  lua_setmetatable(lua, -2);
}

}  // namespace sr::ivr
