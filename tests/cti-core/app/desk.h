// A call center on a desk: the real CallCenter and the real journal in virtual time, a board that keeps legs and answers commands
// as boardd does, and an engine that only writes down what it is told. The test plays callers, phones and scripts.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <deque>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "cti-core/app/call_center.h"
#include "cti-core/store/books.h"
#include "cti-core/store/inline_store.h"
#include "cti-core/store/recover.h"
#include "cti-core/store/writer.h"

namespace sr::test {

class FakeBoard final : public Board {
 public:
  struct Leg {
    board::LegSnapshot shown;
    bool booked = true;
    std::string source{};                            // what it hears besides other legs: "music", "tone busy" …
    std::optional<std::uint32_t> plays{};            // prompts, which end when the test says so
    std::uint32_t conference = 0;
  };
  explicit FakeBoard(Timers& timers) : timers_(timers) {}
  void send(const board::Command& command) override;

  void happens(board::Event event);                  // an event with the next number
  void gone(LegId leg, int cause, bool by_far);      // Released, and no leg any more
  LegId call(const std::string& calling, const std::string& called, bool complete = true, int channel = 0);
  LegId ring_in(const std::string& calling, const std::string& group);  // a line of the exchange
  LegId off_hook(const std::string& station);        // a phone is lifted: answers its ring, or begins a call
  void on_hook(const std::string& station);
  void flash(const std::string& station, const std::string& digits = {});  // of a phone that is connected; then what it dials
  void answer(LegId leg);                            // the far end of an outgoing leg
  bool prompt_ends(LegId leg);                       // false: none is being played to it
  board::Snapshot snapshot() const;
  LegId ringing(const std::string& station) const;   // none: it does not ring
  std::string hears(LegId leg) const;                // its source, or the names of the legs that it hears: "1002+139", "" for silence
  LegId dialled() const;                             // the last outgoing trunk leg
  bool has(LegId leg) const { return legs_.contains(leg); }
  std::size_t count(std::string_view command) const; // of what was sent
  template <class C>
  const C* last() const {
    for (auto it = sent.rbegin(); it != sent.rend(); ++it)
      if (const auto* c = std::get_if<C>(&*it)) return c;
    return nullptr;
  }

  void die();                                        // boardd's kill -9 and restart: a new epoch, no legs, the phones as they are
  std::deque<board::Envelope> pending, kept;         // not yet given to ctid; not yet acknowledged
  std::vector<board::Command> sent;
  std::map<LegId, Leg> legs_;
  std::map<std::string, board::StationSnapshot> stations;
  std::uint64_t epoch = 100, seq = 0, next_leg = 0;
  std::uint64_t acked = 0;
  std::vector<int> usable = [] {                     // channels of its span of group "city"; that of "pbx" has none
    std::vector<int> all(30);
    std::iota(all.begin(), all.end(), 1);
    return all;
  }();
  bool play_ends = false;                            // at once, by itself

 private:
  void part(LegId leg);
  Timers& timers_;
};

class FakeEngine final : public ivr::Engine {
 public:
  Status load(const std::string&) override { return {}; }
  Status start(const std::string& script, ivr::CallInfo info) override;
  void on_answered(CallId call) override { hear(call, "answered"); }
  void on_play_ended(CallId call, std::uint32_t play, bool barged) override { hear(call, "play " + std::to_string(play) + (barged ? " barged" : " done")); }
  void on_digit(CallId call, char digit) override { hear(call, std::string("digit ") + digit); }
  void on_queue_ended(CallId call, ivr::QueueEnd end) override { hear(call, std::string("queue ") + boost::describe::enum_to_string(end, "")); }
  void on_dial_ended(CallId call, ivr::DialEnd end) override { hear(call, std::string("dial ") + boost::describe::enum_to_string(end, "")); }
  void on_hangup(CallId call) override { hear(call, "hangup"); alive.erase(call); }
  std::size_t sessions() const override { return alive.size(); }

  std::map<CallId, std::vector<std::string>> heard;
  std::map<CallId, ivr::CallInfo> infos;
  std::set<CallId> alive;
  std::vector<CallId> started;
  std::string refuse;  // start() fails with this
  std::function<void(CallId, const std::string&)> on_hear;

 private:
  void hear(CallId call, std::string what) {
    heard[call].push_back(what);
    if (on_hear) on_hear(call, what);
  }
};

CenterConfig desk_config();  // numbers 4006001 (queue orders), 4006002 (queue vip); agents 2001-2004, pins 1…4; phones 1001-1004; queue vip has the extension 600

class Desk {
 public:
  explicit Desk(CenterConfig config = desk_config());
  ~Desk();
  void link();                                     // up, replay, snapshot
  void unlink();
  void settle();                                   // events delivered, turns ended, nothing due is left
  void run(Duration d);
  void kill_ctid();                                // kill -9: what is not durable is forgotten
  void start_ctid();
  void login(const std::string& agent, const std::string& phone, bool ready = true);
  // One caller up to a point.
  LegId dial(const std::string& called = "4006001", const std::string& calling = "13800000001");
  CallId last_call() const { return engine.started.back(); }
  CallId queued(const std::string& calling = "13800000001", ivr::QueueRequest request = {.queue = "orders", .agent = {}});
  void talk(const std::string& phone);             // lifts the phone that rings
  ivr::ScriptHost& host() { return center->host(); }
  std::vector<std::string> events(CallId call) const;  // of the journal, in words
  std::vector<std::string> agent_events(const std::string& agent) const;
  std::string outcome(CallId call) const;          // "answered", "served", "lost in_queue" …, "in progress"; two of them: both
  store::Books books();
  std::string state(const std::string& agent);     // from agents_json

  VirtualTimers timers;
  std::unique_ptr<store::Writer> writer;
  std::unique_ptr<store::InlineStore> store;
  FakeBoard board{timers};
  FakeEngine engine;
  CenterConfig config;
  std::unique_ptr<app::CallCenter> center;
  std::vector<JournalRow> journal;                 // of all lives, as the listeners heard it
  bool up = false;
  bool checking = true;                            // after every turn the invariants hold
};

}  // namespace sr::test
