// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/file_thread.h"

#include <csignal>
#include <memory>

namespace sr::daemon {

FileThread::FileThread() {
  // Signals belong to the reactor: this thread is born with all of them blocked.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

FileThread::~FileThread() {
  end_.store(true, std::memory_order_release);
  posted_.fetch_add(1, std::memory_order_release);
  posted_.notify_one();
  thread_.join();
}

bool FileThread::post(Job job) {
  auto owned = std::make_unique<Job>(std::move(job));
  if (!jobs_.push(owned.get())) return false;
  (void)owned.release();  // the ring has it
  posted_.fetch_add(1, std::memory_order_release);
  posted_.notify_one();
  return true;
}

void FileThread::work() {
  for (;;) {
    const std::uint32_t seen = posted_.load(std::memory_order_acquire);
    const bool end = end_.load(std::memory_order_acquire);
    Job* raw = nullptr;
    while (jobs_.pop(raw)) {
      const std::unique_ptr<Job> job(raw);
      (*job)();
    }
    if (end) return;
    posted_.wait(seen, std::memory_order_acquire);
  }
}

}  // namespace sr::daemon
