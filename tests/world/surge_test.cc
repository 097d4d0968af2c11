// A surge in virtual time: 2,000 callers in three waves, one of them for each number but 3 % whose number is withheld, 60 agents of whom 20
// are reserve staff; once with 8 E1s and once with 3, with overflow and number capture and without. Every SETUP that the exchange could
// send is booked; every presented number was answered or is in the callback list once; what the exchange had no channel for is said.
// Each run prints its report; docs/ACD.md has them as a table.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <random>

#include "cti-core/acd/erlang.h"
#include "tests/support/world.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {

constexpr int kAgents = 60, kReserve = 20;
constexpr std::size_t kFreeChannels = 6;
constexpr Duration kWaitMax = 60s;  // who would wait longer is captured
// A sanitizer finds its errors among fewer callers; then there is no surge, and nothing to compare.
const int kCallers = std::getenv("WORLD_CALLS") ? std::min(2000, std::atoi(std::getenv("WORLD_CALLS")) / 5) : 2000;
bool whole() { return kCallers == 2000; }

void with_surge_features(CenterConfig& config) {
  config.trunks.push_back({"city", kFreeChannels});
  for (auto& number : config.numbers) number.capture_expected = kWaitMax;
  for (auto& queue : config.queues)
    if (queue.name == "orders")
      queue.overflow.push_back({.queue = "reserve", .when = {.begin = {.waiting = 10, .oldest = 20s}, .end = {.waiting = 2, .oldest = 5s}}});
}

// The first forty take orders; the others are there for when that is not enough.
void staff(CenterConfig& config) {
  std::vector<std::string> own, reserve;
  for (std::size_t i = 0; i < config.agents.size(); ++i) (i < kAgents - kReserve ? own : reserve).push_back(config.agents[i].id);
  for (auto& queue : config.queues)
    if (queue.name == "orders") queue.agents = own;
  config.queues.push_back({.name = "reserve", .agents = reserve});
}

struct Outcome { int refused = 0, steps = 0; std::int64_t answered = 0, captured = 0; };

class Surge {
 public:
  Surge(int e1s, bool features)
      : e1s_(e1s), features_(features),
        world_({.seed = 2026, .e1s = e1s, .agents = kAgents, .behaviour = {.talk_max = 100s, .answers = 1, .presses_keys = 0}, .queue_timeout = 180s, .change = [features](CenterConfig& c) {
                  staff(c);
                  if (features) with_surge_features(c);
                }}) {
    world_.center().cti().on_journal([this](const JournalRow& row) { hear(row); });
  }

  void play() {
    const std::pair<Duration, int> kWaves[] = {{0s, kCallers * 2 / 5}, {6min, kCallers * 7 / 20}, {12min, kCallers / 4}};
    std::mt19937_64 random(7);
    const auto share = [&] { return std::uniform_real_distribution<>(0, 1)(random); };
    int caller = 0;
    for (const auto& [begin, size] : kWaves)
      for (int i = 0; i < size; ++i, ++caller) {
        const auto when = begin + Duration(static_cast<std::int64_t>((1 - std::sqrt(share())) * 240e6));  // a spot: most at once, then evenly fewer for 4 minutes
        const auto patience = 10s + Duration(static_cast<std::int64_t>(-90e6 * std::log(1 - share())));
        const std::string number = caller % 100 < 3 ? "" : fmt::format("1390000{:04}", caller);
        world_.timers().after(when, [this, number, patience] { world_.exchange().dial(number, "4006001", patience); });
      }
    world_.run_for(17min);
    CHECK_TRUE(world_.drain());
    if (const std::string trouble = world_.trouble(); !trouble.empty()) FAIL(trouble.c_str());
    fmt::print("\n{}", report());
  }

  // Of the numbers that were presented: answered by an agent, or one task, and never both.
  void everybody_is_kept() {
    const auto books = world_.books();
    const auto& seen = world_.exchange().counters();
    CHECK_EQUAL(kCallers, seen.attempts);
    CHECK_EQUAL(kCallers, seen.refused + books.offered);  // every SETUP that was sent is booked
    CHECK_EQUAL(books.offered, static_cast<int>(callers_.size()));
    int withheld = 0;
    for (const auto& [call, c] : callers_) {
      if (c.number.empty()) ++withheld;
      const int tasks = c.number.empty() ? 0 : opened_[c.number];
      const int wanted = c.number.empty() || c.answered ? 0 : 1;
      if (tasks != wanted) FAIL(fmt::format("{} is {} and has {} callbacks", c.number, c.answered ? "answered" : "lost", tasks).c_str());
    }
    CHECK_TRUE(withheld > 0);
    CHECK_EQUAL(books.lost_total - books.callbacks.withheld, books.callbacks.opened);
    CHECK_EQUAL(0, books.callbacks.in_no_list);
  }

