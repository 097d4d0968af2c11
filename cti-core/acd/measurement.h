// What was measured in a stretch of a simulation, cut into batches of equal length, and how certain it is: the batches are as good
// as independent when they are long against the waves of the queue, and then the spread of their means says how far the
// whole may be off (method of batch means, Student's t).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "cti-core/acd/erlang.h"
#include "cti-core/acd/wait_histogram.h"
#include "drivers/base/time.h"

namespace sr::acd {

inline constexpr std::size_t kBatches = 30;

// Of several runs of the same kind the half width of the 95 % confidence interval around their mean; NaN: too few of them have the value.
Service half_width_of(const std::vector<Service>& runs);

// A call counts in the batch in which it arrives, time in the one in which it passes.
class Measurement {
 public:
  Measurement(Instant begin, Instant end, std::size_t agents, Duration threshold);

  void arrived(Instant at);
  void refused(Instant arrived_at);
  void made_to_wait(Instant arrived_at);
  void answered(Instant arrived_at, Duration waited);
  void gave_up(Instant arrived_at, Duration waited);
  void time_passed(Instant from, Instant to, std::size_t busy, std::size_t waiting);  // and between them nothing happened

  struct Counts {
    std::uint64_t offered = 0, answered = 0, abandoned = 0, refused = 0, waited = 0, answered_soon = 0, abandoned_soon = 0;
    double answered_wait_s = 0, abandoned_wait_s = 0, time_s = 0, busy_s = 0, queue_s = 0;
    WaitHistogram waits{};  // of the answered
    void add(const Counts& o);
  };
  static Service service_of(const Counts& counts, std::size_t agents);
  Counts total() const;
  Service service() const;
  Service half_width() const;  // of the 95 % confidence interval around service(); NaN: too few batches have the value

 private:
  Counts* batch_of(Instant arrived_at);  // nullptr: not within the stretch
  Instant begin_of(std::size_t batch) const { return begin_ + (end_ - begin_) * static_cast<std::int64_t>(batch) / static_cast<std::int64_t>(kBatches); }

  Instant begin_, end_;
  std::size_t agents_;
  Duration threshold_;
  std::size_t passing_ = 0;  // the batch in which time passes
  std::array<Counts, kBatches> batches_;
};

}  // namespace sr::acd
