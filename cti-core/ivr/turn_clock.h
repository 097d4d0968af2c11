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

// Production. To ask for the CPU time is a system call, so its last answer is carried on by the monotonic clock for kTrustNs: that
// can only be too much, and by so much at the most.
class ThreadCpuClock final : public TurnClock {
 public:
  static constexpr std::int64_t kTrustNs = 500'000;
  std::int64_t now_ns() override;

 private:
  std::int64_t cpu_ = 0, asked_at_ = -kTrustNs;
};

class FrozenTurnClock final : public TurnClock {  // virtual time: no time passes within a turn, only instructions count
 public:
  std::int64_t now_ns() override { return at; }
  std::int64_t at = 0;
};

}  // namespace sr::ivr
