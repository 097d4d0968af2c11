// The outside of the World: the exchange with its callers, and the agents' phones, over a board core on the network side.
// Everything random comes from one seed. Callers live for a random time and hang up wherever they then are; phones answer most
// rings after a few seconds and hang up after a random talk.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "drivers/board/board.h"

namespace sr::test {

struct ExchangeCounters {
  int attempts = 0, refused = 0;   // refused: no free channel, nothing was sent
  int delivered = 0;               // some Q.931 message answered the SETUP
  int unheard = 0;                 // no reply: the D channel failed
  int connected = 0, released = 0;
  int early = 0, busy = 0;         // heard something before an answer (PROGRESS); were released with cause 17
  int rings = 0, ring_answered = 0;
  int incoming = 0;                // calls that the center dialled out
};

struct Behaviour {
  Duration life_min = 200ms, life_max = 150s;   // a caller's whole call
  Duration talk_max = 60s;                      // an agent's
  double answers = 0.93, presses_keys = 0.3;
  double leaves_number = 0;                     // presses 1 while he waits, and 1 again to confirm his number
};

class WorldExchange final : public BoardListener {
 public:
  WorldExchange(Timers& timers, std::uint64_t seed, Behaviour behaviour, std::string group, std::vector<std::string> numbers);
  void attach(Board& board) { board_ = &board; }
  // Called numbers that behave otherwise than everybody: who answers after `answers`, presses `key` (0: no key) after another second.
  struct Callee { Duration answers{}; char key = 0; };
  std::map<std::string, Callee> callees;
  LegId callee(const std::string& number) const;  // his leg; none: nobody has called him, or it is over
  void hang_up(LegId leg, int cause) { board_->send(board::cmd::Clear{leg, cause}); }
  void press(LegId leg, char key) { board_->send(board::cmd::SendDtmf{leg, std::string(1, key)}); }
  void dial();  // one caller
  void dial(const std::string& calling, const std::string& called, Duration life);
  const ExchangeCounters& counters() const { return counters_; }
  void listen(std::function<void(const board::Event&)> also) { also_ = std::move(also); }  // whoever plays phones by hand
  std::string heard(LegId leg) { return std::exchange(heard_[leg], {}); }  // DTMF digits, since it was asked last
  std::size_t open_legs() const { return legs_.size(); }

  void on_link(bool) override {}
  void on_event(const board::Envelope& envelope) override;
  void on_snapshot(const board::Snapshot&) override {}

 private:
  enum class Role { caller, phone, callee };
  struct Leg { Role role; bool delivered = false; bool up = false; TimerId life = TimerId::none; std::string called{}; };
  void hear(LegId leg, const board::Event& event);
  Duration between(Duration low, Duration high);
  bool chance(double p) { return std::uniform_real_distribution<>(0, 1)(random_) < p; }
  void clear_later(LegId leg, Duration after);

  Timers& timers_;
  std::mt19937_64 random_;
  Behaviour behaviour_;
  std::string group_;
  std::vector<std::string> numbers_;
  Board* board_ = nullptr;
  std::map<LegId, Leg> legs_;
  std::map<LegId, std::string> heard_;
  std::uint64_t next_ = kCtidLegBase;
  ExchangeCounters counters_;
  std::function<void(const board::Event&)> also_;
};

}  // namespace sr::test
