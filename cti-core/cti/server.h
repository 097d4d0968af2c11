// The CTI socket: a Unix stream socket (mode 0660: whoever may open it may command), up to kSessionsMax sessions.
// The switching core only appends to the journal; it never waits for a client. A client that takes nothing for kStallMax while
// something waits for it, or for whom kHardBacklog bytes of answers wait, is cut off and counted; nobody else notices.
// Make it after recovery and before the first append of this life (event_hub.h says why). It puts itself on the journal of the
// backend for good, so it lives as long as the backend's reactor runs.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "cti-core/cti/session.h"
#include "drivers/base/line_socket.h"

namespace sr::cti {

inline constexpr std::size_t kSessionsMax = 2000;
inline constexpr std::size_t kHardBacklog = 8 * 1024 * 1024;
inline constexpr Duration kStallMax = 10s;
inline constexpr Duration kRetryEvery = 20ms;    // while a subscription lags
inline constexpr Duration kWatchEvery = 1s;      // stalled readers are looked for
inline constexpr Duration kBookmarkTime = 5s;

struct ServerCounters {
  std::uint64_t accepted = 0, refused = 0, cut_off = 0;
  std::size_t sessions = 0;
};

class CtiServer {
 public:
  struct Options {
    std::string path;               // var/run/cti.sock
    unsigned mode = 0660;
    std::string name = "switchroom";
    Duration stall_max = kStallMax;
  };
  static Result<std::unique_ptr<CtiServer>> open(Reactor& reactor, CtiBackend& backend, JournalReader& journal, Options options);
  ~CtiServer();
  ServerCounters counters() const;

 private:
  struct Impl;
  explicit CtiServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sr::cti
