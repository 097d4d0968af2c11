// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/sql_source.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "cti-core/ivr/business_db.h"
#include "cti-core/ivr/limits.h"

namespace sr::ivr {
namespace {

using Done = std::function<void(SqlResult)>;
struct Question {
  std::uint64_t id = 0;
  std::string sql;
  std::vector<SqlValue> parameters;
};

SqlResult only_error(std::string text) {
  SqlResult r;
  r.error = std::move(text);
  return r;
}

// Questions go to the thread in order and all have the same limit, so that they also expire in order: one number tells the
// thread which ones nobody waits for any more.
class Threaded final : public SqlSource {
 public:
  Threaded(Timers& timers, Poster post, Duration time_max, std::unique_ptr<BusinessDb> db)
      : timers_(timers), post_(std::move(post)), time_max_(time_max), db_(std::move(db)) {
    db_->give_up = [this] { return running_ <= expired_.load(std::memory_order_relaxed) || stopping_.load(std::memory_order_relaxed); };
    thread_ = std::thread([this] { work(); });
  }

  ~Threaded() override {
    stopping_ = true;
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
    for (auto& [id, open] : open_) timers_.cancel(open.timer);
  }

  void query(std::string sql, std::vector<SqlValue> parameters, Done done) override {
    ++counters_.asked;
    const std::uint64_t id = ++last_;
    if (open_.size() >= kSqlWaitingMax) {
      ++counters_.refused;
      timers_.after(Duration{}, [done = std::move(done)] { done(only_error("too many questions at once")); });
      return;
    }
    open_[id] = {std::move(done), timers_.after(time_max_, [this, id] { expire(id); })};
    {
      const std::lock_guard lock(mutex_);
      line_.push_back({id, std::move(sql), std::move(parameters)});
    }
    wake_.notify_one();
  }

  SqlCounters counters() const override { return counters_; }

 private:
  struct Open {
    Done done;
    TimerId timer = TimerId::none;
  };

  void expire(std::uint64_t id) {
    ++counters_.timed_out;
    expired_.store(id, std::memory_order_relaxed);
    finish(id, only_error("the question took too long"));
  }

  void finish(std::uint64_t id, SqlResult result) {
    const auto found = open_.find(id);
    if (found == open_.end()) return;  // answered already, when its time was over
    timers_.cancel(found->second.timer);
    const Done done = std::move(found->second.done);
    open_.erase(found);
    ++(result.error.empty() ? counters_.answered : counters_.failed);
    done(std::move(result));
  }

  void work() {
    for (;;) {
      Question q;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stop_ || !line_.empty(); });
        if (stop_) return;
        q = std::move(line_.front());
        line_.pop_front();
      }
      if (q.id <= expired_.load(std::memory_order_relaxed)) continue;
      running_ = q.id;
      post_([this, id = q.id, result = db_->run(q.sql, q.parameters)] { finish(id, result); });
    }
  }

  Timers& timers_;
  Poster post_;
  Duration time_max_;
  std::unique_ptr<BusinessDb> db_;
  std::map<std::uint64_t, Open> open_;  // reactor thread
  std::uint64_t last_ = 0;
  SqlCounters counters_;
  std::uint64_t running_ = 0;  // data thread
  std::atomic<std::uint64_t> expired_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // of line_ and stop_
  std::condition_variable wake_;
  std::deque<Question> line_;
  bool stop_ = false;
  std::thread thread_;
};

class Inline final : public SqlSource {
 public:
  Inline(Timers& timers, std::unique_ptr<BusinessDb> db) : timers_(timers), db_(std::move(db)) {}
  void query(std::string sql, std::vector<SqlValue> parameters, Done done) override {
    ++counters_.asked;
    SqlResult result = db_->run(sql, parameters);
    if (db_->gave_up()) ++counters_.timed_out;
    ++(result.error.empty() ? counters_.answered : counters_.failed);
    timers_.after(Duration{}, [done = std::move(done), result = std::move(result)] { done(result); });
  }
  SqlCounters counters() const override { return counters_; }

 private:
  Timers& timers_;
  std::unique_ptr<BusinessDb> db_;
  SqlCounters counters_;
};

}  // namespace

Result<std::unique_ptr<SqlSource>> make_sql_source(Timers& timers, Poster post, SqlOptions options) {
  auto db = BusinessDb::open(options.path, options.writable_tables);
  if (!db) return std::unexpected(db.error());
  return std::make_unique<Threaded>(timers, std::move(post), options.time_max, std::move(*db));
}

Result<std::unique_ptr<SqlSource>> make_inline_sql_source(Timers& timers, SqlOptions options) {
  auto db = BusinessDb::open(options.path, options.writable_tables);
  if (!db) return std::unexpected(db.error());
  return std::make_unique<Inline>(timers, std::move(*db));
}

}  // namespace sr::ivr
