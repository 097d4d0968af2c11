// The phone's procedure over real FXS phones in virtual time: hook, flash and DTMF go down the wire, and who hears whom is heard there.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <map>
#include <string>

#include "tests/support/world.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;
namespace cmd = board::cmd;
namespace evt = board::evt;

TEST_GROUP(Phones) {
  World world{{.seed = 1, .e1s = 1, .agents = 3, .behaviour = {.answers = 0, .presses_keys = 0}, .off_hook_returns = false}};
  std::map<int, LegId> phones;             // channel → its leg at the exchange
  std::map<LegId, std::string> heard;      // digits in the audio
  std::map<LegId, bool> sound;
  LegId caller{};
  std::uint64_t next_leg = kCtidLegBase + (1ULL << 20);

  void setup() override {
    world.exchange().listen([this](const board::Event& event) {
      if (const auto* o = std::get_if<evt::Offered>(&event); o && o->line == board::LineKind::line) hang(o->channel, o->leg);
      if (const auto* p = std::get_if<evt::Proceeding>(&event)) caller = p->leg;
      if (const auto* a = std::get_if<evt::Answered>(&event)) ears(a->leg);
      if (const auto* d = std::get_if<evt::Digit>(&event)) heard[d->leg] += d->digit;
      if (const auto* s = std::get_if<evt::Activity>(&event)) sound[s->leg] = s->on;
      if (const auto* r = std::get_if<evt::Released>(&event)) std::erase_if(phones, [&](const auto& p) { return p.second == r->leg; });
    });
  }
  void send(const board::Command& command) { world.exchange_board().send(command); }
  void hang(int channel, LegId leg) { phones[channel] = leg; }
  void ears(LegId leg) { send(cmd::Detect{leg, true, true}); }
  CtiBackend& cti() { return world.center().cti(); }

  bool rings(int n) {
    for (int i = 0; i < 100 && !phones.contains(n); ++i) world.run_for(100ms);
    return phones.contains(n);
  }
  void lift(int n) {
    if (phones.contains(n)) {
      send(cmd::Answer{phones[n]});
    } else {
      hang(n, LegId{++next_leg});
      send(cmd::Dial{phones[n], "fxs-1/" + std::to_string(n), {}, {}, {}});
      world.run_for(100ms);
      ears(phones[n]);
    }
    world.run_for(500ms);
  }
  void on_hook(int n) {
    if (phones.contains(n)) send(cmd::Clear{phones[n], 16});
    world.run_for(500ms);
  }
  void flash(int n, const std::string& digits = {}) {
    send(cmd::Flash{phones[n]});
    world.run_for(300ms);
    if (digits.empty()) return;
    send(cmd::SendDtmf{phones[n], digits});
    world.run_for(Duration(digits.size() * 200'000 + 500'000));
  }
  // A digit that nobody takes for an order: who hears it?
  std::string reaches(LegId from) {
    heard.clear();
    send(cmd::SendDtmf{from, "8"});
    world.run_for(500ms);
    std::string out;
    const auto add = [&](LegId who, const std::string& name) { if (heard[who] == "8") out += (out.empty() ? "" : " ") + name; };
    if (from != caller) add(caller, "caller");
    for (const auto& [n, leg] : phones)
      if (leg != from) add(leg, std::to_string(1000 + n));
    return out;
  }
  void reach(const char* callers, const char* firsts, const char* seconds = nullptr) {
    STRCMP_EQUAL(callers, reaches(caller).c_str());
    STRCMP_EQUAL(firsts, reaches(phones[1]).c_str());
    if (seconds) STRCMP_EQUAL(seconds, reaches(phones[2]).c_str());
  }
  std::string agent(const std::string& id) {
    const std::string all = cti().agents_json();
    const auto at = all.find("\"state\":\"", all.find("\"agent\":\"" + id));
    const auto reason = all.find("\"reason\":\"", at);
    return all.substr(at + 9, all.find('"', at + 9) - at - 9) + " " + all.substr(reason + 10, all.find('"', reason + 10) - reason - 10);
  }
  void talk() {
    for (const char* other : {"2002", "2003"}) CHECK_TRUE(cti().agent_not_ready(other, "1").has_value());
    world.exchange().dial("13900000001", "4006001", 1000s);
    for (int i = 0; i < 10 && !phones.contains(1); ++i) (void)rings(1);
    lift(1);
    for (const char* other : {"2002", "2003"}) CHECK_TRUE(cti().agent_ready(other).has_value());
    world.run_for(100ms);
    reach("1001", "caller");
  }
  void all_is_well(int answered = 1) {
    for (const int n : {1, 2, 3}) on_hook(n);
    if (caller != LegId::none) send(cmd::Clear{caller, 16});
    CHECK_TRUE(world.drain());
    LONGS_EQUAL(answered, world.books().answered);
    STRCMP_EQUAL("", world.trouble().c_str());
    LONGS_EQUAL(0, world.center().counters().no_row);
  }
};

