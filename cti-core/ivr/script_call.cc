// What a script does without waiting: served, lost, keep_place, log, agents_idle, calls_waiting, clock, and the object `call`.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <ctime>

#include "cti-core/ivr/sandbox.h"
#include "cti-core/ivr/script_api.h"
#include "cti-core/ivr/script_args.h"
#include "cti-core/ivr/turn_meter.h"
#include "drivers/base/log.h"

namespace sr::ivr {

void add_call_object(lua_State* lua);

namespace {

// To the script: true, or nil and the reason.
int true_or_why(lua_State* lua, const Status& done) {
  if (done) {
    lua_pushboolean(lua, 1);
    return 1;
  }
  const std::string why = done.error().text();
  lua_pushnil(lua);
  lua_pushlstring(lua, why.data(), why.size());
  return 2;
}

int served(lua_State* lua) {
  Session& s = session_of(lua);
  return true_or_why(lua, s.context->host.script_served(s.info.call, text_argument(lua, 1, kReasonBytesMax, "served")));
}

int keep_place(lua_State* lua) {
  Session& s = session_of(lua);
  return true_or_why(lua, s.context->host.script_keep_place(s.info.call, text_argument(lua, 1, kReasonBytesMax, "keep_place")));
}

// The stages that a script can know; the others are booked by the center itself.
constexpr std::array kStages = {LossStage::timeout,   LossStage::full,     LossStage::closed,  LossStage::empty,
                                LossStage::blacklist, LossStage::rejected, LossStage::captured};

int lost(lua_State* lua) {
  Session& s = session_of(lua);
  const std::string stage = text_argument(lua, 1, kReasonBytesMax, "lost");
  const std::string reason = lua_isnoneornil(lua, 2) ? stage : text_argument(lua, 2, kReasonBytesMax, "lost");
  check_options(lua, 3, {"callback"});
  const bool callback = flag_option(lua, 3, "callback");
  std::string all;
  for (const LossStage one : kStages) {
    const char* name = boost::describe::enum_to_string(one, "");
    if (stage == name) {
      s.context->host.script_lost(s.info.call, one, reason, callback);
      return 0;
    }
    all += (all.empty() ? "" : ", ") + std::string(name);
  }
  return luaL_error(lua, "lost: no stage '%s' (there are: %s)", stage.c_str(), all.c_str());
}

int write_log(lua_State* lua) {
  const Session& s = session_of(lua);
  std::string line;
  for (int i = 1; i <= lua_gettop(lua) && line.size() < kLogBytesMax; ++i) {
    std::size_t size = 0;
    const char* text = luaL_tolstring(lua, i, &size);
    if (i > 1) line += ' ';
    line.append(text, std::min(size, kLogBytesMax));
    lua_pop(lua, 1);
  }
  line.resize(std::min(line.size(), kLogBytesMax));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';  // one line
  TurnMeter& meter = TurnMeter::of(lua);
  meter.charge(lua, 200);
  const int n = ++meter.log_lines;
  if (n <= kLogLinesPerTurnMax)
    log::info("call {} {}: {}", to_number(s.info.call), s.program->name, line);
  else if (n == kLogLinesPerTurnMax + 1)
    log::warn("call {} {}: more than {} lines without waiting, the rest is left out", to_number(s.info.call), s.program->name,
              kLogLinesPerTurnMax);
  return 0;
}

template <int (ScriptHost::*Count)(const std::string&) const>
int count_of_queue(lua_State* lua) {
  const ScriptHost& host = session_of(lua).context->host;
  const std::string name = text_argument(lua, 1, kReasonBytesMax, "queue");
  if (!host.queue_exists(name)) return luaL_error(lua, "unknown queue '%s'", name.c_str());
  TurnMeter::of(lua).charge(lua, 20);
  lua_pushinteger(lua, (host.*Count)(name));
  return 1;
}

int clock(lua_State* lua) {  // the center's local time as a table
  const ScriptContext& context = *session_of(lua).context;
  const std::time_t unix_s = to_us(context.timers.now()) / 1'000'000;
  std::tm tm{};
  if (context.utc_offset_minutes) {
    const std::time_t local = unix_s + *context.utc_offset_minutes * 60;
    gmtime_r(&local, &tm);
  } else {
    localtime_r(&unix_s, &tm);
  }
  lua_createtable(lua, 0, 8);
  const std::pair<const char*, std::int64_t> fields[] = {{"year", tm.tm_year + 1900},
                                                         {"month", tm.tm_mon + 1},
                                                         {"day", tm.tm_mday},
                                                         {"hour", tm.tm_hour},
                                                         {"minute", tm.tm_min},
                                                         {"second", tm.tm_sec},
                                                         {"weekday", tm.tm_wday == 0 ? 7 : tm.tm_wday},
                                                         {"unix", unix_s}};
  for (const auto& [name, value] : fields) {
    lua_pushinteger(lua, value);
    lua_setfield(lua, -2, name);
  }
  return 1;
}

// ---- call ------------------------------------------------------------------------------------------------------------
int set_data(lua_State* lua) {  // call:set(key, value)
  Session& s = session_of(lua);
  const std::string key = text_argument(lua, 2, kDataKeyBytesMax, "call:set");
  std::string value;
  if (lua_isboolean(lua, 3))
    value = lua_toboolean(lua, 3) ? "true" : "false";
  else if (!lua_isnil(lua, 3))
    value = text_argument(lua, 3, kDataValueBytesMax, "call:set");
  if (key.empty()) return luaL_error(lua, "call:set: the key is empty");
  if (!s.data.contains(key) && s.data.size() == kDataKeysMax)
    return luaL_error(lua, "call:set: at most %d keys", static_cast<int>(kDataKeysMax));
  TurnMeter::of(lua).charge(lua, 100);
  const auto known = s.data.find(key);
  if (known != s.data.end() && known->second == value) return 0;
  s.data[key] = value;
  s.context->host.script_set_data(s.info.call, key, value);
  return 0;
}

int get_data(lua_State* lua) {
  const Session& s = session_of(lua);
  const auto found = s.data.find(text_argument(lua, 2, kDataKeyBytesMax, "call:get"));
  if (found == s.data.end())
    lua_pushnil(lua);
  else
    lua_pushlstring(lua, found->second.data(), found->second.size());
  return 1;
}

int call_field(lua_State* lua) {  // upvalues: settings, set, get
  const Session& s = session_of(lua);
  const std::string_view name = luaL_checkstring(lua, 2);
  const auto text = [lua](const std::string& value) {
    lua_pushlstring(lua, value.data(), value.size());
    return 1;
  };
  if (name == "calling") return text(s.info.calling);
  if (name == "called") return text(s.info.called);
  if (name == "number") return text(s.info.number);
  if (name == "settings")
    lua_pushvalue(lua, lua_upvalueindex(1));
  else if (name == "set")
    lua_pushvalue(lua, lua_upvalueindex(2));
  else if (name == "get")
    lua_pushvalue(lua, lua_upvalueindex(3));
  else
    lua_pushnil(lua);
  return 1;
}

int setting(lua_State* lua) {
  const Session& s = session_of(lua);
  const auto found = s.info.settings.find(luaL_checkstring(lua, 2));
  if (found == s.info.settings.end())
    lua_pushnil(lua);
  else
    lua_pushlstring(lua, found->second.data(), found->second.size());
  return 1;
}

int read_only(lua_State* lua) { return luaL_error(lua, "this table cannot be changed; data of the call: call:set(key, value)"); }

// An empty table whose fields come from the C function on top of the stack.
void push_front(lua_State* lua) {
  lua_createtable(lua, 0, 3);
  lua_insert(lua, -2);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, read_only);
  lua_setfield(lua, -2, "__newindex");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_newtable(lua);
  lua_insert(lua, -2);
  lua_setmetatable(lua, -2);
}

}  // namespace

extern const Function kCallFunctions[];
const Function kCallFunctions[] = {{"served", served},
                                   {"lost", lost},
                                   {"keep_place", keep_place},
                                   {"log", write_log},
                                   {"agents_idle", count_of_queue<&ScriptHost::agents_idle>},
                                   {"calls_waiting", count_of_queue<&ScriptHost::calls_waiting>},
                                   {"clock", clock},
                                   {nullptr, nullptr}};

void add_call_object(lua_State* lua) {
  push_globals(lua);
  lua_pushcfunction(lua, setting);
  push_front(lua);
  lua_pushcfunction(lua, set_data);
  lua_pushcfunction(lua, get_data);
  lua_pushcclosure(lua, call_field, 3);
  push_front(lua);
  lua_setfield(lua, -2, "call");
  lua_pop(lua, 1);
}

bool is_call_member(const std::string& name) {
  constexpr std::array kMembers = {"calling", "called", "number", "settings", "set", "get"};
  return std::find(kMembers.begin(), kMembers.end(), name) != kMembers.end();
}

}  // namespace sr::ivr
