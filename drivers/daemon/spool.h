// Where an Offered waits when ctid does not acknowledge it: a file that survives kill -9 of boardd, behind a seam.
// Reactor thread; keep() never waits for the disk. docs/protocol-board.md, "The spool file".
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "drivers/base/time.h"
#include "drivers/board/board.h"

namespace sr::daemon {

enum class Kept {
  stored,   // on the disk
  reserve,  // on the disk, but in the room set apart for refusals: the disk is full
  failed,   // nowhere
};

class Spool {
 public:
  using Done = std::function<void(Kept)>;
  virtual ~Spool() = default;
  virtual std::vector<board::Envelope> earlier() = 0;  // once, at start: what an earlier life left, in its order
  virtual void keep(const board::Envelope& event, Done done) = 0;  // `done` runs in a later turn
  virtual void forget(std::uint64_t epoch, std::uint64_t seq) = 0;  // ctid holds everything up to here
};

// For the World, tests and callgen. The "disk" is the caller's: a second MemorySpool on it is the next life.
class MemorySpool final : public Spool {
 public:
  struct Disk {
    std::vector<board::Envelope> events;
    Kept answer = Kept::stored;  // what the next keep() meets
    Duration delay{};
  };
  MemorySpool(Timers& timers, Disk& disk) : timers_(timers), disk_(disk) {}
  std::vector<board::Envelope> earlier() override { return disk_.events; }
  void keep(const board::Envelope& event, Done done) override;
  void forget(std::uint64_t epoch, std::uint64_t seq) override;

 private:
  Timers& timers_;
  Disk& disk_;
};

}  // namespace sr::daemon
