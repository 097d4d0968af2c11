// Seeded random lives: callers, phones, scripts, clients, ctid's and boardd's deaths in any order. After every turn the invariants
// hold (Desk::checking), at the end nothing is left over and the books balance.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <random>

#include "tests/cti-core/app/desk.h"
#include "tests/support/config_shelf.h"
#include "tests/support/random_config.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::mt19937 random_;
};

enum class Kind { anything, deaths, consulting, consulting_deaths, reloads, reloads_deaths, consulting_reloads, lines, lines_deaths, lines_reloads };

struct Life {
  Desk desk;
  ConfigShelf shelf;
  Chance chance;
  bool with_deaths, with_reloads;
  int reloaded = 0;
  Life(unsigned seed, bool deaths, bool reloads, const CenterConfig& config) : desk(config), chance(seed), with_deaths(deaths), with_reloads(reloads) {
    shelf.file = config;
    desk.center->reload_from(shelf);
  }

  std::string phone() {
    const auto& outside = desk.config.phones;
    if (!outside.empty() && chance.one_in(2)) return outside[static_cast<std::size_t>(chance.below(static_cast<int>(outside.size())))].name;
    return station();
  }
  std::string station() { return "100" + std::to_string(1 + chance.below(4)); }
  std::string agent() { return "200" + std::to_string(1 + chance.below(4)); }
  LegId any_leg(bool outgoing) {
    std::vector<LegId> all;
    for (const auto& [id, leg] : desk.board.legs_)
      if (leg.shown.station.empty() && leg.shown.outgoing == outgoing) all.push_back(id);
    return all.empty() ? LegId::none : all[static_cast<std::size_t>(chance.below(static_cast<int>(all.size())))];
  }
  CallId any_script() {
    if (desk.engine.alive.empty()) return CallId::none;
    auto it = desk.engine.alive.begin();
    std::advance(it, chance.below(static_cast<int>(desk.engine.alive.size())));
    return *it;
  }

  void script() {
    const CallId call = any_script();
    if (call == CallId::none) return;
    auto& host = desk.host();
    switch (chance.below(12)) {
      case 0: return host.script_answer(call);
      case 1: return host.script_play(call, 1, {"zh/welcome"}, true);
      case 2: case 3: case 4: case 5: {
        const char* queues[] = {"orders", "vip", "night", "nowhere"};
        return host.script_queue(call, {.queue = queues[chance.below(8) < 6 ? chance.below(2) : chance.below(4)], .priority = chance.below(3), .timeout = std::chrono::seconds(chance.below(40)),
                                        .agent = chance.one_in(2) ? agent() : std::string(), .agent_wait = std::chrono::seconds(chance.below(10)), .only_if_idle = chance.one_in(4)});
      }
      case 6: return host.script_hangup(call, 16);
      case 7: (void)host.script_served(call, "status"); return;
      case 8: return host.script_lost(call, LossStage::blacklist, "x", false);
      case 9: {
        if (chance.one_in(2)) host.script_finished(call);
        else host.script_failed(call, Error{"x", {}, {}});
        desk.engine.alive.erase(call);
        return;
      }
      case 10: return host.script_set_data(call, "customer", "Zhang");
      default: return host.script_dial(call, {.group = {}, .called = "139", .calling = {}, .timeout = std::chrono::seconds(1 + chance.below(20))});
    }
  }

  void client() {
    auto& cti = desk.center->cti();
    switch (chance.below(6)) {
      case 0: { const std::string a = agent(); (void)cti.agent_login({a, phone(), a.substr(3), true}); return; }
      case 1: (void)cti.agent_ready(agent()); return;
      case 2: (void)cti.agent_not_ready(agent(), "1"); return;
      case 3: if (chance.one_in(4)) (void)cti.agent_logout(agent()); return;
      case 4: (void)cti.call_make(phone(), "139"); return;
      default: (void)cti.call_clear(CallId{to_number(desk.engine.started.empty() ? CallId{1} : desk.last_call())}); return;
    }
  }

