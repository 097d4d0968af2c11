// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "cti-core/ivr/lua_engine_impl.h"
#include "cti-core/ivr/sandbox.h"
#include "cti-core/ivr/script_api.h"
#include "drivers/base/log.h"
#include "drivers/board/board.h"

namespace sr::ivr {
namespace {

constexpr std::size_t kPromptsPerPlay = board::kPlayItemsMax;

}  // namespace

LuaEngineImpl::LuaEngineImpl(Timers& timers, ScriptHost& host, DataSource& data, TurnClock& clock, EngineOptions options)
    : timers_(timers),
      data_(data),
      options_(std::move(options)),
      context_{host, timers, options_.utc_offset_minutes},
      clock_(clock),
      heap_(options_.state_bytes_max),
      meter_(heap_, clock),
      shelf_(lua_, options_.directory,
             {[this](const std::string& queue) { return context_.host.queue_exists(queue); },
              [this](const std::string& prompt) { return context_.host.prompt_exists(prompt); }}) {
  lua_ = lua_newstate(LuaHeap::allocate, &heap_);
  SR_ENSURE(lua_ != nullptr);
  lua_gc(lua_, LUA_GCSTOP);  // the engine collects between turns
  meter_.install(lua_);
  make_sandbox(lua_);
  add_script_api(lua_);
  after_collection_ = heap_.total();
}

LuaEngineImpl::~LuaEngineImpl() {
  for (auto& [call, s] : sessions_) timers_.cancel(s->timer);
  lua_close(lua_);
}

void LuaEngineImpl::reload_changed() {
  watched_ = timers_.now();
  shelf_.reload_changed();
}

EngineCounters LuaEngineImpl::counters() const {
  EngineCounters c = counters_;
  c.longest_turn_ns = meter_.longest_ns;  // without the collector
  c.memory = heap_.total();
  c.reloaded = shelf_.reloaded;
  c.reload_refused = shelf_.reload_refused;
  return c;
}

// ---- begin and end -----------------------------------------------------------------------------------------------------
Status LuaEngineImpl::start(const std::string& script, CallInfo info) {
  if (sessions_.contains(info.call)) return fail(fmt::format("call {} has a script already", to_number(info.call)), script);
  if (options_.watch_files && timers_.now() - watched_ >= kWatchEvery) reload_changed();
  if (heap_.full()) {
    ++counters_.refused;
    return fail("the memory of the scripts is used up", script, "are there scripts that hold large tables?");
  }
  const auto version = shelf_.take(script);
  if (!version) {
    ++counters_.refused;
    return std::unexpected(version.error());
  }
  const CallId call = info.call;
  auto owned = std::make_unique<Session>();
  Session& s = *owned;
  s.context = &context_;
  s.info = std::move(info);
  s.version = *version;
  s.program = shelf_.program(s.version);
  const auto language = s.info.settings.find("language");
  s.lang = language != s.info.settings.end() && !language->second.empty() ? language->second : "zh";
  s.window = timers_.now();
  s.account = heap_.open();
  if (!make_coroutine(s)) {
    heap_.close(s.account);
    shelf_.give_back(s.version);
    ++counters_.refused;
    return fail("no memory for the script", script);
  }
  ++counters_.started;
  s.ready = true;
  sessions_.emplace(call, std::move(owned));
  drive(call);
  return {};
}

// The coroutine and its globals belong to the call, the places in the registry do not.
bool LuaEngineImpl::make_coroutine(Session& s) {
  lua_pushlightuserdata(lua_, &s);
  lua_pushlightuserdata(lua_, &heap_);
  lua_pushcclosure(
      lua_,
      [](lua_State* lua) {
        auto& session = *static_cast<Session*>(lua_touserdata(lua, lua_upvalueindex(1)));
        auto& heap = *static_cast<LuaHeap*>(lua_touserdata(lua, lua_upvalueindex(2)));
        heap.enter(session.account);
        session.coroutine = lua_newthread(lua);
        push_environment(lua);
        heap.leave();
        lua_rawgeti(session.coroutine, LUA_REGISTRYINDEX, session.program->main);
        lua_pushvalue(lua, -1);
        lua_xmove(lua, session.coroutine, 1);
        session.globals_ref = luaL_ref(lua, LUA_REGISTRYINDEX);
        session.coroutine_ref = luaL_ref(lua, LUA_REGISTRYINDEX);
        return 0;
      },
      2);
  const bool done = lua_pcall(lua_, 0, 0, 0) == LUA_OK;
  if (!done) lua_pop(lua_, 1);
  heap_.leave();
  debt_ += heap_.held(s.account);
  return done;
}

Session* LuaEngineImpl::end(Session& s) {
  timers_.cancel(s.timer);
  luaL_unref(lua_, LUA_REGISTRYINDEX, s.coroutine_ref);
  luaL_unref(lua_, LUA_REGISTRYINDEX, s.globals_ref);
  heap_.close(s.account);
  const std::uint32_t version = s.version;
  sessions_.erase(s.info.call);
  shelf_.give_back(version);
  return nullptr;
}

void LuaEngineImpl::fail_session(Session& s, Error error) {
  const CallId call = s.info.call;
  ++counters_.failed;
  if (error.where.empty()) error.where = s.program->name;
  log::warn("call {} script {}: {}", to_number(call), s.program->name, error.text());
  end(s);
  context_.host.script_failed(call, error);
}

// ---- turns --------------------------------------------------------------------------------------------------------------------
// Runs the script as long as there is a reply to give; a reply that came from inside our own request is given in a later turn.
void LuaEngineImpl::drive(CallId call) {
  Session* s = find(call);
  if (s == nullptr || s->busy || !s->ready) return;
  s->busy = true;
  s->ready = false;
  run_turn(*s);
  s = find(call);
  if (s == nullptr) return;
  s->busy = false;
  if (s->gone) {
    end(*s);
    return;
  }
  if (s->ready) set_timer(*s, Duration{}, &LuaEngineImpl::drive);
}

void LuaEngineImpl::run_turn(Session& s) {
  s.ask = {};
  const std::int64_t began = clock_.now_ns();
  meter_.begin(s.coroutine, s.account, &s);
  int results = 0;
  const int status = lua_resume(s.coroutine, lua_, lua_status(s.coroutine) == LUA_YIELD ? 0 : 1, &results);
  const std::int64_t took = meter_.end();
  s.reply = {};
  collect_garbage(s);
  counters_.longest_pause_ns = std::max(counters_.longest_pause_ns, clock_.now_ns() - began);
  after_turn(s, status, took);
}

void LuaEngineImpl::after_turn(Session& s, int status, std::int64_t took) {
  const CallId call = s.info.call;
  if (s.gone) return;  // drive() ends it
  if (meter_.failure()) {
    ++counters_.limits;
    return fail_session(s, *meter_.failure());
  }
  if (status == LUA_YIELD) {
    if (looping(s, took)) {
      ++counters_.limits;
      return fail_session(s, {fmt::format("more than {} requests in one second, none of which waited", kTurnsPerSecondMax),
                              place_of(s.coroutine), "wait for something in the loop"});
    }
    return request(s);
  }
  if (status == LUA_OK) {
    ++counters_.finished;
    end(s);
    return context_.host.script_finished(call);
  }
  std::size_t size = 0;
  const char* text = lua_type(s.coroutine, -1) == LUA_TSTRING ? lua_tolstring(s.coroutine, -1, &size) : nullptr;
  Error error = text != nullptr ? error_of(std::string(text, std::min<std::size_t>(size, 1000)))
                                : Error{"error with a value that is no text", {}, {}};
  if (error.where.empty()) error.where = place_of(s.coroutine);
  fail_session(s, std::move(error));
}

bool LuaEngineImpl::looping(Session& s, std::int64_t took) {
  if (timers_.now() - s.window >= 1s) {
    s.window = timers_.now();
    s.window_turns = 0;
    s.window_ns = 0;
  }
  s.window_ns += took;
  return ++s.window_turns > kTurnsPerSecondMax || s.window_ns > kNsPerSecondMax;
}

// What the script asked for goes to the host. The host may answer from within; `busy` is set.
void LuaEngineImpl::request(Session& s) {
  const CallId call = s.info.call;
  ScriptHost& host = context_.host;
  if (std::holds_alternative<ask::Answer>(s.ask)) {
    step(s, On::answer);
    host.script_answer(call);
  } else if (auto* p = std::get_if<ask::Play>(&s.ask)) {
    step(s, On::play);
    s.to_play = std::move(p->prompts);
    s.barge_in = p->barge_in;
    if (!s.barge_in) s.typed.clear();
    if (!s.typed.empty() || s.to_play.empty()) {  // typed ahead: not a word is spoken
      s.to_play.clear();
      return give_digit(s, On::play_ended);
    }
    play_next(s);
  } else if (auto* c = std::get_if<ask::Collect>(&s.ask)) {
    s.collector = std::make_unique<Collector>(std::move(c->request));
    s.to_play = std::move(c->prompts);
    s.barge_in = true;
    if (s.to_play.empty() || !s.typed.empty()) {
      s.to_play.clear();
      step(s, On::collect);
      return take_digits(s);
    }
    step(s, On::prompt);
    play_next(s);
  } else if (auto* q = std::get_if<ask::Queue>(&s.ask)) {
    step(s, On::queue);
    s.typed.clear();
    const QueueRequest wish = std::move(q->request);
    host.script_queue(call, wish);
  } else if (auto* d = std::get_if<ask::Dial>(&s.ask)) {
    step(s, On::dial);
    s.typed.clear();
    const DialRequest wish = std::move(d->request);
    host.script_dial(call, wish);
  } else if (auto* q2 = std::get_if<ask::Sql>(&s.ask)) {
    step(s, On::ask);
    const std::uint64_t question = s.question = ++last_question_;
    data_.query(std::move(q2->text), std::move(q2->parameters), [this, call, question](SqlResult result) {
      const Session* asked = find(call);
      if (asked != nullptr && asked->question == question)
        happened(call, On::rows, std::move(result));
      else
        ++counters_.late;
    });
  } else if (const auto* h = std::get_if<ask::Hangup>(&s.ask)) {
    const int cause = h->q850;
    ++counters_.finished;
    end(s);
    host.script_hangup(call, cause);
  } else {
    fail_session(s, {"the script suspended itself", place_of(s.coroutine), {}});
  }
}

void LuaEngineImpl::play_next(Session& s) {
  const std::size_t n = std::min(kPromptsPerPlay, s.to_play.size());
  std::vector<std::string> now(s.to_play.begin(), s.to_play.begin() + static_cast<std::ptrdiff_t>(n));
  s.to_play.erase(s.to_play.begin(), s.to_play.begin() + static_cast<std::ptrdiff_t>(n));
  s.play = ++last_play_;
  context_.host.script_play(s.info.call, s.play, std::move(now), s.barge_in);
}

// The collector does its work between turns, in proportion to what was allocated, so that no script pays for another's garbage.
void LuaEngineImpl::collect_garbage(const Session& s) {
  debt_ += heap_.turn_growth();
  const bool greedy = heap_.held(s.account) > kCallBytesCollect;
  if (!collecting_ && (greedy || heap_.total() > 2 * after_collection_)) collecting_ = true;
  if (!collecting_ || (debt_ < 4096 && !greedy)) return;
  const auto kilobytes = static_cast<int>(std::clamp<std::size_t>(2 * debt_ / 1024, greedy ? 16 : 4, 32));
  debt_ = 0;
  if (lua_gc(lua_, LUA_GCSTEP, kilobytes) == 0) return;
  collecting_ = false;
  after_collection_ = heap_.total();
}

std::unique_ptr<LuaEngine> LuaEngine::make(Timers& timers, ScriptHost& host, DataSource& data, TurnClock& clock, EngineOptions options) {
  return std::make_unique<LuaEngineImpl>(timers, host, data, clock, std::move(options));
}

}  // namespace sr::ivr
