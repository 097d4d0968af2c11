// What the center keeps while it runs and begins with as it stands here; what it is made with stands in center.h, whose base this is.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "cti-core/acd/expected_wait.h"
#include "cti-core/app/call_center.h"
#include "cti-core/app/calls.h"
#include "cti-core/loss/callbacks.h"

namespace sr::app {

struct CenterState {
  Board* board_ = nullptr;
  ivr::Engine* engine_ = nullptr;
  std::vector<std::function<void(const JournalRow&)>> listeners_;

  std::unordered_map<CallId, Call> calls_;
  std::unordered_map<CallId, OutCall> outs_;
  std::unordered_map<LegId, LegUse> legs_;
  std::map<std::string, Phone> phones_;
  std::unordered_map<std::string, NumberPtr> numbers_;
  std::unordered_map<std::string, acd::QueueNo> queue_nos_, known_queues_;  // configured now; ever, by this ctid
  loss::Callbacks callbacks_;
  std::vector<acd::Handling> handling_;          // by queue
  struct Overflow { std::vector<OverflowThresholds> steps; std::size_t step = 0; TimerId timer{}; Instant next{}; };
  std::deque<Overflow> overflow_;                // by queue; timers stay where they are
  std::deque<TimerId> wrap_timers_;              // by agent
  std::vector<CallId> ringing_all_;              // offered to all idle agents of their queues
  std::vector<CallId> undecided_;                // waits only if it is served at once, or prefers only for this moment

  struct SpanState { board::SpanSnapshot shown; int in_use = 0; };
  std::map<std::string, SpanState> spans_;

  Instant at_{};                                 // the time of what is being handled; zero: now
  int depth_ = 0;
  std::vector<std::function<void()>> deferred_;
  TimerId defer_timer_{}, ack_timer_{}, spot_timer_{};
  bool want_match_ = false, hurry_ = false;
  bool link_up_ = false, in_step_ = false;       // in step: the snapshot has been taken
  Duration board_ahead_{};                        // its clock, by more than kClocksApart: one of us was started before the machine's clock was set
  unsigned link_ = 0;
  std::uint64_t epoch_ = 0;                      // of boardd
  std::uint64_t dirty_epoch_ = 0;                // events of this life were taken in this turn
  CenterCounters counters_;
};

}  // namespace sr::app