  void flash() {
    for (int i = 1; i <= 4; ++i) desk.board.flash("100" + std::to_string(i), chance.one_in(3) ? "" : chance.one_in(6) ? "7" : chance.one_in(4) ? "600" : chance.one_in(6) ? "0139#" : chance.one_in(2) ? std::string(1, "1233"[chance.below(4)]) : chance.one_in(2) ? agent() : phone());
  }

  void line() {
    switch (chance.below(desk.config.phones.empty() ? 10 : 14)) {
      case 10: case 11: case 12:
        if (const LegId l = any_leg(true); l != LegId::none) chance.one_in(3) ? desk.board.happens(board::evt::Digit{l, '1', 80}) : desk.board.answer(l);
        return;
      case 13:
        for (const auto& [id, leg] : desk.board.legs_)
          if (leg.shown.station == "1004") return desk.board.happens(board::evt::Digit{id, '*', 80});
        return;
      case 8: case 9: return flash();
      case 0: case 1: desk.board.call(std::to_string(13000 + chance.below(99)), chance.one_in(6) ? "777" : chance.one_in(3) ? "4006002" : "4006001"); return;
      case 2: if (const LegId l = any_leg(false); l != LegId::none && chance.one_in(2)) desk.board.gone(l, 16, true); return;
      case 3: if (const LegId l = any_leg(true); l != LegId::none) chance.one_in(2) ? desk.board.answer(l) : desk.board.gone(l, 17, true); return;
      case 4: case 5: desk.board.off_hook(station()); return;
      case 6: desk.board.on_hook(station()); return;
      default:
        for (const auto& [id, leg] : desk.board.legs_)
          if (leg.shown.state == board::LegState::initiated) {
            const char* digits[] = {"*12", "*13", "*141", "0139#", "9"};
            const LegId phone_leg = id;
            for (const char* d = digits[chance.below(5)]; *d; ++d) desk.board.happens(board::evt::Digit{phone_leg, *d, 80});
            return;
          }
    }
  }

  void death() {
    switch (chance.below(3)) {
      case 0: desk.kill_ctid(); break;
      case 1: desk.unlink(); break;
      default: desk.unlink(); desk.board.die(); break;
    }
    for (int i = chance.below(6); i > 0; --i) line();
    if (!desk.center) {
      desk.config = shelf.file;
      desk.start_ctid();
      desk.center->reload_from(shelf);
    }
    desk.link();
  }

  void reload() {
    const bool rollback = chance.one_in(4);
    if (!rollback) {
      shelf.file = random_config(desk_config(), [this](int n) { return chance.below(n); });
      for (PhoneConfig phone : desk.config.phones)
        if (!chance.one_in(4)) {
          if (chance.one_in(3)) phone.accept_key = phone.accept_key.empty() ? "1" : "";
          if (chance.one_in(4) && !phone.number.empty()) phone.kept_up = !phone.kept_up;
          shelf.file.phones.push_back(phone);
        }
    }
    desk.center->cti().config_reload({.who = "x", .rollback = rollback}, [this](const auto& done) { reloaded += done.has_value(); });
  }

  void step() {
    if (with_reloads && chance.one_in(12)) reload();
    const int what = chance.below(with_deaths ? 40 : 39);
    if (what == 39) death();
    else if (what < 16) line();
    else if (what < 30) script();
    else if (what < 35) client();
    else desk.run(std::chrono::milliseconds(chance.below(4000)));
    if (!chance.one_in(5)) desk.settle();  // sometimes several things happen in one turn
  }

  void client_procedure() {
    auto& cti = desk.center->cti();
    const CallId call = desk.engine.started.empty() ? CallId{1} : desk.engine.started[desk.engine.started.size() - 1 - static_cast<std::size_t>(chance.below(static_cast<int>(std::min<std::size_t>(3, desk.engine.started.size()))))];
    const std::string to = chance.one_in(4) ? "vip" : chance.one_in(4) ? "0139" : chance.one_in(2) ? agent() : phone();
    switch (chance.below(7)) {
      case 0: (void)cti.call_hold(call); return;
      case 1: (void)cti.call_retrieve(call); return;
      case 2: (void)cti.call_consult(call, to); return;
      case 3: (void)cti.call_alternate(call); return;
      case 4: (void)cti.call_conference(call); return;
      case 5: (void)cti.call_transfer(call); return;
      default: (void)cti.call_single_step_transfer(call, to); return;
    }
  }

