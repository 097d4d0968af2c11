// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <map>

#include "drivers/base/json.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/when.h"

namespace sr::ctictl {
namespace {

constexpr std::array<std::string_view, 4> kTimes = {"since", "queued_at", "last_call_end", "oldest"};
using Object = boost::json::object;

boost::json::array array_of(std::string_view text) {
  auto v = json::parse(text);
  return v && v->is_array() ? v->get_array() : boost::json::array{};
}

std::string word(const Object& o, std::string_view name) {
  const auto* v = o.if_contains(name);
  if (!v || v->is_null()) return {};
  if (v->is_string()) return std::string(v->get_string());
  return boost::json::serialize(*v);
}
std::int64_t number(const Object& o, std::string_view name) {
  const auto* v = o.if_contains(name);
  return v && v->is_int64() ? v->get_int64() : 0;
}
std::string ago(const Object& o, std::string_view name, Instant now) {
  const std::int64_t t = number(o, name);
  return t == 0 ? std::string() : span_of(std::max(Duration{}, now - from_us(t)));
}
std::string unless_zero(const Object& o, std::string_view name) { return number(o, name) == 0 ? std::string() : word(o, name); }

Colour colour_of(std::string_view state) {
  if (state == "agentReady" || state == "connected") return Colour::green;
  if (state == "agentBusy" || state == "queued" || state == "agentWorkingAfterCall") return Colour::yellow;
  if (state == "agentNull") return Colour::dim;
  return Colour::none;
}

std::string joined(const boost::json::value* list) {
  std::string out;
  if (list && list->is_array())
    for (const auto& one : list->get_array())
      if (one.is_string()) out.append(out.empty() ? "" : ",").append(one.get_string().c_str());
  return out;
}

template <class Row>
std::string page(std::string_view list, Table table, std::string_view nothing, bool colours, Row row) {
  for (const auto& one : array_of(list))
    if (one.is_object()) row(table, one.get_object());
  return table.empty() ? std::string(nothing) + "\n" : table.text(colours);
}

}  // namespace

std::string calls_page(std::string_view list, Instant now, bool colours) {
  return page(list, Table({"call", "dir", "state", "from", "to", "business", "queue", "pos", "agent", "channel", "for"}), "no calls", colours, [&](Table& table, const Object& o) {
    const std::string channel = word(o, "span").empty() ? "" : word(o, "span") + "/" + word(o, "channel");
    table.row({word(o, "call"), word(o, "direction"), {word(o, "state"), colour_of(word(o, "state"))}, word(o, "calling"), word(o, "called"), word(o, "business"), word(o, "queue"),
               unless_zero(o, "position"), word(o, "agent"), channel, ago(o, "since", now)});
  });
}

// "1007", "1007 off-hook": where he sits, and why nothing can ring there.
std::string phone_of(const Object& agent) {
  const std::string phone = word(agent, "phone");
  return phone.empty() || phone == "idle" || phone == "in use" ? word(agent, "device") : word(agent, "device") + " " + phone;
}

std::string agents_page(std::string_view list, Instant now, bool colours) {
  return page(list, Table({"agent", "name", "phone", "state", "reason", "call", "for", "queues"}), "no agents", colours, [&](Table& table, const Object& o) {
    const std::string state = word(o, "state");
    table.row({word(o, "agent"), word(o, "name"), phone_of(o), {state.starts_with("agent") ? state.substr(5) : state, colour_of(state)}, word(o, "reason"), unless_zero(o, "call"),
               ago(o, "since", now), joined(o.if_contains("queues"))});
  });
}

// Of a caller who came now.
std::string wait_of(const Object& queue) { return word(queue, "expected_wait_ms").empty() ? "" : fmt::format("{:.0f} s", static_cast<double>(number(queue, "expected_wait_ms")) / 1000); }

std::string queues_page(std::string_view list, Instant now, bool colours) {
  return page(list, Table({"queue", "waiting", "longest", "expected", "ready", "staffed", "agents", "overflow", "open"}), "no queues", colours, [&](Table& table, const Object& o) {
    table.row({word(o, "queue"), {word(o, "waiting"), number(o, "waiting") > 0 ? Colour::yellow : Colour::none}, ago(o, "oldest", now), wait_of(o),
               {word(o, "ready"), number(o, "ready") > 0 ? Colour::green : Colour::none}, word(o, "staffed"), word(o, "agents"), unless_zero(o, "overflow"), word(o, "open") == "false" ? "closed" : ""});
  });
}

std::string iso_times(std::string_view list) {
  auto items = array_of(list);
  for (auto& one : items) {
    if (!one.is_object()) continue;
    for (auto& [name, value] : one.get_object())
      if (value.is_int64() && std::find(kTimes.begin(), kTimes.end(), std::string_view(name.data(), name.size())) != kTimes.end())
        value = value.get_int64() == 0 ? boost::json::value(nullptr) : boost::json::value(to_iso8601(from_us(value.get_int64())));
  }
  return boost::json::serialize(items);
}

std::string event_text(std::string_view params, bool colours) {
  const auto v = json::parse(params);
  if (!v || !v->is_object()) return {};
  const Object& o = v->get_object();
  std::string time = local(parse_iso(word(o, "ts")));
  if (time.size() > 11) time = time.substr(11);
  std::string type = printable(word(o, "type"));
  type.resize(std::max<std::size_t>(type.size(), 21), ' ');
  std::string topic = printable(word(o, "topic"));
  topic.resize(std::max<std::size_t>(topic.size(), 12), ' ');
  const bool bad = type.starts_with("lost") || type.starts_with("failed") || type.starts_with("alarm");
  std::string out = paint(Colour::dim, time, colours) + "  " + paint(bad ? Colour::red : Colour::bold, type, colours) + " " + topic;
  static constexpr std::array<std::string_view, 9> kEnvelope = {"sub", "epoch", "seq", "prev", "ts", "topic", "type", "v", "call"};
  for (const auto& [name, value] : o) {
    const std::string_view key(name.data(), name.size());
    if (std::find(kEnvelope.begin(), kEnvelope.end(), key) != kEnvelope.end() || (value.is_string() && value.get_string().empty())) continue;
    out += " " + paint(Colour::dim, std::string(key) + "=", colours) + printable(word(o, key));
  }
  return out;
}

std::string picture(std::string_view snapshot, Instant now, bool colours) {
  const auto v = json::parse(snapshot);
  if (!v || !v->is_object()) return {};
  const auto part = [&](std::string_view name) {
    const auto* list = v->get_object().if_contains(name);
    return list ? boost::json::serialize(*list) : std::string("[]");
  };
  std::map<std::string, int> by_state;
  for (const auto& agent : array_of(part("agents")))
    if (agent.is_object()) ++by_state[word(agent.get_object(), "state")];
  std::int64_t channels = 0, in_use = 0;
  for (const auto& span : array_of(part("spans")))
    if (span.is_object() && word(span.get_object(), "kind") != "fxs") channels += number(span.get_object(), "channels"), in_use += number(span.get_object(), "in_use");
  std::string out = fmt::format("{}   calls {}   trunks {}/{}\nagents", local(now), array_of(part("calls")).size(), in_use, channels);
  for (const char* state : {"agentReady", "agentBusy", "agentWorkingAfterCall", "agentNotReady", "agentNull"})
    out += "   " + paint(colour_of(state), fmt::format("{} {}", std::string_view(state).substr(5), by_state[state]), colours);
  return out + "\n" + queues_page(part("queues"), now, colours);
}

Instant parse_iso(std::string_view text) {
  std::tm tm{};
  int ms = 0;
  if (std::sscanf(std::string(text).c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &ms) != 7) return {};
  tm.tm_year -= 1900;
  tm.tm_mon -= 1;
  return from_us(std::int64_t{timegm(&tm)} * 1'000'000 + ms * 1000);
}

}  // namespace sr::ctictl