TEST(Phones, flash_consult_alternate_conference_drop_and_transfer) {
  talk();
  flash(1);
  CHECK_TRUE(sound[phones[1]]);  // dial tone
  CHECK_TRUE(sound[caller]);     // music
  send(cmd::SendDtmf{phones[1], "2002"});
  CHECK_TRUE(rings(2));
  lift(2);
  reach("", "1002", "1001");
  flash(1);
  world.run_for(2s);
  reach("1001", "caller", "");
  flash(1);
  world.run_for(2s);
  reach("", "1002", "1001");
  flash(1, "3");
  reach("1001 1002", "caller 1002", "caller 1001");
  flash(1, "1");
  reach("1001", "caller");
  on_hook(2);
  world.run_for(3s);
  flash(1, "2002");
  CHECK_TRUE(rings(2));
  lift(2);
  on_hook(1);
  STRCMP_EQUAL("1002", reaches(caller).c_str());
  STRCMP_EQUAL("caller", reaches(phones[2]).c_str());
  all_is_well();
}

TEST(Phones, whoever_leaves_a_conference_the_others_hear_each_other) {
  talk();
  flash(1, "2002");
  CHECK_TRUE(rings(2));
  lift(2);
  flash(1, "3");
  send(cmd::Clear{caller, 16});
  world.run_for(1s);
  STRCMP_EQUAL("1002", reaches(phones[1]).c_str());
  STRCMP_EQUAL("1001", reaches(phones[2]).c_str());
  on_hook(1);
  caller = LegId::none;
  all_is_well();
}

TEST(Phones, a_phone_rings_back_for_a_held_caller_and_ctid_may_die_meanwhile) {
  talk();
  flash(1);
  on_hook(1);
  CHECK_TRUE(rings(1));
  world.kill_ctid();
  world.run_for(1s);
  world.start_ctid();
  world.run_for(1s);
  lift(1);
  reach("1001", "caller");
  all_is_well();
}

TEST(Phones, a_conference_outlives_ctid) {
  talk();
  flash(1, "2002");
  CHECK_TRUE(rings(2));
  lift(2);
  flash(1, "3");
  world.run_for(1s);
  world.kill_ctid();
  reach("1001 1002", "caller 1002", "caller 1001");
  world.start_ctid();
  world.run_for(1s);
  reach("1001 1002", "caller 1002", "caller 1001");
  flash(1, "1");
  reach("1001", "caller");
  all_is_well();
}

TEST(Phones, an_outside_number_is_asked_and_gets_the_caller) {
  talk();
  flash(1, "01380013");
  world.run_for(4s);
  LONGS_EQUAL(1, world.exchange().counters().incoming);
  on_hook(1);  // it rings and nobody answers: the caller waits for it, then for an agent
  CHECK_TRUE(cti().agent_not_ready("2001", "1").has_value());
  world.run_for(30s);
  CHECK_FALSE(phones.contains(2));
  world.run_for(40s);
  CHECK_TRUE(phones.contains(2) || phones.contains(3));
  const int who = phones.contains(2) ? 2 : 3;
  lift(who);
  STRCMP_EQUAL(("100" + std::to_string(who)).c_str(), reaches(caller).c_str());
  all_is_well();
}

TEST(Phones, the_caller_is_gone_busy_tone_then_the_howler_and_not_ready) {
  talk();
  send(cmd::Clear{caller, 16});
  caller = LegId::none;
  world.run_for(1s);
  STRCMP_EQUAL("agentWorkingAfterCall ", agent("2001").c_str());
  world.run_for(2s);
  STRCMP_EQUAL("agentNotReady phone off-hook", agent("2001").c_str());
  bool paused = false;
  for (int i = 0; i < 40; ++i) {
    world.run_for(50ms);
    paused = paused || !sound[phones[1]];
  }
  CHECK_TRUE(paused);  // 0.35 s of tone, 0.35 s of nothing
  world.run_for(30s);
  for (int i = 0; i < 40; ++i) {
    world.run_for(50ms);
    CHECK_TRUE(sound[phones[1]]);  // without a pause
  }
  on_hook(1);
  world.run_for(10s);
  STRCMP_EQUAL("agentNotReady phone off-hook", agent("2001").c_str());
  lift(1);
  send(cmd::SendDtmf{phones[1], "*13"});
  world.run_for(3s);
  STRCMP_EQUAL("agentReady ", agent("2001").c_str());
  all_is_well();
}
