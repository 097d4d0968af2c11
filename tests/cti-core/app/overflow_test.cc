// A queue whose own agents are not enough.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {
// 2001 serves orders; 2004 helps when 3 wait or one waits for 30 s, until none has waited 5 s and at most 1 waits.
CenterConfig overflowing() {
  CenterConfig config = desk_config();
  auto& orders = *std::ranges::find(config.queues, "orders", &QueueConfig::name);
  orders.agents = {"2001"};
  orders.overflow = {{.agents = {"2004"}, .when = {.begin = {.waiting = 3, .oldest = 30s}, .end = {.waiting = 2, .oldest = 5s}}}};
  return config;
}
}  // namespace

TEST_GROUP(Overflow) {
  Desk desk{overflowing()};
  void setup() override { desk.login("2004", "1004"); }
  std::string told() const {
    std::string out;
    for (const auto& row : desk.journal)
      if (const auto* o = std::get_if<ev::QueueOverflow>(&row.event)) out += o->queue + " " + std::to_string(o->step) + " with " + std::to_string(o->waiting) + "; ";
    return out;
  }
  bool rings() const { return desk.board.ringing("1004") != LegId::none; }
};

TEST(Overflow, others_help_when_so_many_wait_and_not_before) {
  desk.queued("1");
  desk.queued("2");
  CHECK_FALSE(rings());
  STRCMP_EQUAL("", told().c_str());
  desk.queued("3");
  CHECK_TRUE(rings());
  STRCMP_EQUAL("orders 1 with 3; ", told().c_str());
  CHECK_TRUE(desk.center->cti().queues_json().find("\"overflow\":1") != std::string::npos);
}

TEST(Overflow, the_longest_wait_begins_a_step_by_itself) {
  desk.queued("1");
  desk.run(29s);
  CHECK_FALSE(rings());
  desk.run(2s);
  CHECK_TRUE(rings());
  STRCMP_EQUAL("orders 1 with 1; ", told().substr(0, 17).c_str());
}

TEST(Overflow, it_ends_when_the_queue_is_short_again_and_the_caller_who_has_a_helper_keeps_him) {
  for (const char* caller : {"1", "2", "3"}) desk.queued(caller);
  desk.talk("1004");
  std::vector<LegId> waiting;
  for (const auto& [id, leg] : desk.board.legs_)
    if (leg.shown.station.empty() && leg.shown.connected_to == LegId::none) waiting.push_back(id);
  LONGS_EQUAL(2, waiting.size());
  for (const LegId leg : waiting) desk.board.gone(leg, 16, true);
  desk.settle();
  STRCMP_EQUAL("orders 1 with 3; orders 0 with 1; ", told().c_str());
  STRCMP_EQUAL("agentBusy", desk.state("2004").c_str());
  desk.queued("9");
  desk.board.on_hook("1004");
  desk.run(10s);
  CHECK_FALSE(rings());
}
