// Whole shows in virtual time, with faults: the books balance each time, no leg is left, no agent has two calls.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <random>
#include <string>

#include "tests/support/random_config.h"
#include "tests/support/setting.h"
#include "tests/support/world.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {

void balanced(World& world, std::uint64_t seed) {
  const std::string trouble = world.trouble();
  if (!trouble.empty()) FAIL(fmt::format("seed {}: {}", seed, trouble).c_str());
}

int first_seed() { return setting("WORLD_SEED", 1); }
int seeds() { return setting("WORLD_SEEDS", 3); }
int calls() { return setting("WORLD_CALLS", 10'000); }  // fewer where each costs ten times as much

}  // namespace

TEST_GROUP(World){};

TEST(World, one_caller_reaches_an_agent_and_hangs_up) {
  World world({.seed = 1, .e1s = 1, .agents = 2});
  world.exchange().dial("13900000001", "4006001", 100s);
  world.run_for(60s);
  CHECK_EQUAL(1, world.exchange().counters().connected);
  CHECK(world.exchange().counters().ring_answered >= 1);
  CHECK(world.drain());
  const auto books = world.books();
  LONGS_EQUAL(1, books.offered);
  LONGS_EQUAL(1, books.answered);
  balanced(world, 1);
}

TEST(World, more_callers_than_trunks_and_agents_balance) {
  for (int seed = first_seed(); seed <= seeds(); ++seed) {
    World world({.seed = static_cast<std::uint64_t>(seed), .e1s = 2, .agents = 12});
    world.arrivals(2.5, 400s);
    world.run_for(400s);
    CHECK(world.drain());
    CHECK(world.exchange().counters().refused > 0);
    CHECK(world.books().offered > 300);
    balanced(world, static_cast<std::uint64_t>(seed));
  }
}

TEST(World, ctid_is_killed_again_and_again_and_the_books_balance) {
  for (int seed = first_seed(); seed <= seeds(); ++seed) {
    World world({.seed = static_cast<std::uint64_t>(seed), .e1s = 2, .agents = 12});
    world.arrivals(1.5, 300s);
    for (int i = 0; i < 8; ++i) {
      world.run_for(30s + Duration(i * 137'731));
      world.kill_ctid();
      world.run_for(Duration((i % 4) * 4'000'000 + 100'000));
      world.start_ctid();
    }
    world.run_for(60s);
    CHECK(world.drain());
    balanced(world, static_cast<std::uint64_t>(seed));
  }
}

TEST(World, a_d_channel_that_fails_for_a_while_loses_no_record) {
  for (int seed = first_seed(); seed <= seeds(); ++seed) {
    World world({.seed = static_cast<std::uint64_t>(seed), .e1s = 2, .agents = 12});
    world.arrivals(1.0, 240s);
    world.run_for(60s);
    world.cut_d_channel(0, true);
    world.run_for(30s);
    world.cut_d_channel(0, false);
    world.run_for(150s);
    CHECK(world.drain());
    balanced(world, static_cast<std::uint64_t>(seed));
  }
}

TEST(World, refusals_on_a_full_disk_are_booked) {
  World world({.seed = 5, .e1s = 2, .agents = 12});
  world.arrivals(1.0, 120s);
  world.run_for(40s);
  world.disk_full(true);
  world.run_for(30s);
  world.disk_full(false);
  world.run_for(60s);
  CHECK(world.drain());
  CHECK(world.books().lost["system_fault"] > 0);
  balanced(world, 5);
}

// Callers wait, ring, talk and are held while queues, agents and numbers come, change and go; ctid dies between two of them.
TEST(World, any_configurations_in_a_busy_show_lose_nobody) {
  for (int seed = first_seed(); seed <= seeds(); ++seed) {
    World world({.seed = static_cast<std::uint64_t>(seed), .e1s = 2, .agents = 16});
    const CenterConfig base = world.file();
    const auto below = [&](int n) { return static_cast<int>(world.random()() % static_cast<unsigned>(n)); };
    world.arrivals(1.5, 400s);
    int changed = 0;
    for (int i = 0; i < 60; ++i) {
      world.run_for(Duration(below(8'000'000)));
      const bool rollback = below(4) == 0;
      if (!rollback) world.file() = random_config(base, below, "vip");
      changed += world.reload(rollback).find("in force") != std::string::npos;
      if (i % 20 == 19) {
        world.kill_ctid();
        world.run_for(2s);
        world.start_ctid();
      }
      for (int a = 0; a < 16; ++a) (void)world.center().cti().agent_login({std::to_string(2001 + a), std::to_string(1001 + a), "1234", true});
    }
    world.run_for(60s);
    CHECK(world.drain());
    CHECK(changed > 30);
    CHECK(world.books().answered > 20);
    balanced(world, static_cast<std::uint64_t>(seed));
  }
}

TEST(World, a_queue_that_rings_all_its_phones_balances_also_when_ctid_dies) {
  for (int seed = first_seed(); seed <= seeds(); ++seed) {
    World world({.seed = static_cast<std::uint64_t>(seed), .e1s = 2, .agents = 12, .strategy = Strategy::ring_all});
    world.arrivals(0.2, 200s);
    int offered = 0, answered = 0;  // to and by agents, before the first death
    world.center().cti().on_journal([&](const JournalRow& row) {
      offered += std::holds_alternative<ev::Delivered>(row.event);
      if (const auto* e = std::get_if<ev::Established>(&row.event)) answered += !e->agentID.empty();
    });
    for (int i = 0; i < 4; ++i) {
      world.run_for(40s + Duration(i * 137'731));
      world.kill_ctid();
      world.run_for(Duration((i % 3) * 3'000'000 + 100'000));
      world.start_ctid();
    }
    world.run_for(60s);
    CHECK(world.drain());
    CHECK_COMPARE(offered, >, 2 * answered);
    balanced(world, static_cast<std::uint64_t>(seed));
  }
}

// Everything at once, many seeds, 10,000 calls.
TEST(World, ten_thousand_calls_with_every_fault_balance) {
  int offered = 0;
  std::uint64_t seed = 100;
  while (offered < calls()) {
    ++seed;
    std::mt19937_64 random(seed);
    const auto upto = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    World world({.seed = seed, .e1s = 4, .agents = 30, .behaviour = {.life_max = 90s}});
    world.arrivals(5.0, 400s);
    for (int i = 0; i < 10; ++i) {
      world.run_for(Duration(upto(35'000'000)));
      switch (upto(4)) {
        case 0: {
          const int e1 = upto(4);
          world.cut_d_channel(e1, true);
          world.run_for(Duration(upto(25'000'000)));
          world.cut_d_channel(e1, false);
          break;
        }
        case 1:
          world.kill_ctid();
          world.run_for(Duration(upto(15'000'000)));
          world.start_ctid();
          break;
        case 2:
          world.disk_full(true);
          world.run_for(Duration(upto(10'000'000)));
          world.disk_full(false);
          break;
        default: {
          const int e1 = upto(4);
          world.cut_wire(e1, true);
          world.run_for(Duration(upto(5'000'000)));
          world.cut_wire(e1, false);
        }
      }
    }
    world.run_for(60s);
    CHECK(world.drain());
    balanced(world, seed);
    offered += world.incoming_offered();
  }
}

// Three kinds of center, the same surge: capture lets nobody go unbooked, and with it the exchange refuses nobody.
TEST(World, with_a_reserve_every_caller_of_a_surge_is_booked_and_every_number_is_in_the_list_once_or_answered) {
  for (const CaptureMedia media : {CaptureMedia::none, CaptureMedia::early, CaptureMedia::answered}) {
    World world({.seed = 11, .e1s = 1, .agents = 6, .change = [media](CenterConfig& c) {
                   c.trunks.push_back({"city", 4});
                   for (auto& n : c.numbers) n.capture = {.cause = 17, .prompt = media == CaptureMedia::none ? "" : "all_busy_will_call_back", .media = media};
                 }});
    for (int i = 0; i < 30; ++i) {
      world.arrivals(media == CaptureMedia::none ? 3.0 : 0.6, 10s);
      world.run_for(10s);
      if (i == 15) {
        world.kill_ctid();
        world.run_for(500ms);
        world.start_ctid();
      }
    }
    CHECK(world.drain());
    auto books = world.books();
    const auto& seen = world.exchange().counters();
    CHECK(books.lost.contains("captured"));
    LONGS_EQUAL(0, seen.refused);  // a sentence holds its channel: with half of the reserve left it is not spoken any more
    if (media == CaptureMedia::none) CHECK(seen.busy >= books.lost.at("captured"));
    CHECK_EQUAL(media == CaptureMedia::early, seen.early > 0);
    LONGS_EQUAL(0, books.callbacks.in_no_list);
    LONGS_EQUAL(books.callbacks.calls, books.lost_total - books.lost["blacklist"]);
    balanced(world, 11);
  }
}
