// The journal and what is computed from it. One writer; append() only queues, the store thread commits in groups: at once when
// somebody waits (when_durable), otherwise after kGroupDelay or kGroupRows. In the World and in tests the same code commits
// inline at the end of the turn (InlineStore).
// Rows of one turn are one transaction together with the board cursor, so that an acknowledged board event and what it caused
// are durable together. seq is assigned at append: a front may send the row at once; a row that a crash loses leaves a gap,
// because a restart begins at the last durable seq + kSeqGap.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cti-core/model/events.h"
#include "cti-core/model/supervisor.h"
#include "drivers/base/result.h"

namespace sr {

inline constexpr Duration kGroupDelay = 10ms;
inline constexpr std::size_t kGroupRows = 100;
inline constexpr Seq kSeqGap = 65'536;
inline constexpr std::size_t kStoreBacklogMax = 65'536;  // rows waiting for the disk; beyond it ctid refuses new calls (cause 42) and says so

class Store {
 public:
  virtual ~Store() = default;
  virtual Seq append(Instant at, JournalEvent event) = 0;
  virtual void board_cursor(std::uint64_t epoch, std::uint64_t seq) = 0;  // the board events up to here are in what was appended
  virtual void when_durable(std::function<void()> then) = 0;  // runs on the reactor when all appended so far is durable; hurries the commit
  virtual void end_of_turn() = 0;      // what was appended since the last one is one transaction
  virtual std::size_t backlog() const = 0;
  virtual bool healthy() const = 0;    // false: the disk is full or failing; the reserve still books refusals
};

// What a restart finds (read before the Store is opened for writing).
struct RecoveredCall {  // an incoming or outgoing call that had not ended
  CallId call{};
  bool outgoing = false;
  std::string span;
  int channel = 0;
  std::string calling, called, number, queue, agent;  // agent: reserved for it or talking
  int priority = 0;
  bool answered_by_agent = false;  // its outcome is booked already
  bool outcome_booked = false;     // answered, served or lost
  Instant offered_at{}, queued_at{};
  int told_position = 0, told_seconds = 0;  // what it was told last of its wait, 0: nothing
  std::string recording;           // file, if one was started and not ended
  bool held = false;               // by its agent
  std::map<std::string, std::string> data;
};
struct RecoveredAgent {
  std::string agent, device, state, reason;  // state: agentNull agentNotReady agentReady agentBusy agentWorkingAfterCall
  CallId call{};
  Instant since{}, last_call_end{};
  std::optional<Duration> wrap_up{};  // of agentWorkingAfterCall, from `since`; 0: without end; none: the journal does not say
  Instant logged_on_at{};          // and what he has done since (store/tallies.h)
  std::int64_t calls = 0;
  Duration talked{}, occupied{};   // occupied: with the wrap-up
  Seq last_call = 0;               // where in the journal it began
};
struct RecoveredCallback {  // a task that is open
  CallId callback{}, last_call{};
  std::string customer, kind, number, queue, spot;
  std::optional<Instant> due;
  Instant opened_at{}, last_at{};
  std::uint32_t calls = 0;
};
struct RecoveredPlace {  // kept by a caller who has left his number
  CallId call{}, callback{};       // callback: the call that was being made for it
  std::string queue, number, called;
  int priority = 0, tries = 0;
  Instant since{};
  std::map<std::string, std::string> data;  // of the call
};
struct Recovered {
  std::uint64_t incarnation = 0;   // of this start, already counted up
  std::uint64_t journal_epoch = 0; // identity of this journal, for CTI resume
  Seq next_seq = 1;
  CallId next_call{1};
  Instant last_at{};               // when the last row was written
  std::map<std::uint64_t, std::uint64_t> board_cursors;  // boardd epoch → seq
  std::vector<RecoveredCall> calls;
  std::vector<RecoveredAgent> agents;
  std::vector<RecoveredPlace> places;
  Assignments assignments;
  std::vector<RecoveredCallback> callbacks;  // in the order of opening
};

}  // namespace sr
