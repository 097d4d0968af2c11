// What the exchange writes down: one row per SETUP (exchange.jsonl) and one per agent and answered ring (agents.jsonl).
// Times are absolute, microseconds; a moment that did not come is absent. docs: tools/callgen/README.md.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "drivers/base/result.h"
#include "drivers/base/time.h"
#include "tools/callgen/row_file.h"

namespace sr::callgen {

struct CallRow {
  std::uint64_t attempt = 0;
  std::string direction;      // "in": a caller dials the center; "out": the center dials somebody
  std::string span;           // empty with refused
  int channel = 0;
  int crv = 0;
  std::string calling, called;
  Instant at{};               // SETUP sent (in) or received (out)
  bool refused = false;       // no free channel: no SETUP was sent
  bool delivered = false;     // the center answered the SETUP by any Q.931 message
  std::optional<Instant> proceeding_at, alerting_at, connected_at, cleared_at;
  int cause = 0;
  bool by_far = false;        // the center began the clearing
  std::string why;
  int signature_hz = 0;       // what he speaks with
  int spoke_ms = 0;           // how long, in all
  int agent = 0;              // whom he last talked to, 0: nobody
  int agent_hz = 0;
  std::string story;          // what the scenario says he was: "impatient", "wrong_keys" …
};
BOOST_DESCRIBE_STRUCT(CallRow, (), (attempt, direction, span, channel, crv, calling, called, at, refused, delivered, proceeding_at, alerting_at,
                                    connected_at, cleared_at, cause, by_far, why, signature_hz, spoke_ms, agent, agent_hz, story))

struct AgentRow {
  int agent = 0;
  std::string span;
  int channel = 0;
  int signature_hz = 0;
  std::string calling;        // caller ID of the ring
  Instant rang_at{};
  std::optional<Instant> answered_at, ended_at;
  int spoke_ms = 0;
};
BOOST_DESCRIBE_STRUCT(AgentRow, (), (agent, span, channel, signature_hz, calling, rang_at, answered_at, ended_at, spoke_ms))

class CallSink {
 public:
  virtual ~CallSink() = default;
  virtual void call(const CallRow& row) = 0;
  virtual void agent(const AgentRow& row) = 0;
};

// JSON lines into files; an empty path: nothing is written. The rows of the calls have room on the disk ahead (row_file.h): the
// report needs them. flush() is called with each progress and at the end.
class FileSink final : public CallSink {
 public:
  static Result<std::unique_ptr<FileSink>> open(const std::string& calls_path, const std::string& agents_path);
  void call(const CallRow& row) override;
  void agent(const AgentRow& row) override;
  void flush();
  bool close();  // false: rows of calls are missing, the disk was full for too long

 private:
  FileSink() = default;
  RowFile calls_, agents_;
};

}  // namespace sr::callgen
