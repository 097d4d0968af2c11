// New callers when channels are few or the wait is long: booked, in the callback list, and not served.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/app/desk.h"
#include "tests/support/config_shelf.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

namespace {
CenterConfig capturing(CaptureConfig how = {}) {
  CenterConfig c = desk_config();
  c.trunks.push_back({"city", 2});
  for (auto& n : c.numbers) n.capture = how;
  c.numbers.push_back({.number = "lines", .business = "kitchen", .script = "main.lua", .queue = "orders", .capture = how});
  return c;
}
const CaptureConfig kEarly{.cause = 17, .prompt = "all_busy_will_call_back", .media = CaptureMedia::early};
const CaptureConfig kAnswered{.prompt = "all_busy_will_call_back", .media = CaptureMedia::answered};
}  // namespace

TEST_GROUP(Capture) {
  ConfigShelf shelf;
  std::unique_ptr<Desk> desk;
  void open(CenterConfig config, int channels = 4) {
    desk = std::make_unique<Desk>(std::move(config));
    usable(channels);
  }
  void usable(int channels) {
    std::vector<int> some;
    for (int c = 1; c <= channels; ++c) some.push_back(c);
    desk->board.usable = some;
    desk->board.happens(board::evt::Channels{"e1-1", some});
    desk->settle();
  }
  void fill(int callers) {
    for (int i = 0; i < callers; ++i) desk->board.call("1390000000" + std::to_string(i), "4006001", true, i + 1);
    desk->settle();
    LONGS_EQUAL(callers, desk->engine.started.size());
  }
  LegId next(const std::string& calling = "13800000001", int channel = 3) {
    const LegId leg = desk->board.call(calling, "4006001", true, channel);
    desk->settle();
    return leg;
  }
  CallId last() const {
    CallId id{};
    for (const auto& row : desk->journal)
      if (const auto* o = std::get_if<ev::Offered>(&row.event)) id = o->call;
    return id;
  }
  std::string reason() const {
    for (auto it = desk->journal.rbegin(); it != desk->journal.rend(); ++it)
      if (const auto* l = std::get_if<ev::Lost>(&it->event)) return l->reason;
    return {};
  }
  std::string reload(bool rollback = false) {
    std::string said;
    desk->run(app::kReloadEvery);
    desk->center->cti().config_reload({.who = "li", .rollback = rollback}, [&](const CtiResult<std::string>& done) { said = done ? *done : done.error().message; });
    desk->settle();
    return said;
  }
  void sentence_ends(LegId leg) {
    desk->board.happens(board::evt::PlayEnded{leg, app::kHostPlay, board::PlayEnd::done, 3000, {}});
    desk->settle();
  }
};

TEST(Capture, two_channels_are_kept_free_and_who_comes_then_is_released_with_the_cause_before_any_alerting) {
  open(capturing());
  fill(2);
  const auto alerts = desk->board.count("alert");
  const LegId leg = next();
  CHECK_FALSE(desk->board.has(leg));
  LONGS_EQUAL(17, desk->board.last<board::cmd::Clear>()->cause);
  LONGS_EQUAL(alerts, desk->board.count("alert"));
  STRCMP_EQUAL("lost captured", desk->outcome(last()).c_str());
  STRCMP_EQUAL("too few channels free", reason().c_str());
  const auto books = desk->books();
  LONGS_EQUAL(1, books.lost.at("captured"));
  LONGS_EQUAL(1, books.callbacks.open);
  LONGS_EQUAL(0, books.callbacks.in_no_list);
}

TEST(Capture, a_channel_that_is_free_again_lets_the_next_caller_in) {
  open(capturing());
  fill(2);
  next();
  desk->board.gone(LegId{1}, 16, true);
  desk->settle();
  next("13800000002");
  LONGS_EQUAL(3, desk->engine.started.size());
}

TEST(Capture, channels_out_of_service_are_not_free_and_a_call_that_is_still_up_on_one_takes_none_of_the_others) {
  open(capturing(), 6);
  fill(3);
  usable(4);  // 5 and 6 are busied out: 1 to 3 are in use
  next("1", 4);
  STRCMP_EQUAL("lost captured", desk->outcome(last()).c_str());
  desk->board.usable = {3, 4, 5, 6};  // of 1 and 2 the calls go on
  desk->board.happens(board::evt::Channels{"e1-1", desk->board.usable});
  desk->settle();
  next("2", 4);
  STRCMP_EQUAL("in progress", desk->outcome(last()).c_str());
}

