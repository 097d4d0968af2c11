// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/file_spool.h"

#include "drivers/base/log.h"
#include "drivers/board/codec.h"

namespace sr::daemon {

Result<std::unique_ptr<FileSpool>> FileSpool::open(const std::string& path, Post post) {
  auto file = SpoolFile::open(path);
  if (!file) return std::unexpected(file.error());
  return std::unique_ptr<FileSpool>(new FileSpool(std::move(*file), std::move(post)));
}

FileSpool::FileSpool(SpoolFile file, Post post) : post_(std::move(post)), file_(std::move(file)) {
  torn_ = file_.torn();
  for (const auto& line : file_.lines()) {
    auto report = board::read_report(line);
    if (report && std::holds_alternative<board::Envelope>(*report)) {
      auto& event = std::get<board::Envelope>(*report);
      stored_.emplace(event.epoch, event.seq);
      earlier_.push_back(std::move(event));
    } else {
      ++torn_;
    }
  }
  dirty_ = !stored_.empty();
  if (torn_ > 0) log::warn("the spool file held {} damaged lines: they are not replayed", torn_);
  thread_ = std::make_unique<FileThread>();
}

FileSpool::~FileSpool() { thread_.reset(); }

std::vector<board::Envelope> FileSpool::earlier() { return std::exchange(earlier_, {}); }

void FileSpool::keep(const board::Envelope& event, Done done) {
  if (waiting_.size() >= kSpoolWaitingMax) {
    ++failed_;
    post_([alive = std::weak_ptr(alive_), run = std::move(done)] {
      if (!alive.expired()) run(Kept::failed);
    });
    return;
  }
  std::string json;
  board::write(json, event);
  waiting_.push_back({spool_line(json), {event.epoch, event.seq}, std::move(done)});
  if (writing_.empty()) write_waiting();
}

// One write and one fdatasync for all that wait.
void FileSpool::write_waiting() {
  writing_ = std::exchange(waiting_, {});
  std::string lines;
  for (const auto& one : writing_) lines += one.line;
  dirty_ = true;
  const bool posted = thread_->post([this, text = std::move(lines)] {
    const auto wrote = file_.append(text);
    post_([this, alive = std::weak_ptr(alive_), wrote] {
      if (!alive.expired()) written(wrote);
    });
  });
  SR_ENSURE(posted);  // at most one write and one clear are on their way
}

void FileSpool::written(SpoolFile::Wrote wrote) {
  auto done = std::exchange(writing_, {});
  if (wrote == SpoolFile::Wrote::nothing) failed_ += done.size();
  else
    for (const auto& one : done) stored_.insert(one.id);
  const Kept kept = wrote == SpoolFile::Wrote::room ? Kept::stored : wrote == SpoolFile::Wrote::reserve ? Kept::reserve : Kept::failed;
  if (!waiting_.empty()) write_waiting();
  for (const auto& one : done) one.done(kept);
}

void FileSpool::forget(std::uint64_t epoch, std::uint64_t seq) {
  if (!dirty_) return;
  stored_.erase(stored_.begin(), stored_.upper_bound({epoch, seq}));
  if (!stored_.empty() || !writing_.empty() || !waiting_.empty()) return;
  dirty_ = !thread_->post([this] { file_.clear(); });  // refused: the next acknowledgement tries again
}

}  // namespace sr::daemon
