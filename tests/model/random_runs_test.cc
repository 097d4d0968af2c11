// Long runs of a small center by chance, with faults: links drop, boardd begins a new life, ctid starts again from its journal, the disk
// stalls or is full, phones are unplugged, people dial nonsense. A run that fails is cut down to the steps that it needs.
//   MODEL_SEED=17 build/test/model -g RandomRuns                         one seed again; MODEL_SEEDS=1000 more of them, MODEL_STEPS=2000 longer
//   MODEL_RUN="call_orders, ctid_dies, …" build/test/model -g RandomRuns  a list that was printed
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <cstdlib>
#include <random>

#include "tests/model/play.h"
#include "tests/support/setting.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {

bool rare(Act act) {
  return act == Act::unplug || act == Act::not_ready || act == Act::log_off || act >= Act::link_drops;
}

// What went wrong in a run that chance makes up, and the run.
std::string live(unsigned seed, int length, Planted planted, Steps& steps) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  Play play(Life::faulty, planted);
  for (int i = 0; i < length && play.wrong().empty(); ++i) {
    const Steps all = play.possible();
    Step step = all[below(all.size())];
    if (const bool heals = step.act == Act::link_comes || step.act == Act::ctid_comes || step.act == Act::store_goes_on || step.act == Act::disk_has_room;
        rare(step.act) && !heals && below(4) != 0)
      step = {Act::wait, static_cast<std::uint8_t>(below(8))};
    steps.push_back(step);
    play.act(step);
  }
  if (play.wrong().empty()) play.drain();
  return play.wrong();
}

std::string relive(const Steps& steps, Planted planted = Planted::nothing) {
  Play play(Life::faulty, planted);
  for (const Step& step : steps) {
    play.act(step);
    if (!play.wrong().empty()) return play.wrong();
  }
  play.drain();
  return play.wrong();
}

std::string shortest(const Steps& failing, Planted planted, Steps& out) {
  out = shrink(failing, [&](const Steps& steps) { return !relive(steps, planted).empty(); });
  return relive(out, planted);
}

}  // namespace

TEST_GROUP(RandomRuns){};

TEST(RandomRuns, with_faults_break_nothing_and_leave_nothing) {
  const int only = setting("MODEL_SEED", 0);
  const int first = only ? only : 1, last = only ? only : setting("MODEL_SEEDS", 200);
  for (int seed = first; seed <= last; ++seed) {
    Steps steps, less;
    if (live(static_cast<unsigned>(seed), setting("MODEL_STEPS", 300), Planted::nothing, steps).empty()) continue;
    const std::string wrong = shortest(steps, Planted::nothing, less);
    FAIL(fmt::format("seed {}: {}\n  {} of {} steps are needed; again: MODEL_RUN=\"{}\"", seed, wrong, less.size(), steps.size(), to_text(less)).c_str());
  }
}

TEST(RandomRuns, a_run_that_is_given_is_run_again) {
  Steps steps;
  const char* given = std::getenv("MODEL_RUN");
  CHECK_TRUE(from_text(given ? given : "call_orders, off_hook 1, ctid_dies, wait 4, ctid_comes, on_hook 1", steps));
  const std::string wrong = relive(steps);
  if (!wrong.empty()) FAIL(wrong.c_str());
}

// The board forgets to say something while two calls are up: it takes at least two callers, a phone that was rung and an on-hook.
TEST(RandomRuns, a_planted_fault_is_found_and_cut_down_to_the_steps_that_it_needs) {
  Steps steps, less;
  unsigned seed = 1;
  while (seed < 50 && live(seed, 300, Planted::forgetful_board, steps).empty()) ++seed, steps.clear();
  const std::string wrong = shortest(steps, Planted::forgetful_board, less);
  CHECK_FALSE(wrong.empty());
  CHECK_TRUE_TEXT(less.size() <= 8 && less.size() < steps.size() / 4, to_text(less).c_str());
  CHECK_TRUE_TEXT(relive(less).empty(), "without the planted fault the same steps are right");
  for (std::size_t i = 0; i < less.size(); ++i) {
    Steps without = less;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_TRUE_TEXT(relive(without, Planted::forgetful_board).empty(), "no step is too many");
  }
  Steps read;
  CHECK_TRUE(from_text(to_text(less), read));
  CHECK_TRUE(read == less);
  if (std::getenv("MODEL_SHOW")) fmt::print("\nseed {}: {} -> {} steps: {}\n  {}\n", seed, steps.size(), less.size(), to_text(less), wrong);
}
