// The call center: the only place that knows board, journal, scripts and agents. It takes the board's events, decides, and sends
// commands; every call that was offered ends in exactly one of answered, served, lost. Reactor thread; time through Timers.
//
// Wiring (main.cc and the World do the same):
//   CallCenter center(timers, store, config, recovered, prompt_exists);
//   center.cti().on_journal(…)             // who wants every row from the first on
//   center.attach(board, engine);          // board: events of it go to center.listener(); engine: made with center.host()
//   … at the end of every turn, before sockets flush: center.end_of_turn();   // also calls store.end_of_turn()
// Everything handed in must outlive it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "cti-core/cti/backend.h"
#include "cti-core/ivr/ivr.h"
#include "cti-core/model/config_diff.h"
#include "cti-core/store/store.h"
#include "drivers/board/board.h"

namespace sr::app {

inline constexpr std::size_t kCallsMax = 16'384;           // at once; beyond it a call is refused with cause 42 and booked
inline constexpr Duration kAckDelay = 200ms;               // events that nobody waits for are acknowledged so late
inline constexpr Duration kInterDigit = 3s;                // after the last digit of a phone a number without # is complete
inline constexpr Duration kCodeToneTime = 1s;              // how long a phone hears whether its code was taken
inline constexpr Duration kFallbackTime = 20s;             // the fallback prompt takes no longer
inline constexpr std::size_t kPhoneDigitsMax = 40;
inline constexpr Duration kFlashDigit = 1500ms;           // after a flash while both are there; without a digit by then it alternates
inline constexpr Duration kOutsideRingTime = 60s;         // how long an outside number rings; a phone: no_answer
inline constexpr std::string_view kPhoneOffHook = "phone off-hook";  // why not ready
inline constexpr std::size_t kTalkDigitsMax = 64;         // of a caller in one conversation; more are counted and ignored
inline constexpr std::size_t kCallDataMax = 64;            // keys of one call
inline constexpr std::size_t kCallDataBytesMax = 1024;     // of one value; longer ones are cut
inline constexpr int kQueueRequestsMax = 100;              // of one call's script; then it has failed
inline constexpr Duration kReloadEvery = 200ms;            // reloads that come faster wait …
inline constexpr std::size_t kReloadsWaitingMax = 16;      // … and more of them are refused
inline constexpr std::size_t kQueueNamesMax = 10'000, kAgentNamesMax = 100'000;  // in one life of ctid; a reload with more is refused
inline constexpr std::size_t kSummaryBytesMax = 1000;      // of a reload in the journal
inline constexpr std::size_t kCallbackOutcomeMax = 200;    // bytes
inline constexpr const char* kCallbackLost = "lost";        // kinds of callback tasks
inline constexpr const char* kCallbackPromised = "promised";
inline constexpr std::uint32_t kHostPlay = 0xffff'0001;    // play number of the center's own prompts
inline constexpr std::uint32_t kAnnouncePlay = 0xffff'0002;  // … of an announcement to a waiting caller

// What the center has seen that should not be; all zero on a healthy day.
struct CenterCounters {
  std::uint64_t events = 0, replayed = 0;       // board events taken, and dropped because they were in the journal already
  std::uint64_t gaps = 0;                       // board events that never came
  std::uint64_t no_row = 0;                     // events for which a state table has no row
  std::uint64_t commands_lost = 0;              // sent while the link was down
  std::uint64_t digits_over_limit = 0;          // kTalkDigitsMax
  std::uint64_t refused = 0;                    // new calls refused because of the store or kCallsMax
  std::uint64_t callbacks_refused = 0;          // lost callers in no list, because it was full
  std::uint64_t unknown_legs = 0;               // cleared, no call of ours
};

class Center;
class ConfigSource;
class CallCenter {
 public:
  using PromptExists = std::function<bool(const std::string& prompt)>;  // "zh/welcome"
  CallCenter(Timers& timers, Store& store, CenterConfig config, const Recovered& recovered, PromptExists prompt_exists = {});
  ~CallCenter();

  void attach(Board& board, ivr::Engine& engine);
  void reload_from(ConfigSource& source);       // what CTI's config.reload asks
  void reload_on_signal();                      // SIGHUP: many in a row are one
  void started_with(const std::vector<ConfigChange>& changes);  // since the last life of ctid; after attach()

  BoardListener& listener();
  ivr::ScriptHost& host();
  CtiBackend& cti();
  void end_of_turn();

  CenterCounters counters() const;
  std::size_t calls() const;      // not yet ended
  std::size_t legs() const;       // known, also those being cleared
  std::size_t waiting() const;
  bool in_step() const;           // the link is up and the snapshot has been taken
  std::string check() const;      // an invariant that is broken, in words; empty: all hold. For tests and the World.
  // What decides how it goes on, in a form in which equal means alike. For the model of all states. left: until a timer runs.
  std::string digest(const std::function<Duration(TimerId)>& left) const;

 private:
  std::unique_ptr<Center> center_;
};

}  // namespace sr::app