  // A center with more agents than callers, whose agents consult each other all the time.
  void consult_step(bool deaths) {
    if (with_reloads && chance.one_in(40)) reload();
    const int i = 1 + chance.below(3);
    const std::string who = "200" + std::to_string(i), where = "100" + std::to_string(i);
    (void)desk.center->cti().agent_login({who, where, std::to_string(i), true});
    (void)desk.center->cti().agent_ready(who);
    switch (chance.below(deaths ? 13 : 12)) {
      case 0:
        if (desk.center->calls() >= 2) return;
        desk.queued("138");
        return;
      case 1: if (const LegId l = any_leg(false); l != LegId::none && chance.one_in(4)) desk.board.gone(l, 16, true); break;
      case 2: case 3: flash(); break;
      case 4: case 5: case 6: case 7: if (desk.board.ringing(where) != LegId::none) desk.board.off_hook(where); break;
      case 8: case 9: desk.board.on_hook(where); break;
      case 12: if (chance.one_in(3)) death(); break;
      case 10:
        if (const LegId l = any_leg(true); l != LegId::none) chance.one_in(2) ? desk.board.answer(l) : desk.board.gone(l, 17, true);
        else client_procedure();
        break;
      default: desk.run(std::chrono::milliseconds(chance.below(6000)));
    }
    if (!chance.one_in(4)) desk.settle();
  }

  void supervisor() {
    const auto verb = static_cast<SupervisorVerb>(chance.below(7));  // those that need a phone or end a call
    SupervisorOrder order{.verb = verb, .as = "2004", .pin = "4", .agent = chance.one_in(5) ? std::string() : agent(), .device = chance.one_in(4) ? phone() : std::string()};
    (chance.one_in(2) ? order.to : order.queue) = chance.one_in(2) ? agent() : "orders";
    (void)desk.center->cti().supervise(order);
  }

  // Agents on all sorts of phones who consult each other, and a supervisor among them.
  void lines_step(bool deaths) {
    if (with_reloads && chance.one_in(30)) reload();
    const std::vector<std::string> places = {"kept", "mobile", "1004", "auto", "home", "1001"};
    const int i = 1 + chance.below(4);
    const std::string who = "200" + std::to_string(i);
    if (chance.one_in(5)) (void)desk.center->cti().agent_login({who, chance.one_in(5) ? places[static_cast<std::size_t>(chance.below(6))] : places[static_cast<std::size_t>(i - 1)], std::to_string(i), true});
    if (chance.one_in(2)) (void)desk.center->cti().agent_ready(who);
    switch (chance.below(deaths ? 17 : 16)) {
      case 0: case 1:
        if (desk.center->calls() < 3) desk.queued("138");
        break;
      case 2: if (const LegId l = any_leg(false); l != LegId::none && chance.one_in(4)) desk.board.gone(l, 16, true); break;
      case 3: case 4: client_procedure(); break;
      case 5: supervisor(); break;
      case 6: desk.board.off_hook(chance.one_in(2) ? "1004" : "1001"); break;
      case 7: if (chance.one_in(4)) desk.board.on_hook(chance.one_in(2) ? "1004" : "1001"); break;
      case 8: flash(); break;
      case 9: if (const LegId l = any_leg(true); l != LegId::none && chance.one_in(4)) desk.board.gone(l, chance.one_in(2) ? 16 : chance.one_in(2) ? 17 : 27, true); break;
      case 10: if (chance.one_in(8)) (void)desk.center->cti().agent_logout(who); break;
      case 16: if (chance.one_in(4)) death(); break;
      case 11: case 12: case 13: case 14: {
        std::vector<LegId> all;
        for (const auto& [id, leg] : desk.board.legs_)
          if (leg.shown.outgoing || !leg.shown.station.empty()) all.push_back(id);
        if (all.empty()) break;
        const LegId l = all[static_cast<std::size_t>(chance.below(static_cast<int>(all.size())))];
        const auto& shown = desk.board.legs_.at(l).shown;
        if (shown.state != board::LegState::connected && shown.station.empty() && chance.one_in(2)) desk.board.answer(l);
        else {
          const char* digits[] = {"1", "1", "*", "*13", "*141", "2002", "*312001", "*37#", "*15"};
          for (const char* d = digits[chance.below(9)]; *d && desk.board.has(l); ++d) desk.board.happens(board::evt::Digit{l, *d, 80});
        }
        break;
      }
      default: desk.run(std::chrono::milliseconds(chance.below(6000)));
    }
    if (!chance.one_in(4)) desk.settle();
  }

