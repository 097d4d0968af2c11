// boardd's end of the board link: a Unix socket that serves one controlling ctid and a few read-only observers (boardctl).
// A line that cannot be read is answered {"error":…,"line_no":…}, counted, logged at most once per second, and harms nothing.
// Reactor thread. The order of what ctid gets is BoardListener's; all lines of a turn leave in one write.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "drivers/base/reactor.h"
#include "drivers/base/result.h"
#include "drivers/board/board.h"
#include "drivers/board/line_test.h"

namespace sr::board {

inline constexpr std::size_t kObserversMax = 16;                            // also connections that have not said hello yet
inline constexpr std::size_t kObserverBacklogMax = 32 * 1024 * 1024;        // two of the largest snapshots
inline constexpr std::size_t kControllerBacklogMax = 128 * 1024 * 1024;     // every event that a full event log can replay
inline constexpr std::size_t kTracesPerObserverMax = 64;
inline constexpr Duration kHelloMax = 5s;                                   // who has not said hello by then is cut off

// What the server serves: the board as ctid would drive it in-process.
class BoardEnd : public Board {
 public:
  // A controller is there: on_link(true), the events not acknowledged, on_snapshot once, then live events (now or over later
  // turns). The listener only writes them down.
  virtual void attach(BoardListener& listener) = 0;
  virtual void detach() = 0;  // it has gone
  virtual Snapshot snapshot() const = 0;
  // An observer's test. `tell` is called in later turns or before this returns; TestId::none: nothing goes on that could be ended.
  virtual Result<TestId> begin_test(const LineTest&, TestSink /*tell*/) { return fail("this board has no line tests"); }
  virtual void end_test(TestId) {}
};

struct BoardServerCounters {
  std::uint64_t lines = 0;           // read
  std::uint64_t bad_lines = 0;       // answered with an error
  std::uint64_t refused = 0;         // connections: second controller, too many, wrong version, no hello
  std::uint64_t cut_off = 0;         // connections that did not read what was sent
  std::uint64_t events = 0;          // sent to the controller
  std::uint64_t events_known = 0;    // not sent, because its hello said that it has them
};

class BoardServer {
 public:
  // Fails if another process listens on `path`. `board` outlives the server.
  static Result<std::unique_ptr<BoardServer>> open(Reactor& reactor, const std::string& path, BoardEnd& board);
  ~BoardServer();

  // One Q.921 frame of a span, for the observers that trace it; costs a test when nobody does.
  void frame(std::string_view span, bool sent, Instant at, std::span<const std::uint8_t> bytes);

  bool controlled() const;
  BoardServerCounters counters() const;

 private:
  BoardServer() = default;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sr::board