  int refused() { return world_.exchange().counters().refused; }
  Outcome outcome() {
    auto books = world_.books();
    return {refused(), steps_, books.answered, books.lost["captured"]};
  }

  std::string report() {
    const auto b = world_.books();
    std::vector<Duration> waits;
    for (const auto& [call, c] : callers_)
      if (c.answered) waits.push_back(c.waited);
    std::ranges::sort(waits);
    const auto wait = [&](double part) { return waits.empty() ? 0.0 : to_seconds(waits[static_cast<std::size_t>(part * static_cast<double>(waits.size() - 1))]); };
    std::string lost;
    for (const auto& [stage, n] : b.lost)
      if (n) lost += fmt::format("{}{} {}", lost.empty() ? "" : ", ", stage, n);
    const store::GroupBooks full = b.groups_full.contains("city") ? b.groups_full.at("city") : store::GroupBooks{};
    return fmt::format("{} E1s, {} overflow and capture: {} callers = {} refused by the exchange + {} offered; {} answered, {} lost ({})\n"
                       "  waits of the answered: half below {:.0f} s, nine of ten below {:.0f} s; {} overflow steps begun; {} in the callback list, {} numbers withheld\n"
                       "  trunk group full for {:.0f} s; Erlang B of what it carried: {:.2f} %\n",
                       e1s_, features_ ? "with" : "without", kCallers, refused(), b.offered, b.answered, b.lost_total, lost, wait(0.5), wait(0.9), steps_, b.callbacks.opened, b.callbacks.withheld,
                       full.full_s, full.channels ? 100 * acd::erlang_b_of_carried(full.carried_erlangs, static_cast<std::size_t>(full.channels)) : 0);
  }

 private:
  struct Caller {
    std::string number;
    bool answered = false;
    Instant queued{};
    Duration waited{};
  };

  void hear(const JournalRow& row) {
    if (const auto* e = std::get_if<ev::Offered>(&row.event)) callers_[e->call].number = e->calling;
    if (const auto* e = std::get_if<ev::Queued>(&row.event)) callers_[e->call].queued = row.at;
    if (const auto* e = std::get_if<ev::Established>(&row.event); e && !e->agentID.empty()) {
      Caller& c = callers_[e->call];
      c.answered = true;
      c.waited = row.at - c.queued;
    }
    if (const auto* e = std::get_if<ev::CallbackOpened>(&row.event)) ++opened_[e->customer];
    if (const auto* e = std::get_if<ev::QueueOverflow>(&row.event); e && e->step > 0) ++steps_;
  }

  int e1s_;
  bool features_;
  std::map<CallId, Caller> callers_;
  std::map<std::string, int> opened_;
  int steps_ = 0;
  World world_;
};

Outcome play(int e1s, bool features) {  // one World at a time: it is the clock of the process
  Surge surge(e1s, features);
  surge.play();
  surge.everybody_is_kept();
  return surge.outcome();
}

// The same callers twice. With the surge features more are answered, and who is captured leaves a channel for the next: the exchange refuses
// nobody any more.
void with_and_without(int e1s) {
  const Outcome plain = play(e1s, false), helped = play(e1s, true);
  CHECK_EQUAL(0, plain.steps);
  CHECK_EQUAL(0, plain.captured);
  CHECK_EQUAL(0, helped.refused);
  if (!whole()) return;
  CHECK(helped.steps > 0 && helped.captured > 0);
  CHECK(helped.answered > plain.answered);
  CHECK(plain.refused > 0);
}

}  // namespace

TEST_GROUP(Surge){};

TEST(Surge, on_eight_e1s_every_number_is_answered_or_in_the_callback_list_and_with_help_more_are_answered) { with_and_without(8); }

TEST(Surge, on_three_e1s_capture_books_those_whom_the_exchange_would_have_refused) { with_and_without(3); }
