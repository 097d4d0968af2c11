// Another configuration of phones while somebody sits there and talks.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/json.hpp>

#include "tests/cti-core/app/desk.h"
#include "tests/support/config_shelf.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {
CenterConfig two_phones() {
  CenterConfig config = desk_config();
  config.phones = {{.name = "home", .group = "city", .number = "139"}, {.name = "auto", .group = "pbx", .number = "602", .kept_up = true}};
  return config;
}
}  // namespace

TEST_GROUP(DevicesReload) {
  Desk desk{two_phones()};
  ConfigShelf shelf;
  CenterConfig& file = shelf.file;
  PhoneConfig& home() { return file.phones[0]; }

  void setup() override {
    file = two_phones();
    desk.center->reload_from(shelf);
  }
  std::string reload(bool dry_run = false) {
    std::string said;
    desk.center->cti().config_reload({.who = "li", .dry_run = dry_run}, [&](const auto& done) {
      said = done ? std::string(boost::json::parse(*done).at("report").as_string()) : done.error().message;
    });
    if (said.empty()) desk.run(app::kReloadEvery);
    desk.settle();
    return said;
  }
  LegId answers(const std::string& number) {
    for (const auto& [id, leg] : desk.board.legs_)
      if (leg.shown.called == number) {
        desk.board.answer(id);
        desk.settle();
        return id;
      }
    FAIL("it was not called");
    return LegId::none;
  }
  void gone(LegId leg) {
    desk.board.gone(leg, 16, true);
    desk.settle();
  }
  bool shows(const std::string& text) { return desk.center->cti().agents_json().find(text) != std::string::npos; }
};

TEST(DevicesReload, what_changes_is_said_and_counts_where_nobody_sits) {
  home().number = "138";
  home().accept_key = "1";
  STRCMP_EQUAL("phone home: accept_key \"\" -> 1\nphone home: number 139 -> 138\n2 changes, not put in force", reload(true).c_str());
  STRCMP_EQUAL("phone home: accept_key \"\" -> 1\nphone home: number 139 -> 138\n2 changes, in force", reload().c_str());
  desk.login("2001", "home");
  const CallId call = desk.queued();
  const LegId leg = answers("138");
  STRCMP_EQUAL("in progress", desk.outcome(call).c_str());
  desk.board.happens(board::evt::Digit{leg, '1', 80});
  desk.settle();
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(DevicesReload, a_call_goes_on_at_a_phone_that_changes_and_the_next_log_on_is_at_the_new_one) {
  desk.login("2001", "home");
  const CallId call = desk.queued();
  const LegId leg = answers("139");
  home().number = "138";
  STRCMP_EQUAL("phone home: number 139 -> 138\nnote: phone home: as it was until its agent is logged off and no call is on it\n1 change, in force", reload().c_str());
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  CHECK_TRUE(desk.board.has(leg));
  gone(leg);
  desk.run(4s);
  desk.queued("2");
  gone(answers("139"));  // he has not logged off
  CHECK_TRUE(desk.center->cti().agent_logout("2001").has_value());
  desk.run(4s);
  desk.login("2001", "home");
  desk.queued("3");
  answers("138");
  STRCMP_EQUAL("agentBusy", desk.state("2001").c_str());
}

TEST(DevicesReload, a_line_that_is_no_longer_configured_stays_until_its_agent_logs_off) {
  desk.login("2001", "auto");
  const LegId line = answers("602");
  file.phones.pop_back();
  STRCMP_EQUAL("phone auto: gone\nnote: phone auto: as it was until its agent is logged off and no call is on it\n1 change, in force", reload().c_str());
  desk.queued();
  desk.run(1s);
  STRCMP_EQUAL("agentBusy", desk.state("2001").c_str());
  CHECK_TRUE(desk.board.has(line));
  CHECK_TRUE(desk.center->cti().agent_logout("2001").has_value());
  desk.run(1s);
  CHECK_TRUE(desk.board.has(line));
  for (const auto& [id, leg] : desk.board.legs_)
    if (!leg.shown.outgoing) {
      gone(id);
      break;
    }
  desk.run(4s);
  STRCMP_EQUAL("agentNull", desk.state("2001").c_str());
  CHECK_FALSE(desk.board.has(line));
  STRCMP_EQUAL("no phone 'auto'", desk.center->cti().agent_login({"2001", "auto", "1", true}).error().message.c_str());
}

TEST(DevicesReload, what_the_board_has_not_is_said_and_put_in_force_all_the_same) {
  file.phones.push_back({.name = "cellar", .group = "nowhere", .number = "7"});
  file.phones.push_back({.name = "1099", .kept_up = true});
  file.queues[0].extension = "1001";
  STRCMP_EQUAL("phone 1099: new\nphone cellar: new\nqueue orders: extension \"\" -> 1001\nnote: phone cellar: the board has no trunk group 'nowhere'\n"
               "note: extension 1001 of queue orders is a station's number: the station rings\nnote: phone 1099: the board has no such station\n3 changes, in force", reload().c_str());
}

TEST(DevicesReload, a_station_becomes_a_headset_and_back) {
  file.phones.push_back({.name = "1004", .kept_up = true, .accept_key = "*"});
  STRCMP_EQUAL("phone 1004: new\n1 change, in force", reload().c_str());
  desk.login("2001", "1004", false);
  const LegId head = desk.board.off_hook("1004");
  desk.settle();
  CHECK_TRUE(shows("\"device\":\"1004\",\"phone\":\"idle\""));
  file.phones.pop_back();
  (void)reload();
  CHECK_TRUE(shows("\"device\":\"1004\",\"phone\":\"idle\""));
  CHECK_TRUE(desk.board.has(head));
  CHECK_TRUE(desk.center->cti().agent_logout("2001").has_value());
  desk.board.on_hook("1004");
  desk.settle();
  desk.login("2001", "1004");
  CHECK_TRUE(shows("\"device\":\"1004\",\"phone\":\"idle\""));
  desk.queued();
  CHECK_TRUE(desk.board.ringing("1004") != LegId::none);
}

TEST(DevicesReload, an_agent_who_goes_has_his_line_dropped) {
  desk.login("2001", "auto");
  const LegId line = answers("602");
  file.agents.erase(file.agents.begin());
  for (auto& q : file.queues) std::erase(q.agents, "2001");
  (void)reload();
  CHECK_FALSE(desk.board.has(line));
  desk.run(60s);
  LONGS_EQUAL(0, desk.center->legs());
}

TEST(DevicesReload, a_call_at_a_phone_that_was_taken_away_goes_on_over_a_restart_of_ctid) {
  desk.login("2001", "home");
  const CallId call = desk.queued();
  const LegId caller{desk.board.next_leg}, leg = answers("139");
  file.phones.erase(file.phones.begin());
  (void)reload();
  desk.run(100ms);
  desk.kill_ctid();
  desk.config = file;
  desk.start_ctid();
  desk.link();
  STRCMP_EQUAL("agentBusy", desk.state("2001").c_str());
  CHECK_TRUE(desk.board.legs_.at(leg).shown.connected_to == caller);
  gone(leg);
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  desk.run(4s);
  LONGS_EQUAL(0, desk.center->legs());
}
