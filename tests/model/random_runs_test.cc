// Long runs of a small center by chance, with faults: links drop, boardd begins a new life, ctid starts again from its journal, the disk
// stalls or is full, phones are unplugged, people dial nonsense. A run that fails is cut down to the steps that it needs.
//   MODEL_SEED=17 build/test/model -g RandomRuns                         one seed again; MODEL_SEEDS=1000 more of them, MODEL_STEPS=2000 longer
//   MODEL_RUN="call_orders, ctid_dies, …" build/test/model -g RandomRuns  a list that was printed; MODEL_SCENE=whole where it is played (scene.h)
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
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

bool heals(Act act) { return act == Act::link_comes || act == Act::ctid_comes || act == Act::store_goes_on || act == Act::disk_has_room; }

// What lets calls get on; of these one is taken oftener than by chance, or few runs would get far.
bool helps(Act act) {
  return heals(act) || act == Act::press_key || act == Act::prompt_ends || act == Act::off_hook || act == Act::far_answers || act == Act::far_busy || act == Act::outside_answers ||
         act == Act::accept || act == Act::ready;
}

// What went wrong in a run that chance makes up, and the run.
std::string live(const Scene& scene, unsigned seed, int length, Planted planted, Steps& steps, std::map<std::string, int>* seen = nullptr) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  Play play(scene, Life::faulty, planted);
  for (int i = 0; i < length && play.wrong().empty(); ++i) {
    Steps all = play.possible();
    if (below(3) == 0 && std::ranges::any_of(all, helps, &Step::act)) std::erase_if(all, [](const Step& step) { return !helps(step.act); });
    Step step = all[below(all.size())];
    if (rare(step.act) && !heals(step.act) && below(4) != 0)
      step = {Act::wait, static_cast<std::uint8_t>(below(8))};
    steps.push_back(step);
    play.act(step);
  }
  if (play.wrong().empty()) play.drain();
  if (seen)
    for (const auto& [what, times] : play.seen()) (*seen)[what] += times;
  return play.wrong();
}

std::string relive(const Scene& scene, const Steps& steps, Planted planted = Planted::nothing) {
  Play play(scene, Life::faulty, planted);
  for (const Step& step : steps) {
    play.act(step);
    if (!play.wrong().empty()) return play.wrong();
  }
  play.drain();
  return play.wrong();
}

std::string shortest(const Scene& scene, const Steps& failing, Planted planted, Steps& out) {
  out = shrink(failing, [&](const Steps& steps) { return !relive(scene, steps, planted).empty(); });
  return relive(scene, out, planted);
}

}  // namespace

TEST_GROUP(RandomRuns){};

TEST(RandomRuns, with_faults_break_nothing_and_leave_nothing) {
  const int only = setting("MODEL_SEED", 0);
  const int first = only ? only : 1, last = only ? only : setting("MODEL_SEEDS", 200);
  std::map<std::string, int> seen;
  for (const char* name : {"office", "places", "capture", "outside", "whole"}) {
    if (const char* wanted = std::getenv("MODEL_SCENE"); wanted && std::string_view(wanted) != name) continue;
    const Scene& scene = *find_scene(name);
    for (int seed = first; seed <= last; ++seed) {
      Steps steps, less;
      if (live(scene, static_cast<unsigned>(seed), setting("MODEL_STEPS", 300), Planted::nothing, steps, &seen).empty()) continue;
      const std::string wrong = shortest(scene, steps, Planted::nothing, less);
      FAIL(fmt::format("{}, seed {}: {}\n  {} of {} steps are needed; again: MODEL_SCENE={} MODEL_RUN=\"{}\"", name, seed, wrong, less.size(), steps.size(), name, to_text(less)).c_str());
    }
  }
  if (std::getenv("MODEL_SHOW"))
    for (const auto& [what, times] : seen) fmt::print("\n{:7} {}", times, what);
  if (only || last < 200 || std::getenv("MODEL_SCENE")) return;
  for (const char* what : {"place: reached", "place: in vain", "place: got through", "place: done", "place: callback list: busy", "place: callback list: nobody was free in time",
                           "lost: captured, too few channels free", "lost: captured, number withheld", "answered at line", "answered at home", "not ready: line lost",
                           "not ready: not accepted", "not ready: no answer"})
    CHECK_TRUE_TEXT(seen[what] > 0, what);
}

TEST(RandomRuns, a_run_that_is_given_is_run_again) {
  Steps steps;
  const char *given = std::getenv("MODEL_RUN"), *wanted = std::getenv("MODEL_SCENE");
  const Scene* scene = find_scene(wanted ? wanted : "office");
  CHECK_TRUE_TEXT(scene, "MODEL_SCENE is no scene");
  CHECK_TRUE(from_text(given ? given : "call_orders, off_hook 1, ctid_dies, wait 4, ctid_comes, on_hook 1", steps));
  const std::string wrong = relive(*scene, steps);
  if (!wrong.empty()) FAIL(wrong.c_str());
}

// The board forgets to say something while two calls are up: it takes at least two callers, a phone that was rung and an on-hook.
TEST(RandomRuns, a_planted_fault_is_found_and_cut_down_to_the_steps_that_it_needs) {
  const Scene& office = *find_scene("office");
  Steps steps, less;
  unsigned seed = 1;
  while (seed < 50 && live(office, seed, 300, Planted::forgetful_board, steps).empty()) ++seed, steps.clear();
  const std::string wrong = shortest(office, steps, Planted::forgetful_board, less);
  CHECK_FALSE(wrong.empty());
  CHECK_TRUE_TEXT(less.size() <= 8 && less.size() < steps.size() / 4, to_text(less).c_str());
  CHECK_TRUE_TEXT(relive(office, less).empty(), "without the planted fault the same steps are right");
  for (std::size_t i = 0; i < less.size(); ++i) {
    Steps without = less;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_TRUE_TEXT(relive(office, without, Planted::forgetful_board).empty(), "no step is too many");
  }
  Steps read;
  CHECK_TRUE(from_text(to_text(less), read));
  CHECK_TRUE(read == less);
  if (std::getenv("MODEL_SHOW")) fmt::print("\nseed {}: {} -> {} steps: {}\n  {}\n", seed, steps.size(), less.size(), to_text(less), wrong);
}
