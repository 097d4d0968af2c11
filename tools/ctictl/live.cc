// The verbs that ask a running ctid.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <cstdio>

#include "drivers/base/json.h"
#include "tools/ctictl/client.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/verbs.h"
#include "tools/ctictl/views.h"

namespace sr::ctictl {
namespace {

int nobody(const Error& error) {
  fmt::print(stderr, "ctictl: {}\n", error.text());
  return kNobody;
}

std::string member(const std::string& object, std::string_view name) {
  const auto v = json::parse(object);
  const auto* found = v && v->is_object() ? v->get_object().if_contains(name) : nullptr;
  if (!found) return {};
  return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
}

int refused(const std::string& error, bool as_json) {
  if (as_json) fmt::print("{{\"error\":{}}}\n", error);
  else fmt::print(stderr, "ctictl: refused: {}\n", member(error, "message"));
  return kRefused;
}

using Page = std::string (*)(std::string_view, Instant, bool);
int list(const std::string& socket, const std::string& method, bool as_json, Page page) {
  auto client = Client::connect(socket);
  if (!client) return nobody(client.error());
  const auto clock = client->ask("session.ping");
  if (!clock) return nobody(clock.error());
  const auto answer = client->ask(method);
  if (!answer) return nobody(answer.error());
  if (answer->result.empty()) return refused(answer->error, as_json);
  const std::string items = member(answer->result, "items");
  if (as_json) fmt::print("{}\n", iso_times(items));
  else std::fputs(page(items, parse_iso(member(clock->result, "ts")), stdout_is_terminal()).c_str(), stdout);
  return kOk;
}

}  // namespace

int calls(const std::string& socket, bool as_json) { return list(socket, "call.list", as_json, calls_page); }
int agents(const std::string& socket, bool as_json) { return list(socket, "agent.list", as_json, agents_page); }
int queues(const std::string& socket, bool as_json) { return list(socket, "queue.list", as_json, queues_page); }

int command(const std::string& socket, const std::string& method, const std::vector<Word>& params, bool as_json) {
  std::string text = "{";
  for (const Word& word : params) {
    if (text.size() > 1) text += ',';
    json::write_string(text, word.name);
    text += ':';
    if (word.number) text += word.value;
    else json::write_string(text, word.value);
  }
  auto client = Client::connect(socket);
  if (!client) return nobody(client.error());
  const auto answer = client->ask(method, text + "}");
  if (!answer) return nobody(answer.error());
  if (answer->result.empty()) return refused(answer->error, as_json);
  if (as_json) fmt::print("{}\n", answer->result);
  else if (const std::string report = member(answer->result, "report"); !report.empty()) fmt::print("{}\n", report);
  else if (const std::string call = member(answer->result, "call"); !call.empty()) fmt::print("call {}\n", call);
  else fmt::print("done\n");
  return kOk;
}

}  // namespace sr::ctictl
