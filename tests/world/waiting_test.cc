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
  static std::string count(World& world, const char* sql) {
    auto rows = store::Statement::prepare(world.journal(), sql);
    return rows && rows->next() ? rows->text(0) : "none";
  }
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

TEST(WorldWaiting, callers_leave_their_number_by_key_and_each_place_ends_while_ctid_is_killed_and_started) {
  World world({.seed = 21, .e1s = 4, .agents = 6, .behaviour = {.life_min = 60s, .life_max = 200s, .talk_max = 40s, .answers = 1, .leaves_number = 0.6}, .queue_timeout = 300s});
  world.arrivals(0.4, 500s);
  for (int life = 0; life < 3; ++life) {
    world.run_for(200s + Duration(life * 1'370'731));
    world.kill_ctid();
    world.run_for(1s);
    world.start_ctid();
  }
  const auto open = [&] { return std::stoi(count(world, "select count(*) from place where closed_at is null")); };
  for (int minutes = 0; minutes < 60 && (open() > 0 || world.center().calls() > 0); ++minutes) world.run_for(60s);
  CHECK(world.drain());
  balanced(world);
  CHECK_EQUAL(0, open());
  const std::string kept = count(world, "select count(*) from place"), reached = count(world, "select count(*) from place where outcome = 'reached'");
  if (std::getenv("WORLD_SHOW"))
    fmt::print("{} places kept, {} reached, {} got through by themselves, {} to the callback list\n", kept, reached, count(world, "select count(*) from place where outcome = 'got through'"),
               count(world, "select count(*) from place where outcome like 'callback list%'"));
  CHECK_TEXT(std::stoi(kept) > 20, kept.c_str());
  CHECK_TEXT(2 * std::stoi(reached) > std::stoi(kept), reached.c_str());
  STRCMP_EQUAL(kept.c_str(), count(world, "select count(*) from place p join lost l on l.call = p.call where l.stage = 'place_kept' and l.callback = 1").c_str());
  STRCMP_EQUAL(reached.c_str(), count(world, "select count(*) from place p join outgoing o on o.call = p.callback where p.outcome = 'reached' and o.outcome = 'answered'").c_str());
  STRCMP_EQUAL("0", count(world, "select count(*) from callback where kind = 'place' and closed_at is null").c_str());
}

TEST(WorldWaiting, the_agent_of_the_last_order_then_the_vip_group_then_anybody_in_this_order) {
  World world({.seed = 3, .e1s = 1, .agents = 8, .behaviour = {.life_min = 60s, .life_max = 60s, .answers = 1, .presses_keys = 0}});
  // 13900000001 is gold and ordered from 2004 (business.sql); 2001-2003 are the VIP group.
  CHECK(world.center().cti().agent_not_ready("2004", "1").has_value());
  world.exchange().dial("13900000001", "4006001", 50s);
  world.run_for(10s);
  STRCMP_EQUAL("vip", count(world, "select queue from call where calling = '13900000001'").c_str());
  world.run_for(60s);
  CHECK(world.center().cti().agent_ready("2004").has_value());
  world.exchange().dial("13900000001", "4006001", 50s);
  world.run_for(20s);
  STRCMP_EQUAL("2004", count(world, "select agent from call where calling = '13900000001' order by call desc limit 1").c_str());
  world.run_for(60s);
  CHECK(world.drain());
  balanced(world);
}
