// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/callgen/script.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <lua.hpp>

#include "drivers/base/log.h"
#include "tools/callgen/prelude.h"
#include "tools/callgen/script_api.h"

namespace sr::callgen {
namespace {

struct WakeName { const char* name; Wake wake; };
constexpr WakeName kWakes[] = {{"timeout", Wake::timeout}, {"answered", Wake::answered}, {"cleared", Wake::cleared}, {"refused", Wake::refused},
                               {"ring", Wake::ring},       {"prompt", Wake::prompt},     {"agent", Wake::agent},     {"gone", Wake::gone},
                               {"line", Wake::line},       {"closing", Wake::closing},
                               {"offered", Wake::offered}};

const char* name_of(Wake wake) {
  for (const auto& w : kWakes)
    if (w.wake == wake) return w.name;
  return "none";
}

constexpr std::array<const char*, 3> kFunctions = {"caller", "called", "agent"};  // by Role

struct Session { lua_State* thread = nullptr; int ref = LUA_NOREF; Role role = Role::caller; };

}  // namespace

unsigned wakes_from(std::string_view names) {
  unsigned mask = 0;
  while (!names.empty()) {
    const auto space = names.find(' ');
    const auto one = names.substr(0, space);
    for (const auto& w : kWakes)
      if (one == w.name) mask |= static_cast<unsigned>(w.wake);
    names.remove_prefix(space == std::string_view::npos ? names.size() : space + 1);
  }
  return mask;
}

struct Script::Impl {
  Impl(Timers& t, Exchange& e, std::map<std::string, std::string> p) : param(std::move(p)) {
    context.timers = &t;
    context.exchange = &e;
    context.begun = t.now();
  }
  ~Impl() {
    if (lua != nullptr) lua_close(lua);
  }

  ApiContext context;
  std::map<std::string, std::string> param;
  lua_State* lua = nullptr;
  ScenarioSettings settings;
  std::array<bool, 3> present{};
  std::array<std::size_t, 3> alive{};
  std::unordered_map<PartyId, Session> sessions;
  std::uint64_t errors_logged = 0;

  Status run_file(const std::string& path);
  Status read_settings(const std::string& path);
  void set_param();
  void resume(PartyId id, int arguments);
  void end(PartyId id);
};

namespace {

Error lua_error(lua_State* lua, const std::string& path) {
  const char* text = lua_tostring(lua, -1);
  std::string what = text != nullptr ? text : "error";
  lua_pop(lua, 1);
  // Lua says "file:line: what"
  const auto first = what.find(':');
  const auto second = first == std::string::npos ? first : what.find(':', first + 1);
  if (second == std::string::npos) return {what, path, {}};
  return {what.substr(std::min(second + 2, what.size())), what.substr(0, second), {}};
}

void stop_runaway(lua_State* lua, lua_Debug*) { luaL_error(lua, "more than %d instructions without a wait", kInstructionsMax); }

double number(lua_State* lua, const char* name, double otherwise) {
  lua_getglobal(lua, name);
  const double v = lua_isnumber(lua, -1) ? lua_tonumber(lua, -1) : otherwise;
  lua_pop(lua, 1);
  return v;
}
std::string text(lua_State* lua, const char* name, const std::string& otherwise) {
  lua_getglobal(lua, name);
  std::string v = lua_isstring(lua, -1) ? lua_tostring(lua, -1) : otherwise;
  lua_pop(lua, 1);
  return v;
}

}  // namespace

void Script::Impl::set_param() {
  lua_newtable(lua);
  for (const auto& [key, value] : param) {
    double n = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), n);
    if (parsed.ec == std::errc{} && parsed.ptr == value.data() + value.size()) {
      if (n == std::floor(n) && std::abs(n) < 1e15) lua_pushinteger(lua, static_cast<lua_Integer>(n));
      else lua_pushnumber(lua, n);
    } else lua_pushlstring(lua, value.data(), value.size());
    lua_setfield(lua, -2, key.c_str());
  }
  lua_setglobal(lua, "param");
}

Status Script::Impl::run_file(const std::string& path) {
  const std::string chunk = "@" + path;
  if (luaL_loadfilex(lua, path.c_str(), "t") != LUA_OK) return std::unexpected(lua_error(lua, path));
  if (lua_pcall(lua, 0, 0, 0) != LUA_OK) return std::unexpected(lua_error(lua, path));
  return {};
}

