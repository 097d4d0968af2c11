// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/board/board_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <list>
#include <set>

#include "drivers/base/line_socket.h"
#include "drivers/base/log.h"
#include "drivers/board/codec.h"

namespace sr::board {
namespace {

constexpr unsigned kSocketMode = 0600;
constexpr Duration kLogEvery = 1s;

enum class Role { stranger, controller, observer, leaving };

struct Peer {
  std::uint64_t id = 0;
  Role role = Role::stranger;
  std::uint64_t lines = 0;
  std::set<std::string, std::less<>> traces;
  TestId test = TestId::none;
  TimerId hello{};
  std::unique_ptr<LineSocket> socket;
};

// The channels of a span, by its kind, as the technician counts them.
int last_channel(const SpanSnapshot& span) { return span.kind == "e1" ? 31 : span.kind == "t1" ? 24 : span.channels; }
int d_channel(const SpanSnapshot& span) { return span.kind == "e1" ? 16 : span.kind == "t1" ? 24 : 0; }

}  // namespace

struct BoardServer::Impl final : BoardListener {
  Impl(Reactor& r, BoardEnd& b) : reactor(r), board(b) {}
  ~Impl() override {
    if (attached) board.detach();
    for (auto& peer : peers) {
      reactor.timers().cancel(peer.hello);
      if (peer.test != TestId::none) board.end_test(peer.test);
    }
  }

  // ---- connections ------------------------------------------------------------------------------------------------------
  void accept(int fd) {
    Peer& peer = peers.emplace_back();
    peer.id = ++last_id;
    const auto id = peer.id;
    peer.socket = std::make_unique<LineSocket>(reactor, fd, LineLimits{kCommandLineMax, kControllerBacklogMax},
                                               LineSocket::Handler{[this, id](std::string_view text) { on_line(id, text); },
                                                                   [this, id](std::string_view why) { on_close(id, why); }});
    const auto others = std::count_if(peers.begin(), peers.end(), [](const Peer& p) { return p.role != Role::controller; });
    if (static_cast<std::size_t>(others) > kObserversMax + 1) return refuse(peer, "too many connections");  // + 1: ctid must get in
    peer.hello = reactor.timers().after(kHelloMax, [this, id] {
      if (Peer* late = find(id)) refuse(*late, "no hello within " + std::to_string(kHelloMax / 1s) + " s");
    });
  }

  void on_close(std::uint64_t id, std::string_view why) {
    const auto at = std::find_if(peers.begin(), peers.end(), [&](const Peer& p) { return p.id == id; });
    if (at == peers.end()) return;
    if (why == "slow reader") ++counters.cut_off;
    if (at->role == Role::controller) release_controller(why);
    reactor.timers().cancel(at->hello);
    const TestId test = at->test;
    peers.erase(at);
    if (test != TestId::none) board.end_test(test);
  }

  void release_controller(std::string_view why) {
    log::warn("board link: ctid has gone: {}", why);
    controller = nullptr;
    attached = false;
    board.detach();
  }

  void refuse(Peer& peer, const std::string& why) {
    ++counters.refused;
    limited_log(why);
    peer.role = Role::leaving;
    reactor.timers().cancel(peer.hello);
    report(peer, LineError{why, peer.lines});
    peer.socket->close_after_flush();
  }

  Peer* find(std::uint64_t id) {
    for (auto& peer : peers)
      if (peer.id == id) return &peer;
    return nullptr;
  }

  // ---- lines ------------------------------------------------------------------------------------------------------------
  void on_line(std::uint64_t id, std::string_view text) {
    Peer* peer = find(id);
    if (peer == nullptr || peer->role == Role::leaving) return;
    ++counters.lines;
    ++peer->lines;
    const auto request = read_request(text);
    if (!request) return bad(*peer, request.error().text());
    if (const auto* hello = std::get_if<Hello>(&*request)) on_hello(*peer, *hello);
    else if (peer->role == Role::stranger) bad(*peer, "say hello first");
    else if (const auto* command = std::get_if<Command>(&*request)) on_command(*peer, *command);
    else if (const auto* trace = std::get_if<TraceRequest>(&*request)) on_trace(*peer, *trace);
    else if (const auto* test = std::get_if<LineTest>(&*request)) on_test(*peer, *test);
    else if (std::holds_alternative<EndTest>(*request)) on_end_test(*peer);
    else report(*peer, board.snapshot());
  }

