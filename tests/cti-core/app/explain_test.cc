// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

TEST_GROUP(Explain) {
  Desk desk;
  std::string explained(CallId call) {
    const auto words = desk.center->cti().call_explain(call);
    return words ? *words : "error: " + words.error().message;
  }
};

TEST(Explain, a_caller_behind_another_one_and_one_of_a_higher_class) {
  desk.queued("1");
  desk.run(10s);
  const CallId second = desk.queued("2");
  desk.run(5s);
  const CallId better = desk.queued("3", {.queue = "orders", .priority = 1, .agent = {}});
  desk.run(1s);
  STRCMP_EQUAL("call 2 waits in orders since 6.0 s, place 3 of 3\n"
               "  before it: call 3, waits 1.0 s, priority 1\n"
               "  before it: call 1, waits 16.0 s\n"
               "  3 agents serve it: 0 idle, 3 agentNull\n"
               "  who becomes free first takes the first of the queues that he serves (strategy of orders: longest_idle)",
               explained(second).c_str());
  CHECK_TRUE(explained(better).starts_with("call 3 waits in orders since 1.0 s, place 1 of 3\n  its wait counts as 601.0 s: priority 1, each class worth 600.0 s\n"));
}

TEST(Explain, why_this_agent_got_it) {
  desk.login("2001", "1001");
  desk.run(2s);
  desk.login("2002", "1002");
  desk.run(3s);
  const CallId call = desk.queued();
  STRCMP_EQUAL("call 1: ringing with agent 2001\n  2 of its queue were idle, the strategy put him first; he had been idle for 5.0 s\n  it had waited 0.0 s, with 1 in its queue",
               explained(call).c_str());
  desk.talk("1001");
  CHECK_TRUE(explained(call).starts_with("call 1: talking with agent 2001\n"));
  STRCMP_EQUAL("error: no incoming call 99", explained(CallId{99}).c_str());
}

TEST(Explain, who_waits_for_one_agent_alone) {
  desk.login("2001", "1001");
  desk.queued();
  desk.talk("1001");
  const CallId call = desk.queued("7", {.queue = "orders", .agent = "2001", .agent_wait = 60s});
  CHECK_TRUE(explained(call).find("\n  it waits for agent 2001 alone (agentBusy)\n") != std::string::npos);
}
