// What a reactor watches. Internal to reactor.cc.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <sys/epoll.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "drivers/base/log.h"

namespace sr {

inline bool epoll_control(int set, int what, int fd, std::uint32_t events, std::uint64_t id) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  return ::epoll_ctl(set, what, fd, &event) == 0;
}

// What is watched, in places that are used again. An event that epoll gave for an earlier tenant of a place is known by its
// generation: the descriptor may have been closed by another callback of the same turn.
class WatchTable {
 public:
  struct Entry {
    int fd = -1;
    int set = -1;  // the epoll descriptor in which it is
    std::uint32_t interest = EPOLLIN;
    bool writing = false;
    std::function<void()> readable, writable;
  };

  std::uint64_t add(int set, int fd, std::uint32_t interest, std::function<void()> readable, std::function<void()> writable) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(places_.size()));
      places_.emplace_back();
    }
    const std::uint32_t at = free_.back();
    free_.pop_back();
    Place& place = places_[at];
    place.entry = std::make_shared<Entry>(fd, set, interest, false, std::move(readable), std::move(writable));
    const std::uint64_t id = std::uint64_t{place.generation} << 32 | at;
    if (!epoll_control(set, EPOLL_CTL_ADD, fd, interest, id)) {
      log::error("fd {} cannot be watched: {}", fd, std::strerror(errno));
      place.entry->fd = -1;
    }
    return id;
  }

  void want_write(std::uint64_t id, bool on) {
    const auto entry = find(id);
    if (!entry || entry->fd < 0 || entry->writing == on) return;
    entry->writing = on;
    epoll_control(entry->set, EPOLL_CTL_MOD, entry->fd, on ? entry->interest | EPOLLOUT : entry->interest, id);
  }

  void remove(std::uint64_t id) {
    const auto entry = find(id);
    if (!entry) return;
    if (entry->fd >= 0) epoll_control(entry->set, EPOLL_CTL_DEL, entry->fd, 0, id);
    Place& place = places_[static_cast<std::uint32_t>(id)];
    place.entry.reset();
    if (++place.generation == kGenerationMax) place.generation = 0;
    free_.push_back(static_cast<std::uint32_t>(id));
  }

  // Held by whoever calls into it: a callback may end its own watch.
  std::shared_ptr<Entry> find(std::uint64_t id) const {
    const auto at = static_cast<std::uint32_t>(id);
    if (at >= places_.size() || places_[at].generation != id >> 32) return {};
    return places_[at].entry;
  }

 private:
  static constexpr std::uint32_t kGenerationMax = 0xFFFF'FFFE;  // never reached: ids from there on are the reactor's own
  struct Place {
    std::shared_ptr<Entry> entry;
    std::uint32_t generation = 0;
  };

  std::vector<Place> places_;
  std::vector<std::uint32_t> free_;
};

}  // namespace sr
