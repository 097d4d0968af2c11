// One client of the CTI socket: its requests and its subscriptions. Knows nothing of sockets: lines come in by on_line(), lines
// go out by Wire. Reactor thread.
// Order: the answer to a request comes before the events that the request caused. A subscription sends the events it wants in the
// order of their seq, each once. When more than kSoftBacklog bytes wait in the wire it stops and goes on later, from the journal if
// need be: a slow reader costs no memory. A reader that takes nothing for kStallMax is cut off (server.h).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cti-core/cti/backend.h"
#include "cti-core/cti/event_hub.h"
#include "cti-core/cti/rpc.h"

namespace sr::cti {

inline constexpr std::size_t kSubsMax = 32;              // per session
inline constexpr std::size_t kTopicsMax = 32;            // per subscription
inline constexpr std::size_t kSoftBacklog = 1024 * 1024;
inline constexpr std::size_t kJournalChunk = 200;        // rows per read
inline constexpr std::size_t kBookmarkEvery = 1000;      // events that a subscription did not want
inline constexpr int kActionsPerSecond = 50, kActionsBurst = 100;  // requests that change something, per session

class Wire {
 public:
  virtual ~Wire() = default;
  virtual void send(std::string_view line) = 0;
  virtual std::size_t backlog() const = 0;
  virtual void close_after_flush() = 0;
};

struct SessionWorld {  // what all sessions share
  CtiBackend& backend;
  JournalReader& journal;
  EventHub& hub;
  Timers& timers;
  std::string server_name;
  std::function<void()> want_retry;  // a session lags: call its retry() after kRetryEvery
};

class Session {
 public:
  Session(SessionWorld& world, Wire& wire, std::function<std::string()> peer = {});  // peer: the user at the other end
  ~Session();
  void on_line(std::string_view line);
  void pump();         // sends what the subscriptions may have now; does nothing while a request is handled
  void bookmark();     // every few seconds: tells each subscription how far it is
  bool lagging() const;  // a subscription waits for the wire or for the disk
  void retry();

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace sr::cti
