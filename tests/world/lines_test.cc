// Lines that are kept up and headsets, heard: each party speaks a digit of its own, and who hears it is asked of the far ends.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/ranges.h>

#include <map>
#include <set>
#include <string>

#include "tests/support/world.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;
namespace cmd = board::cmd;
namespace evt = board::evt;
using Verb = SupervisorVerb;

namespace {
CenterConfig& with_phones(CenterConfig& c) {
  c.phones = {{.name = "pbx1", .group = "city", .number = "601", .kept_up = true, .accept_key = "5"},
              {.name = "pbx2", .group = "city", .number = "602", .kept_up = true, .accept_key = "5"},
              {.name = "1001", .kept_up = true, .accept_key = "*"}};
  return c;
}
}  // namespace

TEST_GROUP(WorldLines) {
  World world{{.seed = 5, .e1s = 1, .agents = 2, .behaviour = {.answers = 0, .presses_keys = 0}, .change = [](CenterConfig& c) { with_phones(c); }}};
  std::map<LegId, std::string> heard;
  std::map<LegId, int> sounds;        // beginnings
  std::map<LegId, bool> sound;
  LegId caller{};
  CallId call{};

  void setup() override {
    world.exchange().callees = {{"601", {2s, '5'}}, {"602", {2s, '5'}}};
    world.exchange().listen([this](const board::Event& event) {
      if (const auto* p = std::get_if<evt::Proceeding>(&event)) caller = p->leg;
      if (const auto* d = std::get_if<evt::Digit>(&event)) heard[d->leg] += d->digit;
      if (const auto* s = std::get_if<evt::Activity>(&event)) sounds[s->leg] += sound[s->leg] = s->on;
      if (const auto* r = std::get_if<evt::Released>(&event); r && r->leg == caller) caller = LegId::none;
    });
    cti().on_journal([this](const JournalRow& row) {
      if (const auto* e = std::get_if<ev::Established>(&row.event); e && !e->agentID.empty()) call = e->call;
    });
    for (const char* agent : {"2001", "2002"}) CHECK_TRUE(cti().agent_logout(agent).has_value());
  }
  CtiBackend& cti() { return world.center().cti(); }
  void send(const board::Command& command) { world.exchange_board().send(command); }
  bool shows(const std::string& text) { return cti().agents_json().find(text) != std::string::npos; }
  void sits(const char* agent, const char* phone) { CHECK_TRUE(cti().agent_login({agent, phone, "1234", true}).has_value()); }
  void press(LegId leg, char key) {
    world.exchange().press(leg, key);
    world.run_for(1s);
  }
  LegId line_of(const char* agent, const char* phone, const char* number) {
    sits(agent, phone);
    world.run_for(5s);
    const LegId line = world.exchange().callee(number);
    CHECK_TRUE(line != LegId::none);
    send(cmd::Detect{line, true, true});
    world.run_for(1s);
    return line;
  }
  // A caller comes, a beep is heard on the line, the key takes him.
  void takes_a_call(LegId line, char key) {
    const int answered = static_cast<int>(world.books().answered), beeps = sounds[line];
    world.exchange().dial("13900000001", "4006001", 1000s);
    for (int i = 0; i < 60 && sounds[line] == beeps; ++i) world.run_for(1s);
    heard.clear();
    const int first = sounds[line];
    world.run_for(7s);
    CHECK_COMPARE(sounds[line], >=, first + 2);  // again and again
    STRCMP_EQUAL("", heard[line].c_str());       // a tone, and no digit
    press(line, '7');
    LONGS_EQUAL(answered, world.books().answered);
    press(line, key);
    LONGS_EQUAL(answered + 1, world.books().answered);
    send(cmd::Detect{caller, true, true});
    world.run_for(100ms);
    reach({{caller, "caller"}, {line, "agent"}}, caller, "agent");
    reach({{caller, "caller"}, {line, "agent"}}, line, "caller");
  }
  // A digit that nobody takes for an order: who of `parties` hears it?
  void reach(const std::map<LegId, std::string>& parties, LegId from, const char* expected) {
    heard.clear();
    send(cmd::SendDtmf{from, "8"});
    world.run_for(500ms);
    std::set<std::string> names;
    for (const auto& [leg, name] : parties)
      if (leg != from && heard[leg] == "8") names.insert(name);
    STRCMP_EQUAL(expected, fmt::format("{}", fmt::join(names, " ")).c_str());
  }
  void hangs_up(LegId leg) {
    send(cmd::Clear{leg, 16});
    world.run_for(5s);
  }
  void end() {
    for (const char* agent : {"2001", "2002"}) (void)cti().agent_logout(agent);
    if (caller != LegId::none) hangs_up(caller);
    CHECK_TRUE(world.drain());
    STRCMP_EQUAL("", world.trouble().c_str());
    LONGS_EQUAL(0, world.center().counters().no_row);
  }
};

