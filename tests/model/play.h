// A small center to be driven step by step: the real CallCenter, a board that answers commands as boardd does, two agents, two queues, at
// most three callers (scene.h). A step is a value, so a run is a list that can be repeated, shortened and printed. After every step the
// invariants are checked: the center's own (CallCenter::check), and those of a bookkeeper who knows only the journal (ledger.h).
//   play.cc        how it goes on, what is looked at      play_steps.cc  what can happen, and how it does
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <memory>
#include <string>

#include "tests/cti-core/app/desk.h"
#include "tests/model/ledger.h"
#include "tests/model/model_timers.h"
#include "tests/model/scene.h"
#include "tests/model/stage.h"

namespace sr::test {

// faulty: with a real journal; links drop, daemons die, the disk stalls.
// forgetful: a fault that is planted here to be found: the board does not say that a phone was hung up while its caller was on hold.
enum class Life { steady, faulty };
enum class Planted { nothing, forgetful_board };

class Play {
 public:
  explicit Play(const Scene& scene, Life life = Life::steady, Planted planted = Planted::nothing);
  ~Play();
  Steps possible() const;
  bool act(Step step);                    // false: it means nothing now
  void repeat(const Steps& steps);        // of a run that was looked at before: only its end is
  std::string digest();                   // empty: no other state is known to be like this one
  void drain();                           // everybody hangs up, what is due runs: then nothing may be left
  const std::string& wrong() const { return wrong_; }
  const std::map<std::string, int>& seen() const { return seen_; }  // of a faulty life: what became of promises and of agents' phones, how often

 private:
  void possible_of_callers(Steps& all) const;
  void possible_of_phones(Steps& all, std::uint8_t agent) const;
  void possible_of_outside(Steps& all, std::uint8_t agent) const;
  bool of_callers(Step step);
  bool of_phones(Step step);
  bool of_outside(Step step);
  bool of_clients(Step step);
  bool of_faults(Step step);
  void possible_faults(Steps& all) const;
  void start_ctid();
  void link();
  void settle();
  void look();
  void left_over();
  void say(const std::string& what) { if (wrong_.empty()) wrong_ = what; }
  bool dial(int agent, const std::string& digits);
  LegId caller(std::size_t n) const;      // the n-th of those who are there
  CallId task_of(int customer) const;
  char keep_key() const { return scene_.has(Act::press_key) ? kKeepKey : '\0'; }
  LegId customer_leg(int customer) const;
  LegId phone_leg(int agent) const;
  LegId outside_leg(int agent) const;
  LegId accepts(int agent) const;         // where his accept key can be pressed
  LegId far() const;                      // the last that was dialled, but for agents outside
  bool is_up(LegId leg) const { return board_.legs_.at(leg).shown.state == board::LegState::connected; }

  const Scene& scene_;
  Life life_;
  Planted planted_;
  ModelTimers timers_;
  std::unique_ptr<store::Writer> writer_; // the disk; faulty lives only
  std::unique_ptr<Store> store_;
  StallingStore* disk_ = nullptr;         // the same
  FakeBoard board_{timers_};
  std::unique_ptr<ModelEngine> engine_;
  std::unique_ptr<app::CallCenter> center_;
  bool up_ = false;
  bool board_died_ = false;               // and what it had not said yet with it, but for its spool
  Ledger ledger_;
  std::map<std::string, int> seen_;
  bool quiet_ = true;                     // what happens now was looked at before
  std::string wrong_;
};

}  // namespace sr::test
