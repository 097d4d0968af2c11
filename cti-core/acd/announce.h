// What a waiting caller is told of his place and his wait. Pure: from what is seen now and what he was told before.
// A wait is told in steps that can be kept: whole minutes up to 10, then 15, 20, 25, 30, then "more than 30". It does not rise while his
// place does not get worse, even where the estimate does. Nothing is told while nobody works, and no wait while none is known.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <optional>

#include "drivers/base/time.h"

namespace sr::acd {

inline constexpr int kMinutesLong = 31;  // more than 30

struct Told {                  // zero: not told
  std::size_t position = 0;    // 1: the next
  int minutes = 0;             // 1: less than one; kMinutesLong
  bool operator==(const Told&) const = default;
};
struct Outlook {
  std::size_t position = 1, working = 0;  // his place; agents who serve his queue and are not on a break
  std::optional<Duration> wait{};         // expected from now
};

int minutes_of(Duration wait);  // up to the next step
Told announce(const Outlook& now, const Told& before);

}  // namespace sr::acd
