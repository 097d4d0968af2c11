// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/board/board_client.h"

#include <sys/socket.h>

#include <algorithm>

#include "drivers/base/line_socket.h"
#include "drivers/base/log.h"
#include "drivers/board/codec.h"

namespace sr::board {
namespace {

constexpr Duration kLogEvery = 1s;

}  // namespace

struct BoardClient::Impl {
  Impl(Reactor& r, std::string p, BoardListener& l) : reactor(r), path(std::move(p)), listener(l) {}
  ~Impl() { reactor.timers().cancel(timer); }

  void connect() {
    timer = TimerId::none;
    const auto fd = connect_unix(path, SOCK_STREAM);
    if (!fd) return retry(fd.error().text());
    socket = std::make_unique<LineSocket>(reactor, *fd, LineLimits{kBoardLineMax, kClientBacklogMax},
                                          LineSocket::Handler{[this](std::string_view text) { on_line(text); },
                                                              [this](std::string_view why) { lost(why); }});
    say(Hello{"ctid", kProtocolVersion, last});
    timer = reactor.timers().after(kWelcomeMax, [this] { lost("boardd does not answer"); });
  }

  void retry(const std::string& why) {
    if (why != error) log::warn("board link: {}", why);  // once, not at each attempt
    error = why;
    reactor.timers().cancel(timer);
    timer = reactor.timers().after(kReconnectEvery, [this] { connect(); });
  }

  void lost(std::string_view why) {
    const bool was_up = std::exchange(up, false);
    // What boardd gave as its reason ("another ctid controls this board") says more than that it then closed the link.
    const std::string reason = was_up || refusal.empty() ? std::string(why) : refusal;
    refusal.clear();
    socket.reset();
    retry(reason);
    if (was_up) listener.on_link(false);
  }

  void on_line(std::string_view text) {
    auto report = read_report(text);
    if (!report) {
      ++counters.bad_lines;
      return limited_log("boardd sent a line that is not understood: " + report.error().text());
    }
    std::visit([this](const auto& one) { on(one); }, *report);
  }

  void on(const Welcome& welcome) {
    if (up) return;
    if (welcome.version != kProtocolVersion) return limited_log("boardd speaks version " + std::to_string(welcome.version));
    reactor.timers().cancel(timer);
    timer = TimerId::none;
    up = true;
    error.clear();
    ++counters.connects;
    log::info("board link: up, boardd's epoch {}", welcome.epoch);
    listener.on_link(true);
  }
  void on(const Envelope& envelope) {
    if (!up) return;
    ++counters.events;
    listener.on_event(envelope);
  }
  void on(const Snapshot& snapshot) {
    if (up) listener.on_snapshot(snapshot);
  }
  void on(const LineError& e) {
    if (!up) refusal = e.error;
    ++counters.errors;
    limited_log("boardd refused line " + std::to_string(e.line_no) + ": " + e.error);
  }
  void on(const Frame&) {}
  void on(const Done&) {}
  void on(const LevelReport&) {}
  void on(const BertReport&) {}

  void say(const Request& request) {
    line.clear();
    write(line, request);
    socket->send(line);
  }

  void note(std::uint64_t epoch, std::uint64_t seq) {
    auto& kept = last[epoch];
    kept = std::max(kept, seq);
    while (last.size() > kEpochsKept) last.erase(last.begin());
  }

  void send(const Command& command) {
    if (const auto* ack = std::get_if<cmd::Ack>(&command)) note(ack->epoch, ack->seq);
    if (!up) return void(++counters.dropped);
    ++counters.commands;
    line.clear();
    write(line, command);
    socket->send(line);
  }

  void limited_log(const std::string& why) {
    const Instant now = reactor.timers().now();
    if (now < next_log) return;
    log::warn("board link: {}", why);
    next_log = now + kLogEvery;
  }

  Reactor& reactor;
  const std::string path;
  BoardListener& listener;
  std::unique_ptr<LineSocket> socket;
  TimerId timer{};  // the next attempt, or the wait for boardd's hello
  bool up = false;
  LastByEpoch last;
  std::string line;  // reused
  std::string error, refusal;
  Instant next_log{};
  BoardClientCounters counters;
};

BoardClient::BoardClient(Reactor& reactor, std::string path, BoardListener& listener)
    : impl_(std::make_unique<Impl>(reactor, std::move(path), listener)) {}
BoardClient::~BoardClient() = default;

void BoardClient::start() { impl_->connect(); }
void BoardClient::acknowledged(std::uint64_t epoch, std::uint64_t seq) { impl_->note(epoch, seq); }
void BoardClient::send(const Command& command) { impl_->send(command); }
bool BoardClient::up() const { return impl_->up; }
const std::string& BoardClient::last_error() const { return impl_->error; }
BoardClientCounters BoardClient::counters() const { return impl_->counters; }

}  // namespace sr::board