  void on_hello(Peer& peer, const Hello& hello) {
    if (peer.role != Role::stranger) return bad(peer, "hello was said before");
    if (hello.version != kProtocolVersion)
      return refuse(peer, "version " + std::to_string(hello.version) + " of the board link is not spoken here, only " + std::to_string(kProtocolVersion));
    if (hello.who == "ctid" && controller != nullptr) return refuse(peer, "another ctid controls this board");
    const auto observers = std::count_if(peers.begin(), peers.end(), [](const Peer& p) { return p.role == Role::observer; });
    if (hello.who != "ctid" && static_cast<std::size_t>(observers) >= kObserversMax) return refuse(peer, "too many observers");
    reactor.timers().cancel(peer.hello);
    peer.hello = TimerId::none;
    report(peer, Welcome{kProtocolVersion, board.snapshot().epoch});
    if (hello.who != "ctid") {
      peer.role = Role::observer;
      return;
    }
    peer.role = Role::controller;
    controller = &peer;
    known = hello.last;
    log::info("board link: ctid controls the board");
    attached = true;
    board.attach(*this);
  }

  void on_command(Peer& peer, const Command& command) {
    if (peer.role == Role::controller) return board.send(command);
    if (const auto* busyout = std::get_if<cmd::Busyout>(&command)) technician(peer, busyout->span, busyout->channel, command);
    else if (const auto* restart = std::get_if<cmd::Restart>(&command)) technician(peer, restart->span, restart->channel, command);
    else bad(peer, "an observer may not command '" + std::string(name_of(command)) + "'");
  }

  void technician(Peer& peer, const std::string& span, int channel, const Command& command) {
    const auto status = board.snapshot();
    const auto at = std::find_if(status.spans.begin(), status.spans.end(), [&](const SpanSnapshot& s) { return s.span == span; });
    if (at == status.spans.end()) return bad(peer, "no span '" + span + "'");
    if (channel < 1 || channel > last_channel(*at))
      return bad(peer, "span '" + span + "' has channels 1 to " + std::to_string(last_channel(*at)));
    if (channel == d_channel(*at)) return bad(peer, "channel " + std::to_string(channel) + " of span '" + span + "' is its D channel");
    board.send(command);
    report(peer, Done{std::string(name_of(command))});
  }

  void on_trace(Peer& peer, const TraceRequest& trace) {
    if (peer.role == Role::controller) return bad(peer, "a trace is for observers");
    const auto status = board.snapshot();
    if (std::none_of(status.spans.begin(), status.spans.end(), [&](const SpanSnapshot& s) { return s.span == trace.span; }))
      return bad(peer, "no span '" + trace.span + "'");
    if (!trace.on) {
      peer.traces.erase(trace.span);
    } else {
      if (peer.traces.size() >= kTracesPerObserverMax) return bad(peer, "too many traces");
      peer.traces.insert(trace.span);
    }
    report(peer, Done{"trace"});
  }

  void on_test(Peer& peer, const LineTest& test) {
    if (peer.role == Role::controller) return bad(peer, "a line test is for observers");
    if (peer.test != TestId::none && !std::holds_alternative<test::Loopback>(test)) return bad(peer, "one test at a time: end the other first");
    const auto id = board.begin_test(test, [this, to = peer.id, weak = std::weak_ptr(alive)](const TestReport& said) {
      Peer* listening = weak.expired() ? nullptr : find(to);
      if (listening != nullptr && listening->role == Role::observer) std::visit([&](const auto& what) { report(*listening, what); }, said);
    });
    if (!id) return bad(peer, id.error().text());
    if (*id != TestId::none) peer.test = *id;
    report(peer, Done{std::visit([](const auto& t) { return std::string(t.kName); }, test)});
  }

  void on_end_test(Peer& peer) {
    if (peer.test == TestId::none) return bad(peer, "no test of yours runs");
    board.end_test(std::exchange(peer.test, TestId::none));
    report(peer, Done{"end"});
  }

