// The Spool of boardd: a SpoolFile on a thread of its own. Events that come while the disk is busy leave in one write.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <deque>
#include <memory>
#include <set>
#include <string>

#include "drivers/daemon/file_thread.h"
#include "drivers/daemon/spool.h"
#include "drivers/daemon/spool_file.h"

namespace sr::daemon {

inline constexpr std::size_t kSpoolWaitingMax = 4096;  // events waiting for the disk; more: Kept::failed

class FileSpool final : public Spool {
 public:
  using Post = std::function<void(std::function<void()>)>;  // Reactor::post
  static Result<std::unique_ptr<FileSpool>> open(const std::string& path, Post post);
  ~FileSpool() override;

  std::vector<board::Envelope> earlier() override;
  void keep(const board::Envelope& event, Done done) override;
  void forget(std::uint64_t epoch, std::uint64_t seq) override;

  std::uint64_t torn() const { return torn_; }
  std::uint64_t failed() const { return failed_; }

 private:
  FileSpool(SpoolFile file, Post post);
  void write_waiting();
  void written(SpoolFile::Wrote wrote);

  struct Waiting { std::string line; std::pair<std::uint64_t, std::uint64_t> id; Done done; };
  Post post_;
  SpoolFile file_;                       // the file thread's, once it runs
  std::vector<board::Envelope> earlier_;
  std::uint64_t torn_ = 0, failed_ = 0;
  std::deque<Waiting> waiting_, writing_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> stored_;  // (epoch, seq) in the file and not acknowledged
  bool dirty_ = false;                   // the file holds lines
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // what the thread posts back may come after the end
  std::unique_ptr<FileThread> thread_;   // last: its end waits for the jobs above
};

}  // namespace sr::daemon
