// The engine behind lua_engine.h: sessions, their turns (lua_engine.cc) and what happens to their calls (lua_engine_events.cc).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "cti-core/ivr/lua_engine.h"
#include "cti-core/ivr/script_shelf.h"
#include "cti-core/ivr/session.h"
#include "cti-core/ivr/turn_meter.h"

namespace sr::ivr {

class LuaEngineImpl final : public LuaEngine {
 public:
  LuaEngineImpl(Timers& timers, ScriptHost& host, DataSource& data, TurnClock& clock, EngineOptions options);
  ~LuaEngineImpl() override;

  Status load(const std::string& script) override { return shelf_.load(script); }
  Status start(const std::string& script, CallInfo info) override;
  void on_answered(CallId call) override { happened(call, On::answered, Answered{}); }
  void on_play_ended(CallId call, std::uint32_t play, bool barged) override;
  void on_digit(CallId call, char digit) override;
  void on_queue_ended(CallId call, QueueEnd end) override { happened(call, On::queue_ended, end); }
  void on_dial_ended(CallId call, DialEnd end) override;
  void on_hangup(CallId call) override;
  std::size_t sessions() const override { return sessions_.size(); }

  std::vector<Error> check(const std::string& script) override { return shelf_.check(script); }
  void reload_changed() override;
  EngineCounters counters() const override;
  std::vector<std::string> scripts() const override { return shelf_.names(); }

 private:
  bool make_coroutine(Session& s);
  Session* find(CallId call);
  bool step(Session& s, On event);                 // along the table; false: not in this state
  void happened(CallId call, On event, Reply reply);
  void drive(CallId call);
  void run_turn(Session& s);
  void after_turn(Session& s, int status, std::int64_t took);
  void request(Session& s);
  void play_next(Session& s);
  void set_timer(Session& s, Duration d, void (LuaEngineImpl::*then)(CallId));
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
  ScriptShelf shelf_;
  std::unordered_map<CallId, std::unique_ptr<Session>> sessions_;
  std::uint32_t last_play_ = 0;
  std::uint64_t last_question_ = 0;
  Instant watched_{};
  bool collecting_ = false;
  std::size_t after_collection_ = 0, debt_ = 0;
  EngineCounters counters_;
};

}  // namespace sr::ivr
