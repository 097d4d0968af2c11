// What callgen counts, as it goes into the progress file (each second) and the summary line at the end. tests/bench and
// tools/show read it. docs: tools/callgen/README.md.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "drivers/base/time.h"

namespace sr::callgen {

// Durations in buckets of 5 %, from 10 µs to more than an hour.
class Histogram {
 public:
  void add(Duration d);
  std::uint64_t count() const { return count_; }
  double percentile_ms(double p) const;  // upper edge of the bucket; 0 when empty
  double max_ms() const { return to_seconds(max_) * 1e3; }

 private:
  static constexpr std::size_t kBuckets = 420;
  std::array<std::uint32_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  Duration max_{};
};

struct Spread { std::uint64_t n = 0; double p50_ms = 0, p95_ms = 0, p99_ms = 0, max_ms = 0; };
BOOST_DESCRIBE_STRUCT(Spread, (), (n, p50_ms, p95_ms, p99_ms, max_ms))
Spread spread(const Histogram& h);

struct SpanLine { std::string span; std::string kind; int channels = 0; int in_use = 0; bool up = false; };
BOOST_DESCRIBE_STRUCT(SpanLine, (), (span, kind, channels, in_use, up))

struct Counters {
  std::uint64_t attempts = 0;        // callers who dialled
  std::uint64_t refused = 0;         // no free channel
  std::uint64_t delivered = 0;       // answered by any Q.931 message
  std::uint64_t connected = 0;
  std::uint64_t cleared = 0;         // attempts that have ended, refused ones included
  std::uint64_t with_agent = 0;      // callers whom an agent answered
  std::uint64_t rings = 0;           // at agents' phones
  std::uint64_t agent_answers = 0;
  std::uint64_t outgoing_seen = 0;   // SETUPs from the center
  std::uint64_t outgoing_connected = 0;
  std::uint64_t carrier_losses = 0;
  std::uint64_t script_errors = 0;
};
BOOST_DESCRIBE_STRUCT(Counters, (), (attempts, refused, delivered, connected, cleared, with_agent, rings, agent_answers, outgoing_seen, outgoing_connected,
                                     carrier_losses, script_errors))

struct Progress {
  Instant at{};
  double elapsed_s = 0;
  std::string phase;                 // waiting (for the lines), calling, draining, done
  std::string scenario;
  std::uint64_t seed = 0;
  Counters counters;
  std::uint64_t callers_up = 0;      // dialling, waiting, talking
  std::uint64_t callers_connected = 0;
  std::uint64_t outgoing_up = 0;
  int agents = 0, agents_talking = 0, agents_ringing = 0, agents_off_hook = 0;
  Spread setup_to_connect, on_hook_to_ring, setup_to_reply;
  std::map<std::string, std::uint64_t> marks;   // the scenario's own counters: mark("name")
  std::vector<SpanLine> spans;
};
BOOST_DESCRIBE_STRUCT(Progress, (), (at, elapsed_s, phase, scenario, seed, counters, callers_up, callers_connected, outgoing_up, agents, agents_talking,
                                     agents_ringing, agents_off_hook, setup_to_connect, on_hook_to_ring, setup_to_reply, marks, spans))

std::string to_json(const Progress& progress);

}  // namespace sr::callgen
