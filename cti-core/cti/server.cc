// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <optional>

#include "cti-core/cti/peer.h"
#include "drivers/base/log.h"

namespace sr::cti {
namespace {

// A session on its socket, and how much of what was sent the client has taken.
class Client final : public Wire {
 public:
  Client(SessionWorld& world, Reactor& reactor, int fd, std::function<void(std::string_view)> closed)
      : session_(world, *this, [uid = peer_uid(fd)] { return user_name(uid); }),
        socket_(reactor, fd, LineLimits{2 * kRequestLineMax, kHardBacklog},  // a little too long is answered, far too long is cut off
                {[this](std::string_view line) { session_.on_line(line); }, std::move(closed)}) {}

  void send(std::string_view line) override {
    sent_ += line.size() + 1;
    socket_.send(line);
  }
  std::size_t backlog() const override { return socket_.backlog(); }
  void close_after_flush() override { socket_.close_after_flush(); }
  Session& session() { return session_; }

  // Has the client taken nothing since `stall_max` while something was waiting for it?
  bool stalled(Instant now, Duration stall_max) {
    const std::uint64_t taken = sent_ - std::min<std::uint64_t>(sent_, backlog());
    if (backlog() == 0 || taken != taken_) {
      taken_ = taken;
      moved_at_.reset();
    }
    if (backlog() == 0) return false;
    if (!moved_at_) moved_at_ = now;
    return now - *moved_at_ >= stall_max;
  }

 private:
  Session session_;
  LineSocket socket_;
  std::uint64_t sent_ = 0, taken_ = 0;
  std::optional<Instant> moved_at_;
};

}  // namespace

struct CtiServer::Impl {
  Impl(Reactor& r, CtiBackend& b, JournalReader& j, Options o)
      : reactor(r), timers(r.timers()), options(std::move(o)), hub(b.last_seq()), world{b, j, hub, timers, options.name, [this] { arm_retry(); }} {}
  ~Impl() {
    for (const TimerId id : {retry_timer, watch_timer, bookmark_timer}) timers.cancel(id);
    *alive = false;
  }

  void accept(int fd);
  void on_row(const JournalRow& row);
  void retry();
  void watch();
  void bookmarks();
  void gone(std::uint64_t id, std::string_view why);
  void arm_retry();

  Reactor& reactor;
  Timers& timers;
  Options options;
  EventHub hub;
  SessionWorld world;
  std::map<std::uint64_t, std::unique_ptr<Client>> clients;
  std::uint64_t last_id = 0;
  ServerCounters counters;
  TimerId retry_timer = TimerId::none, watch_timer = TimerId::none, bookmark_timer = TimerId::none;
  std::unique_ptr<UnixListener> listener;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);  // the backend keeps our hook for good
};

Result<std::unique_ptr<CtiServer>> CtiServer::open(Reactor& reactor, CtiBackend& backend, JournalReader& journal, Options options) {
  auto impl = std::make_unique<Impl>(reactor, backend, journal, std::move(options));
  Impl* raw = impl.get();
  auto listener = UnixListener::open(reactor, impl->options.path, SOCK_STREAM, impl->options.mode, [raw](int fd) { raw->accept(fd); });
  if (!listener) return std::unexpected(listener.error());
  impl->listener = std::move(*listener);
  backend.on_journal([raw, alive = impl->alive](const JournalRow& row) {
    if (*alive) raw->on_row(row);
  });
  raw->watch();
  raw->bookmarks();
  return std::unique_ptr<CtiServer>(new CtiServer(std::move(impl)));
}

CtiServer::CtiServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CtiServer::~CtiServer() = default;

ServerCounters CtiServer::counters() const {
  ServerCounters out = impl_->counters;
  out.sessions = impl_->clients.size();
  return out;
}

void CtiServer::Impl::accept(int fd) {
  if (clients.size() >= kSessionsMax) {
    ++counters.refused;
    ::close(fd);
    return;
  }
  ++counters.accepted;
  const std::uint64_t id = ++last_id;
  clients.emplace(id, std::make_unique<Client>(world, reactor, fd, [this, id](std::string_view why) { gone(id, why); }));
}

void CtiServer::Impl::gone(std::uint64_t id, std::string_view why) {
  if (why == "slow reader") {
    ++counters.cut_off;
    log::warn("cti: session {} cut off: {}", id, why);
  }
  timers.after(0us, [this, id, living = alive] {  // not inside its own callback
    if (*living) clients.erase(id);
  });
}

void CtiServer::Impl::on_row(const JournalRow& row) {
  hub.add(row);
  for (const auto& [id, client] : clients) client->session().pump();
}

void CtiServer::Impl::arm_retry() {
  if (retry_timer == TimerId::none) retry_timer = timers.after(kRetryEvery, [this] { retry(); });
}

void CtiServer::Impl::retry() {
  retry_timer = TimerId::none;
  for (const auto& [id, client] : clients)
    if (client->session().lagging()) client->session().retry();
}

void CtiServer::Impl::watch() {
  watch_timer = timers.after(kWatchEvery, [this] { watch(); });
  const Instant now = timers.now();
  for (auto it = clients.begin(); it != clients.end();) {
    if (it->second->stalled(now, options.stall_max)) {
      ++counters.cut_off;
      log::warn("cti: session {} cut off: it has taken nothing for {} s", it->first, to_seconds(options.stall_max));
      it = clients.erase(it);
    } else {
      ++it;
    }
  }
}

void CtiServer::Impl::bookmarks() {
  bookmark_timer = timers.after(kBookmarkTime, [this] { bookmarks(); });
  for (const auto& [id, client] : clients) client->session().bookmark();
}

}  // namespace sr::cti
