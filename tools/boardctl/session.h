// One visit to boardd: connect, say hello as an observer, then what the verb wants, until it is finished or broken off.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "drivers/base/line_socket.h"
#include "drivers/base/reactor.h"
#include "drivers/base/result.h"
#include "drivers/board/codec.h"

namespace sr::boardctl {

// Exit codes, as --help tells them.
inline constexpr int kOk = 0, kRefused = 1, kUsage = 2, kNoDaemon = 3, kTrouble = 4, kInterrupted = 130;
inline constexpr Duration kAnswerMax = 5s;

class Session {
 public:
  // `on_report` gets everything that boardd says after its hello, and calls finish().
  Session(Reactor& reactor, std::function<void(const board::Report&)> on_report);

  // Sends `request` after the hello and runs the loop; returns the exit code. `endless`: no answer is waited for, Ctrl-C ends it.
  // `who`: "ctid" takes the control that only one may have.
  int run(const std::string& socket_path, const board::Request& request, bool endless, const std::string& who = "boardctl");
  void send(const board::Request& request);
  void finish(int exit_code);
  void needs_result(std::string what_stays = {}) { interrupted_ = kInterrupted, what_stays_ = std::move(what_stays); }  // Ctrl-C is no success then
  void be_quiet() { quiet_ = true; }  // when no boardd is no fault
  void complain(const std::string& why) const;  // to stderr

 private:
  void on_line(std::string_view line);
  Reactor& reactor_;
  std::function<void(const board::Report&)> on_report_;
  std::unique_ptr<LineSocket> socket_;
  int exit_code_ = kOk, interrupted_ = kOk;
  std::string what_stays_;
  bool finished_ = false;
  bool quiet_ = false;
};

}  // namespace sr::boardctl