TEST(WorldLines, two_calls_in_a_row_come_over_one_line) {
  const LegId line = line_of("2001", "pbx1", "601");
  for (int i = 0; i < 2; ++i) {
    takes_a_call(line, '5');
    hangs_up(caller);
    CHECK_TRUE(world.exchange().callee("601") == line);
    CHECK_FALSE(sound[line]);
    CHECK_TRUE(shows("\"phone\":\"idle\",\"state\":\"agentReady\""));
  }
  LONGS_EQUAL(1, world.exchange().counters().incoming);
  end();
}

TEST(WorldLines, a_client_consults_and_transfers_and_a_supervisor_releases_and_both_lines_stay) {
  const LegId one = line_of("2001", "pbx1", "601");
  takes_a_call(one, '5');
  const LegId two = line_of("2002", "pbx2", "602");
  const std::map<LegId, std::string> all = {{caller, "caller"}, {one, "first"}, {two, "second"}};
  const auto who_hears = [&](const char* callers, const char* firsts, const char* seconds) {
    reach(all, caller, callers);
    reach(all, one, firsts);
    reach(all, two, seconds);
  };
  CHECK_TRUE(cti().call_consult(call, "2002").has_value());
  world.run_for(1s);
  CHECK_TRUE(sound[caller]);
  press(two, '5');
  who_hears("", "second", "first");
  CHECK_TRUE(cti().call_conference(call).has_value());
  world.run_for(500ms);
  who_hears("first second", "caller second", "caller first");
  CHECK_TRUE(cti().call_transfer(call).has_value());
  world.run_for(500ms);
  who_hears("second", "", "caller");
  CHECK_TRUE(cti().supervise({.verb = Verb::forceClear, .user = "root", .agent = "2002"}).has_value());
  world.run_for(5s);
  CHECK_TRUE(caller == LegId::none);
  CHECK_TRUE(world.exchange().callee("601") == one && world.exchange().callee("602") == two);
  CHECK_FALSE(sound[one] || sound[two]);
  LONGS_EQUAL(1, world.books().answered);
  end();
}

TEST(WorldLines, who_hangs_up_his_line_is_called_again_when_he_is_ready) {
  const LegId line = line_of("2001", "pbx1", "601");
  takes_a_call(line, '5');
  send(cmd::Clear{line, 16});
  world.run_for(60s);
  CHECK_TRUE(shows("\"line lost\"") && shows("\"line down\""));
  CHECK_TRUE(world.exchange().callee("601") == LegId::none);
  CHECK_TRUE(cti().agent_ready("2001").has_value());
  world.run_for(5s);
  CHECK_TRUE(world.exchange().callee("601") != LegId::none);
  CHECK_TRUE(shows("\"phone\":\"idle\",\"state\":\"agentReady\""));
  end();
}

TEST(WorldLines, ctid_dies_while_a_line_is_up_and_while_a_call_is_announced_on_it) {
  const LegId line = line_of("2001", "pbx1", "601");
  world.kill_ctid();
  world.run_for(2s);
  world.start_ctid();
  world.run_for(1s);
  CHECK_TRUE(shows("\"phone\":\"idle\",\"state\":\"agentReady\""));
  takes_a_call(line, '5');
  hangs_up(caller);
  const int beeps = sounds[line];
  world.exchange().dial("13900000001", "4006001", 1000s);
  for (int i = 0; i < 60 && sounds[line] == beeps; ++i) world.run_for(1s);
  world.kill_ctid();
  world.run_for(1s);
  world.start_ctid();
  world.run_for(1s);
  LONGS_EQUAL(1, world.books().answered);
  press(line, '5');
  LONGS_EQUAL(2, world.books().answered);
  CHECK_TRUE(world.exchange().callee("601") == line);
  LONGS_EQUAL(1, world.exchange().counters().incoming);
  end();
}

TEST(WorldLines, a_headset_hears_a_beep_takes_by_key_and_is_ready_off_hook) {
  const LegId head{kCtidLegBase + (1ULL << 20)};
  sits("2001", "1001");
  CHECK_TRUE(shows("\"line down\""));
  send(cmd::Dial{head, "fxs-1/1", {}, {}, {}});
  world.run_for(1s);
  send(cmd::Detect{head, true, true});
  world.run_for(1s);
  CHECK_FALSE(sound[head]);  // no dial tone
  for (int i = 0; i < 2; ++i) {
    takes_a_call(head, '*');
    hangs_up(caller);
    CHECK_FALSE(sound[head]);
    CHECK_TRUE(shows("\"phone\":\"idle\",\"state\":\"agentReady\""));
  }
  send(cmd::SendDtmf{head, "*141"});
  world.run_for(3s);
  CHECK_TRUE(shows("\"break\""));
  send(cmd::Clear{head, 16});
  world.run_for(2s);
  CHECK_TRUE(shows("\"line down\""));
  end();
}
