// The bookkeeper's second book: who is to be called back. It knows the journal alone. A caller who was captured is in the callback list once;
// a kept place is called back by one call at a time and ends once: reached, or with a cause, and then the list says so.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <set>
#include <string>

#include "cti-core/store/store.h"

namespace sr::test {

class Promises {
 public:
  Promises() = default;
  explicit Promises(const Recovered& recovered);
  bool hear(const JournalRow& row);              // true: it is of this book alone, and maybe about a call that is over
  void look(const std::string& callbacks_json);  // after a step: what it promised it has written down, and the center says the same
  const std::string& wrong() const { return wrong_; }
  std::string open() const;                      // in words, when everybody has gone: a place that is still kept

 private:
  struct Kept {
    std::string customer;
    CallId callback{};       // the call that is being made for it
    bool reached = false;
    int tries = 0;
  };
  struct Task {
    CallId callback{};
    std::string kind;
  };
  void say(CallId call, const std::string& what);
  void take(const ev::PlaceKept& e);
  void take(const ev::PlaceCalled& e);
  void take(const ev::PlaceTried& e);
  void take(const ev::PlaceClosed& e);
  void take(const ev::Established& e);
  void take(const ev::Lost& e);
  void take(const ev::CallbackOpened& e);
  void take(const ev::CallbackUpdated& e);
  void take(const ev::CallbackClosed& e);
  void cleared(CallId call);

  std::map<CallId, Kept> places_;
  std::map<CallId, CallId> made_for_;        // calls that are up, by whose place
  std::map<std::string, Task> tasks_;        // by customer
  std::map<CallId, std::string> callers_;    // of calls that are up
  std::set<CallId> owed_;                    // in this step
  std::string wrong_;
};

}  // namespace sr::test