TEST(Capture, a_withheld_number_is_booked_as_such_and_is_in_no_list) {
  open(capturing());
  fill(2);
  next("");
  STRCMP_EQUAL("number withheld", reason().c_str());
  LONGS_EQUAL(1, desk->books().callbacks.withheld);
  LONGS_EQUAL(0, desk->books().callbacks.calls);
}

TEST(Capture, the_sentence_as_early_media_is_progress_and_play_without_an_answer_then_the_cause) {
  open(capturing(kEarly));
  fill(2);
  const LegId leg = next();
  CHECK(desk->board.has(leg));
  CHECK(desk->board.last<board::cmd::Progress>()->leg == leg);
  STRCMP_EQUAL("zh/all_busy_will_call_back", desk->board.last<board::cmd::Play>()->prompts.at(0).c_str());
  LONGS_EQUAL(0, desk->board.count("answer"));
  LONGS_EQUAL(0, desk->board.count("record"));
  STRCMP_EQUAL("lost captured", desk->outcome(last()).c_str());
  sentence_ends(leg);
  CHECK_FALSE(desk->board.has(leg));
  LONGS_EQUAL(17, desk->board.last<board::cmd::Clear>()->cause);
  LONGS_EQUAL(2, desk->center->calls());
}

TEST(Capture, the_sentence_after_the_answer_ends_with_normal_clearing) {
  open(capturing(kAnswered));
  fill(2);
  const LegId leg = next();
  CHECK(desk->board.last<board::cmd::Answer>()->leg == leg);
  LONGS_EQUAL(0, desk->board.count("progress"));
  CHECK(desk->board.last<board::cmd::Play>()->leg == leg);
  sentence_ends(leg);
  LONGS_EQUAL(16, desk->board.last<board::cmd::Clear>()->cause);
  CHECK_FALSE(desk->board.has(leg));
}

TEST(Capture, who_hangs_up_during_the_sentence_and_a_sentence_that_never_ends_leave_nothing) {
  open(capturing(kEarly));
  fill(2);
  desk->board.gone(next(), 16, true);
  desk->settle();
  LONGS_EQUAL(2, desk->center->calls());
  const LegId leg = next();
  desk->run(app::kFallbackTime);
  CHECK_FALSE(desk->board.has(leg));
  LONGS_EQUAL(2, desk->center->calls());
  LONGS_EQUAL(2, desk->books().lost.at("captured"));
}

TEST(Capture, with_overlap_it_waits_for_the_complete_number) {
  open(capturing());
  fill(2);
  const LegId leg = desk->board.call("13800000001", "4006", false, 3);
  desk->settle();
  CHECK(desk->board.has(leg));
  STRCMP_EQUAL("in progress", desk->outcome(last()).c_str());
  desk->board.happens(board::evt::NumberComplete{leg, "4006001"});
  desk->settle();
  CHECK_FALSE(desk->board.has(leg));
  STRCMP_EQUAL("lost captured", desk->outcome(last()).c_str());
}

TEST(Capture, an_analog_line_is_answered_and_released) {
  CenterConfig config = capturing();
  config.trunks.push_back({"lines", 2});
  open(std::move(config));
  const LegId leg = desk->board.ring_in("13800000001", "lines");
  desk->settle();
  LONGS_EQUAL(1, desk->board.count("answer"));
  LONGS_EQUAL(16, desk->board.last<board::cmd::Clear>()->cause);
  CHECK_FALSE(desk->board.has(leg));
  STRCMP_EQUAL("lost captured", desk->outcome(last()).c_str());
  LONGS_EQUAL(1, desk->books().callbacks.open);
}

TEST(Capture, a_restart_of_ctid_releases_who_hears_the_sentence_and_captures_nobody_who_was_let_in) {
  open(capturing(kEarly));
  fill(2);
  const LegId leg = next();
  desk->books();
  desk->kill_ctid();
  desk->start_ctid();
  desk->link();
  desk->run(1s);
  CHECK_FALSE(desk->board.has(leg));
  LONGS_EQUAL(2, desk->center->calls());
  LONGS_EQUAL(1, desk->books().lost.at("captured"));
}

TEST(Capture, the_expected_wait_counts_who_waits_and_who_is_still_in_the_script) {
  CenterConfig config = desk_config();
  for (auto& n : config.numbers) n.capture_expected = 30s;
  open(std::move(config), 30);
  desk->login("2001", "1001");
  const CallId first = desk->queued("1");  // one call of 20 s and its wrap-up: handling time 23 s
  desk->talk("1001");
  desk->run(20s);
  desk->board.on_hook("1001");
  desk->run(4s);
  STRCMP_EQUAL("answered", desk->outcome(first).c_str());
  desk->queued("2");
  desk->talk("1001");      // nobody is idle now: who comes waits for 23 s
  const auto before = desk->engine.started.size();
  next("3", 11);
  LONGS_EQUAL(before + 1, desk->engine.started.size());
  next("4", 12);           // 46 s: the one before is in the script and will wait, too
  LONGS_EQUAL(before + 1, desk->engine.started.size());
  STRCMP_EQUAL("the wait would be too long", reason().c_str());
}

