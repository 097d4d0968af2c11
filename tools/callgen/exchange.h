// The exchange: legs, people and the lines between them, as listener of one Board. It places calls for callers, offers the
// center's calls to called parties, rings the agents' phones, and writes a row per SETUP. It is its own ctid: every event is
// acknowledged at once. What the people want comes from Actors (the Lua scenario); nothing here decides for them.
// Reactor thread. Calls of Board::send may come back as events before they return.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "drivers/base/time.h"
#include "drivers/board/board.h"
#include "tools/callgen/call_log.h"
#include "tools/callgen/counters.h"
#include "tools/callgen/party.h"

namespace sr::callgen {

inline constexpr std::size_t kPartiesMax = 20'000;       // people alive at once; a caller beyond it is refused and counted
inline constexpr Duration kPromptQuiet = 400ms;          // after the 200 ms hangover of Activity
inline constexpr Duration kReplyByTimer = 3900ms;        // a call that we cleared before any reply and that took longer to end
                                                         // than this ended by T303/T308 (4 s): nobody answered it

inline constexpr int kInvalidCallReference = 81, kWrongCallState = 101;  // Q.850
inline constexpr int kNoUserResponding = 18;             // Q.850: what libpri reports when T303 has run out the second time …
inline constexpr Duration kT303Twice = 7500ms;           // … 8 s after the SETUP

struct PhoneLine { std::string span; int channel = 0; };

// Frequencies: callers 520…1,408 Hz, called parties 1,450…1,588 Hz, agents 1,700…3,284 Hz. Never 450 Hz (progress tones), never two at once.
int caller_hz(std::uint64_t index);
int called_hz(std::uint64_t index);
int agent_hz(std::uint64_t index);

class Exchange final : public BoardListener {
 public:
  struct Handler {
    std::function<void(Party&)> on_called;              // the center calls somebody: he has rung once, his script begins
    std::function<void(PartyId, Wake)> on_wake;         // his wait has ended; never from inside a call of his own
  };
  Exchange(Timers& timers, Board& board, CallSink& sink, std::uint64_t seed);
  ~Exchange() override;
  void start(Handler handler) { handler_ = std::move(handler); }

  Party* add_caller();                                  // nullptr at kPartiesMax
  bool number_in_use(const std::string& number) const { return by_number_.contains(number); }
  Party& add_agent(const PhoneLine& line);
  Party* find(PartyId id);
  void finish(Party& party);                            // his script has ended: hangs up; he is forgotten when his leg is gone

  // What a person can do. Each returns at once.
  void dial(Party& party, const std::string& group, const std::string& called);
  void off_hook(Party& party);                          // an agent's phone: answers a ring, else begins a call
  void answer(Party& party);
  void alert(Party& party);
  void hang_up(Party& party, int cause);
  void press(Party& party, const std::string& digits);
  void flash(Party& party);
  void speak(Party& party, bool on);
  void listen(Party& party, bool on);                   // Activity of what he hears
  void wait(Party& party, unsigned wakes, Duration timeout);  // ends with one on_wake; timeout < 0: none
  void wait_prompt(Party& party, unsigned wakes, Duration timeout, Duration quiet);

  void run_woken();                                     // after actions outside of on_wake
  bool is_closing() const { return closing_; }
  void closing();                                       // wakes all agents that wait for a ring, now and later
  void hang_up_all();

  bool lines_up() const;                                // every span that was ever seen is in service
  std::size_t callers() const { return callers_; }      // people with a leg or a running script
  std::size_t parties() const { return parties_.size(); }
  std::size_t legs() const { return by_leg_.size(); }
  const Counters& counters() const { return counters_; }
  Counters& counters() { return counters_; }
  void fill(Progress& progress) const;
  void flush_open_rows();                               // at the very end: calls that never ended

  // BoardListener
  void on_link(bool up) override { (void)up; }
  void on_event(const board::Envelope& envelope) override;
  void on_snapshot(const board::Snapshot& snapshot) override;

 private:
  Party& add(Role role);
  Party* of(LegId leg);
  LegId attach(Party& party);
  void wake(Party& party, Wake w);
  bool center_replied(const Party& party, const board::evt::Released& released) const;
  void forget_if_over(PartyId id);
  void replied(Party& party);
  void close_row(Party& party, Instant at, const board::evt::Released& released);
  void close_ring(Party& party, Instant at);
  void stop_timers(Party& party);
  Party* caller_of(const Party& agent);
  void link_agent(Party& agent, bool on);

  void on(const board::evt::Offered& e, Instant at);
  void on(const board::evt::NumberComplete&, Instant) {}
  void on(const board::evt::Initiated&, Instant) {}
  void on(const board::evt::Seized& e, Instant at);
  void on(const board::evt::Proceeding& e, Instant at);
  void on(const board::evt::Alerting& e, Instant at);
  void on(const board::evt::Progress&, Instant) {}
  void on(const board::evt::Answered& e, Instant at);
  void on(const board::evt::Flashed&, Instant) {}
  void on(const board::evt::Released& e, Instant at);
  void on(const board::evt::StationState&, Instant) {}
  void on(const board::evt::Digit&, Instant) {}
  void on(const board::evt::Activity& e, Instant at);
  void on(const board::evt::PlayEnded&, Instant) {}
  void on(const board::evt::Recorded&, Instant) {}
  void on(const board::evt::Alarm& e, Instant at);
  void on(const board::evt::AllBusy&, Instant) {}
  void on(const board::evt::Channels&, Instant) {}
  void on(const board::evt::Alone&, Instant) {}

  Timers& timers_;
  Board& board_;
  CallSink& sink_;
  std::uint64_t seed_;
  Handler handler_;
  std::uint64_t last_party_ = 0, last_leg_ = 0, callers_made_ = 0, called_made_ = 0, attempts_ = 0;
  std::unordered_map<PartyId, std::unique_ptr<Party>> parties_;
  std::unordered_map<LegId, PartyId> by_leg_;
  std::unordered_map<std::string, PartyId> by_number_;  // callers up, by caller number (the last who dialled)
  std::vector<PartyId> agents_;
  std::map<std::pair<std::string, int>, PartyId> by_line_;
  std::size_t callers_ = 0;
  std::deque<std::pair<PartyId, Wake>> woken_;
  bool running_ = false, closing_ = false;
  Counters counters_;
  Histogram setup_to_connect_, setup_to_reply_, on_hook_to_ring_;
  std::map<std::string, SpanLine> spans_;
  bool restarting_ = false;                             // some channel waits for RESTART: it takes no call until then
  std::map<std::string, std::set<board::AlarmKind>> faults_;  // by span: what keeps it from carrying calls
};

}  // namespace sr::callgen
