// One call through boardd that nobody but the technician makes; ctid may run and hears nothing of it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <string>
#include <utility>

#include "drivers/board/board.h"

namespace sr::boardctl {

struct CallOrder {
  std::string group;     // trunk group, or "span/channel"
  std::string called;
  std::string calling;
  Duration ring = 30s;   // so long until somebody must answer
  Duration talk = 2s;    // then it is cleared
};

struct CallResult {
  int exit_code = 0;
  bool answered = false;
  std::string text;      // how it went, without any number
};

// What the events of the test call say; an observer gets those of no other.
class CallWatch {
 public:
  std::string take(const board::Envelope& envelope);  // a line for the technician, or ""
  bool just_answered() { return std::exchange(fresh_answer_, false); }
  bool answered() const { return answered_; }
  bool released() const { return released_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_ = "boardd said nothing about the call";
  bool answered_ = false, fresh_answer_ = false, released_ = false;
};

CallResult test_call(const std::string& socket_path, const CallOrder& order, const std::function<void(const std::string&)>& tell);

}  // namespace sr::boardctl
