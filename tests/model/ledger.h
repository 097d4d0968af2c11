// A bookkeeper of its own: it hears every row of the journal and says what cannot be – an event of a call that is over, a second
// outcome, an agent's state that the journal does not know of. It knows nothing of the center's inside.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <set>
#include <string>

#include "cti-core/store/store.h"
#include "tests/model/promises.h"

namespace sr::test {

class Ledger {
 public:
  Ledger() = default;
  explicit Ledger(const Recovered& recovered);  // a restart of ctid: what its journal had kept
  void hear(const JournalRow& row);
  // The center's own words now, calls.list, agents.list and callbacks.list: what changed since the last time must have been journalled since then.
  void compare(const std::string& calls_json, const std::string& agents_json, const std::string& callbacks_json);

  const std::string& wrong() const { return wrong_.empty() ? promises_.wrong() : wrong_; }
  std::string promises() const { return promises_.open(); }
  std::size_t living() const { return living_.size(); }
  std::size_t offered() const { return offered_; }
  bool balanced() const { return offered_ == outcomes_ && living_.empty(); }

 private:
  struct Life { bool incoming = false, outcome = false, answered = false; };
  void say(const std::string& what) { if (wrong_.empty()) wrong_ = what; }
  void outcome(CallId call);
  std::map<CallId, Life> living_;
  std::map<std::string, std::string> agents_;     // by id: the state that the journal says
  std::map<std::string, std::string> shown_;      // by "call 7": the state that was shown last
  std::set<CallId> spoken_of_;                    // since the last comparison
  Promises promises_;
  std::size_t offered_ = 0, outcomes_ = 0;
  std::string wrong_;
};

}  // namespace sr::test
