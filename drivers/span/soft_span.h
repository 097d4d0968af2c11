// Soft spans: the same planes as a board's, over Unix SOCK_SEQPACKET sockets (docs/protocol-softspan.md), or in one process.
// The center's side listens ("the jack"), the far end connects ("plugs in"), naming span and plane in its hello.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "drivers/base/reactor.h"
#include "drivers/span/span.h"

namespace sr {

struct SoftSpanConfig { std::string name; SpanKind kind = SpanKind::e1; };

// All soft spans of one process behind one socket file. The drivers live as long as the bank.
class SoftSpanBank {
 public:
  virtual ~SoftSpanBank() = default;
  virtual std::vector<SpanDriver*> spans() = 0;
  virtual std::map<std::string, std::uint64_t> counters(const std::string& span) const = 0;
};
Result<std::unique_ptr<SoftSpanBank>> listen_soft_spans(Reactor& reactor, const std::string& socket_path, std::vector<SoftSpanConfig> spans);
// The far end: keeps trying to connect every kReconnect, so that either side may start or die first. An FXS span of the
// center is an FXO span here (kind is this side's).
std::unique_ptr<SoftSpanBank> connect_soft_spans(Reactor& reactor, const std::string& socket_path, std::vector<SoftSpanConfig> spans);

// Both ends of one wire in this process, for the World: what one sends the other receives after `delay` on `timers`. The
// audio of both ends is taken within one tick.
struct SpanPair { std::unique_ptr<SpanDriver> center, far; };
class WireFaults {  // what a test does to the wire
 public:
  virtual ~WireFaults() = default;
  virtual void cut(bool cut) = 0;               // carrier lost on both sides
  virtual void drop_frames(bool drop) = 0;      // D channel silent, audio goes on
};
struct Wire { SpanPair ends; std::unique_ptr<WireFaults> faults; };
Wire make_wire(Timers& timers, const std::string& name, SpanKind center_kind, Duration delay = 1ms);

}  // namespace sr
