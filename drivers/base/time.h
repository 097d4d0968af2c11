// Time as a value. Nothing in the product reads a clock: it is handed a Timers.
// One scale for everything: microseconds since the Unix epoch, taken once at the start of the process and carried on by a
// monotonic clock, so that it can be written into a record and never steps back.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>

namespace sr {

struct TimeScale;
using Duration = std::chrono::microseconds;
using Instant = std::chrono::time_point<TimeScale, Duration>;
using namespace std::chrono_literals;

inline std::int64_t to_us(Instant t) { return t.time_since_epoch().count(); }
inline Instant from_us(std::int64_t us) { return Instant(Duration(us)); }
inline double to_seconds(Duration d) { return static_cast<double>(d.count()) / 1e6; }
std::string to_iso8601(Instant t);  // UTC, "2026-03-01T12:00:00.123Z"

enum class TimerId : std::uint64_t { none = 0 };

// Single-threaded. A callback may set and cancel timers, also itself. cancel() of a timer that has run, or of
// TimerId::none, does nothing.
class Timers {
 public:
  using Callback = std::function<void()>;
  virtual ~Timers() = default;
  virtual Instant now() const = 0;  // constant within one turn
  virtual TimerId at(Instant when, Callback run) = 0;
  virtual void cancel(TimerId id) = 0;
  TimerId after(Duration d, Callback run) { return at(now() + d, std::move(run)); }
};

// The ordered set behind both kinds of Timers: equal instants run in the order in which they were set.
class TimerQueue {
 public:
  TimerId add(Instant when, Timers::Callback run);
  void cancel(TimerId id);
  bool empty() const { return queue_.empty(); }
  Instant next() const { return queue_.begin()->first.first; }  // only if not empty()
  bool run_one(Instant now);                                     // runs the first one due; false: none was due
  std::size_t size() const { return queue_.size(); }

 private:
  std::map<std::pair<Instant, std::uint64_t>, Timers::Callback> queue_;
  std::unordered_map<std::uint64_t, Instant> when_;
  std::uint64_t last_ = 0;
};

// Time that moves only when told to: tests, simulations, the World.
class VirtualTimers final : public Timers {
 public:
  explicit VirtualTimers(Instant start = from_us(1'767'225'600'000'000)) : now_(start) {}  // 2026-01-01T00:00:00Z
  Instant now() const override { return now_; }
  TimerId at(Instant when, Callback run) override { return queue_.add(when, std::move(run)); }
  void cancel(TimerId id) override { queue_.cancel(id); }
  void run_until(Instant end);
  void run_for(Duration d) { run_until(now_ + d); }
  bool step(Instant end);  // runs one timer due up to `end`; false: none
  std::size_t pending() const { return queue_.size(); }

 private:
  Instant now_;
  TimerQueue queue_;
};

}  // namespace sr
