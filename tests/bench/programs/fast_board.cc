// A board without wires, for ctid's own figures: it serves the board link as boardd does – an Offered is answered only after its
// acknowledgement, commands in their order – and its callers and agents act at once. It keeps `--callers` callers in the center; with
// `--through` each of them hangs up when an agent has him and the next one calls, without they wait. Four times a second it
// prints {"offered":…,"answered":…,"ended":…,"rang":…}. Ends with SIGTERM.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <cstdio>
#include <unordered_map>

#include "drivers/base/log.h"
#include "drivers/base/options.h"
#include "drivers/base/reactor.h"
#include "drivers/board/board_server.h"

using namespace sr;
namespace cmd = board::cmd;
namespace evt = board::evt;

namespace {

constexpr Duration kReport = 250ms;
constexpr int kCallsAtOnce = 100;  // new ones in 10 ms
constexpr Duration kCallEvery = 10ms;

class FastBoard final : public board::BoardEnd {
 public:
  FastBoard(Timers& timers, std::size_t callers, bool through, int stations) : timers_(timers), callers_(callers), through_(through), epoch_(static_cast<std::uint64_t>(to_us(timers.now()))) {
    for (int i = 0; i < stations; ++i) stations_[std::to_string(10'001 + i)] = LegId::none;
    report();
  }

  void attach(BoardListener& listener) override {
    to_ = &listener;
    listener.on_link(true);
    listener.on_snapshot(snapshot());
    call();
  }
  void detach() override { to_ = nullptr; }
  board::Snapshot snapshot() const override {
    board::Snapshot s{.epoch = epoch_, .seq = seq_, .at = timers_.now(), .legs = {}, .spans = {}, .stations = {}};
    for (const auto& [name, leg] : stations_) s.stations.push_back({name, leg != LegId::none, true});
    return s;
  }

  void send(const board::Command& command) override {
    std::visit([this](const auto& c) { obey(c); }, command);
  }

 private:
  struct Caller {
    std::uint64_t offered = 0;             // seq
    std::vector<board::Command> kept;      // until that is acknowledged
  };

  void happens(board::Event event) { to_->on_event({epoch_, ++seq_, timers_.now(), std::move(event)}); }

  void call() {
    for (int i = 0; i < kCallsAtOnce && to_ && legs_.size() < callers_; ++i) {
      const LegId leg{++next_};
      const auto n = static_cast<int>(next_ % 30 + 1);
      happens(evt::Offered{leg, "e1-1", n, n, "city", fmt::format("138{:08}", next_ % 100'000'000), "4006001", true, board::LineKind::trunk});
      legs_[leg].offered = seq_;
      unbooked_.push_back(leg);
      ++offered_;
    }
    if (to_) timers_.after(kCallEvery, [this] { call(); });
  }

  void obey(const cmd::Ack& c) {
    if (c.epoch != epoch_) return;
    std::size_t done = 0;
    for (; done < unbooked_.size(); ++done) {
      const auto it = legs_.find(unbooked_[done]);
      if (it == legs_.end()) continue;
      if (it->second.offered > c.seq) break;
      it->second.offered = 0;
      for (const auto& kept : std::exchange(it->second.kept, {})) send(kept);
    }
    unbooked_.erase(unbooked_.begin(), unbooked_.begin() + static_cast<std::ptrdiff_t>(done));
  }
  void obey(const cmd::Answer& c) {
    if (const auto it = legs_.find(c.leg); it == legs_.end() || keep(it->second, c)) return;
    happens(evt::Answered{c.leg});
  }
  void obey(const cmd::Clear& c) {
    if (const auto it = legs_.find(c.leg); it != legs_.end()) {
      if (keep(it->second, c)) return;
      legs_.erase(it);
      ++ended_;
      return happens(evt::Released{c.leg, c.cause, false, {}});
    }
    if (const auto it = phones_.find(c.leg); it != phones_.end()) {
      const std::string station = it->second;
      phones_.erase(it);
      stations_[station] = LegId::none;
      happens(evt::Released{c.leg, c.cause, false, {}});
      happens(evt::StationState{station, false, true});
    }
  }
  void obey(const cmd::Ring& c) {
    LegId& there = stations_[c.station];
    if (there != LegId::none) return happens(evt::Released{c.leg, 17, false, "station is not idle"});
    there = c.leg;
    phones_[c.leg] = c.station;
    ++rang_;
    happens(evt::Alerting{c.leg});
    happens(evt::StationState{c.station, true, true});
    happens(evt::Answered{c.leg});
  }
  void obey(const cmd::Connect& c) {
    ++answered_;
    if (!through_ || !legs_.erase(c.a)) return;
    ++ended_;
    happens(evt::Released{c.a, 16, true, {}});
  }
  void obey(const auto&) {}  // tags, music: nothing to be seen of them

  static bool keep(Caller& caller, board::Command command) {
    if (caller.offered == 0) return false;
    caller.kept.push_back(std::move(command));
    return true;
  }

  void report() {
    fmt::print("{{\"offered\":{},\"answered\":{},\"ended\":{},\"rang\":{}}}\n", offered_, answered_, ended_, rang_);
    std::fflush(stdout);
    timers_.after(kReport, [this] { report(); });
  }

  Timers& timers_;
  std::size_t callers_;
  bool through_;
  std::uint64_t epoch_, seq_ = 0, next_ = 0, offered_ = 0, answered_ = 0, ended_ = 0, rang_ = 0;
  BoardListener* to_ = nullptr;
  std::unordered_map<LegId, Caller> legs_;
  std::vector<LegId> unbooked_;
  std::unordered_map<LegId, std::string> phones_;
  std::unordered_map<std::string, LegId> stations_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string socket;
  std::uint64_t callers = 0;
  int stations = 0;
  bool through = false;
  cli::Program program("fast_board: a board without wires, for the bench");
  program.option("--socket", socket, "where ctid looks for boardd").required();
  program.option("--callers", callers, "callers in the center").required();
  program.option("--stations", stations, "phones 10001, 10002 …").required();
  program.flag("--through", through, "a caller hangs up when an agent has him");
  if (const auto status = program.parse(argc, argv)) return *status;
  log::open("fast_board", log::Level::warn, {});
  Reactor reactor;
  FastBoard board(reactor.timers(), callers, through, stations);
  auto server = board::BoardServer::open(reactor, socket, board);
  if (!server) {
    fmt::print(stderr, "fast_board: {}\n", server.error().text());
    return 2;
  }
  reactor.on_signal([&](int) { reactor.stop(); });
  reactor.run();
}
