// The verbs that stay with boardd for a while: watch, drain, a test call.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tools/boardctl/session.h"
#include "tools/boardctl/status_view.h"
#include "tools/boardctl/test_call.h"
#include "tools/boardctl/verbs.h"

namespace sr::boardctl {
namespace {

constexpr Duration kLookEvery = 1s;

bool say(const std::string& text) { return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0; }

int calls_on(const board::Snapshot& s, const std::string& span) {
  return static_cast<int>(std::ranges::count(s.legs, span, &board::LegSnapshot::span));
}

std::vector<int> bearers(const board::SpanSnapshot& span) {
  std::vector<int> out;
  const int last = span.kind == "e1" ? 31 : span.kind == "t1" ? 23 : span.channels;
  for (int c = 1; c <= last; ++c)
    if (span.kind != "e1" || c != 16) out.push_back(c);
  return out;
}

}  // namespace

int watch(const std::string& socket_path) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  Reactor reactor;
  Session* link = nullptr;
  Session session(reactor, [&](const board::Report& report) {
    const auto* snapshot = std::get_if<board::Snapshot>(&report);
    if (snapshot == nullptr) return;
    const std::string page = status_page(*snapshot, terminal && std::getenv("NO_COLOR") == nullptr);
    if (!say((terminal ? "\x1b[H\x1b[J" : "") + page)) return link->finish(kOk);
    reactor.timers().after(kLookEvery, [&] { link->send(board::StatusRequest{}); });
  });
  link = &session;
  return session.run(socket_path, board::StatusRequest{}, true);
}

int drain(const std::string& socket_path, const std::string& span, bool on) {
  Reactor reactor;
  Session* link = nullptr;
  bool asked = false;
  int left = -1;
  Session session(reactor, [&](const board::Report& report) {
    const auto* snapshot = std::get_if<board::Snapshot>(&report);
    if (snapshot == nullptr) return;
    const auto at = std::ranges::find(snapshot->spans, span, &board::SpanSnapshot::span);
    if (at == snapshot->spans.end()) {
      link->complain("no span '" + span + "'");
      return link->finish(kRefused);
    }
    if (!asked) {
      asked = true;
      for (const int channel : bearers(*at)) link->send(board::Command(board::cmd::Busyout{span, channel, on}));
      return link->send(board::StatusRequest{});
    }
    if (!on) {
      say(span + " takes calls again\n");
      return link->finish(kOk);
    }
    if (const int now = calls_on(*snapshot, span); now != left) {
      left = now;
      if (!say(left == 0 ? span + " is empty\n" : fmt::format("{}: {} {} left\n", span, left, left == 1 ? "call" : "calls"))) return link->finish(kOk);
    }
    if (left == 0) return link->finish(kOk);
    reactor.timers().after(kLookEvery, [&] { link->send(board::StatusRequest{}); });
  });
  link = &session;
  session.needs_result(on ? span + " takes no new calls: boardctl drain " + span + " --off ends that" : "");
  return session.run(socket_path, board::StatusRequest{}, true);
}

std::optional<board::Snapshot> ask_snapshot(const std::string& socket_path, bool quiet, int* exit_code) {
  std::optional<board::Snapshot> out;
  Reactor reactor;
  Session* link = nullptr;
  Session session(reactor, [&](const board::Report& report) {
    if (const auto* snapshot = std::get_if<board::Snapshot>(&report)) {
      out = *snapshot;
      link->finish(kOk);
    }
  });
  link = &session;
  if (quiet) session.be_quiet();
  const int code = session.run(socket_path, board::StatusRequest{}, false);
  if (exit_code != nullptr) *exit_code = code;
  return out;
}

CallResult test_call(const std::string& socket_path, const CallOrder& order, const std::function<void(const std::string&)>& tell) {
  CallResult result;
  Reactor reactor;
  Session* link = nullptr;
  CallWatch watch;
  const auto clear = [&] { link->send(board::EndTest{}); };
  Session session(reactor, [&](const board::Report& report) {
    const auto* envelope = std::get_if<board::Envelope>(&report);
    if (envelope == nullptr) return;
    const auto line = watch.take(*envelope);
    if (!line.empty()) tell(line);
    if (watch.just_answered()) reactor.timers().after(order.talk, clear);
    if (watch.released()) link->finish(watch.answered() ? kOk : kTrouble);
  });
  link = &session;
  session.needs_result();
  reactor.timers().after(order.ring, [&] {
    if (!watch.answered()) clear();
  });
  reactor.timers().after(order.ring + order.talk + 10s, [&] {
    link->complain("the line has not confirmed the end of the call");
    link->finish(kTrouble);
  });
  result.exit_code = session.run(socket_path, board::LineTest(board::test::Call{order.group, order.calling, order.called}), true);
  result.answered = watch.answered();
  result.text = watch.text();
  return result;
}

}  // namespace sr::boardctl
