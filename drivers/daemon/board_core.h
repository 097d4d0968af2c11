// BoardCore: spans, signalling and media joined into a Board. boardd puts it behind the board link, the World and callgen use it
// in-process. It decides nothing about calls; it knows which leg is on which channel, books each Offered before the line hears
// anything (docs/protocol-board.md, "Durability"), and acts alone by a table (alone.h) while nobody is attached.
// Reactor thread. Everything handed in must outlive it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "drivers/board/board_server.h"
#include "drivers/daemon/d_trace.h"
#include "drivers/daemon/spool.h"
#include "drivers/media/media_port.h"
#include "drivers/sig/sig.h"
#include "drivers/span/span.h"

namespace sr::daemon {

inline constexpr Duration kBookMax = 500ms;      // no acknowledgement for so long: the Offered goes into the spool file (T303 is 4 s)
inline constexpr Duration kUnbookedMax = 10s;    // neither acknowledged nor spooled: the exchange has given up long ago (T303 twice)
inline constexpr Duration kStopMax = 2s;         // a clean stop waits so long for the line to confirm
inline constexpr Duration kStartGrace = 5s;      // a span that is not in service then raises its alarm
inline constexpr std::size_t kReplayBatch = 2000;  // events given to a new listener at once …
inline constexpr Duration kReplayPause = 5ms;      // … and the pause before the next batch: the socket must drain

using SpanConfig = std::variant<sig::PriConfig, sig::FxsConfig, sig::FxoConfig>;
struct SpanSetup {
  SpanDriver* driver = nullptr;
  SpanConfig config;
};

struct BoardConfig {
  std::uint64_t epoch = 1;                       // larger than that of every earlier life
  std::string fallback_prompt = "zh/fallback";
  Duration fallback_after = 10s;
  // true: an event reaches the listener in a turn of its own, so that it may call send() at will (in-process use).
  // false: at once; the listener must only write it down (boardd's server).
  bool deferred = true;
  // false: nobody books here (callgen): each Offered counts as durable at once and no event is kept for acknowledgement.
  bool durable = true;
  Duration alarm_clear_calls = 2500ms;           // a span in alarm for so long loses its calls
};

using MakeSignalling = std::function<std::unique_ptr<sig::Signalling>(Timers&, const SpanSetup&, sig::Observer&)>;
std::unique_ptr<sig::Signalling> make_signalling(Timers& timers, const SpanSetup& setup, sig::Observer& observer);

struct CoreCounters {
  std::uint64_t offered = 0, spooled = 0, refused_full = 0, unbookable = 0;
  std::uint64_t late_commands = 0;     // for a leg that was no longer there
  std::uint64_t refused_commands = 0;  // that made no sense: a leg number taken, a conference full, an unknown span
  std::uint64_t glare_lost = 0, commands_lost = 0, stale_media_events = 0, events_dropped = 0;
};

class Core;
class BoardCore final : public board::BoardEnd {
 public:
  BoardCore(Timers& timers, media::MediaPort& media, Spool& spool, DTrace* trace, BoardConfig config, std::vector<SpanSetup> spans,
            MakeSignalling make = make_signalling);
  ~BoardCore() override;

  void start();                          // media and signalling begin
  void attach(BoardListener& listener) override;  // on_link(true), the events not acknowledged, the snapshot, then live
  void detach() override;                         // ctid is away
  bool attached() const;
  void send(const board::Command& command) override;

  // Clean stop: every leg is cleared with cause 41, recordings are finished; `done` runs in a later turn, after kStopMax at most.
  void stop(std::function<void()> done);

  board::Snapshot snapshot() const override;
  Result<board::TestId> begin_test(const board::LineTest& test, board::TestSink tell) override;
  void end_test(board::TestId id) override;
  CoreCounters counters() const;
  std::size_t legs() const;

 private:
  std::unique_ptr<Core> core_;
};

}  // namespace sr::daemon
