// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/event_text.h"

#include <algorithm>
#include <array>

namespace sr::cti {
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"call", "agent", "span", "system"};

// The value of the string member that stands first in `body`, in its JSON spelling; empty if another member stands there.
std::string_view first_string(std::string_view body, std::string_view member) {
  const std::size_t start = member.size() + 5;  // {"member":"
  if (body.size() <= start || body.substr(2, member.size()) != member || body.substr(start - 3, 3) != "\":\"") return {};
  std::size_t end = start;
  while (end < body.size() && body[end] != '"') end += body[end] == '\\' ? 2 : 1;
  return end < body.size() ? body.substr(start, end - start) : std::string_view();
}

std::string topic_of(std::uint64_t call, std::string_view body) {
  if (const auto agent = first_string(body, "agentID"); !agent.empty()) return "agent/" + std::string(agent);
  if (call != 0) return "call/" + std::to_string(call);
  if (const auto span = first_string(body, "span"); !span.empty()) return "span/" + std::string(span);
  return "system";
}

}  // namespace

EventText event_text(Seq seq, Instant at, std::string_view type, std::uint64_t call, std::string_view body) {
  EventText out{seq, topic_of(call, body), {}};
  out.tail.reserve(body.size() + out.topic.size() + type.size() + 64);
  out.tail.append("\"ts\":\"").append(to_iso8601(at)).append("\",\"topic\":\"").append(out.topic);
  out.tail.append("\",\"type\":\"").append(type).append("\",\"v\":1");
  if (body.size() > 2) out.tail.append(",").append(body.substr(1, body.size() - 2));
  out.tail.append("}}");
  return out;
}

EventText event_text(const JournalRow& row) {
  return event_text(row.seq, row.at, event_name(row.event), to_number(call_of(row.event)), to_json(row.event));
}

std::string event_line(const EventText& event, std::string_view sub, std::string_view epoch, Seq prev) {
  std::string out;
  out.reserve(event.tail.size() + 128);
  out.append("{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"sub\":\"").append(sub).append("\",\"epoch\":\"").append(epoch);
  out.append("\",\"seq\":").append(std::to_string(event.seq)).append(",\"prev\":").append(std::to_string(prev)).append(",").append(event.tail);
  return out;
}

bool is_filter(std::string_view filter) {
  if (filter == "*") return true;
  const std::string_view kind = filter.substr(0, filter.find('/'));
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end() && (kind.size() == filter.size() || filter.size() > kind.size() + 1);
}

bool wants(const std::vector<std::string>& filters, std::string_view topic) {
  if (filters.empty()) return true;
  for (const std::string& filter : filters)
    if (filter == "*" || filter == topic || (topic.starts_with(filter) && topic.size() > filter.size() && topic[filter.size()] == '/')) return true;
  return false;
}

}  // namespace sr::cti
