// The seam between the Lua engine and the call center. The engine runs one coroutine per call and turns what a script asks for
// into calls of ScriptHost; what happens to the call comes back through the on_… functions, which resume the coroutine.
// The engine keeps digits, timeouts and play ids itself; it never touches a board. Reactor thread; time through Timers.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cti-core/model/events.h"
#include "drivers/base/result.h"
#include "drivers/base/time.h"

namespace sr::ivr {

struct CallInfo {
  CallId call{};
  std::string calling, called, number;          // number: the configured one (DNIS)
  std::map<std::string, std::string> settings;  // of that number in the configuration: queue, language, business …
};

struct QueueRequest {
  std::string queue;
  int priority = 0;                 // larger first
  Duration timeout{};               // 0: the queue's own
  std::string agent;                // this agent first (last order) …
  Duration agent_wait{};            // … for at most so long
  std::string language{};           // for announcements; empty: the number's
  char callback_key = 0;            // with it he leaves the line (QueueEnd::callback) and may keep his place; 0: none
  bool only_agent = false;          // leave (QueueEnd::timeout) when the agent is not to be had or agent_wait is over
  bool only_if_idle = false;        // leave at once (QueueEnd::timeout) when nobody of it is idle (VIP group)
};
BOOST_DEFINE_ENUM_CLASS(QueueEnd, answered, timeout, full, closed, empty, callback)  // callback: he pressed the key
struct DialRequest { std::string group, called, calling; Duration timeout = 60s; };
BOOST_DEFINE_ENUM_CLASS(DialEnd, answered, busy, no_answer, failed, finished)

struct QueueNumbers {  // what a script may decide by
  int waiting = 0, staffed = 0, ready = 0;   // agents who serve it now: logged on; who could be offered a call
  Duration oldest{};                         // the longest wait
  std::optional<Duration> expected{};        // of a caller who came now; nothing: cannot be told
};
struct TrunkNumbers { int free = 0, in_use = 0; };

class ScriptHost {  // implemented by app/call_center; every call may have ended: then it does nothing
 public:
  virtual ~ScriptHost() = default;
  virtual void script_answer(CallId call) = 0;                                            // → on_answered
  virtual void script_play(CallId call, std::uint32_t play, std::vector<std::string> prompts, bool barge_in) = 0;  // → on_play_ended
  virtual void script_stop_play(CallId call) = 0;
  virtual void script_queue(CallId call, const QueueRequest& request) = 0;                // → on_queue_ended
  virtual void script_dial(CallId call, const DialRequest& request) = 0;                  // → on_dial_ended(answered), then (finished)
  virtual void script_hangup(CallId call, int q850) = 0;                                  // → on_hangup
  virtual Status script_served(CallId call, const std::string& reason) = 0;               // fails when the outcome is booked already
  virtual Status script_keep_place(CallId call, const std::string& number) = 0;           // after QueueEnd::callback; books the call
  virtual void script_lost(CallId call, LossStage stage, const std::string& reason, bool callback) = 0;  // the script declares why
  virtual void script_set_data(CallId call, const std::string& key, const std::string& value) = 0;
  virtual void script_finished(CallId call) = 0;                                          // returned without hanging up: cause 16 follows
  virtual void script_failed(CallId call, const Error& error) = 0;                        // fallback prompt, then the number's queue
  virtual bool queue_exists(const std::string& queue) const = 0;                          // for `check`
  virtual bool prompt_exists(const std::string& prompt) const = 0;                        // "zh/welcome"
  virtual int agents_idle(const std::string& queue) const = 0;
  virtual int calls_waiting(const std::string& queue) const = 0;
  virtual QueueNumbers queue_numbers(const std::string& queue) const = 0;
  virtual std::optional<TrunkNumbers> trunk_numbers(const std::string& group) const = 0;  // nothing: no such group
  virtual bool is_open(CallId call, const std::string& queue) const = 0;                  // queue "": the call's number and its queue
  virtual std::string holiday() const = 0;                                                // of today; empty: none
  virtual std::string spot(CallId call) const = 0;                                        // that runs on its number; empty: none
};

// Answers of data sources. Values as Lua sees them.
using SqlValue = std::variant<std::nullptr_t, std::int64_t, double, std::string>;
using SqlRow = std::vector<std::pair<std::string, SqlValue>>;
struct SqlResult { std::vector<SqlRow> rows; std::int64_t changed = 0; std::string error; };
class DataSource {  // business data; never the journal
 public:
  virtual ~DataSource() = default;
  // `done` runs later on the reactor, exactly once: also after the time limit.
  virtual void query(std::string sql, std::vector<SqlValue> parameters, std::function<void(SqlResult)> done) = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;
  // Compiles and checks a script file; calls begun from now on use it. An error leaves the previous version in service.
  virtual Status load(const std::string& script) = 0;
  virtual Status start(const std::string& script, CallInfo info) = 0;
  virtual void on_answered(CallId call) = 0;
  virtual void on_play_ended(CallId call, std::uint32_t play, bool barged) = 0;
  virtual void on_digit(CallId call, char digit) = 0;
  virtual void on_queue_ended(CallId call, QueueEnd end) = 0;   // answered: the script is resumed when the agent's part is over
  virtual void on_dial_ended(CallId call, DialEnd end) = 0;
  virtual void on_hangup(CallId call) = 0;                      // the session ends; the script is not resumed
  virtual std::size_t sessions() const = 0;
};

}  // namespace sr::ivr
