// What becomes of a supervisor's requests on the socket, and who is at its other end.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>

#include "cti-core/cti/peer.h"
#include "cti-core/cti/session.h"
#include "drivers/base/json.h"
#include "tests/cti-core/cti/fake_backend.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::cti;
using namespace sr::cti::test;
using Verb = SupervisorVerb;

namespace {
struct LastLine final : Wire {
  void send(std::string_view text) override { line = text; }
  std::size_t backlog() const override { return 0; }
  void close_after_flush() override {}
  std::string line;
};
}  // namespace

TEST_GROUP(SupervisorMethods) {
  VirtualTimers timers;
  FakeBackend backend{timers};
  store::InlineJournalReader reader{backend.writer->database(), timers};
  EventHub hub{0};
  SessionWorld world{backend, reader, hub, timers, "test", [] {}};
  LastLine wire;
  Session session{world, wire, [] { return std::string("wang"); }};

  void ask(const std::string& method, const std::string& params) { session.on_line(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}"); }
  SupervisorOrder ok(const std::string& method, const std::string& params) {
    ask(method, params);
    if (wire.line.find("\"result\"") == std::string::npos) FAIL(wire.line.c_str());
    return backend.ordered.back();
  }
  void refused(const char* part, const std::string& method, const std::string& params) {
    const std::size_t before = backend.ordered.size();
    ask(method, params);
    CHECK_TRUE_TEXT(wire.line.find("-32602") != std::string::npos && wire.line.find(part) != std::string::npos, wire.line.c_str());
    LONGS_EQUAL(before, backend.ordered.size());
  }
};

TEST(SupervisorMethods, each_is_one_order_with_who_gave_it) {
  CHECK_TRUE((ok("call.monitor", R"({"agent":"2001","as":"2009","pin":"9","device":"1009"})") ==
              SupervisorOrder{.verb = Verb::listen, .as = "2009", .pin = "9", .user = "wang", .agent = "2001", .device = "1009"}));
  CHECK_TRUE(ok("call.monitor", R"({"agent":"2001","mode":"whisper"})").verb == Verb::whisper);
  CHECK_TRUE(ok("call.monitor", R"({"agent":"2001","mode":"bargeIn"})").verb == Verb::bargeIn);
  CHECK_TRUE(ok("call.monitor", R"({"mode":"none","device":"1009"})").verb == Verb::stopListening);
  CHECK_TRUE((ok("call.forceClear", R"({"call":7})") == SupervisorOrder{.verb = Verb::forceClear, .user = "wang", .call = CallId{7}}));
  CHECK_TRUE((ok("call.forceTransfer", R"({"agent":"2001","to":"2002"})") == SupervisorOrder{.verb = Verb::forceTransfer, .user = "wang", .agent = "2001", .to = "2002"}));
  CHECK_TRUE((ok("call.pickup", "{}") == SupervisorOrder{.verb = Verb::pickup, .user = "wang"}));
  CHECK_TRUE((ok("call.requeue", R"({"call":7,"queue":"vip"})") == SupervisorOrder{.verb = Verb::requeue, .user = "wang", .call = CallId{7}, .queue = "vip"}));
  CHECK_TRUE((ok("call.prioritize", R"({"call":7,"priority":3})") == SupervisorOrder{.verb = Verb::prioritize, .user = "wang", .call = CallId{7}, .priority = 3}));
  CHECK_FALSE(ok("call.prioritize", R"({"call":7})").priority.has_value());
  CHECK_TRUE((ok("agent.setState", R"({"agent":"2001","state":"notReady","reason":"lunch"})") ==
              SupervisorOrder{.verb = Verb::setState, .user = "wang", .agent = "2001", .state = "notReady", .reason = "lunch"}));
  CHECK_TRUE((ok("agent.setSkill", R"({"agent":"2001","skill":"tv","level":4})") == SupervisorOrder{.verb = Verb::setSkill, .user = "wang", .agent = "2001", .skill = "tv", .level = 4}));
  CHECK_TRUE(ok("queue.addMember", R"({"agent":"2001","queue":"vip"})").verb == Verb::addMember);
  CHECK_TRUE(ok("queue.removeMember", R"({"agent":"2001","queue":"vip"})").verb == Verb::removeMember);
}

TEST(SupervisorMethods, what_is_missing_or_wrong_is_named) {
  refused("'agent'", "call.monitor", "{}");
  refused("more than 256 bytes", "call.monitor", "{\"agent\":\"" + std::string(257, '1') + "\"}");
  refused("'mode' cannot be 'shout'", "call.monitor", R"({"agent":"2001","mode":"shout"})");
  refused("'agent' or 'call'", "call.forceClear", "{}");
  refused("either 'to'", "call.forceTransfer", R"({"agent":"2001"})");
  refused("either 'to'", "call.forceTransfer", R"({"agent":"2001","to":"2002","queue":"vip"})");
  refused("'call'", "call.requeue", R"({"queue":"vip"})");
  refused("'queue'", "call.requeue", R"({"call":1})");
  refused("'call'", "call.prioritize", "{}");
  refused("priority", "call.prioritize", R"({"call":1,"priority":"high"})");
  refused("'state'", "agent.setState", R"({"agent":"2001"})");
  refused("'level'", "agent.setSkill", R"({"agent":"2001","skill":"tv"})");
  refused("'queue'", "queue.addMember", R"({"agent":"2001"})");
}

TEST(SupervisorMethods, an_order_that_is_refused_says_why) {
  backend.refuse = CtiError{4031, "wrong PIN"};
  ask("call.pickup", "{}");
  CHECK_TRUE(wire.line.find("4031") != std::string::npos && wire.line.find("wrong PIN") != std::string::npos && wire.line.find("forbidden") != std::string::npos);
}

TEST(SupervisorMethods, the_peer_of_a_socket_is_named_by_its_user) {
  int ends[2];
  LONGS_EQUAL(0, ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  LONGS_EQUAL(::getuid(), peer_uid(ends[0]));
  ::close(ends[0]);
  ::close(ends[1]);
  LONGS_EQUAL(-1, peer_uid(ends[0]));
  char file[] = "/tmp/switchroom-XXXXXX";
  const int fd = ::mkstemp(file);
  const std::string_view text = "root:x:0:0::/root:/bin/sh\nwang:x:1007:1007:Wang:/home/wang:/bin/sh\n";
  LONGS_EQUAL(text.size(), ::write(fd, text.data(), text.size()));
  ::close(fd);
  STRCMP_EQUAL("wang", user_name(1007, file).c_str());
  STRCMP_EQUAL("uid 1008", user_name(1008, file).c_str());
  STRCMP_EQUAL("?", user_name(-1, file).c_str());
  ::unlink(file);
  STRCMP_EQUAL("uid 1007", user_name(1007, file).c_str());
}
