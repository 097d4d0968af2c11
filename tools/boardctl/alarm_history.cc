// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/alarm_history.h"

namespace sr::boardctl {

void AlarmHistory::take(const board::Snapshot& snapshot) {
  std::set<std::string> then = std::move(now_);
  now_.clear();
  for (const auto& span : snapshot.spans) {
    for (const auto& alarm : span.alarms) now_.insert(span.span + " " + alarm);
    if ((span.kind == "e1" || span.kind == "t1") && !span.d_channel_up) now_.insert(span.span + " d_channel_down");
  }
  const auto note = [&](const std::string& what, const char* how) {
    lines_.push_back("  " + to_iso8601(snapshot.at) + "  " + what + how);
    if (lines_.size() > kHistoryLinesMax) lines_.pop_front();
  };
  for (const auto& one : now_)
    if (!then.contains(one)) note(one, first_ ? " stands" : " raised");
  for (const auto& one : then)
    if (!now_.contains(one)) note(one, " cleared");
  first_ = false;
}

std::string AlarmHistory::text() const {
  std::string out;
  for (const auto& line : lines_) out += line + "\n";
  return out.empty() ? out : "alarms since the watch began\n" + out;
}

}  // namespace sr::boardctl
