// One thread that waits for disks, so that the reactor never does. Jobs run in the order in which they were posted. They are
// handed over through a bounded ring: when kJobsMax wait, post() refuses and the caller counts.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include "drivers/base/spsc_ring.h"

namespace sr::daemon {

class FileThread {
 public:
  static constexpr std::size_t kJobsMax = 4096;
  using Job = std::function<void()>;
  FileThread();
  ~FileThread();  // what was posted is done first
  FileThread(const FileThread&) = delete;
  FileThread& operator=(const FileThread&) = delete;
  bool post(Job job);  // one thread posts: the reactor's

 private:
  void work();
  SpscRing<Job*> jobs_{kJobsMax};
  std::atomic<std::uint32_t> posted_{0};  // counts posts; what the thread sleeps on
  std::atomic<bool> end_{false};
  std::thread thread_;
};

}  // namespace sr::daemon