TEST(Capture, the_limits_of_a_spot_count_from_before_its_start_to_its_end_and_its_calls_are_counted_to_it) {
  CenterConfig config = desk_config();
  Desk probe;
  const Instant start = probe.timers.now() + 100s;
  config.spots.push_back({.name = "wok", .start = start, .length = 60s, .arm_before = 30s, .numbers = {"4006001"}, .limits = {.reserve = 3}});
  open(std::move(config), 4);
  fill(2);
  next("1");
  STRCMP_EQUAL("in progress", desk->outcome(last()).c_str());
  desk->board.gone(LegId{desk->board.next_leg}, 16, true);
  desk->run(75s);
  next("2");
  STRCMP_EQUAL("lost captured", desk->outcome(last()).c_str());
  STRCMP_EQUAL("", desk->host().spot(desk->engine.started.front()).c_str());
  desk->run(30s);
  STRCMP_EQUAL("wok", desk->host().spot(desk->engine.started.front()).c_str());
  next("3");
  std::string spot;
  for (const auto& row : desk->journal)
    if (const auto* o = std::get_if<ev::Offered>(&row.event)) spot = o->spot;
  STRCMP_EQUAL(spot_key(desk->config.spots[0]).c_str(), spot.c_str());
  desk->run(60s);
  next("4");
  STRCMP_EQUAL("in progress", desk->outcome(last()).c_str());
}

TEST(Capture, scripts_see_the_trunks_the_queue_and_the_hours) {
  CenterConfig config = desk_config();
  config.queues[1].hours = {{.days = 0xfe, .from = 0s, .to = 24h}};
  config.holidays.push_back({.name = "new year", .first = "2025-12-31", .last = "2026-01-02"});
  open(std::move(config), 5);
  desk->login("2001", "1001");
  desk->login("2002", "1002", false);
  fill(2);
  const auto city = desk->host().trunk_numbers("city");
  LONGS_EQUAL(3, city->free);
  LONGS_EQUAL(2, city->in_use);
  CHECK_FALSE(desk->host().trunk_numbers("moon").has_value());
  desk->queued("9");
  desk->queued("8");
  desk->run(7s);
  const auto orders = desk->host().queue_numbers("orders");
  LONGS_EQUAL(1, orders.waiting);
  LONGS_EQUAL(2, orders.staffed);
  LONGS_EQUAL(0, orders.ready);
  CHECK(orders.oldest == 7s);
  STRCMP_EQUAL("new year", desk->host().holiday().c_str());
  CHECK_TRUE(desk->host().is_open(desk->engine.started.front(), ""));
  CHECK_FALSE(desk->host().is_open(desk->engine.started.front(), "vip"));   // its hours, and a holiday
  CHECK_FALSE(desk->host().is_open(desk->engine.started.front(), "night"));
}

TEST(Capture, the_limits_of_a_reload_count_for_who_comes_then_and_a_rollback_takes_them_back) {
  CenterConfig config = desk_config();
  shelf.file = config;
  open(config);
  desk->center->reload_from(shelf);
  fill(3);
  shelf.file.trunks.push_back({"city", 2});
  CHECK(reload().find("trunk city: new") != std::string::npos);
  next("13800000001", 4);
  STRCMP_EQUAL("lost captured", desk->outcome(last()).c_str());
  LONGS_EQUAL(3, desk->center->calls());
  reload(true);
  next("13800000002", 4);
  LONGS_EQUAL(4, desk->engine.started.size());
  LONGS_EQUAL(1, desk->books().lost.at("captured"));
}

TEST(Capture, a_spot_of_a_reload_is_armed_at_once_when_its_start_is_near) {
  CenterConfig config = desk_config();
  shelf.file = config;
  open(config);
  desk->center->reload_from(shelf);
  fill(2);
  shelf.file.spots.push_back({.name = "wok", .start = desk->timers.now() + 30s, .numbers = {"4006001"}, .limits = {.reserve = 2}});
  CHECK(reload().find("spot wok: new") != std::string::npos);
  next();
  STRCMP_EQUAL("lost captured", desk->outcome(last()).c_str());
  shelf.file.spots.clear();
  CHECK(reload().find("spot wok: gone") != std::string::npos);
  next("13800000002", 4);
  LONGS_EQUAL(3, desk->engine.started.size());
}
