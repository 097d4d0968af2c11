// What a script decides by: numbers of a queue and of a trunk group, opening hours, holidays, TV spots. None of it waits.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/sandbox.h"
#include "cti-core/ivr/script_api.h"
#include "cti-core/ivr/script_args.h"
#include "cti-core/ivr/turn_meter.h"

namespace sr::ivr {
namespace {

constexpr int kCharge = 50;  // steps: the center counts its agents

std::string queue_named(lua_State* lua, int index) {
  std::string name = text_argument(lua, index, kReasonBytesMax, "queue");
  if (!session_of(lua).context->host.queue_exists(name)) luaL_error(lua, "unknown queue '%s'", name.c_str());
  return name;
}

QueueNumbers numbers_of(lua_State* lua) {
  const std::string name = queue_named(lua, 1);
  TurnMeter::of(lua).charge(lua, kCharge);
  return session_of(lua).context->host.queue_numbers(name);
}

template <int QueueNumbers::*Count>
int count_of(lua_State* lua) {
  lua_pushinteger(lua, numbers_of(lua).*Count);
  return 1;
}

int oldest_wait(lua_State* lua) {
  lua_pushnumber(lua, to_seconds(numbers_of(lua).oldest));
  return 1;
}

int expected_wait(lua_State* lua) {  // nil: cannot be told
  if (const auto wait = numbers_of(lua).expected) lua_pushnumber(lua, to_seconds(*wait));
  else lua_pushnil(lua);
  return 1;
}

template <int TrunkNumbers::*Count>
int count_of_trunks(lua_State* lua) {
  const std::string group = text_argument(lua, 1, kReasonBytesMax, "trunk group");
  TurnMeter::of(lua).charge(lua, kCharge);
  const auto numbers = session_of(lua).context->host.trunk_numbers(group);
  if (!numbers) return luaL_error(lua, "unknown trunk group '%s'", group.c_str());
  lua_pushinteger(lua, (*numbers).*Count);
  return 1;
}

int is_open(lua_State* lua) {  // is_open() of the call's number and its queue, is_open("vip") of a queue
  const std::string queue = lua_isnoneornil(lua, 1) ? std::string() : queue_named(lua, 1);
  TurnMeter::of(lua).charge(lua, kCharge);
  lua_pushboolean(lua, session_of(lua).context->host.is_open(session_of(lua).info.call, queue) ? 1 : 0);
  return 1;
}

int push_name(lua_State* lua, const std::string& name) {  // or nil
  TurnMeter::of(lua).charge(lua, kCharge);
  if (name.empty()) lua_pushnil(lua);
  else lua_pushlstring(lua, name.data(), name.size());
  return 1;
}

int holiday(lua_State* lua) { return push_name(lua, session_of(lua).context->host.holiday()); }
int spot(lua_State* lua) { return push_name(lua, session_of(lua).context->host.spot(session_of(lua).info.call)); }

}  // namespace

extern const Function kNumberFunctions[];
const Function kNumberFunctions[] = {{"agents_staffed", count_of<&QueueNumbers::staffed>},
                                     {"agents_ready", count_of<&QueueNumbers::ready>},
                                     {"oldest_wait", oldest_wait},
                                     {"expected_wait", expected_wait},
                                     {"trunks_free", count_of_trunks<&TrunkNumbers::free>},
                                     {"trunks_in_use", count_of_trunks<&TrunkNumbers::in_use>},
                                     {"is_open", is_open},
                                     {"holiday", holiday},
                                     {"spot", spot},
                                     {nullptr, nullptr}};

}  // namespace sr::ivr
