// A call center that does nothing but write down what it was asked, over a real journal: what append() appends is stored by an
// InlineStore and told to whoever listens, as app does it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

#include "cti-core/cti/backend.h"
#include "cti-core/store/inline_store.h"
#include "cti-core/store/journal_reader.h"
#include "cti-core/store/schema.h"

namespace sr::cti::test {

class FakeBackend final : public CtiBackend {
 public:
  explicit FakeBackend(Timers& t, const std::string& path = ":memory:")
      : timers(t), writer(std::move(*store::Writer::open(path, 0))), store(*writer, t), journal_epoch(static_cast<std::uint64_t>(*store::meta(writer->database(), "journal_epoch"))) {
    (void)writer->database().exec("pragma synchronous=off");  // no test here loses power
  }

  Seq append(JournalEvent event) {
    JournalRow row{0, timers.now(), std::move(event)};
    row.seq = last = store.append(row.at, row.event);
    store.end_of_turn();
    for (const auto& hear : hearers) hear(row);
    return row.seq;
  }

  std::string calls_json() const override { return R"([{"call":1}])"; }
  std::string agents_json() const override { return R"([{"agent":"1001"}])"; }
  std::string queues_json() const override { return R"([{"queue":"orders"}])"; }
  std::string spans_json() const override { return R"([{"span":"e1-1"}])"; }
  Seq last_seq() const override { return last; }
  std::uint64_t epoch() const override { return journal_epoch; }

  CtiResult<void> agent_login(const AgentLoginRequest& r) override {
    return note("login " + r.agent + " " + r.device + " " + r.pin + (r.ready ? " ready" : ""), ev::AgentLoggedOn{r.agent, r.device});
  }
  CtiResult<void> agent_logout(const std::string& agent) override { return note("logout " + agent, ev::AgentLoggedOff{agent, "P1", ""}); }
  CtiResult<void> agent_ready(const std::string& agent) override { return note("ready " + agent, ev::AgentReady{agent, "P1"}); }
  CtiResult<void> agent_not_ready(const std::string& agent, const std::string& reason) override {
    return note("not ready " + agent + " " + reason, ev::AgentNotReady{agent, "P1", reason});
  }
  CtiResult<void> agent_wrap_up(const std::string& agent) override { return note("wrap up " + agent, ev::AgentWorkingAfterCall{agent, "P1", CallId::none}); }
  CtiResult<void> agent_more_wrap_up(const std::string& agent, std::optional<Duration> by) override {
    return note("more wrap up " + agent + " " + std::to_string(by ? *by / 1s : 0), ev::AgentWorkingAfterCall{agent, "P1", CallId::none});
  }
  CtiResult<CallId> call_make(const std::string& device, const std::string& called) override {
    if (const auto ok = note("make " + device + " " + called, ev::ServiceInitiated{CallId{5}, device}); !ok) return std::unexpected(ok.error());
    return CallId{5};
  }
  CtiResult<void> call_clear(CallId call) override { return note("clear " + std::to_string(to_number(call)), ev::CallCleared{call}); }
  CtiResult<void> call_hold(CallId call) override { return of_call("hold", call); }
  CtiResult<void> call_retrieve(CallId call) override { return of_call("retrieve", call); }
  CtiResult<void> call_consult(CallId call, const std::string& to) override { return of_call("consult", call, " " + to); }
  CtiResult<void> call_alternate(CallId call) override { return of_call("alternate", call); }
  CtiResult<void> call_conference(CallId call) override { return of_call("conference", call); }
  CtiResult<void> call_transfer(CallId call) override { return of_call("transfer", call); }
  CtiResult<void> call_single_step_transfer(CallId call, const std::string& to) override { return of_call("single step transfer", call, " " + to); }
  CtiResult<void> call_set_data(CallId call, const std::string& key, const std::string& value) override {
    return note("data " + std::to_string(to_number(call)) + " " + key + "=" + value, ev::CallData{call, key, value});
  }
  CtiResult<std::string> call_explain(CallId call) const override {
    if (to_number(call) != 1) return std::unexpected(CtiError{4041, "no call " + std::to_string(to_number(call))});
    return "call 1 waits";
  }
  CtiResult<std::string> ivr_reload() override {
    asked.push_back("reload");
    if (refuse) return std::unexpected(*refuse);
    return "main.lua: in service";
  }
  void config_reload(const ReloadRequest& r, ReloadDone done) override {
    asked.push_back("config " + r.who + (r.dry_run ? " dry" : "") + (r.rollback ? " back" : ""));
    if (refuse) return done(std::unexpected(*refuse));
    reloads.push_back(std::move(done));
  }
  std::string callbacks_json(const CallbackFilter& filter) const override {
    return "[{\"customer\":\"" + filter.customer + "\",\"after\":" + std::to_string(to_number(filter.after)) + ",\"limit\":" + std::to_string(filter.limit) + "}]";
  }
  CtiResult<void> callback_close(CallId callback, const std::string& outcome) override {
    return note("close callback " + std::to_string(to_number(callback)) + " " + outcome, ev::CallbackClosed{callback, "1", outcome, CallId::none});
  }
  CtiResult<void> supervise(const SupervisorOrder& o) override {
    ordered.push_back(o);
    return note(std::string("supervise ") + boost::describe::enum_to_string(o.verb, "?"), ev::SupervisorAct{o.call, o.as, o.user, "", o.agent, "", true, ""});
  }
  void on_journal(std::function<void(const JournalRow&)> hear) override { hearers.push_back(std::move(hear)); }

  Timers& timers;
  std::unique_ptr<store::Writer> writer;
  store::InlineStore store;
  std::uint64_t journal_epoch;
  Seq last = 0;
  std::vector<std::function<void(const JournalRow&)>> hearers;
  std::vector<std::string> asked;
  std::vector<SupervisorOrder> ordered;
  std::optional<CtiError> refuse;
  std::vector<ReloadDone> reloads;  // not answered yet

 private:
  CtiResult<void> of_call(const char* what, CallId call, const std::string& to = {}) { return note(what + (" " + std::to_string(to_number(call))) + to, ev::CallData{call, "x", "y"}); }
  CtiResult<void> note(std::string what, JournalEvent event) {
    asked.push_back(std::move(what));
    if (refuse) return std::unexpected(*refuse);
    append(std::move(event));
    return {};
  }
};

}  // namespace sr::cti::test