  void end() {
    desk.settle();
    if (!desk.config.phones.empty())
      for (int i = 1; i <= 4; ++i) (void)desk.center->cti().agent_logout("200" + std::to_string(i));
    for (int round = 0; round < 3; ++round) {
      for (int i = 1; i <= 4; ++i) desk.board.on_hook("100" + std::to_string(i));
      std::vector<LegId> trunks;
      for (const auto& [id, leg] : desk.board.legs_)
        if (leg.shown.station.empty()) trunks.push_back(id);
      for (const LegId l : trunks) desk.board.gone(l, 16, true);
      desk.run(30s);
    }
  }
};

struct Lived { int transferred = 0, reloaded = 0, left = 0; };  // left: agents who were logged off because they were configured no more
Lived live(unsigned seed, Kind kind, int steps, const CenterConfig& config = desk_config()) {
  const bool consulting = kind == Kind::consulting || kind == Kind::consulting_deaths || kind == Kind::consulting_reloads;
  const bool lines = kind == Kind::lines || kind == Kind::lines_deaths || kind == Kind::lines_reloads;
  Life life(seed, kind == Kind::deaths || kind == Kind::reloads_deaths,
            kind == Kind::reloads || kind == Kind::reloads_deaths || kind == Kind::consulting_reloads || kind == Kind::lines_reloads, config);
  for (int i = 1; i <= 3; ++i) life.desk.login("200" + std::to_string(i), "100" + std::to_string(i));
  for (int i = 0; i < steps; ++i) lines ? life.lines_step(kind == Kind::lines_deaths) : consulting ? life.consult_step(kind == Kind::consulting_deaths) : life.step();
  life.end();
  const std::string name = "seed " + std::to_string(seed);
  CHECK_EQUAL_TEXT(0, life.desk.center->calls(), name.c_str());
  CHECK_EQUAL_TEXT(0, life.desk.center->legs(), name.c_str());
  CHECK_EQUAL_TEXT(0, life.desk.board.legs_.size(), name.c_str());
  const auto b = life.desk.books();
  std::string why = name;
  for (const auto& w : b.why) why += "; " + w;
  CHECK_TRUE_TEXT(b.balanced, why.c_str());
  CHECK_EQUAL_TEXT(0, b.in_progress, name.c_str());
  CHECK_EQUAL_TEXT(0, life.desk.writer->counters().doubtful, name.c_str());
  Lived lived{.transferred = 0, .reloaded = life.reloaded, .left = 0};
  for (const JournalRow& row : life.desk.journal) {
    lived.transferred += std::holds_alternative<ev::Transferred>(row.event);
    if (const auto* off = std::get_if<ev::AgentLoggedOff>(&row.event)) lived.left += off->reason == "configured no more";
  }
  return lived;
}

}  // namespace

TEST_GROUP(Random) {};

TEST(Random, no_agent_has_two_calls_no_leg_leaks_and_the_books_balance) {
  for (unsigned seed = 1; seed <= 30; ++seed) live(seed, Kind::anything, 400);
}

