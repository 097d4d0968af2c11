// level, loopback and bert: boardd measures, this tells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "tools/boardctl/line_tests.h"
#include "tools/boardctl/session.h"
#include "tools/boardctl/verbs.h"

namespace sr::boardctl {
namespace {

bool say(const std::string& text) { return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0; }

// A line that the next one overwrites on a terminal; elsewhere each stands by itself.
std::string live(const std::string& text) { return ::isatty(STDOUT_FILENO) == 1 ? "\r\x1b[K" + text : text + "\n"; }
std::string over() { return ::isatty(STDOUT_FILENO) == 1 ? "\r\x1b[K" : ""; }

std::optional<LineName> line_or_complain(const std::string& text, bool channel_needed) {
  const auto line = line_named(text);
  if (line && (!channel_needed || line->channel > 0)) return line;
  std::fprintf(stderr, "boardctl: '%s' is no %s\n", text.c_str(), channel_needed ? "channel: write SPAN/CHANNEL, as e1-1/5" : "span or channel: write SPAN or SPAN/CHANNEL, as e1-1/5");
  return {};
}

}  // namespace

int level(const std::string& socket_path, const std::string& where, int seconds) {
  const auto line = line_or_complain(where, true);
  if (!line) return kUsage;
  Reactor reactor;
  Session* link = nullptr;
  int left = seconds > 0 ? static_cast<int>(std::chrono::seconds(seconds) / board::kLevelEvery) : -1;
  Session session(reactor, [&](const board::Report& report) {
    const auto* level = std::get_if<board::LevelReport>(&report);
    if (level == nullptr) return;
    if (!say(live(level_line(*level)))) link->finish(kOk);
    if (left > 0 && --left == 0) link->finish(kOk);
  });
  link = &session;
  const int code = session.run(socket_path, board::LineTest(board::test::Level{line->span, line->channel}), true);
  if (::isatty(STDOUT_FILENO) == 1) say("\n");
  return code;
}

int loopback(const std::string& socket_path, const std::string& where, bool on) {
  const auto line = line_or_complain(where, false);
  if (!line) return kUsage;
  Reactor reactor;
  Session* link = nullptr;
  Session session(reactor, [&](const board::Report& report) {
    if (!std::holds_alternative<board::Done>(report)) return;
    say(fmt::format("{} {}\n", where, on ? "is looped: what comes in goes back, no call is taken; boardctl loopback " + where + " off ends it" : "carries calls again"));
    link->finish(kOk);
  });
  link = &session;
  return session.run(socket_path, board::LineTest(board::test::Loopback{line->span, line->channel, on}), false);
}

int bert(const std::string& socket_path, const BertOrder& order) {
  const auto line = line_or_complain(order.where, false);
  if (!line) return kUsage;
  Reactor reactor;
  Session* link = nullptr;
  int second = 0;
  Session session(reactor, [&](const board::Report& report) {
    const auto* bert = std::get_if<board::BertReport>(&report);
    if (bert == nullptr) return;
    if (++second < order.seconds) {
      if (!order.as_json && !say(live(bert_progress(*bert, second, order.seconds)))) link->finish(kRefused);
      return;
    }
    const auto verdict = bert_verdict(*bert, order.rate_max);
    say(order.as_json ? bert_json(*bert, verdict.passed) : over() + verdict.text);
    link->finish(verdict.passed ? kOk : kTrouble);
  });
  link = &session;
  session.needs_result();
  return session.run(socket_path, board::LineTest(board::test::Bert{line->span, line->channel}), true);
}

}  // namespace sr::boardctl
