// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/lua_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "cti-core/ivr/sandbox.h"
#include "cti-core/ivr/script_api.h"
#include "cti-core/ivr/session.h"
#include "cti-core/ivr/turn_meter.h"
#include "drivers/base/log.h"
#include "drivers/board/board.h"

namespace sr::ivr {
namespace {

constexpr std::size_t kPromptsPerPlay = board::kPlayItemsMax;

class Impl final : public LuaEngine {
 public:
  Impl(Timers& timers, ScriptHost& host, DataSource& data, TurnClock& clock, EngineOptions options);
  ~Impl() override;

  Status load(const std::string& script) override;
  Status start(const std::string& script, CallInfo info) override;
  void on_answered(CallId call) override { happened(call, On::answered, Answered{}); }
  void on_play_ended(CallId call, std::uint32_t play, bool barged) override;
  void on_digit(CallId call, char digit) override;
  void on_queue_ended(CallId call, QueueEnd end) override { happened(call, On::queue_ended, end); }
  void on_dial_ended(CallId call, DialEnd end) override;
  void on_hangup(CallId call) override;
  std::size_t sessions() const override { return sessions_.size(); }

  std::vector<Error> check(const std::string& script) override;
  void reload_changed() override;
  EngineCounters counters() const override;
  std::vector<std::string> scripts() const override;

 private:
  struct Version { Program program; std::size_t users = 0; bool current = true; };

  Names names() const;
  void drop_version(std::uint32_t version);
  bool changed(const std::map<std::string, std::int64_t>& files) const;
  bool make_coroutine(Session& s);
  Session* find(CallId call);
  bool step(Session& s, On event);                 // along the table; false: not in this state
  void happened(CallId call, On event, Reply reply);
  void drive(CallId call);
  void run_turn(Session& s);
  void after_turn(Session& s, int status, std::int64_t took);
  void request(Session& s);
  void play_next(Session& s);
  void set_timer(Session& s, Duration d, void (Impl::*then)(CallId));
  void digits_timed_out(CallId call);
  void barged_without_digit(CallId call);
  void take_digits(Session& s);
  Session* silence(CallId call, State state);
  void give_digit(Session& s, On event);
  bool looping(Session& s, std::int64_t took);
  void fail_session(Session& s, Error error);
  void collect_garbage(const Session& s);
  Session* end(Session& s);                        // erases it → nullptr

