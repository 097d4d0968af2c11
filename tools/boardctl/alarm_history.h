// Which alarms came and went while somebody watched. Pure: one snapshot after the other goes in.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <deque>
#include <set>
#include <string>

#include "drivers/board/board.h"

namespace sr::boardctl {

inline constexpr std::size_t kHistoryLinesMax = 12;

class AlarmHistory {
 public:
  void take(const board::Snapshot& snapshot);
  std::string text() const;  // the latest lines, "" when nothing has changed yet

 private:
  std::set<std::string> now_;  // "e1-1 red"
  std::deque<std::string> lines_;
  bool first_ = true;
};

}  // namespace sr::boardctl
