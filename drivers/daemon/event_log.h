// The events that ctid has not acknowledged yet, in order: those of an earlier life that were in the spool file, then this life's.
// seq counts from 1 without a gap. What ctid has been given and what it has acknowledged are two marks in one list.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <vector>

#include "drivers/board/board.h"

namespace sr::daemon {

// While ctid is away the list grows. From kHeldSoftMax on, events that change no book (see droppable()) are not numbered at all;
// from kHeldMax on new calls are refused with cause 42; at kHeldHardMax nothing more is kept. All three are counted.
inline constexpr std::size_t kHeldSoftMax = 131'072;
inline constexpr std::size_t kHeldMax = 262'144;
inline constexpr std::size_t kHeldHardMax = 393'216;

class EventLog {
 public:
  explicit EventLog(std::uint64_t epoch) : epoch_(epoch) {}
  void preload(std::vector<board::Envelope> earlier);  // before the first append

  // The number the event got; 0: it was dropped (counted).
  std::uint64_t append(Instant at, board::Event event);

  // Next to give to ctid, or nullptr; the reference is good until acknowledge().
  const board::Envelope* next() const { return given_ < held_.size() ? &held_[given_] : nullptr; }
  void gave() { ++given_; }
  void give_again() { given_ = 0; }  // a new connection begins with everything that is not acknowledged

  // Forgets what is covered; each forgotten event is handed to `each` first. An acknowledgement never reaches beyond what was given.
  template <class Each>
  void acknowledge(std::uint64_t epoch, std::uint64_t seq, Each&& each) {
    while (given_ > 0 && covered(held_.front(), epoch, seq)) {
      each(held_.front());
      held_.pop_front();
      --given_;
    }
  }
  void drop_given() { while (given_ > 0) { held_.pop_front(); --given_; } }  // nobody acknowledges here (callgen)

  // An event of this life that is still held.
  const board::Envelope* find(std::uint64_t seq) const {
    const std::uint64_t back = last_ - seq;
    if (seq == 0 || seq > last_ || back >= held_.size()) return nullptr;
    const auto& e = held_[held_.size() - 1 - back];
    return e.epoch == epoch_ ? &e : nullptr;
  }

  std::uint64_t epoch() const { return epoch_; }
  std::uint64_t last() const { return last_; }
  std::size_t held() const { return held_.size(); }
  std::size_t waiting() const { return held_.size() - given_; }
  std::uint64_t dropped() const { return dropped_; }
  bool full() const { return held_.size() >= kHeldMax; }

 private:
  static bool covered(const board::Envelope& e, std::uint64_t epoch, std::uint64_t seq) {
    return e.epoch < epoch || (e.epoch == epoch && e.seq <= seq);
  }
  const std::uint64_t epoch_;
  std::uint64_t last_ = 0, dropped_ = 0;
  std::deque<board::Envelope> held_;
  std::size_t given_ = 0;
};

bool droppable(const board::Event& event);  // of interest only to a ctid that is there

}  // namespace sr::daemon