TEST(Random, also_when_ctid_boardd_and_the_link_die_at_any_moment) {
  for (unsigned seed = 1001; seed <= 1040; ++seed) live(seed, Kind::deaths, 400);
}

TEST(Random, agents_who_consult_each_other_lose_nobody) {
  int transferred = 0;
  for (unsigned seed = 2001; seed <= 2030; ++seed) transferred += live(seed, Kind::consulting, 1000).transferred;
  CHECK_COMPARE(30, <, transferred);
}

TEST(Random, also_when_something_dies_while_they_do) {
  int transferred = 0;
  for (unsigned seed = 3001; seed <= 3040; ++seed) transferred += live(seed, Kind::consulting_deaths, 1000).transferred;
  CHECK_COMPARE(30, <, transferred);
}

TEST(Random, also_when_all_phones_of_a_queue_ring_at_once) {
  CenterConfig config = desk_config();
  for (auto& queue : config.queues) queue.strategy = Strategy::ring_all;
  for (unsigned seed = 4001; seed <= 4040; ++seed) live(seed, Kind::deaths, 400, config);
  for (unsigned seed = 5001; seed <= 5010; ++seed) live(seed, Kind::consulting_deaths, 1000, config);
}

TEST(Random, also_when_agents_sit_at_outside_phones_and_headsets) {
  CenterConfig config = desk_config();
  config.phones = {{.name = "home", .group = "city", .number = "601", .accept_key = "1"},
                   {.name = "mobile", .group = "city", .number = "602"},
                   {.name = "kept", .group = "city", .number = "603", .kept_up = true, .accept_key = "1"},
                   {.name = "1004", .kept_up = true, .accept_key = "*"}};
  for (unsigned seed = 6001; seed <= 6030; ++seed) live(seed, Kind::anything, 600, config);
  for (unsigned seed = 7001; seed <= 7030; ++seed) live(seed, Kind::deaths, 600, config);
  config.queues[0].strategy = Strategy::ring_all;
  for (unsigned seed = 8001; seed <= 8030; ++seed) live(seed, Kind::deaths, 600, config);
}

TEST(Random, also_when_they_consult_each_other_and_are_supervised) {
  CenterConfig config = desk_config();
  config.agents[3].supervisor = true;
  config.phones = {{.name = "home", .group = "city", .number = "601", .accept_key = "1"},
                   {.name = "mobile", .group = "city", .number = "602"},
                   {.name = "kept", .group = "city", .number = "603", .kept_up = true, .accept_key = "1"},
                   {.name = "auto", .group = "city", .number = "604", .kept_up = true},
                   {.name = "1004", .kept_up = true, .accept_key = "*"}};
  int transferred = 0;
  for (unsigned seed = 9001; seed <= 9040; ++seed) transferred += live(seed, Kind::lines, 1000, config).transferred;
  for (unsigned seed = 9101; seed <= 9140; ++seed) transferred += live(seed, Kind::lines_deaths, 1000, config).transferred;
  for (unsigned seed = 9201; seed <= 9240; ++seed) transferred += live(seed, Kind::lines_reloads, 1000, config).transferred;
  CHECK_COMPARE(100, <, transferred);
}

TEST(Random, any_configurations_while_calls_run_lose_nobody) {
  Lived all;
  for (unsigned seed = 7001; seed <= 7040; ++seed) {
    const Lived one = live(seed, Kind::reloads, 400);
    all.reloaded += one.reloaded;
    all.left += one.left;
  }
  CHECK_COMPARE(400, <, all.reloaded);
  CHECK_COMPARE(40, <, all.left);
}

TEST(Random, also_when_something_dies_between_them) {
  for (unsigned seed = 8001; seed <= 8040; ++seed) live(seed, Kind::reloads_deaths, 400);
}

TEST(Random, agents_who_consult_each_other_and_come_and_go_lose_nobody) {
  Lived all;
  for (unsigned seed = 6001; seed <= 6030; ++seed) all.transferred += live(seed, Kind::consulting_reloads, 1000).transferred;
  CHECK_COMPARE(15, <, all.transferred);
}
