// What the technician measures on a line: the texts and verdicts of level, loopback and bert. Pure.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>
#include <string>

#include "drivers/board/line_test.h"

namespace sr::boardctl {

struct LineName {
  std::string span;
  int channel = 0;  // 0: the whole span
};
std::optional<LineName> line_named(const std::string& text);  // "e1-1" or "e1-1/5"; nothing: neither

std::string level_line(const board::LevelReport& report);  // a bar for each direction, one line

struct BertVerdict {
  bool passed = false;
  std::string text;  // a line per channel, then the sum with the rate
};
BertVerdict bert_verdict(const board::BertReport& report, double rate_max);
std::string bert_progress(const board::BertReport& report, int second, int seconds);
std::string bert_json(const board::BertReport& report, bool passed);

}  // namespace sr::boardctl
