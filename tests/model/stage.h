// What stands around ctid in a Play: its script, and a disk that keeps, stalls or is full.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <memory>
#include <string>

#include "cti-core/ivr/ivr.h"
#include "cti-core/store/inline_store.h"
#include "cti-core/store/writer.h"

namespace sr::test {

// Every caller: answered, into the queue of his number, and goodbye when nobody came. Where a key leaves the queue he keeps his place and
// is told so; if he may not, he waits on.
class ModelEngine final : public ivr::Engine {
 public:
  explicit ModelEngine(char keep_key) : keep_key_(keep_key) {}
  Status load(const std::string&) override { return {}; }
  Status start(const std::string&, ivr::CallInfo info) override;
  void on_answered(CallId call) override;
  void on_play_ended(CallId call, std::uint32_t, bool) override { host->script_hangup(call, 16); }
  void on_digit(CallId, char) override {}
  void on_queue_ended(CallId call, ivr::QueueEnd end) override;
  void on_dial_ended(CallId, ivr::DialEnd) override {}
  void on_hangup(CallId call) override { callers_.erase(call); }
  std::size_t sessions() const override { return callers_.size(); }
  ivr::ScriptHost* host = nullptr;

 private:
  struct Caller { std::string queue, calling; };
  char keep_key_;                  // 0: there is none
  std::map<CallId, Caller> callers_;
};

// Durable at once, and forgotten.
class NoStore final : public Store {
 public:
  explicit NoStore(Timers& timers) : timers_(timers) {}
  Seq append(Instant, JournalEvent) override { return ++seq_; }
  void board_cursor(std::uint64_t, std::uint64_t) override {}
  void when_durable(std::function<void()> then) override { timers_.after(0us, std::move(then)); }
  void end_of_turn() override {}
  std::size_t backlog() const override { return 0; }
  bool healthy() const override { return true; }

 private:
  Timers& timers_;
  Seq seq_ = 0;
};

// The real journal on a disk that may stall: what is appended meanwhile is durable only when it goes on, or lost if ctid dies first.
class StallingStore final : public Store {
 public:
  StallingStore(store::Writer& writer, Timers& timers, Seq next) : inner(writer, timers, next) {}
  Seq append(Instant at, JournalEvent event) override { return inner.append(at, std::move(event)); }
  void board_cursor(std::uint64_t epoch, std::uint64_t seq) override { inner.board_cursor(epoch, seq); }
  void when_durable(std::function<void()> then) override { inner.when_durable(std::move(then)); }
  void end_of_turn() override {
    if (!stalls) inner.end_of_turn();
  }
  std::size_t backlog() const override { return inner.backlog(); }
  bool healthy() const override { return inner.healthy(); }

  store::InlineStore inner;
  bool stalls = false;
};

}  // namespace sr::test
