// Lua patterns (Lua 5.4 manual, 6.4.1) with a step limit: same meaning as string.find's, but a match never runs longer than
// it is allowed to, whatever the pattern. Pure; bytes in, positions out; character classes are ASCII's.
// A pattern is compiled into items once; matching backtracks over the items, so the depth is bounded by their number.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cti-core/ivr/limits.h"
#include "drivers/base/result.h"

namespace sr::ivr {

struct Capture {
  static constexpr std::size_t kOpen = static_cast<std::size_t>(-1), kPosition = static_cast<std::size_t>(-2);
  std::size_t begin = 0;
  std::size_t length = kOpen;  // kPosition: "()" – begin is the value
};

struct Match {
  enum class End { found, none, too_many_steps };
  End end = End::none;
  std::size_t begin = 0, finish = 0;  // [begin, finish) of the subject
  std::vector<Capture> captures;      // without the whole match
  int steps = 0;                      // used
};

class Pattern {
 public:
  // `anchor`: a leading '^' binds to the start (find, match, gsub); gmatch takes it literally.
  static Result<Pattern> compile(std::string_view text, bool anchor = true);
  Match find(std::string_view subject, std::size_t from, int steps_max = kPatternStepsMax) const;
  Match match_at(std::string_view subject, std::size_t at, int steps_max = kPatternStepsMax) const;  // only there (gsub, gmatch)
  bool anchored() const { return anchored_; }

 private:
  enum class Kind : std::uint8_t { one, open, close, position, balance, frontier, back, end_anchor };
  enum class Times : std::uint8_t { once, any, some, few, maybe };  // nothing * + - ?
  struct Item {
    Kind kind = Kind::one;
    Times times = Times::once;
    std::uint8_t first = 0, second = 0;  // %bxy; capture number
    std::bitset<256> set;                // what `one` and `frontier` accept
  };
  class Parser;
  class Run;
  std::vector<Item> items_;
  bool anchored_ = false;
  std::size_t captures_ = 0;
};

}  // namespace sr::ivr
