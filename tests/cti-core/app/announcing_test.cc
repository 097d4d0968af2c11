// What waiting callers are told, as commands to the board and events of the journal.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cti-core/app/announce_prompts.h"
#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {
CenterConfig announcing() {
  CenterConfig config = desk_config();
  config.queues[0].announce = {.first = 10s, .every = 30s, .comfort = {"please_wait", "promotion"}, .music = {5s, 0s}};
  return config;
}
std::string spoken(const AnnounceConfig& config, acd::Told told, const std::string& language, std::size_t turn = 0, bool offers = false) {
  return fmt::format("{}", fmt::join(app::announce_prompts(config, told, turn, offers, language), " "));
}
}  // namespace

TEST_GROUP(Announcing) {
  Desk desk{announcing()};

  std::string heard(LegId leg) const {  // prompts and music of a leg, in their order
    std::string out;
    for (const auto& command : desk.board.sent) {
      if (const auto* p = std::get_if<board::cmd::Play>(&command); p && p->leg == leg) out += fmt::format("{}; ", fmt::join(p->prompts, " "));
      if (const auto* m = std::get_if<board::cmd::Music>(&command); m && m->leg == leg) out += m->from_ms ? fmt::format("music {}; ", *m->from_ms) : "music; ";
    }
    return out;
  }
  std::string told(CallId call) const {
    std::string out;
    for (const auto& row : desk.journal)
      if (const auto* w = std::get_if<ev::WaitAnnounced>(&row.event); w && w->call == call) out += fmt::format("{}:{} ", w->position, w->seconds);
    return out;
  }
  void ends(LegId leg, board::PlayEnd how = board::PlayEnd::done) {
    desk.board.happens(board::evt::PlayEnded{leg, app::kAnnouncePlay, how, 4000, {}});
    desk.settle();
  }
  // An agent works, and one call with its wrap-up has taken him 103 s.
  void one_call_before() {
    desk.login("2001", "1001");
    desk.queued("9");
    desk.talk("1001");
    desk.run(100s);
    desk.board.on_hook("1001");
    desk.run(3s);
    desk.queued("8");
    desk.talk("1001");
  }
  LegId last_leg() const { return LegId{desk.board.next_leg}; }
};

TEST(Announcing, place_and_wait_are_told_then_a_comfort_prompt_then_the_music_goes_on_from_its_mark) {
  one_call_before();
  desk.queued("1");
  desk.queued("2");
  const CallId call = desk.last_call();
  const LegId leg = last_leg();
  desk.run(9s);
  STRCMP_EQUAL("music; ", heard(leg).c_str());
  desk.run(2s);
  STRCMP_EQUAL("music; zh/position_one zh/expected_wait zh/d4 zh/minutes zh/please_wait; ", heard(leg).c_str());
  STRCMP_EQUAL("2:240 ", told(call).c_str());
  ends(leg);
  desk.run(30s);
  ends(leg);
  STRCMP_EQUAL("music; zh/position_one zh/expected_wait zh/d4 zh/minutes zh/please_wait; music 5000; "
               "zh/position_one zh/expected_wait zh/d4 zh/minutes zh/promotion; music 0; ", heard(leg).c_str());
}

TEST(Announcing, while_nobody_works_only_comfort_is_spoken_and_nothing_is_journalled) {
  const CallId call = desk.queued("1");
  desk.run(11s);
  STRCMP_EQUAL("music; zh/please_wait; ", heard(last_leg()).c_str());
  STRCMP_EQUAL("", told(call).c_str());
}

TEST(Announcing, before_a_first_call_was_handled_the_place_is_told_without_a_wait) {
  desk.login("2001", "1001");
  desk.queued("9");
  desk.talk("1001");
  const CallId call = desk.queued("1");
  desk.run(11s);
  STRCMP_EQUAL("1:0 ", told(call).c_str());
}

TEST(Announcing, an_agent_who_answers_cuts_it_and_no_music_comes_back) {
  one_call_before();
  desk.queued("1");
  const LegId leg = last_leg();
  desk.run(11s);
  desk.board.on_hook("1001");
  desk.run(3s);
  desk.talk("1001");
  const std::string before = heard(leg);
  ends(leg, board::PlayEnd::stopped);
  desk.run(60s);
  STRCMP_EQUAL(before.c_str(), heard(leg).c_str());
}

