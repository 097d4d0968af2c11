// What each method of the CTI socket does. Parameters are described structs: a missing or wrong member is named in the error,
// unknown ones are ignored.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <optional>

#include "cti-core/cti/session_impl.h"
#include "drivers/base/json.h"

namespace sr::cti {
namespace {

using S = Session::Impl;

struct HelloParams { std::optional<std::string> client; std::optional<std::vector<int>> versions; };
BOOST_DESCRIBE_STRUCT(HelloParams, (), (client, versions))
struct SnapshotParams { std::optional<std::vector<std::string>> topics; };
BOOST_DESCRIBE_STRUCT(SnapshotParams, (), (topics))
struct SubCloseParams { std::string sub; };
BOOST_DESCRIBE_STRUCT(SubCloseParams, (), (sub))
struct LoginParams { std::string agent, device; std::optional<std::string> pin; std::optional<bool> ready; };
BOOST_DESCRIBE_STRUCT(LoginParams, (), (agent, device, pin, ready))
struct AgentParams { std::string agent; };
BOOST_DESCRIBE_STRUCT(AgentParams, (), (agent))
struct NotReadyParams { std::string agent; std::optional<std::string> reason; };
BOOST_DESCRIBE_STRUCT(NotReadyParams, (), (agent, reason))
struct MoreWrapUpParams { std::string agent; std::optional<int> seconds; };
BOOST_DESCRIBE_STRUCT(MoreWrapUpParams, (), (agent, seconds))
struct MakeParams { std::string device, called; };
BOOST_DESCRIBE_STRUCT(MakeParams, (), (device, called))
struct CallParams { CallId call{}; };
BOOST_DESCRIBE_STRUCT(CallParams, (), (call))
struct CallToParams { CallId call{}; std::string to; };
BOOST_DESCRIBE_STRUCT(CallToParams, (), (call, to))
struct CallbackListParams { std::optional<std::string> customer; std::optional<CallId> after; std::optional<std::uint64_t> limit; };
BOOST_DESCRIBE_STRUCT(CallbackListParams, (), (customer, after, limit))
struct CallbackCloseParams { CallId callback{}; std::string outcome; };
BOOST_DESCRIBE_STRUCT(CallbackCloseParams, (), (callback, outcome))
struct SetDataParams { CallId call{}; std::string key, value; };
BOOST_DESCRIBE_STRUCT(SetDataParams, (), (call, key, value))

std::unexpected<RpcError> wrong(std::string why) { return std::unexpected(RpcError{kInvalidParams, std::move(why), {}, {}}); }

template <class T>
std::expected<T, RpcError> params_as(const std::string& text) {
  auto read = json::parse_as<T>(text);
  if (!read) return wrong(read.error().text());
  return std::move(*read);
}

std::string seq_member(S& s) { return "\"seq\":" + std::to_string(s.world.backend.last_seq()); }

// The answer to a request that changed something: the seq of the last event it caused.
Answer done(S& s, const CtiResult<void>& result) {
  if (!result) return std::unexpected(RpcError{result.error().code, result.error().message, {}, {}});
  return "{" + seq_member(s) + "}";
}

std::string limits_json() {
  return "{\"line\":" + std::to_string(kRequestLineMax) + ",\"batch\":" + std::to_string(kBatchMax) + ",\"subs\":" + std::to_string(kSubsMax) +
         ",\"topics\":" + std::to_string(kTopicsMax) + ",\"actionsPerSecond\":" + std::to_string(kActionsPerSecond) + ",\"actionsBurst\":" + std::to_string(kActionsBurst) + "}";
}

Answer session_hello(S& s, const std::string& text) {
  const auto p = params_as<HelloParams>(text);
  if (!p) return std::unexpected(p.error());
  if (p->versions && std::find(p->versions->begin(), p->versions->end(), 1) == p->versions->end()) return wrong("'versions' must name 1, the only one spoken here");
  std::string out = "{\"version\":1,\"server\":";
  json::write_string(out, s.world.server_name);
  return out + ",\"epoch\":\"" + s.epoch + "\",\"mechs\":[]," + seq_member(s) + ",\"limits\":" + limits_json() + "}";
}

Answer session_ping(S& s, const std::string&) { return "{\"ts\":\"" + to_iso8601(s.world.timers.now()) + "\"," + seq_member(s) + "}"; }

struct Topic { std::string_view name; std::string (CtiBackend::*read)() const; };
constexpr std::array kTopics = {Topic{"calls", &CtiBackend::calls_json}, Topic{"agents", &CtiBackend::agents_json}, Topic{"queues", &CtiBackend::queues_json},
                                Topic{"spans", &CtiBackend::spans_json}};

std::string snapshot(S& s, const std::vector<std::string>& topics) {
  std::string out = "{\"epoch\":\"" + s.epoch + "\",\"atSeq\":" + std::to_string(s.world.backend.last_seq());
  for (const Topic& topic : kTopics)
    if (topics.empty() || std::find(topics.begin(), topics.end(), topic.name) != topics.end())
      out.append(",\"").append(topic.name).append("\":").append((s.world.backend.*topic.read)());
  return out + "}";
}

Answer snapshot_get(S& s, const std::string& text) {
  const auto p = params_as<SnapshotParams>(text);
  if (!p) return std::unexpected(p.error());
  const auto topics = p->topics.value_or(std::vector<std::string>{});
  for (const std::string& topic : topics)
    if (std::none_of(kTopics.begin(), kTopics.end(), [&](const Topic& one) { return one.name == topic; })) return wrong("no topic '" + topic + "': calls, agents, queues or spans");
  return snapshot(s, topics);
}

// Where a subscription begins: "now" (the default), "snapshot", or {"epoch","seq"}.
struct From { Seq seq = 0; bool with_snapshot = false; };
std::expected<From, RpcError> read_from(S& s, const boost::json::object& params) {
  const Seq current = s.world.backend.last_seq();
  const auto* from = params.if_contains("from");
  if (!from || (from->is_string() && from->get_string() == "now")) return From{current, false};
  if (from->is_string() && from->get_string() == "snapshot") return From{current, true};
  struct Place { std::string epoch; Seq seq = 0; } place;
  const auto* object = from->if_object();
  const auto* epoch = object ? object->if_contains("epoch") : nullptr;
  const auto* seq = object ? object->if_contains("seq") : nullptr;
  if (!epoch || !json::read(*epoch, place.epoch, "from.epoch") || !seq || !json::read(*seq, place.seq, "from.seq"))
    return wrong("'from' must be \"now\", \"snapshot\" or {\"epoch\": a string, \"seq\": a number}");
  if (place.epoch != s.epoch || place.seq > current)
    return std::unexpected(RpcError{kResumeTooOld, "this journal does not go on from there; take a snapshot", too_old_data(s.epoch, 0, current), {}});
  return From{place.seq, false};
}

std::expected<std::vector<std::string>, RpcError> read_filters(const boost::json::object& params) {
  std::vector<std::string> out;
  const auto* topics = params.if_contains("topics");
  if (!topics) return out;
  if (auto ok = json::read(*topics, out, "topics"); !ok) return wrong(ok.error().text());
  if (out.size() > kTopicsMax) return wrong("at most " + std::to_string(kTopicsMax) + " topics");
  for (std::string& filter : out) {
    if (!is_filter(filter)) return wrong("no topic '" + filter + "': call, call/ID, agent, agent/ID, span, span/NAME, system or *");
    std::string spelled;
    json::write_string(spelled, filter);
    filter = spelled.substr(1, spelled.size() - 2);  // topics are compared in the spelling of JSON
  }
  return out;
}

Answer sub_open(S& s, const std::string& text) {
  const auto v = json::parse(text);
  if (!v || !v->is_object()) return wrong("'params' must be an object");
  auto filters = read_filters(v->get_object());
  if (!filters) return std::unexpected(filters.error());
  const auto from = read_from(s, v->get_object());
  if (!from) return std::unexpected(from.error());
  if (s.subs.size() >= kSubsMax) return std::unexpected(RpcError{kResourceBusy, "at most " + std::to_string(kSubsMax) + " subscriptions per session", {}, {}});
  auto sub = std::make_unique<Subscription>();
  sub->name = "s" + std::to_string(++s.last_sub);
  sub->filters = std::move(*filters);
  sub->position = sub->prev = sub->told = from->seq;
  std::string out = "{\"sub\":\"" + sub->name + "\",\"epoch\":\"" + s.epoch + "\",\"seq\":" + std::to_string(from->seq);
  if (from->with_snapshot) out += ",\"snapshot\":" + snapshot(s, {});
  s.subs.push_back(std::move(sub));
  return out + "}";
}

Answer sub_close(S& s, const std::string& text) {
  const auto p = params_as<SubCloseParams>(text);
  if (!p) return std::unexpected(p.error());
  const auto erased = std::erase_if(s.subs, [&](const auto& sub) { return sub->name == p->sub; });
  if (erased == 0) return std::unexpected(RpcError{kNoSuchThing, "no subscription '" + p->sub + "'", {}, {}});
  return "{}";
}

Answer agent_login(S& s, const std::string& text) {
  const auto p = params_as<LoginParams>(text);
  if (!p) return std::unexpected(p.error());
  return done(s, s.world.backend.agent_login({p->agent, p->device, p->pin.value_or(""), p->ready.value_or(false)}));
}

template <auto Verb>
Answer agent_verb(S& s, const std::string& text) {
  const auto p = params_as<AgentParams>(text);
  if (!p) return std::unexpected(p.error());
  return done(s, (s.world.backend.*Verb)(p->agent));
}

Answer agent_not_ready(S& s, const std::string& text) {
  const auto p = params_as<NotReadyParams>(text);
  if (!p) return std::unexpected(p.error());
  return done(s, s.world.backend.agent_not_ready(p->agent, p->reason.value_or("")));
}

Answer agent_more_wrap_up(S& s, const std::string& text) {
  const auto p = params_as<MoreWrapUpParams>(text);
  if (!p) return std::unexpected(p.error());
  if (p->seconds && (*p->seconds < 1 || *p->seconds > 3600)) return wrong("'seconds' must be from 1 to 3600");
  return done(s, s.world.backend.agent_more_wrap_up(p->agent, p->seconds ? std::optional<Duration>(std::chrono::seconds(*p->seconds)) : std::nullopt));
}

template <auto Read>
Answer list(S& s, const std::string&) {
  std::string out = "{\"atSeq\":" + std::to_string(s.world.backend.last_seq()) + ",\"items\":";
  return out + (s.world.backend.*Read)() + "}";
}

Answer call_make(S& s, const std::string& text) {
  const auto p = params_as<MakeParams>(text);
  if (!p) return std::unexpected(p.error());
  const auto call = s.world.backend.call_make(p->device, p->called);
  if (!call) return std::unexpected(RpcError{call.error().code, call.error().message, {}, {}});
  return "{\"call\":" + std::to_string(to_number(*call)) + "," + seq_member(s) + "}";
}

template <auto Verb>
Answer call_verb(S& s, const std::string& text) {
  const auto p = params_as<CallParams>(text);
  if (!p) return std::unexpected(p.error());
  return done(s, (s.world.backend.*Verb)(p->call));
}

template <auto Verb>
Answer call_to(S& s, const std::string& text) {
  const auto p = params_as<CallToParams>(text);
  if (!p) return std::unexpected(p.error());
  return done(s, (s.world.backend.*Verb)(p->call, p->to));
}

Answer call_set_data(S& s, const std::string& text) {
  const auto p = params_as<SetDataParams>(text);
  if (!p) return std::unexpected(p.error());
  return done(s, s.world.backend.call_set_data(p->call, p->key, p->value));
}

Answer in_words(const CtiResult<std::string>& report) {
  if (!report) return std::unexpected(RpcError{report.error().code, report.error().message, {}, {}});
  std::string out = "{\"report\":";
  json::write_string(out, *report);
  return out + "}";
}

Answer call_explain(S& s, const std::string& text) {
  const auto p = params_as<CallParams>(text);
  if (!p) return std::unexpected(p.error());
  return in_words(s.world.backend.call_explain(p->call));
}

struct ReloadParams { std::optional<std::string> who; std::optional<bool> dryRun, rollback; };
BOOST_DESCRIBE_STRUCT(ReloadParams, (), (who, dryRun, rollback))

Answer config_reload(S& s, const std::string& text) {
  const auto p = params_as<ReloadParams>(text);
  if (!p) return std::unexpected(p.error());
  s.world.backend.config_reload({p->who.value_or(""), p->dryRun.value_or(false), p->rollback.value_or(false)}, [answer = s.later()](const CtiResult<std::string>& done) {
    answer(done ? Answer(*done) : std::unexpected(RpcError{done.error().code, done.error().message, {}, {}}));
  });
  return {};
}

Answer callback_list(S& s, const std::string& text) {
  const auto p = params_as<CallbackListParams>(text);
  if (!p) return std::unexpected(p.error());
  const std::uint64_t limit = p->limit.value_or(kCallbacksPerList);
  if (limit < 1 || limit > kCallbacksPerList) return wrong("'limit' must be from 1 to " + std::to_string(kCallbacksPerList));
  return "{\"atSeq\":" + std::to_string(s.world.backend.last_seq()) + ",\"items\":" +
         s.world.backend.callbacks_json({p->customer.value_or(""), p->after.value_or(CallId::none), static_cast<std::size_t>(limit)}) + "}";
}

Answer callback_close(S& s, const std::string& text) {
  const auto p = params_as<CallbackCloseParams>(text);
  if (!p) return std::unexpected(p.error());
  return done(s, s.world.backend.callback_close(p->callback, p->outcome));
}

Answer ivr_reload(S& s, const std::string&) { return in_words(s.world.backend.ivr_reload()); }

constexpr std::array kMethods = {
    Method{"session.hello", false, session_hello},
    Method{"session.ping", false, session_ping},
    Method{"snapshot.get", false, snapshot_get},
    Method{"sub.open", false, sub_open},
    Method{"sub.close", false, sub_close},
    Method{"agent.list", false, list<&CtiBackend::agents_json>},
    Method{"agent.login", true, agent_login},
    Method{"agent.logout", true, agent_verb<&CtiBackend::agent_logout>},
    Method{"agent.ready", true, agent_verb<&CtiBackend::agent_ready>},
    Method{"agent.notReady", true, agent_not_ready},
    Method{"agent.wrapUp", true, agent_verb<&CtiBackend::agent_wrap_up>},
    Method{"agent.moreWrapUp", true, agent_more_wrap_up},
    Method{"call.list", false, list<&CtiBackend::calls_json>},
    Method{"call.explain", false, call_explain},
    Method{"call.make", true, call_make},
    Method{"call.clear", true, call_verb<&CtiBackend::call_clear>},
    Method{"call.hold", true, call_verb<&CtiBackend::call_hold>},
    Method{"call.retrieve", true, call_verb<&CtiBackend::call_retrieve>},
    Method{"call.consult", true, call_to<&CtiBackend::call_consult>},
    Method{"call.alternate", true, call_verb<&CtiBackend::call_alternate>},
    Method{"call.conference", true, call_verb<&CtiBackend::call_conference>},
    Method{"call.transfer", true, call_verb<&CtiBackend::call_transfer>},
    Method{"call.singleStepTransfer", true, call_to<&CtiBackend::call_single_step_transfer>},
    Method{"call.setData", true, call_set_data},
    Method{"callback.list", false, callback_list},
    Method{"callback.close", true, callback_close},
    Method{"queue.list", false, list<&CtiBackend::queues_json>},
    Method{"span.list", false, list<&CtiBackend::spans_json>},
    Method{"ivr.reload", true, ivr_reload},
    Method{"config.reload", true, config_reload},
};

}  // namespace

const Method* find_method(std::string_view name) {
  for (const Method& method : kMethods)
    if (method.name == name) return &method;
  return find_supervisor_method(name);
}

}  // namespace sr::cti
