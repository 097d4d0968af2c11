// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/ledger.h"

#include <functional>

namespace sr::test {
namespace {

std::string name(CallId call) { return "call " + std::to_string(to_number(call)); }

// Each object of a list of objects: what stands behind two of its members.
void each(const std::string& json, std::string_view first, std::string_view second, const std::function<void(std::string, std::string)>& say) {
  const auto value = [&](std::size_t from) {
    const bool quoted = json[from] == '"';
    const auto begin = from + (quoted ? 1 : 0);
    return json.substr(begin, json.find_first_of(quoted ? "\"" : ",}", begin) - begin);
  };
  for (auto at = json.find(first); at != std::string::npos; at = json.find(first, at + 1)) {
    const auto other = json.find(second, at);
    if (other == std::string::npos) return;
    say(value(at + first.size()), value(other + second.size()));
  }
}

}  // namespace

Ledger::Ledger(const Recovered& recovered) : promises_(recovered) {
  for (const RecoveredCall& call : recovered.calls) {
    const bool outcome = call.outcome_booked || call.answered_by_agent;
    living_[call.call] = {!call.outgoing, outcome, call.answered_by_agent};
    if (!call.outgoing) ++offered_, outcomes_ += outcome ? 1 : 0;
  }
  for (const RecoveredAgent& agent : recovered.agents) agents_[agent.agent] = agent.state;
}

void Ledger::outcome(CallId call) {
  const auto it = living_.find(call);
  if (it == living_.end() || !it->second.incoming) return say(name(call) + ": an outcome of a call that was never offered, or is over");
  if (it->second.outcome) return say(name(call) + ": a second outcome");
  it->second.outcome = true;
  ++outcomes_;
}

void Ledger::hear(const JournalRow& row) {
  if (promises_.hear(row)) return;
  const CallId call = call_of(row.event);
  const auto state_of = [this](const std::string& agent, const char* state) { agents_[agent] = state; };
  if (const auto* e = std::get_if<ev::AgentLoggedOn>(&row.event)) return state_of(e->agentID, "agentNotReady");
  if (const auto* e = std::get_if<ev::AgentLoggedOff>(&row.event)) return state_of(e->agentID, "agentNull");
  if (const auto* e = std::get_if<ev::AgentReady>(&row.event)) return state_of(e->agentID, "agentReady");
  if (const auto* e = std::get_if<ev::AgentNotReady>(&row.event)) {
    if (e->reason.empty()) say("agent " + e->agentID + ": not ready without a reason");
    return state_of(e->agentID, "agentNotReady");
  }
  if (const auto* e = std::get_if<ev::AgentBusy>(&row.event)) return state_of(e->agentID, "agentBusy");
  if (const auto* e = std::get_if<ev::AgentWorkingAfterCall>(&row.event)) return state_of(e->agentID, "agentWorkingAfterCall");
  if (call == CallId::none) return;
  spoken_of_.insert(call);
  if (std::holds_alternative<ev::Offered>(row.event) || std::holds_alternative<ev::ServiceInitiated>(row.event)) {
    const bool incoming = std::holds_alternative<ev::Offered>(row.event);
    if (!living_.emplace(call, Life{incoming, false}).second) say(name(call) + ": begins twice");
    offered_ += incoming ? 1 : 0;
    return;
  }
  if (std::holds_alternative<ev::RecordingEnded>(row.event)) return;  // the file's end, maybe after the call's
  const auto it = living_.find(call);
  if (it == living_.end()) return say(name(call) + ": " + std::string(event_name(row.event)) + " although it is over");
  if (const auto* e = std::get_if<ev::Established>(&row.event); e && it->second.incoming && !e->agentID.empty()) {
    if (!it->second.answered) outcome(call);  // a transferred caller is answered again
    it->second.answered = true;
  }
  if (std::holds_alternative<ev::Served>(row.event) || std::holds_alternative<ev::Lost>(row.event)) outcome(call);
  if (std::holds_alternative<ev::CallCleared>(row.event)) {
    if (it->second.incoming && !it->second.outcome) say(name(call) + ": ends without an outcome");
    living_.erase(it);
  }
}

void Ledger::compare(const std::string& calls_json, const std::string& agents_json, const std::string& callbacks_json) {
  std::map<std::string, std::string> now;
  each(calls_json, "\"call\":", "\"state\":", [&](const std::string& id, const std::string& state) {
    const CallId call{std::stoull(id)};
    now[id] = state;
    if (!living_.contains(call)) say(name(call) + " is shown, but the journal does not know it");
    const auto before = shown_.find(id);
    const bool inside = state == "clearing" || state == "fallback";  // on the way out: the cause comes with the event that ends it
    if (before != shown_.end() && before->second != state && !inside && !spoken_of_.contains(call))
      say(name(call) + ": " + before->second + " -> " + state + " without an event");
  });
  if (now.size() != living_.size()) say(std::to_string(living_.size()) + " calls live in the journal, " + std::to_string(now.size()) + " are shown");
  each(agents_json, "\"agent\":", "\"state\":", [&](const std::string& agent, const std::string& state) {
    const auto it = agents_.find(agent);
    const std::string journalled = it == agents_.end() ? "agentNull" : it->second;
    if (journalled != state) say("agent " + agent + " is " + state + ", the journal says " + journalled);
  });
  promises_.look(callbacks_json);
  shown_ = std::move(now);
  spoken_of_.clear();
}

}  // namespace sr::test
