// ctid's end of the board link: a Board on the far side of a Unix socket. Connects, and connects again every kReconnectEvery
// when boardd is away; each time the listener hears on_link(true), the events that were not acknowledged, on_snapshot, then live
// events; on_link(false) when the link breaks. A command sent while the link is down is dropped and counted: the snapshot on
// reconnection is the truth. Reactor thread; the listener may call send() from its callbacks.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "drivers/base/reactor.h"
#include "drivers/board/board.h"

namespace sr::board {

inline constexpr Duration kReconnectEvery = 100ms;
inline constexpr Duration kWelcomeMax = 5s;                              // boardd has not answered our hello: try again
inline constexpr std::size_t kClientBacklogMax = 64 * 1024 * 1024;       // commands that boardd has not taken
inline constexpr std::size_t kEpochsKept = 16;                           // lives of boardd named in our hello

struct BoardClientCounters {
  std::uint64_t connects = 0;
  std::uint64_t commands = 0;
  std::uint64_t dropped = 0;      // commands while the link was down
  std::uint64_t events = 0;
  std::uint64_t bad_lines = 0;    // from boardd, not understood
  std::uint64_t errors = 0;       // that boardd reported about our lines
};

class BoardClient final : public Board {
 public:
  BoardClient(Reactor& reactor, std::string path, BoardListener& listener);
  ~BoardClient() override;
  void start();  // the first attempt is made at once

  // What the journal held when ctid started: boardd need not send it again. Later cmd::Acks are noted as they pass.
  void acknowledged(std::uint64_t epoch, std::uint64_t seq);

  void send(const Command& command) override;
  bool up() const;
  const std::string& last_error() const;  // why the link is down, "" if it is not
  BoardClientCounters counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sr::board
