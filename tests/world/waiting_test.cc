// What waiting callers are told and do, on real lines and with real prompts.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <map>

#include "cti-core/store/waits.h"
#include "tests/support/world.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

TEST_GROUP(WorldWaiting) {
  static void balanced(World& world) {
    const std::string trouble = world.trouble();
    if (!trouble.empty()) FAIL(trouble.c_str());
  }
};

TEST(WorldWaiting, the_announced_wait_never_rises_while_the_place_falls_also_over_restarts_of_ctid) {
  World world({.seed = 11, .e1s = 4, .agents = 10, .behaviour = {.life_min = 60s, .life_max = 400s, .talk_max = 90s}, .queue_timeout = 300s,
               .announce = {.first = 5s, .every = 15s, .comfort = {"all_busy_please_wait"}, .music = {0s}}});
  world.arrivals(0.5, 900s);
  for (int life = 0; life < 3; ++life) {
    world.run_for(250s);
    world.kill_ctid();
    world.run_for(2s);
    world.start_ctid();
  }
  world.run_for(150s);
  CHECK(world.drain(20min));
  balanced(world);

  auto rows = store::Statement::prepare(world.journal(), "select call, queue, position, seconds from wait_announced order by seq");
  CHECK(rows.has_value());
  struct Before { std::int64_t position = 0, seconds = 0; };
  std::map<std::string, Before> told;
  int announced = 0, waits = 0;
  while (rows->next()) {
    ++announced;
    Before& before = told[rows->text(0) + rows->text(1)];
    const std::int64_t position = rows->integer(2), seconds = rows->integer(3);
    if (before.position != 0 && position <= before.position && seconds > 0 && before.seconds > 0) CHECK_TEXT(seconds <= before.seconds, rows->text(0).c_str());
    before.position = position;
    if (seconds > 0) before.seconds = seconds, ++waits;
  }
  CHECK_TEXT(announced > 500 && waits > 300, fmt::format("{} announced, {} with a wait", announced, waits).c_str());

  const auto errors = store::read_waits(world.journal(), store::kFromEver, store::kToEver, {});
  CHECK(errors.has_value() && !errors->empty());
  std::int64_t waiting = 0;
  for (const auto& e : *errors) {
    waiting += e.waiting;
    CHECK_EQUAL(e.announced, e.answered + e.left + e.waiting);
    if (std::getenv("WORLD_SHOW")) fmt::print("{}: {} told, {} answered, {} left; bias {:.0f} s, P50 {:.0f} s, P90 {:.0f} s\n", e.queue, e.announced, e.answered, e.left, *e.bias_s, *e.p50_s, *e.p90_s);
  }
  CHECK_EQUAL(0, waiting);
}
