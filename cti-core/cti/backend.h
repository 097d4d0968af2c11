// What the CTI socket needs from the call center: commands in, journal out. Implemented by app/cti_backend. Reactor thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cti-core/model/events.h"
#include "cti-core/model/journal_reader.h"
#include "cti-core/model/supervisor.h"
#include "drivers/base/result.h"

namespace sr {

// An error with its JSON-RPC code (docs/CTI.md): 4041 no such thing, 4090 wrong state, 4220 a wrong file, 5031 resource busy, -32602 parameters.
struct CtiError { int code = -32000; std::string message; };
template <class T>
using CtiResult = std::expected<T, CtiError>;

struct CallbackFilter { std::string customer{}; CallId after{}; std::size_t limit = 1000; };  // open tasks of this customer, or so many after this one
inline constexpr std::size_t kCallbacksPerList = 1000;
struct AgentLoginRequest { std::string agent, device, pin; bool ready = false; };

struct ReloadRequest { std::string who; bool dry_run = false, rollback = false; };
using ReloadDone = std::function<void(const CtiResult<std::string>&)>;  // what has changed, as a JSON object

class CtiBackend {
 public:
  virtual ~CtiBackend() = default;
  // State, each as JSON text: an array of objects.
  virtual std::string calls_json() const = 0;
  virtual std::string agents_json() const = 0;
  virtual std::string queues_json() const = 0;
  virtual std::string spans_json() const = 0;
  virtual Seq last_seq() const = 0;          // the snapshot is the state after it
  virtual std::uint64_t epoch() const = 0;   // of the journal

  virtual CtiResult<void> agent_login(const AgentLoginRequest& request) = 0;
  virtual CtiResult<void> agent_logout(const std::string& agent) = 0;
  virtual CtiResult<void> agent_ready(const std::string& agent) = 0;
  virtual CtiResult<void> agent_not_ready(const std::string& agent, const std::string& reason) = 0;
  virtual CtiResult<void> agent_wrap_up(const std::string& agent) = 0;
  virtual CtiResult<void> agent_more_wrap_up(const std::string& agent, std::optional<Duration> by) = 0;  // none: as configured
  virtual CtiResult<CallId> call_make(const std::string& device, const std::string& called) = 0;  // rings the agent's phone, then dials
  virtual CtiResult<void> call_clear(CallId call) = 0;
  // The phone's procedure (docs/ACD.md). `to`: an agent, a phone, a queue, or an outside number behind the access digit.
  virtual CtiResult<void> call_hold(CallId call) = 0;
  virtual CtiResult<void> call_retrieve(CallId call) = 0;
  virtual CtiResult<void> call_consult(CallId call, const std::string& to) = 0;
  virtual CtiResult<void> call_alternate(CallId call) = 0;
  virtual CtiResult<void> call_conference(CallId call) = 0;
  virtual CtiResult<void> call_transfer(CallId call) = 0;
  virtual CtiResult<void> call_single_step_transfer(CallId call, const std::string& to) = 0;
  virtual CtiResult<void> call_set_data(CallId call, const std::string& key, const std::string& value) = 0;
  virtual CtiResult<std::string> call_explain(CallId call) const = 0;  // in words: where it stands, and why
  virtual CtiResult<std::string> ivr_reload() = 0;
  virtual CtiResult<void> supervise(const SupervisorOrder& order) = 0;  // each leaves one row in the audit log
  // Another configuration, while calls run. `done` runs once, at once or in a later turn. Refused: 4220 the file is wrong.
  virtual void config_reload(const ReloadRequest& request, ReloadDone done) = 0;

  virtual std::string callbacks_json(const CallbackFilter& filter) const = 0;
  virtual CtiResult<void> callback_close(CallId callback, const std::string& outcome) = 0;

  // The live journal: `on_row` runs for each appended row, in order, within the turn that appended it.
  virtual void on_journal(std::function<void(const JournalRow&)> on_row) = 0;
};

}  // namespace sr
