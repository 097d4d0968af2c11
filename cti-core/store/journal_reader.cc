// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/journal_reader.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "cti-core/store/schema.h"

namespace sr::store {

JournalReader::Rows read_rows(Database& database, Seq after, std::size_t limit) {
  JournalReader::Rows out;
  auto oldest = Statement::prepare(database, "select coalesce(min(seq), 0) from event");
  auto rows = Statement::prepare(database, "select seq, body, at, type, coalesce(call, 0) from event where seq > ?1 order by seq limit ?2");
  if (!oldest || !rows) {
    out.error = (oldest ? rows.error() : oldest.error()).text();
    return out;
  }
  if (oldest->next()) out.oldest = static_cast<Seq>(oldest->integer(0));
  rows->bind(after, static_cast<std::int64_t>(std::min(limit, kReadRowsMax)));
  while (rows->next()) {
    out.rows.emplace_back(static_cast<Seq>(rows->integer(0)), rows->text(1));
    out.at.push_back(rows->time(2));
    out.type.push_back(rows->text(3));
    out.call.push_back(static_cast<std::uint64_t>(rows->integer(4)));
  }
  if (rows->failed() || oldest->failed()) out.error = database.error("reading the journal").error().text();
  return out;
}

struct JournalReaderThread::Impl : std::enable_shared_from_this<JournalReaderThread::Impl> {
  struct Request { Seq after; std::size_t limit; std::function<void(Rows)> done; };

  Impl(Database d, Post p) : database(std::move(d)), post(std::move(p)) {}
  void loop();
  void answer(std::function<void(Rows)> done, Rows rows) {
    post([self = shared_from_this(), done = std::move(done), rows = std::move(rows)]() mutable {
      if (!self->closed) done(std::move(rows));
    });
  }

  Database database;  // the thread's
  Post post;
  bool closed = false;  // the reactor's
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Request> requests;
  bool stop = false;
  std::thread thread;
};

JournalReaderThread::JournalReaderThread(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {
  impl_->thread = std::thread([raw = impl_.get()] { raw->loop(); });
}

Result<std::unique_ptr<JournalReaderThread>> JournalReaderThread::open(const std::string& path, Post post) {
  auto database = Database::open(path, true);
  if (!database) return std::unexpected(database.error());
  if (auto ok = check_schema(*database); !ok) return std::unexpected(ok.error());
  return std::unique_ptr<JournalReaderThread>(new JournalReaderThread(std::make_shared<Impl>(std::move(*database), std::move(post))));
}

JournalReaderThread::~JournalReaderThread() {
  impl_->closed = true;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stop = true;
    impl_->requests.clear();
  }
  impl_->wake.notify_one();
  impl_->thread.join();
}

void JournalReaderThread::read(Seq after, std::size_t limit, std::function<void(Rows)> done) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->requests.size() < kReadsMax) {
      impl_->requests.push_back({after, limit, std::move(done)});
      impl_->wake.notify_one();
      return;
    }
  }
  Rows refused;
  refused.error = "too many readers of the journal";
  impl_->answer(std::move(done), std::move(refused));
}

void JournalReaderThread::Impl::loop() {
  for (;;) {
    Request request;
    {
      std::unique_lock lock(mutex);
      wake.wait(lock, [this] { return stop || !requests.empty(); });
      if (stop) return;
      request = std::move(requests.front());
      requests.pop_front();
    }
    answer(std::move(request.done), read_rows(database, request.after, request.limit));
  }
}

void InlineJournalReader::read(Seq after, std::size_t limit, std::function<void(Rows)> done) {
  timers_.after(0us, [done = std::move(done), rows = read_rows(database_, after, limit)]() mutable { done(std::move(rows)); });
}

}  // namespace sr::store
