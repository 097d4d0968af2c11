// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/session.h"

#include <sys/socket.h>

#include <cstdio>

namespace sr::boardctl {

Session::Session(Reactor& reactor, std::function<void(const board::Report&)> on_report)
    : reactor_(reactor), on_report_(std::move(on_report)) {}

int Session::run(const std::string& socket_path, const board::Request& request, bool endless, const std::string& who) {
  const auto fd = connect_unix(socket_path, SOCK_STREAM);
  if (!fd) {
    complain(fd.error().text());
    return kNoDaemon;
  }
  reactor_.on_signal([this](int) {
    if (interrupted_ != kOk && !finished_) complain("interrupted" + (what_stays_.empty() ? "" : ": " + what_stays_));
    finish(interrupted_);
  });
  socket_ = std::make_unique<LineSocket>(reactor_, *fd, LineLimits{board::kBoardLineMax},
                                         LineSocket::Handler{[this](std::string_view line) { on_line(line); },
                                                             [this](std::string_view why) {
                                                               if (finished_) return;
                                                               complain("boardd closed the link: " + std::string(why));
                                                               finish(kRefused);
                                                             }});
  send(board::Hello{who, board::kProtocolVersion, {}});
  send(request);
  if (!endless)
    reactor_.timers().after(kAnswerMax, [this] {
      complain("boardd does not answer");
      finish(kRefused);
    });
  if (!finished_) reactor_.run();
  socket_.reset();
  return exit_code_;
}

void Session::send(const board::Request& request) {
  if (!socket_) return;
  std::string line;
  board::write(line, request);
  socket_->send(line);
}

void Session::on_line(std::string_view line) {
  if (finished_) return;
  const auto report = board::read_report(line);
  if (!report) {
    complain("boardd's answer is not understood: " + report.error().text());
    return finish(kRefused);
  }
  if (const auto* error = std::get_if<board::LineError>(&*report)) {
    complain(error->error);
    return finish(kRefused);
  }
  if (!std::holds_alternative<board::Welcome>(*report)) on_report_(*report);
}

void Session::finish(int exit_code) {
  if (finished_) return;
  finished_ = true;
  exit_code_ = exit_code;
  reactor_.stop();
}

void Session::complain(const std::string& why) const {
  if (!quiet_) std::fprintf(stderr, "boardctl: %s\n", why.c_str());
}

}  // namespace sr::boardctl