Status Script::Impl::read_settings(const std::string& path) {
  settings.arrivals.rate = number(lua, "rate", 1.0);
  settings.arrivals.period_s = number(lua, "period", 90.0);
  settings.calls = static_cast<std::uint64_t>(std::max(0.0, number(lua, "calls", 0)));
  settings.agents = static_cast<int>(number(lua, "agents", 0));
  settings.drain_s = number(lua, "drain", 60);
  settings.group = text(lua, "group", "");
  auto curve = curve_from(text(lua, "curve", "poisson"));
  if (!curve) return fail(curve.error().what, path, curve.error().fix);
  settings.arrivals.curve = *curve;
  if (!(settings.arrivals.rate >= 0 && settings.arrivals.rate <= kRateMax)) return fail("rate must be 0…5000 calls per second", path);
  if (!(settings.arrivals.period_s > 0)) return fail("period must be a number of seconds above 0", path);
  for (std::size_t role = 0; role < kFunctions.size(); ++role) {
    present[role] = lua_getglobal(lua, kFunctions[role]) == LUA_TFUNCTION;
    lua_pop(lua, 1);
  }
  if (!present[0] && !present[2]) return fail("neither function caller(c) nor function agent(a) is defined", path, "define one of them");
  return {};
}

Status Script::load(const std::string& path) {
  lua_State* lua = impl_->lua = luaL_newstate();
  if (lua == nullptr) return fail("no memory for Lua");
  constexpr luaL_Reg kLibraries[] = {{"_G", luaopen_base}, {"string", luaopen_string}, {"table", luaopen_table}, {"math", luaopen_math}};
  for (const auto& l : kLibraries) {
    luaL_requiref(lua, l.name, l.func, 1);
    lua_pop(lua, 1);
  }
  const auto slash = path.rfind('/');
  impl_->context.directory = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  open_api(lua, &impl_->context);  // leaves the table of the methods
  if (luaL_loadbufferx(lua, kPrelude, std::strlen(kPrelude), "=prelude", "t") != LUA_OK) return std::unexpected(lua_error(lua, "prelude"));
  lua_insert(lua, -2);
  if (lua_pcall(lua, 1, 0, 0) != LUA_OK) return std::unexpected(lua_error(lua, "prelude"));
  impl_->set_param();
  lua_sethook(lua, stop_runaway, LUA_MASKCOUNT, kInstructionsMax);
  if (auto ok = impl_->run_file(path); !ok) return ok;
  return impl_->read_settings(path);
}

// A person's thread is kept in the registry until his function returns.
void Script::start(Party& party) {
  Impl& impl = *impl_;
  const PartyId id = party.id;
  Session s;
  s.role = party.role;
  s.thread = lua_newthread(impl.lua);
  s.ref = luaL_ref(impl.lua, LUA_REGISTRYINDEX);
  lua_sethook(s.thread, stop_runaway, LUA_MASKCOUNT, kInstructionsMax);
  impl.sessions[id] = s;
  ++impl.alive[static_cast<std::size_t>(s.role)];
  lua_getglobal(s.thread, kFunctions[static_cast<std::size_t>(s.role)]);
  push_party(s.thread, id);
  impl.resume(id, 1);
}

void Script::on_wake(PartyId id, Wake wake) {
  const auto it = impl_->sessions.find(id);
  if (it == impl_->sessions.end()) return;
  lua_pushstring(it->second.thread, name_of(wake));
  impl_->resume(id, 1);
}

void Script::Impl::resume(PartyId id, int arguments) {
  const Session s = sessions.at(id);
  lua_sethook(s.thread, stop_runaway, LUA_MASKCOUNT, kInstructionsMax);  // counts from here again
  int results = 0;
  const int status = lua_resume(s.thread, lua, arguments, &results);
  if (status == LUA_YIELD) {
    lua_pop(s.thread, results);
    return;
  }
  if (status != LUA_OK) {
    ++context.exchange->counters().script_errors;
    const char* what = lua_tostring(s.thread, -1);
    if (errors_logged++ < 20) log::error("scenario: {}", what != nullptr ? what : "error");
  }
  end(id);
}

void Script::Impl::end(PartyId id) {
  const auto it = sessions.find(id);
  if (it == sessions.end()) return;
  luaL_unref(lua, LUA_REGISTRYINDEX, it->second.ref);
  --alive[static_cast<std::size_t>(it->second.role)];
  sessions.erase(it);
  if (Party* p = context.exchange->find(id)) context.exchange->finish(*p);
}

Script::Script(Timers& timers, Exchange& exchange, std::map<std::string, std::string> param)
    : impl_(std::make_unique<Impl>(timers, exchange, std::move(param))) {}
Script::~Script() = default;
const ScenarioSettings& Script::settings() const { return impl_->settings; }
void Script::set_group(std::string group) { impl_->context.group = std::move(group); }
bool Script::has(Role role) const { return impl_->present[static_cast<std::size_t>(role)]; }
std::size_t Script::running() const { return impl_->sessions.size(); }
std::size_t Script::running(Role role) const { return impl_->alive[static_cast<std::size_t>(role)]; }
const std::map<std::string, std::uint64_t>& Script::marks() const { return impl_->context.marks; }

}  // namespace sr::callgen
