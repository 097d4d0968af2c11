// Every sequence of events of a small center, up to a depth: no invariant is broken after any step, and from every state in which it
// can be everybody gets out. A state that was seen before (Play::digest) is not gone on from again; a state is reached by
// repeating its steps from the beginning, for the center cannot be copied.
//   MODEL_DEPTH=8 build/test/model -g EverySequence      the whole; MODEL_SHOW=1 prints what was visited, MODEL_SCENE=places one scene alone
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <cstdlib>
#include <limits>
#include <thread>
#include <unordered_set>

#include "tests/model/play.h"
#include "tests/support/setting.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {

struct Mark {
  std::uint64_t a = 0, b = 0;
  bool operator==(const Mark&) const = default;
};
struct HashOf {
  std::size_t operator()(const Mark& m) const { return m.a; }
};
Mark mark_of(const std::string& text) {  // 128 bits: two of a billion states are the same by accident once in 10^20
  Mark m{0xcbf29ce484222325ULL, 0x9E3779B97F4A7C15ULL};
  for (const char ch : text) {
    m.a = (m.a ^ static_cast<unsigned char>(ch)) * 0x100000001b3ULL;
    m.b = (m.b + static_cast<unsigned char>(ch)) * 0xBF58476D1CE4E5B9ULL;
    m.b ^= m.b >> 29;
  }
  return m;
}

struct State {
  Steps path, next;  // how it is reached, and what can happen there
};
struct Found {
  Mark mark;
  State state;
};
struct Share {  // of one thread
  std::vector<Found> found;
  std::uint64_t transitions = 0;
  std::string wrong;
};

Steps and_then(Steps path, Step step) {
  path.push_back(step);
  return path;
}

void explore(const Scene& scene, Life life, const std::vector<State>& frontier, std::size_t first, std::size_t every, const std::unordered_set<Mark, HashOf>& seen, bool last, Share& share) {
  std::unordered_set<Mark, HashOf> mine;
  for (std::size_t i = first; i < frontier.size() && share.wrong.empty(); i += every)
    for (const Step& step : frontier[i].next) {
      Play play(scene, life);
      play.repeat(frontier[i].path);
      play.act(step);
      ++share.transitions;
      const std::string digest = play.digest();
      const Mark mark = mark_of(digest.empty() ? to_text(and_then(frontier[i].path, step)) : digest);
      const bool is_new = !seen.contains(mark) && mine.insert(mark).second;
      Steps next = is_new && !last ? play.possible() : Steps{};
      if (is_new) play.drain();
      if (!play.wrong().empty()) {
        share.wrong = fmt::format("{}\n  after: {}", play.wrong(), to_text(and_then(frontier[i].path, step)));
        return;
      }
      if (is_new) share.found.push_back({mark, {last ? Steps{} : and_then(frontier[i].path, step), std::move(next)}});
    }
}

std::size_t visit(const char* name, Life life, int depth) {
  const char* only = std::getenv("MODEL_SCENE");
  if (only && std::string_view(only) != name) return std::numeric_limits<std::size_t>::max();
  const Scene& scene = *find_scene(name);
  const auto threads = static_cast<std::size_t>(setting("MODEL_THREADS", 2));
  std::unordered_set<Mark, HashOf> seen;
  std::vector<State> frontier;
  {
    Play play(scene, life);
    seen.insert(mark_of(play.digest()));
    frontier.push_back({{}, play.possible()});
  }
  std::uint64_t transitions = 0;
  for (int level = 1; level <= depth; ++level) {
    std::vector<Share> shares(threads);
    {
      std::vector<std::jthread> workers;
      for (std::size_t t = 0; t < threads; ++t)
        workers.emplace_back([&, t] { explore(scene, life, frontier, t, threads, seen, level == depth, shares[t]); });
    }
    frontier.clear();
    for (Share& share : shares) {
      if (!share.wrong.empty()) FAIL(share.wrong.c_str());
      transitions += share.transitions;
      for (Found& found : share.found)
        if (seen.insert(found.mark).second && level < depth) frontier.push_back(std::move(found.state));
    }
    if (setting("MODEL_SHOW", 0)) fmt::print("\n{}, depth {}: {} states, {} transitions", name, level, seen.size(), transitions);
    std::fflush(stdout);
  }
  return seen.size();
}

}  // namespace

TEST_GROUP(EverySequence) {
  static void all_of(const char* scene, int usual_depth) {
    const int depth = setting("MODEL_DEPTH", usual_depth);
    const std::size_t states = visit(scene, Life::steady, depth);
    CHECK_COMPARE(depth < 6 ? 10u : 3000u, <, states);
  }
};

TEST(EverySequence, of_a_small_center_breaks_nothing_and_has_a_way_out) { all_of("office", 6); }
TEST(EverySequence, of_callers_who_keep_their_place_breaks_nothing_and_has_a_way_out) { all_of("places", 7); }
TEST(EverySequence, of_callers_who_are_captured_breaks_nothing_and_has_a_way_out) { all_of("capture", 6); }
TEST(EverySequence, of_agents_outside_breaks_nothing_and_has_a_way_out) { all_of("outside", 8); }

// Also when ctid or boardd may die, the link drop and the disk stall at any place of the sequence.
TEST(EverySequence, with_faults_breaks_nothing_and_has_a_way_out) {
  const int depth = setting("MODEL_FAULT_DEPTH", 2);
  for (const char* scene : {"office", "places", "capture", "outside"}) {
    const std::size_t states = visit(scene, Life::faulty, depth);
    CHECK_COMPARE(100u, <, states);
  }
}