TEST(Announcing, while_an_agents_phone_rings_none_begins_and_one_that_runs_is_followed_by_music) {
  one_call_before();
  const CallId call = desk.queued("1");
  const LegId leg = last_leg();
  desk.run(11s);
  desk.board.on_hook("1001");
  desk.run(3s);
  CHECK(desk.board.ringing("1001") != LegId::none);
  ends(leg);
  CHECK(heard(leg).ends_with("music 5000; "));
  STRCMP_EQUAL("1:120 ", told(call).c_str());
  desk.run(14s);
  STRCMP_EQUAL("1:120 ", told(call).c_str());
}

TEST(Announcing, what_was_told_binds_the_next_life_of_ctid) {
  one_call_before();
  const CallId call = desk.queued("1");
  desk.run(11s);
  STRCMP_EQUAL("1:120 ", told(call).c_str());
  desk.kill_ctid();
  desk.start_ctid();
  desk.link();
  desk.login("2002", "1002", false);
  desk.run(11s);
  STRCMP_EQUAL("1:120 1:0 ", told(call).c_str());  // the handling times begin anew
  desk.board.on_hook("1001");
  desk.run(1s);
  CHECK(desk.state("2001") == "agentWorkingAfterCall");
  desk.run(2s);
  desk.talk("1001");
}

TEST(Announcing, who_leaves_by_his_key_and_goes_back_to_his_place_is_told_no_longer_wait) {
  one_call_before();
  desk.login("2002", "1002");
  desk.queued("7");
  desk.talk("1002");
  desk.run(80s);
  const ivr::QueueRequest with_key{.queue = "orders", .agent = {}, .callback_key = '1'};
  const CallId call = desk.queued("1", with_key);
  const LegId leg = last_leg();
  desk.run(11s);
  STRCMP_EQUAL("1:60 ", told(call).c_str());
  CHECK(desk.center->cti().agent_logout("2002").has_value());  // after his call
  desk.board.on_hook("1002");
  desk.run(1s);
  desk.board.happens(board::evt::Digit{leg, '1', 80});
  desk.settle();
  CHECK_EQUAL(0, desk.center->waiting());
  desk.host().script_queue(call, with_key);
  desk.run(11s);
  STRCMP_EQUAL("1:60 1:60 ", told(call).c_str());
  desk.queued("2");
  const CallId next = desk.last_call();
  desk.run(11s);
  STRCMP_EQUAL("2:240 ", told(next).c_str());  // as it is now
}

TEST(Announcing, the_language_of_the_script_is_spoken_and_survives_a_restart) {
  desk.login("2001", "1001");
  desk.queued("9");
  desk.talk("1001");
  desk.queued("1", {.queue = "orders", .agent = {}, .language = "en"});
  const LegId leg = last_leg();
  desk.run(11s);
  STRCMP_EQUAL("music; en/position_next en/please_wait; ", heard(leg).c_str());
  desk.kill_ctid();
  desk.start_ctid();
  desk.link();
  desk.run(11s);
  CHECK_TEXT(heard(leg).ends_with("en/position_next en/please_wait; "), heard(leg).c_str());
}

TEST(Announcing, without_a_board_nothing_is_said_and_nothing_counts_as_said) {
  desk.login("2001", "1001");
  desk.queued("9");
  desk.talk("1001");
  const CallId call = desk.queued("1");
  desk.run(9s);
  desk.unlink();
  desk.run(5s);
  desk.link();
  STRCMP_EQUAL("", told(call).c_str());
  desk.run(30s);
  STRCMP_EQUAL("1:0 ", told(call).c_str());
}

TEST(Announcing, numbers_are_spoken_as_people_say_them) {
  const AnnounceConfig config{.comfort = {"a"}, .offer = "o"};
  STRCMP_EQUAL("zh/position_next zh/wait_short zh/a", spoken(config, {1, 1}, "zh").c_str());
  STRCMP_EQUAL("zh/position zh/liang zh/callers_waiting zh/expected_wait zh/liang zh/minutes zh/a zh/o", spoken(config, {3, 2}, "zh", 0, true).c_str());
  STRCMP_EQUAL("en/position en/n2 en/callers_waiting en/expected_wait en/n15 en/minutes en/a", spoken(config, {3, 15}, "en").c_str());
  STRCMP_EQUAL("en/wait_long en/a", spoken(config, {0, acd::kMinutesLong}, "en").c_str());
}
