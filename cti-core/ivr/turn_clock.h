// The clock that measures how long a script has run within one turn: the CPU time of the thread, so that a machine that is busy
// elsewhere ends no script. It says nothing about the time of day.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>

namespace sr::ivr {

class TurnClock {
 public:
  virtual ~TurnClock() = default;
  virtual std::int64_t now_ns() = 0;
};

class ThreadCpuClock final : public TurnClock {  // production
 public:
  std::int64_t now_ns() override;
};

class FrozenTurnClock final : public TurnClock {  // virtual time: no time passes within a turn, only instructions count
 public:
  std::int64_t now_ns() override { return at; }
  std::int64_t at = 0;
};

}  // namespace sr::ivr
