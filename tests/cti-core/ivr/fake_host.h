// A ScriptHost that records what scripts ask for, and a data source that is answered by hand; scripts live in a directory of their
// own below build/. Tests compare lists.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cti-core/ivr/lua_engine.h"

namespace sr::ivr::test {

class FakeHost final : public ScriptHost {
 public:
  std::vector<std::string> acts;  // "1 play zh/welcome"
  std::set<std::string> queues = {"orders", "vip", "service"};
  std::set<std::string> prompts;  // empty: every prompt exists
  bool every_prompt = true;
  bool booked = false;            // the outcome of the call is booked already
  int idle = 0, waiting = 0;
  QueueNumbers numbers;
  TrunkNumbers trunks;
  bool open = true;
  std::string day, shown;
  std::uint32_t last_play = 0;
  QueueRequest last_queue;
  DialRequest last_dial;
  Error last_error;
  std::function<void(CallId)> on_queue, on_play;  // answers at once, from inside the request

  void script_answer(CallId c) override { say(c, "answer"); }
  void script_play(CallId c, std::uint32_t play, std::vector<std::string> list, bool barge_in) override {
    std::string line = barge_in ? "play!" : "play";
    for (const auto& p : list) line += " " + p;
    last_play = play;
    say(c, line);
    if (on_play) on_play(c);
  }
  void script_stop_play(CallId c) override { say(c, "stop"); }
  void script_queue(CallId c, const QueueRequest& r) override {
    last_queue = r;
    say(c, "queue " + r.queue);
    if (on_queue) on_queue(c);
  }
  void script_dial(CallId c, const DialRequest& r) override {
    last_dial = r;
    say(c, "dial " + r.called);
  }
  void script_hangup(CallId c, int q850) override { say(c, fmt::format("hangup {}", q850)); }
  Status script_served(CallId c, const std::string& reason) override {
    if (booked) return fail("the outcome is booked already");
    say(c, "served " + reason);
    return {};
  }
  Status script_keep_place(CallId c, const std::string& number) override {
    say(c, "keep " + number);
    return keeps_places ? Status{} : fail("no room");
  }
  void script_lost(CallId c, LossStage stage, const std::string& reason, bool callback) override {
    say(c, fmt::format("lost {} {}{}", boost::describe::enum_to_string(stage, "?"), reason, callback ? " callback" : ""));
  }
  void script_set_data(CallId c, const std::string& key, const std::string& value) override { say(c, "data " + key + "=" + value); }
  void script_finished(CallId c) override { say(c, "finished"); }
  void script_failed(CallId c, const Error& e) override {
    last_error = e;
    say(c, "failed");
  }
  bool queue_exists(const std::string& q) const override { return queues.contains(q); }
  bool prompt_exists(const std::string& p) const override { return every_prompt || prompts.contains(p); }
  int agents_idle(const std::string&) const override { return idle; }
  int calls_waiting(const std::string&) const override { return waiting; }
  QueueNumbers queue_numbers(const std::string&) const override { return numbers; }
  std::optional<TrunkNumbers> trunk_numbers(const std::string& group) const override { return group == "city" ? std::optional(trunks) : std::nullopt; }
  bool is_open(CallId, const std::string& queue) const override { return queue.empty() ? open : queue == "orders"; }
  std::string holiday() const override { return day; }
  std::string spot(CallId) const override { return shown; }

  bool keeps_places = true;

 private:
  void say(CallId c, const std::string& what) { acts.push_back(fmt::format("{} {}", to_number(c), what)); }
};

class FakeData final : public DataSource {
 public:
  struct Asked { std::string sql; std::vector<SqlValue> parameters; std::function<void(SqlResult)> done; };
  std::vector<Asked> asked;
  std::function<SqlResult(const std::string&, const std::vector<SqlValue>&)> at_once;  // answers from inside query()
  void query(std::string sql, std::vector<SqlValue> parameters, std::function<void(SqlResult)> done) override {
    if (at_once) {
      done(at_once(sql, parameters));
      return;
    }
    asked.push_back({std::move(sql), std::move(parameters), std::move(done)});
  }
};

// An engine with everything around it, on virtual time.
class Bench {
 public:
  explicit Bench(std::unique_ptr<TurnClock> turn_clock = std::make_unique<FrozenTurnClock>(), EngineOptions options = {}) : clock(std::move(turn_clock)) {
    static int number = 0;
    directory = fmt::format("build/tmp/ivr-{}-{}", ::getpid(), ++number);
    std::filesystem::create_directories(directory);
    options.directory = directory;
    options.utc_offset_minutes = 8 * 60;
    engine = LuaEngine::make(timers, host, data, *clock, options);
  }
  ~Bench() {
    engine.reset();
    std::filesystem::remove_all(directory);
  }

  void write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = std::filesystem::path(directory) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    // Two versions within one tick of the file system's clock must differ.
    std::filesystem::last_write_time(path, std::filesystem::file_time_type(std::chrono::seconds(1'700'000'000 + ++version)));
  }
  static CallInfo info(std::uint64_t call) {
    return {CallId{call}, "13800000001", "4006001", "4006001", {{"queue", "orders"}, {"business", "kitchen"}, {"language", "zh"}}};
  }
  Status start(const std::string& text, std::uint64_t call = 1) {
    write("test.lua", text);
    if (Status loaded = engine->load("test.lua"); !loaded) return loaded;
    return engine->start("test.lua", info(call));
  }
  // Runs a script that does not wait and says what it logged as data "r".
  std::string result(const std::string& expression) {
    host.acts.clear();
    const Status s = start("call:set('r', tostring(" + expression + "))");
    if (!s) return s.error().text();
    if (!host.acts.empty() && host.acts.back() == "1 failed") return "failed: " + host.last_error.text();
    return host.acts.empty() ? "" : host.acts.front().substr(std::string("1 data r=").size());
  }
  std::string all() const {
    std::string out;
    for (const auto& a : host.acts) out += (out.empty() ? "" : "; ") + a;
    return out;
  }
  void play_ends(bool barged = false, std::uint64_t call = 1) { engine->on_play_ended(CallId{call}, host.last_play, barged); }
  void type(const std::string& keys, std::uint64_t call = 1) {
    for (const char c : keys) engine->on_digit(CallId{call}, c);
  }

  std::string directory;
  VirtualTimers timers;
  FakeHost host;
  FakeData data;
  std::unique_ptr<TurnClock> clock;
  std::unique_ptr<LuaEngine> engine;
  int version = 0;
};

}  // namespace sr::ivr::test
