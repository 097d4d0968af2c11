// The World: exchange, wires, boardd's core, ctid's core, the Lua engine and the journal in one process and one virtual time.
// An hour of a show takes seconds, the same seed gives the same run, and afterwards the books must balance.
// One at a time: it is the clock of the process.
//   World world({.seed = 7});  world.arrivals(5.0, 10min);  world.run_for(10min);  world.drain();  CHECK(world.trouble().empty());
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "cti-core/app/call_center.h"
#include "cti-core/store/books.h"
#include "cti-core/store/inline_store.h"
#include "drivers/base/time.h"
#include "drivers/daemon/board_core.h"
#include "drivers/media/media_port.h"
#include "drivers/span/soft_span.h"
#include "tests/support/config_shelf.h"
#include "tests/support/world_exchange.h"

namespace sr::test {

struct WorldConfig {
  std::uint64_t seed = 1;
  int e1s = 2, agents = 20;
  int supervisors = 0;           // so many of the agents, the last
  Behaviour behaviour{};
  Duration group_delay = 10ms;   // of the journal: what a crash of ctid may lose
  Duration queue_timeout = 60s;
  AnnounceConfig announce{};     // of every queue
  Strategy strategy = Strategy::longest_idle;  // of queue orders
  bool off_hook_returns = true;  // who is not ready because of his handset says ready later
  std::function<void(CenterConfig&)> change{};  // of the configuration, before ctid has it
};

class World {
 public:
  explicit World(WorldConfig config);
  ~World();

  void run_for(Duration d);
  void arrivals(double per_second, Duration length);  // Poisson, from now
  bool drain(Duration at_most = 10min);               // no new callers; true: every leg and call has ended
  std::string trouble();                              // what is not as it must be; empty: all is well

  // Faults.
  void cut_d_channel(int e1, bool cut) { wires_[static_cast<std::size_t>(e1)].faults->drop_frames(cut); }
  void cut_wire(int e1, bool cut) { wires_[static_cast<std::size_t>(e1)].faults->cut(cut); }
  void kill_ctid();
  void start_ctid();
  void disk_full(bool full) { if (store_) store_->disk_full(full); }

  // Another configuration while calls run: what is written into `file` is put in force by reload(), also by a new ctid.
  CenterConfig& file() { return shelf_.file; }
  std::string reload(bool rollback = false);          // what ctid says to it
  std::mt19937_64& random() { return random_; }

  VirtualTimers& timers() { return timers_; }
  WorldExchange& exchange() { return *outside_; }
  app::CallCenter& center() { return *center_; }
  daemon::BoardCore& board() { return *board_; }
  daemon::BoardCore& exchange_board() { return *exchange_; }
  store::Books books();
  store::Database& journal() { return writer_->database(); }
  int incoming_offered() { return static_cast<int>(books().offered); }

 private:
  struct Ctid;
  void turn();
  void next_arrival(double per_second, Instant end);
  void look();  // invariants, after every turn that did something

  WorldConfig config_;
  VirtualTimers timers_;
  std::mt19937_64 random_;
  std::vector<Wire> wires_;
  std::unique_ptr<media::MediaPort> center_media_, exchange_media_;
  daemon::MemorySpool::Disk center_disk_, exchange_disk_;
  std::unique_ptr<daemon::MemorySpool> center_spool_, exchange_spool_;
  std::unique_ptr<daemon::BoardCore> board_, exchange_;
  std::unique_ptr<WorldExchange> outside_;
  std::unique_ptr<store::Writer> writer_;
  std::unique_ptr<store::InlineStore> store_;
  std::unique_ptr<Ctid> ctid_;
  app::CallCenter* center_ = nullptr;
  ConfigShelf shelf_;
  std::set<std::string> broken_;
};

}  // namespace sr::test
