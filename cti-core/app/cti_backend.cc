// What the CTI socket sees and may do (cti/backend.h). State as JSON is written from described structs, so that docs/CTI.md can
// name the members.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/center.h"
#include "drivers/base/json.h"
#include "drivers/base/log.h"
#include "drivers/base/utf8.h"

namespace sr::app {

using acd::AgentEvent;
using acd::AgentState;

namespace view {
struct CallView {
  std::uint64_t call = 0;
  std::string direction{}, state{}, calling{}, called{}, number{}, business{}, queue{}, agent{}, device{}, span{};
  int channel = 0, priority = 0, position = 0;
  Instant since{};
  std::optional<Instant> queued_at{};
  std::vector<std::string> mates{};  // agents who ring beside `agent`
  std::string recording{};
  std::string consultation{}, second{};  // what the agent does who has the caller, and with whom
  std::map<std::string, std::string> data{};
};
BOOST_DESCRIBE_STRUCT(CallView, (), (call, direction, state, calling, called, number, business, queue, agent, device, span, channel, priority, position, since, queued_at, mates, recording, consultation, second, data))
struct AgentView {
  std::string agent, name, device, phone, state, reason;  // phone: idle, or why nothing can ring there
  std::uint64_t call = 0;
  Instant since{}, last_call_end{};
  bool idle = false;
  std::vector<std::string> queues;
};
BOOST_DESCRIBE_STRUCT(AgentView, (), (agent, name, device, phone, state, reason, call, since, last_call_end, idle, queues))
struct QueueView {
  std::string queue;
  bool open = true;
  int waiting = 0, agents = 0, staffed = 0, ready = 0, overflow = 0;  // of those who serve it now, with the steps of overflow that are taken
  std::optional<Instant> oldest{};
  std::optional<std::int64_t> expected_wait_ms{}, handling_ms{};  // of a caller who came now; of a call with its wrap-up
};
BOOST_DESCRIBE_STRUCT(QueueView, (), (queue, open, waiting, agents, staffed, ready, overflow, oldest, expected_wait_ms, handling_ms))
struct SpanView {
  std::string span, kind, group;
  bool in_service = false, d_channel_up = false;
  std::vector<std::string> alarms;
  int channels = 0, in_use = 0;
};
BOOST_DESCRIBE_STRUCT(SpanView, (), (span, kind, group, in_service, d_channel_up, alarms, channels, in_use))
}  // namespace view

namespace {

template <class T>
void add(std::string& out, const T& one) {
  out += out.empty() ? '[' : ',';
  json::write(out, one);
}
std::string closed(std::string out) {
  if (out.empty()) out = "[";
  out += ']';
  return out;
}
CtiError wrong_state(const acd::Agent& agent) {
  return {4090, "agent " + agent.id + " is in state " + std::string(acd::name(agent.state == AgentState::reserved ? AgentState::agentReady : agent.state))};
}

}  // namespace

std::string Center::calls_json() const {
  std::vector<CallId> ids;
  for (const auto& [id, c] : calls_) ids.push_back(id);
  for (const auto& [id, o] : outs_) ids.push_back(id);
  std::ranges::sort(ids);
  std::string text;
  for (const CallId id : ids) {
    view::CallView v{.call = to_number(id)};
    if (const auto it = calls_.find(id); it != calls_.end()) {
      const Call& c = it->second;
      v.direction = "in";
      v.state = boost::describe::enum_to_string(c.phase, "");
      v.calling = c.calling;
      v.called = c.called;
      if (c.number) v.number = c.number->number, v.business = c.number->business;
      if (c.queue != acd::QueueNo::none) v.queue = config_.queues[acd::index(c.queue)].name;
      if (c.agent != acd::AgentNo::none) v.agent = agents_.at(c.agent).id;
      v.device = c.agent_device;
      for (const auto& [leg, mate] : c.mates) v.mates.push_back(agents_.at(mate.agent).id);
      v.span = c.span;
      v.channel = c.channel;
      v.priority = c.priority;
      if (c.phase == Phase::queued) v.position = static_cast<int>(waiting_.in_front(id)) + 1;
      v.since = c.offered_at;
      if (c.queued_at != Instant{}) v.queued_at = c.queued_at;
      v.recording = c.recording;
      if (c.consult.phase != ConsultPhase::none) v.consultation = boost::describe::enum_to_string(c.consult.phase, "");
      v.second = c.consult.device;
      v.data = c.data;
    } else {
      const OutCall& o = outs_.at(id);
      v.direction = "out";
      v.state = boost::describe::enum_to_string(o.phase, "");
      v.calling = o.calling;
      v.called = o.called;
      v.device = o.station;
      v.span = o.span;
      v.channel = o.channel;
      if (o.agent != acd::AgentNo::none) v.agent = agents_.at(o.agent).id;
      v.since = o.begun_at;
    }
    add(text, v);
  }
  return closed(std::move(text));
}

std::string Center::agents_json() const {
  std::string text;
  const std::vector<bool> used = queues_in_use();
  for (const auto& a : agents_.all()) {
    if (a.leaves && a.state == AgentState::agentNull) continue;
    const AgentState shown = a.state == AgentState::reserved ? AgentState::agentReady : a.state;
    view::AgentView v{a.id, a.name, a.device, std::string(devices_.word(a.device)), std::string(acd::name(shown)), a.reason, to_number(a.call), a.since, a.last_call_end, agents_.idle().contains(a.no), {}};
    for (const auto& serving : a.queues)
      if (is_configured(serving.queue) || used[acd::index(serving.queue)]) v.queues.push_back(config_.queues[acd::index(serving.queue)].name);
    add(text, v);
  }
  return closed(std::move(text));
}

std::string Center::queues_json() const {
  std::string text;
  const std::vector<bool> used = queues_in_use();
  for (std::size_t i = 0; i < config_.queues.size(); ++i) {
    const acd::QueueNo no{static_cast<std::uint32_t>(i)};
    if (!is_configured(no) && !used[i]) continue;
    view::QueueView v{.queue = config_.queues[i].name, .open = queue_open(no), .waiting = static_cast<int>(waiting_.size(no))};
    for (const auto& a : agents_.all()) {
      if (helps_from(no, a) > overflow_[i].step) continue;
      ++v.agents;
      if (a.state != AgentState::agentNull) ++v.staffed;
    }
    v.ready = static_cast<int>(agents_.idle().ready(no));
    v.overflow = static_cast<int>(overflow_[i].step);
    if (v.waiting) v.oldest = waiting_.line(no).oldest();
    if (const auto wait = expected_wait(no, waiting_.size(no))) v.expected_wait_ms = *wait / 1ms;
    if (handling_[i].calls() > 0) v.handling_ms = handling_[i].mean() / 1ms;
    add(text, v);
  }
  return closed(std::move(text));
}

std::string Center::spans_json() const {
  std::string text;
  for (const auto& [name, s] : spans_)
    add(text, view::SpanView{name, s.shown.kind, s.shown.group, s.shown.in_service, s.shown.d_channel_up, s.shown.alarms, s.shown.channels, s.in_use});
  return closed(std::move(text));
}

CtiResult<void> Center::agent_login(const AgentLoginRequest& r) {
  const Turn turn(*this);
  return log_on(r.agent, r.device, r.pin, r.ready);
}

namespace {
// One agent, one event; what it must not find is an error in words.
template <class Do>
CtiResult<void> with_agent(acd::AgentTable& table, const std::string& id, Do&& change) {
  acd::Agent* agent = table.find(id);
  if (!agent) return std::unexpected(CtiError{4041, "no agent '" + id + "'"});
  if (agent->state == AgentState::agentNull) return std::unexpected(CtiError{4090, "agent " + id + " is not logged on"});
  if (!change(*agent)) return std::unexpected(wrong_state(*agent));
  return {};
}
}  // namespace

CtiResult<void> Center::agent_logout(const std::string& id) {
  const Turn turn(*this);
  return with_agent(agents_, id, [&](acd::Agent& a) { return agent_event(a, AgentEvent::logout); });
}
CtiResult<void> Center::agent_ready(const std::string& id) {
  const Turn turn(*this);
  return with_agent(agents_, id, [&](acd::Agent& a) { return a.state == AgentState::agentReady || agent_event(a, AgentEvent::ready); });
}
CtiResult<void> Center::agent_not_ready(const std::string& id, const std::string& reason) {
  const Turn turn(*this);
  const auto code = config_.not_ready_reasons.find(reason);
  const std::string word = code != config_.not_ready_reasons.end() ? code->second : reason.empty() ? "unspecified" : first_bytes(reason, 64);
  return with_agent(agents_, id, [&](acd::Agent& a) { return agent_event(a, AgentEvent::not_ready, word); });
}
CtiResult<void> Center::agent_wrap_up(const std::string& id) {
  const Turn turn(*this);
  return with_agent(agents_, id, [&](acd::Agent& a) { return agent_event(a, AgentEvent::wrap_up); });
}

CtiResult<void> Center::agent_more_wrap_up(const std::string& id, std::optional<Duration> by) {
  const Turn turn(*this);
  return with_agent(agents_, id, [&](acd::Agent& a) { return more_wrap_up(a, by.value_or(config_.wrap_up_extend)); });
}

CtiResult<void> Center::call_clear(CallId id) {
  const Turn turn(*this);
  if (Call* call = find(id)) {
    if (call->consult.phase == ConsultPhase::remaining) {
      agent_leaves(*call, 16, true);
      return {};
    }
    if (call->leg == LegId::none || call->phase == Phase::clearing) return std::unexpected(CtiError{4090, "call " + std::to_string(to_number(id)) + " is being cleared"});
    book_lost(*call, call->queue_end && call->phase == Phase::script ? *call->queue_end : stage_of(call->phase), "cleared by a client");
    clear(*call, 16, Cause::callCancelled);
    return {};
  }
  if (OutCall* out = find_out(id)) {
    clear_out(*out, 16);
    return {};
  }
  return std::unexpected(CtiError{4041, "no call " + std::to_string(to_number(id))});
}

CtiResult<void> Center::call_set_data(CallId id, const std::string& key, const std::string& value) {
  const Turn turn(*this);
  Call* call = find(id);
  if (!call) return std::unexpected(CtiError{4041, "no call " + std::to_string(to_number(id))});
  if (key.empty() || key.size() > 64) return std::unexpected(CtiError{-32602, "'key' must have 1 to 64 bytes"});
  if (!call->data.contains(key) && call->data.size() >= kCallDataMax) {
    log::warn("call {}: more than {} keys of data", to_number(id), kCallDataMax);
    return std::unexpected(CtiError{5031, "a call holds at most " + std::to_string(kCallDataMax) + " keys"});
  }
  std::string& kept = call->data[key];
  kept = first_bytes(value, kCallDataBytesMax);
  journal(ev::CallData{id, key, kept});
  return {};
}

}  // namespace sr::app