  Timers& timers_;
  DataSource& data_;
  EngineOptions options_;
  ScriptContext context_;
  TurnClock& clock_;
  LuaHeap heap_;
  TurnMeter meter_;
  lua_State* lua_ = nullptr;
  std::unordered_map<CallId, std::unique_ptr<Session>> sessions_;
  std::unordered_map<std::uint32_t, Version> versions_;
  std::map<std::string, std::uint32_t> current_;
  struct Refused { std::map<std::string, std::int64_t> files; Error error; };
  std::map<std::string, Refused> refused_;  // versions that were not taken: neither compiled nor complained about again
  std::uint32_t last_version_ = 0, last_play_ = 0;
  std::uint64_t last_question_ = 0;
  Instant watched_{};
  bool collecting_ = false;
  std::size_t after_collection_ = 0, debt_ = 0;
  EngineCounters counters_;
};

Impl::Impl(Timers& timers, ScriptHost& host, DataSource& data, TurnClock& clock, EngineOptions options)
    : timers_(timers), data_(data), options_(std::move(options)), context_{host, timers, options_.utc_offset_minutes},
      clock_(clock), heap_(options_.state_bytes_max), meter_(heap_, clock) {
  lua_ = lua_newstate(LuaHeap::allocate, &heap_);
  SR_ENSURE(lua_ != nullptr);
  lua_gc(lua_, LUA_GCSTOP);  // the engine collects between turns
  meter_.install(lua_);
  make_sandbox(lua_);
  add_script_api(lua_);
  after_collection_ = heap_.total();
}

Impl::~Impl() {
  for (auto& [call, s] : sessions_) timers_.cancel(s->timer);
  lua_close(lua_);
}

// ---- scripts ---------------------------------------------------------------------------------------------------------
Names Impl::names() const {
  return {[this](const std::string& queue) { return context_.host.queue_exists(queue); },
          [this](const std::string& prompt) { return context_.host.prompt_exists(prompt); }};
}

std::vector<Error> Impl::check(const std::string& script) {
  Loaded loaded = load_program(lua_, options_.directory, script, names());
  if (loaded.errors.empty()) release(lua_, loaded.program);
  return loaded.errors;
}

Status Impl::load(const std::string& script) {
  Loaded loaded = load_program(lua_, options_.directory, script, names());
  if (!loaded.errors.empty()) {
    refused_[script] = {loaded.program.files, loaded.errors.front()};
    return std::unexpected(loaded.errors.front());
  }
  refused_.erase(script);
  if (const auto old = current_.find(script); old != current_.end()) {
    versions_.at(old->second).current = false;
    drop_version(old->second);
  }
  const std::uint32_t version = ++last_version_;
  versions_[version].program = std::move(loaded.program);
  current_[script] = version;
  return {};
}

void Impl::drop_version(std::uint32_t version) {
  const auto found = versions_.find(version);
  if (found->second.current || found->second.users > 0) return;
  release(lua_, found->second.program);
  versions_.erase(found);
}

bool Impl::changed(const std::map<std::string, std::int64_t>& files) const {
  return std::any_of(files.begin(), files.end(), [this](const auto& f) { return changed_at(options_.directory + "/" + f.first) != f.second; });
}

void Impl::reload_changed() {
  watched_ = timers_.now();
  for (const std::string& script : scripts()) {
    const auto refused = refused_.find(script);
    if (!changed(refused != refused_.end() ? refused->second.files : versions_.at(current_.at(script)).program.files)) continue;
    if (const Status done = load(script)) {
      ++counters_.reloaded;
      log::info("script {}: new version in service", script);
    } else {
      ++counters_.reload_refused;
      log::error("script {}: refused, the previous version stays: {}", script, done.error().text());
    }
  }
}

std::vector<std::string> Impl::scripts() const {
  std::vector<std::string> out;
  for (const auto& [name, version] : current_) out.push_back(name);
  return out;
}

EngineCounters Impl::counters() const {
  EngineCounters c = counters_;
  c.longest_turn_ns = meter_.longest_ns;  // without the collector
  c.memory = heap_.total();
  return c;
}

// ---- begin and end -----------------------------------------------------------------------------------------------------
Status Impl::start(const std::string& script, CallInfo info) {
  if (sessions_.contains(info.call)) return fail(fmt::format("call {} has a script already", to_number(info.call)), script);
  if (options_.watch_files && timers_.now() - watched_ >= kWatchEvery) reload_changed();
  if (!current_.contains(script)) {
    const auto refused = refused_.find(script);
    if (refused != refused_.end() && !changed(refused->second.files)) {
      ++counters_.refused;
      return std::unexpected(refused->second.error);
    }
    if (Status loaded = load(script); !loaded) {
      ++counters_.refused;
      return loaded;
    }
  }
  if (heap_.full()) {
    ++counters_.refused;
    return fail("the memory of the scripts is used up", script, "are there scripts that hold large tables?");
  }
  const CallId call = info.call;
  auto owned = std::make_unique<Session>();
  Session& s = *owned;
  s.context = &context_;
  s.info = std::move(info);
  s.version = current_.at(script);
  s.program = &versions_.at(s.version).program;
  const auto language = s.info.settings.find("language");
  s.lang = language != s.info.settings.end() && !language->second.empty() ? language->second : "zh";
  s.window = timers_.now();
  s.account = heap_.open();
  if (!make_coroutine(s)) {
    heap_.close(s.account);
    ++counters_.refused;
    return fail("no memory for the script", script);
  }
  ++versions_.at(s.version).users;
  ++counters_.started;
  s.ready = true;
  sessions_.emplace(call, std::move(owned));
  drive(call);
  return {};
}

// The coroutine and its globals belong to the call, the places in the registry do not.
bool Impl::make_coroutine(Session& s) {
  lua_pushlightuserdata(lua_, &s);
  lua_pushlightuserdata(lua_, &heap_);
  lua_pushcclosure(lua_, [](lua_State* lua) {
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
  }, 2);
  const bool done = lua_pcall(lua_, 0, 0, 0) == LUA_OK;
  if (!done) lua_pop(lua_, 1);
  heap_.leave();
  debt_ += heap_.held(s.account);
  return done;
}

Session* Impl::end(Session& s) {
  timers_.cancel(s.timer);
  luaL_unref(lua_, LUA_REGISTRYINDEX, s.coroutine_ref);
  luaL_unref(lua_, LUA_REGISTRYINDEX, s.globals_ref);
  heap_.close(s.account);
  const std::uint32_t version = s.version;
  --versions_.at(version).users;
  sessions_.erase(s.info.call);
  drop_version(version);
  return nullptr;
}

void Impl::fail_session(Session& s, Error error) {
  const CallId call = s.info.call;
  ++counters_.failed;
  if (error.where.empty()) error.where = s.program->name;
  log::warn("call {} script {}: {}", to_number(call), s.program->name, error.text());
  end(s);
  context_.host.script_failed(call, error);
}

// ---- what happens to the call ----------------------------------------------------------------------------------------------
Session* Impl::find(CallId call) {
  const auto found = sessions_.find(call);
  return found == sessions_.end() ? nullptr : found->second.get();
}

bool Impl::step(Session& s, On event) {
  const auto* row = fsm::find(kSessionTable, s.state, event);
  if (row == nullptr) {
    ++counters_.late;
    return false;
  }
  s.state = row->to;
  if (row->act == Act::resume) {
    timers_.cancel(std::exchange(s.timer, TimerId::none));
    s.ready = true;
  }
  return true;
}

void Impl::happened(CallId call, On event, Reply reply) {
  Session* s = find(call);
  if (s == nullptr) {
    ++counters_.late;
    return;
  }
  if (!step(*s, event)) return;
  s->reply = std::move(reply);
  if (s->busy) return;  // drive() goes on later
  drive(call);
}

void Impl::on_dial_ended(CallId call, DialEnd end) {
  const Session* s = find(call);
  if (end == DialEnd::answered) {
    if (s == nullptr || s->state != State::dialing) ++counters_.late;
    else step(*find(call), On::dial_answered);
    return;
  }
  // "finished" after an answer is what the script calls answered; without one it has failed.
  if (end == DialEnd::finished) end = s != nullptr && s->state == State::talking ? DialEnd::answered : DialEnd::failed;
  happened(call, On::dial_ended, end);
}

void Impl::on_hangup(CallId call) {
  Session* s = find(call);
  if (s == nullptr) return;
  ++counters_.hung_up;
  if (s->busy) s->gone = true;
  else end(*s);
}

void Impl::on_play_ended(CallId call, std::uint32_t play, bool barged) {
  Session* s = find(call);
  if (s == nullptr || s->play != play || (s->state != State::playing && s->state != State::prompting)) {
    ++counters_.late;
    return;
  }
  if (!barged && !s->to_play.empty()) return play_next(*s);
  s->to_play.clear();
  if (s->state == State::prompting) {
    step(*s, On::play_ended);
    return take_digits(*s);
  }
  if (!s->barge_in) s->typed.clear();  // keys pressed while nobody asked
  if (barged && s->typed.empty()) {
    step(*s, On::barge);
    return set_timer(*s, kBargedDigitWait, &Impl::barged_without_digit);
  }
  give_digit(*s, On::play_ended);
}

void Impl::on_digit(CallId call, char digit) {
  Session* s = find(call);
  if (s == nullptr) return;
  if (s->typed.size() >= kDigitsMax) {
    ++counters_.digits_dropped;
    return;
  }
  s->typed += digit;
  switch (s->state) {
    case State::answering:
    case State::queued:
    case State::dialing:
    case State::talking: s->typed.clear(); return;  // for somebody else's ears
    case State::barged: return give_digit(*s, On::digits);
    case State::playing:
      if (s->barge_in && (s = silence(call, State::playing)) != nullptr) give_digit(*s, On::play_ended);
      return;
    case State::prompting:
      if ((s = silence(call, State::prompting)) == nullptr) return;
      step(*s, On::play_ended);
      return take_digits(*s);
    case State::collecting: return take_digits(*s);
    default: return;
  }
}

// Stops what is played; its end, which the board reports later, no longer matters. nullptr: the call has gone on meanwhile.
Session* Impl::silence(CallId call, State state) {
  Session* s = find(call);
  s->to_play.clear();
  s->play = 0;
  context_.host.script_stop_play(call);
  s = find(call);
  return s != nullptr && s->state == state ? s : nullptr;
}

// The first typed digit, or nil, is what play{} returns.
void Impl::give_digit(Session& s, On event) {
  Digit reply;
  if (!s.typed.empty()) {
    reply.digit = s.typed.front();
    s.typed.erase(0, 1);
  }
  happened(s.info.call, event, reply);
}

void Impl::take_digits(Session& s) {
  bool ended = s.collector->ended();
  while (!ended && !s.typed.empty()) {
    const char digit = s.typed.front();
    s.typed.erase(0, 1);
    ended = s.collector->digit(digit);
  }
  if (ended) return happened(s.info.call, On::digits, std::move(*s.collector));
  if (s.state == State::collecting) set_timer(s, s.collector->next_timeout(), &Impl::digits_timed_out);
}

void Impl::digits_timed_out(CallId call) {
  Session* s = find(call);
  if (s == nullptr || s->state != State::collecting) return;
  s->collector->timeout();
  happened(call, On::digits, std::move(*s->collector));
}

void Impl::barged_without_digit(CallId call) { happened(call, On::digit_late, Digit{}); }

void Impl::set_timer(Session& s, Duration d, void (Impl::*then)(CallId)) {
  timers_.cancel(s.timer);
  s.timer = timers_.after(d, [this, call = s.info.call, then] {
    if (Session* found = find(call)) found->timer = TimerId::none;
    (this->*then)(call);
  });
}

// ---- turns --------------------------------------------------------------------------------------------------------------------
// Runs the script as long as there is a reply to give; a reply that came from inside our own request is given in a later turn.
void Impl::drive(CallId call) {
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
  if (s->ready) set_timer(*s, Duration{}, &Impl::drive);
}

void Impl::run_turn(Session& s) {
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

void Impl::after_turn(Session& s, int status, std::int64_t took) {
  const CallId call = s.info.call;
  if (s.gone) return;  // drive() ends it
  if (meter_.failure()) {
    ++counters_.limits;
    return fail_session(s, *meter_.failure());
  }
  if (status == LUA_YIELD) {
    if (looping(s, took)) {
      ++counters_.limits;
      return fail_session(s, {fmt::format("more than {} requests in one second, none of which waited", kTurnsPerSecondMax), place_of(s.coroutine), "wait for something in the loop"});
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
  Error error = text != nullptr ? error_of(std::string(text, std::min<std::size_t>(size, 1000))) : Error{"error with a value that is no text", {}, {}};
  if (error.where.empty()) error.where = place_of(s.coroutine);
  fail_session(s, std::move(error));
}

bool Impl::looping(Session& s, std::int64_t took) {
  if (timers_.now() - s.window >= 1s) {
    s.window = timers_.now();
    s.window_turns = 0;
    s.window_ns = 0;
  }
  s.window_ns += took;
  return ++s.window_turns > kTurnsPerSecondMax || s.window_ns > kNsPerSecondMax;
}

// What the script asked for goes to the host. The host may answer from within; `busy` is set.
void Impl::request(Session& s) {
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
      if (asked != nullptr && asked->question == question) happened(call, On::rows, std::move(result));
      else ++counters_.late;
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

void Impl::play_next(Session& s) {
  const std::size_t n = std::min(kPromptsPerPlay, s.to_play.size());
  std::vector<std::string> now(s.to_play.begin(), s.to_play.begin() + static_cast<std::ptrdiff_t>(n));
  s.to_play.erase(s.to_play.begin(), s.to_play.begin() + static_cast<std::ptrdiff_t>(n));
  s.play = ++last_play_;
  context_.host.script_play(s.info.call, s.play, std::move(now), s.barge_in);
}

// The collector does its work between turns, in proportion to what was allocated, so that no script pays for another's garbage.
void Impl::collect_garbage(const Session& s) {
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

}  // namespace

std::unique_ptr<LuaEngine> LuaEngine::make(Timers& timers, ScriptHost& host, DataSource& data, TurnClock& clock, EngineOptions options) {
  return std::make_unique<Impl>(timers, host, data, clock, std::move(options));
}

}  // namespace sr::ivr
