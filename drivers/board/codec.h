// The board link's lines (docs/protocol-board.md): one JSON object per line, without the newline. Writing appends to a string
// that the caller reuses; reading takes one line and never throws.
//   to boardd:   {"hello":"ctid","version":1,"last":{"<epoch>":seq}}   {"command":"play","leg":5,…}   {"request":"status"}
//                {"hello":"boardctl","version":1}                      {"request":"trace","span":"e1a","on":true}
//   from boardd: {"hello":"boardd","version":1,"epoch":…}   {"event":"offered","epoch":…,"seq":…,"at":…,…}   {"snapshot":{…}}
//                {"frame":{"span":…,"sent":…,"at":…,"hex":…}}   {"done":"busyout"}   {"error":"…","line_no":…}
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "drivers/base/result.h"
#include "drivers/board/board.h"
#include "drivers/board/line_test.h"

namespace sr::board {

inline constexpr int kProtocolVersion = 1;
inline constexpr std::size_t kCommandLineMax = 64 * 1024;         // boardd reads no longer line …
inline constexpr std::size_t kBoardLineMax = 16 * 1024 * 1024;    // … and a snapshot of the largest rack is shorter than this
inline constexpr std::size_t kFrameBytesMax = 1024;               // one Q.921 frame

// The highest sequence number that is durable at ctid, by epoch of boardd.
using LastByEpoch = std::map<std::uint64_t, std::uint64_t>;

struct Hello {          // who: "ctid" controls; any other name observes
  std::string who;
  int version = kProtocolVersion;
  LastByEpoch last;
};
struct StatusRequest {};
struct TraceRequest {
  std::string span;
  bool on = true;
};
struct EndTest {};      // the one that this observer has begun
using Request = std::variant<Hello, Command, StatusRequest, TraceRequest, LineTest, EndTest>;

struct Welcome {
  int version = kProtocolVersion;
  std::uint64_t epoch = 0;
};
struct Frame {          // one Q.921 frame without FCS
  std::string span;
  bool sent = false;    // by boardd
  Instant at{};
  std::string bytes;
};
struct Done {           // an observer's command has been handed to the board
  std::string what;
};
struct LineError {      // the line with this number (from 1, per connection) was refused
  std::string error;
  std::uint64_t line_no = 0;
};
using Report = std::variant<Welcome, Envelope, Snapshot, Frame, Done, LineError, LevelReport, BertReport>;

void write(std::string& out, const Request& request);
void write(std::string& out, const Report& report);
void write(std::string& out, const Command& command);
void write(std::string& out, const Envelope& envelope);
void write(std::string& out, const Snapshot& snapshot);
void write_frame(std::string& out, std::string_view span, bool sent, Instant at, std::span<const std::uint8_t> bytes);

Result<Request> read_request(std::string_view line);
Result<Report> read_report(std::string_view line);

std::string_view name_of(const Command& command);
std::string_view name_of(const Event& event);

}  // namespace sr::board
