// How long ctid takes from "agent ready" to its decision: the real CallCenter with 1,000 agents, 200 queues that ask for a skill each,
// and 10,000 callers who wait; a board that only notes the Ring, a journal that forgets. Each agent becomes ready, his call is
// answered and ends, a new caller takes the place in the line. Prints one JSON object; all times in µs of this machine.
//   build/bench/bin/decide [rounds]
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

#include "cti-core/app/call_center.h"

using namespace sr;

namespace {

constexpr std::size_t kAgents = 1000, kSkills = 200, kCalls = 10'000, kSkillsEach = 5;
using Clock = std::chrono::steady_clock;

struct Forgets final : Store {
  Seq append(Instant, JournalEvent) override { return ++seq; }
  void board_cursor(std::uint64_t, std::uint64_t) override {}
  void when_durable(std::function<void()>) override {}
  void end_of_turn() override {}
  std::size_t backlog() const override { return 0; }
  bool healthy() const override { return true; }
  Seq seq = 0;
};

struct Notes final : Board {
  void send(const board::Command& command) override {
    if (const auto* ring = std::get_if<board::cmd::Ring>(&command)) {
      rang = Clock::now();
      leg = ring->leg;
      call = ring->tag.call;
    }
  }
  Clock::time_point rang{};
  LegId leg{};
  std::uint64_t call = 0;
};

struct Queues final : ivr::Engine {  // every caller straight into the queue of his number
  Status load(const std::string&) override { return {}; }
  Status start(const std::string&, ivr::CallInfo info) override {
    host->script_queue(info.call, {.queue = info.settings.at("queue"), .priority = static_cast<int>(to_number(info.call) % 3), .agent = {}});
    return {};
  }
  void on_answered(CallId) override {}
  void on_play_ended(CallId, std::uint32_t, bool) override {}
  void on_digit(CallId, char) override {}
  void on_queue_ended(CallId, ivr::QueueEnd) override {}
  void on_dial_ended(CallId, ivr::DialEnd) override {}
  void on_hangup(CallId) override {}
  std::size_t sessions() const override { return 0; }
  ivr::ScriptHost* host = nullptr;
};

CenterConfig thousand_agents(std::mt19937_64& random) {
  CenterConfig config;
  for (std::size_t a = 0; a < kAgents; ++a) {
    AgentConfig agent{.id = std::to_string(20'001 + a), .pin = "1", .wrap_up = 0us};
    agent.skills["s" + std::to_string(a % kSkills)] = kSkillLevelMax;  // each skill has somebody
    while (agent.skills.size() < kSkillsEach) agent.skills["s" + std::to_string(random() % kSkills)] = 1 + static_cast<int>(random() % kSkillLevelMax);
    config.agents.push_back(std::move(agent));
  }
  for (std::size_t q = 0; q < kSkills; ++q) {
    QueueConfig queue{.name = "q" + std::to_string(q), .timeout = 24h, .length_max = 100'000, .skills = {{"s" + std::to_string(q), 4}}, .strategy = static_cast<Strategy>(q % 7)};
    if (q % 2 == 0)  // every other queue is helped by the next one when it is long, so that thresholds are computed, too
      queue.overflow.push_back({.queue = "q" + std::to_string((q + 1) % kSkills),
                                .when = {.begin = {.waiting = 80, .oldest = 3600s, .expected = 3600s}, .end = {.waiting = 40, .oldest = 1800s, .expected = 1800s}}});
    config.queues.push_back(std::move(queue));
    config.numbers.push_back({.number = std::to_string(4'006'000 + q), .business = "b", .script = "s.lua", .queue = "q" + std::to_string(q), .record_calls = false});
  }
  return config;
}

struct Bench {
  std::mt19937_64 random{7};
  VirtualTimers timers;
  Forgets store;
  Notes board;
  Queues engine;
  app::CallCenter center{timers, store, thousand_agents(random), Recovered{}};
  std::uint64_t seq = 0, next_leg = 0;

  void happens(board::Event event) {
    center.listener().on_event({1, ++seq, timers.now(), std::move(event)});
    turn();
  }
  void turn() {
    center.end_of_turn();
    while (timers.step(timers.now())) center.end_of_turn();
  }
  void call(std::size_t number) {
    const LegId leg{++next_leg};
    legs.push_back(leg);
    happens(board::evt::Offered{leg, "e1-1", 1, 1, "city", "13800000000", std::to_string(4'006'000 + number), true, board::LineKind::trunk});
    happens(board::evt::Answered{leg});
  }
  std::vector<LegId> legs;  // of the callers, by call - 1

  void fill() {
    engine.host = &center.host();
    center.attach(board, engine);
    center.listener().on_link(true);
    board::Snapshot snapshot{.epoch = 1, .seq = 0, .at = timers.now(), .legs = {}, .spans = {}, .stations = {}};
    for (std::size_t a = 0; a < kAgents; ++a) snapshot.stations.push_back({std::to_string(10'001 + a), false, true});
    center.listener().on_snapshot(snapshot);
    turn();
    for (std::size_t a = 0; a < kAgents; ++a) (void)center.cti().agent_login({std::to_string(20'001 + a), std::to_string(10'001 + a), "1", false});
    turn();
    for (std::size_t c = 0; c < kCalls; ++c) {
      timers.run_for(1ms);
      call(random() % kSkills);
    }
  }

  // -> µs from ready to Ring, µs of the whole turn
  std::pair<double, double> one() {
    const std::size_t a = random() % kAgents;
    const std::string agent = std::to_string(20'001 + a);
    timers.run_for(1ms);
    board.rang = {};
    const auto begin = Clock::now();
    (void)center.cti().agent_ready(agent);
    center.end_of_turn();
    const auto end = Clock::now();
    const auto us = [&](Clock::time_point t) { return std::chrono::duration<double, std::micro>(t - begin).count(); };
    if (board.rang == Clock::time_point{}) return {-1, us(end)};
    const double decided = us(board.rang);
    const LegId caller = legs[board.call - 1], phone = board.leg;
    happens(board::evt::Answered{phone});
    (void)center.cti().agent_not_ready(agent, "1");  // after this call
    happens(board::evt::Released{caller, 16, true, {}});
    happens(board::evt::Released{phone, 16, false, {}});
    call(random() % kSkills);
    return {decided, us(end)};
  }
};

double at(std::vector<double>& sorted, double share) { return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(static_cast<double>(sorted.size()) * share))]; }

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 20'000;
  Bench bench;
  bench.fill();
  std::vector<double> decided, turns;
  int nobody = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto [decision, turn] = bench.one();
    if (decision < 0) ++nobody;
    else decided.push_back(decision), turns.push_back(turn);
  }
  std::ranges::sort(decided);
  std::ranges::sort(turns);
  fmt::print("{{\"waiting\":{},\"agents\":{},\"skills\":{},\"decisions\":{},\"nobody\":{},\"p50_us\":{:.2f},\"p99_us\":{:.2f},\"max_us\":{:.2f},\"turn_p99_us\":{:.2f},\"broken\":\"{}\"}}\n",
             bench.center.waiting(), kAgents, kSkills, decided.size(), nobody, at(decided, 0.5), at(decided, 0.99), decided.back(), at(turns, 0.99), bench.center.check());
}