  void bad(Peer& peer, const std::string& why) {
    ++counters.bad_lines;
    limited_log(why);
    report(peer, LineError{why, peer.lines});
  }

  void limited_log(const std::string& why) {
    const Instant now = reactor.timers().now();
    if (now < next_log) return void(++not_logged);
    log::warn("board link: {}{}", why, not_logged > 0 ? " (and " + std::to_string(not_logged) + " more)" : "");
    not_logged = 0;
    next_log = now + kLogEvery;
  }

  // ---- what the board says ------------------------------------------------------------------------------------------------
  void on_link(bool) override {}

  void on_event(const Envelope& envelope) override {
    if (controller == nullptr) return;
    if (const auto it = known.find(envelope.epoch); it != known.end() && envelope.seq <= it->second) {
      ++counters.events_known;
      acknowledge_later(envelope);
      return;
    }
    ++counters.events;
    line.clear();
    write(line, envelope);
    controller->socket->send(line);
  }

  void on_snapshot(const Snapshot& snapshot) override {
    if (controller != nullptr) report(*controller, snapshot);
  }

  // The board may forget it; not from inside its own callback, and once per turn.
  void acknowledge_later(const Envelope& envelope) {
    if (to_acknowledge.empty())
      reactor.post([this, weak = std::weak_ptr(alive)] {
        if (weak.expired()) return;
        for (const auto& [epoch, seq] : std::exchange(to_acknowledge, {}))
          if (attached) board.send(cmd::Ack{epoch, seq});
      });
    auto& seq = to_acknowledge[envelope.epoch];
    seq = std::max(seq, envelope.seq);
  }

  void report(Peer& peer, const Report& what) {
    if (peer.role != Role::controller && peer.socket->backlog() > kObserverBacklogMax) return cut_off(peer);
    line.clear();
    write(line, what);
    peer.socket->send(line);
  }

  void cut_off(Peer& peer) {
    peer.traces.clear();
    peer.role = Role::leaving;
    ++counters.cut_off;
    limited_log("an observer does not read and is cut off");
    reactor.post([this, weak = std::weak_ptr(alive), id = peer.id] {
      if (!weak.expired()) on_close(id, "cut off");
    });
  }

  void frame(std::string_view span, bool sent, Instant at, std::span<const std::uint8_t> bytes) {
    line.clear();
    for (auto& peer : peers) {
      if (peer.traces.empty() || !peer.traces.contains(span)) continue;
      if (peer.socket->backlog() > kObserverBacklogMax) {
        cut_off(peer);
        continue;
      }
      if (line.empty()) write_frame(line, span, sent, at, bytes);
      peer.socket->send(line);
    }
  }

  Reactor& reactor;
  BoardEnd& board;
  std::unique_ptr<UnixListener> listener;
  std::list<Peer> peers;
  Peer* controller = nullptr;  // in `peers`
  bool attached = false;
  LastByEpoch known, to_acknowledge;
  std::string line;  // reused
  std::uint64_t last_id = 0;
  Instant next_log{};
  std::uint64_t not_logged = 0;
  BoardServerCounters counters;
  const std::shared_ptr<int> alive = std::make_shared<int>(0);  // posted work looks whether the server still stands
};

Result<std::unique_ptr<BoardServer>> BoardServer::open(Reactor& reactor, const std::string& path, BoardEnd& board) {
  std::unique_ptr<BoardServer> server(new BoardServer);
  server->impl_ = std::make_unique<Impl>(reactor, board);
  auto listener = UnixListener::open(reactor, path, SOCK_STREAM, kSocketMode, [impl = server->impl_.get()](int fd) { impl->accept(fd); });
  if (!listener) return std::unexpected(listener.error());
  server->impl_->listener = std::move(*listener);
  return server;
}

BoardServer::~BoardServer() = default;

void BoardServer::frame(std::string_view span, bool sent, Instant at, std::span<const std::uint8_t> bytes) {
  impl_->frame(span, sent, at, bytes);
}

bool BoardServer::controlled() const { return impl_->controller != nullptr; }
BoardServerCounters BoardServer::counters() const { return impl_->counters; }

}  // namespace sr::board
