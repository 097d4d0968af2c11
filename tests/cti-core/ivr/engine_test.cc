// Sessions, versions, errors: what happens around the functions.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/lua_engine.h"

#include "cti-core/ivr/session_state.h"
#include "tests/cti-core/ivr/fake_host.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ivr;
using sr::ivr::test::Bench;

#define ACTS(expected) STRCMP_EQUAL(expected, b.all().c_str())

TEST_GROUP(LuaEngine) {
  Bench b;
  void start(const char* text, std::uint64_t call = 1) {
    const Status s = b.start(text, call);
    if (!s) FAIL(s.error().text().c_str());
  }
  std::string refused(const std::string& text) {
    b.write("test.lua", text);
    const Status s = b.engine->load("test.lua");
    return s ? "accepted" : s.error().where + " " + s.error().what;
  }
};

TEST(LuaEngine, each_call_has_its_own_globals) {
  start("n = (n or 0) + 1 play('menu') call:set('n', n)", 1);
  CHECK(b.engine->start("test.lua", Bench::info(2)).has_value());
  const auto second = b.host.last_play;
  b.engine->on_play_ended(CallId{1}, second - 1, false);
  b.engine->on_play_ended(CallId{2}, second, false);
  ACTS("1 play zh/menu; 2 play zh/menu; 1 data n=1; 1 finished; 2 data n=1; 2 finished");
}

TEST(LuaEngine, a_hangup_ends_the_session_in_every_state) {
  for (const char* text : {"answer()", "play('menu')", "collect{prompts='menu'}", "collect{}", "queue('orders')", "dial('1')", "sql('SELECT 1')"}) {
    start(text);
    LONGS_EQUAL(1, b.engine->sessions());
    b.engine->on_hangup(CallId{1});
    LONGS_EQUAL(0, b.engine->sessions());
  }
  LONGS_EQUAL(0, b.timers.pending());
  for (const auto& act : b.host.acts) CHECK(act != "1 finished" && act != "1 failed");
}

TEST(LuaEngine, a_hangup_from_inside_a_request_ends_the_session) {
  b.host.on_play = [this](CallId c) { b.engine->on_hangup(c); };
  start("play('menu') log('never')");
  LONGS_EQUAL(0, b.engine->sessions());
  ACTS("1 play zh/menu");
}

TEST(LuaEngine, events_that_nobody_waits_for_are_counted) {
  start("play('menu')");
  b.engine->on_answered(CallId{1});
  b.engine->on_queue_ended(CallId{1}, QueueEnd::full);
  b.engine->on_dial_ended(CallId{1}, DialEnd::answered);
  b.engine->on_dial_ended(CallId{1}, DialEnd::busy);
  b.engine->on_play_ended(CallId{1}, b.host.last_play + 7, false);
  b.engine->on_answered(CallId{99});
  b.engine->on_digit(CallId{99}, '1');
  b.engine->on_hangup(CallId{99});
  LONGS_EQUAL(6, b.engine->counters().late);
  ACTS("1 play zh/menu");
}

TEST(LuaEngine, every_event_that_has_no_row_is_refused) {
  int rows = 0;
  for (int s = 0; s < static_cast<int>(State::count_); ++s)
    for (int e = 0; e < static_cast<int>(On::count_); ++e) rows += fsm::find(kSessionTable, static_cast<State>(s), static_cast<On>(e)) != nullptr;
  LONGS_EQUAL(kSessionTable.size(), rows);
}

TEST(LuaEngine, an_error_ends_only_that_script_with_its_place) {
  start("play('menu') call:set('ok', 1)", 7);
  const auto play = b.host.last_play;
  start("\n\nlocal t = nil\nlocal x = t.y", 1);
  STRCMP_EQUAL("test.lua:4", b.host.last_error.where.c_str());
  STRCMP_CONTAINS("attempt to index a nil value", b.host.last_error.what.c_str());
  LONGS_EQUAL(1, b.engine->sessions());
  b.engine->on_play_ended(CallId{7}, play, false);
  STRCMP_EQUAL("7 finished", b.host.acts.back().c_str());
}

TEST(LuaEngine, an_error_value_without_text_has_a_place_too) {
  start("\nerror({})");
  STRCMP_EQUAL("test.lua:2", b.host.last_error.where.c_str());
}

TEST(LuaEngine, a_failed_script_may_be_followed_by_another_one_for_the_same_call) {
  start("error('x')");
  start("hangup()");
  ACTS("1 failed; 1 hangup 16");
}

TEST(LuaEngine, one_call_has_one_script) {
  start("play('menu')");
  CHECK(!b.engine->start("test.lua", Bench::info(1)).has_value());
  LONGS_EQUAL(1, b.engine->sessions());
}

TEST(LuaEngine, a_changed_file_serves_the_calls_that_follow) {
  start("play('menu') call:set('v', 'old')", 1);
  const auto play = b.host.last_play;
  b.write("test.lua", "call:set('v', 'new')");
  b.timers.run_for(2s);
  CHECK(b.engine->start("test.lua", Bench::info(2)).has_value());
  b.engine->on_play_ended(CallId{1}, play, false);
  ACTS("1 play zh/menu; 2 data v=new; 2 finished; 1 data v=old; 1 finished");
  LONGS_EQUAL(1, b.engine->counters().reloaded);
}

TEST(LuaEngine, a_changed_library_serves_the_calls_that_follow) {
  b.write("lib/a.lua", "return 'old'");
  start("call:set('v', include('lib/a.lua'))");
  b.write("lib/a.lua", "return 'new'");
  b.engine->reload_changed();
  CHECK(b.engine->start("test.lua", Bench::info(2)).has_value());
  ACTS("1 data v=old; 1 finished; 2 data v=new; 2 finished");
}

TEST(LuaEngine, a_bad_version_is_refused_and_the_previous_one_stays) {
  start("call:set('v', 'good')");
  b.write("test.lua", "call:set('v', 'bad'");
  b.engine->reload_changed();
  b.engine->reload_changed();  // complains once
  LONGS_EQUAL(1, b.engine->counters().reload_refused);
  CHECK(b.engine->start("test.lua", Bench::info(2)).has_value());
  STRCMP_EQUAL("2 data v=good", b.host.acts.at(2).c_str());
  b.write("test.lua", "call:set('v', 'better')");
  b.engine->reload_changed();
  CHECK(b.engine->start("test.lua", Bench::info(3)).has_value());
  STRCMP_EQUAL("3 data v=better", b.host.acts.at(4).c_str());
}

TEST(LuaEngine, says_file_and_line_of_what_does_not_compile) {
  STRCMP_EQUAL("test.lua:2 syntax error near '1'", refused("local a = 1\nb 1").c_str());
  const std::string deep(5000, '('), closed(5000, ')');
  STRCMP_EQUAL("test.lua:3 brackets, blocks or operators are nested too deeply", refused("local a\n\na = " + deep + "1" + closed + "\n").c_str());
  STRCMP_EQUAL("test.lua:2 brackets, blocks or operators are nested too deeply", refused("a = 1\na = " + deep).c_str());
  STRCMP_CONTAINS("is no Lua source text", refused("\x1bLua").c_str());
  STRCMP_EQUAL("accepted", refused("#!/usr/bin/lua\nlog('x')").c_str());
}

TEST(LuaEngine, says_file_and_line_of_unknown_names) {
  b.host.every_prompt = false;
  b.host.prompts = {"zh/welcome", "en/welcome", "zh/only_zh"};
  STRCMP_EQUAL("test.lua:2 unknown function 'plya'", refused("play('welcome')\nplya('welcome')").c_str());
  STRCMP_EQUAL("test.lua:1 unknown name 'customr'", refused("local customer = 1 log(customr)").c_str());
  STRCMP_EQUAL("test.lua:1 unknown function 'string.dump'", refused("string.dump(log)").c_str());
  STRCMP_EQUAL("test.lua:1 unknown function 'say.weather'", refused("play(say.weather(1))").c_str());
  STRCMP_EQUAL("test.lua:1 unknown function 'call.put'", refused("call:put('a', 1)").c_str());
  STRCMP_EQUAL("test.lua:1 unknown prompt 'welcom'", refused("play 'welcom'").c_str());
  STRCMP_EQUAL("test.lua:3 unknown prompt 'zh/goodby'", refused("play{\n'zh/welcome',\n'zh/goodby'}").c_str());
  STRCMP_EQUAL("test.lua:1 unknown prompt 'enter'", refused("collect{max=1, prompts={'welcome', 'enter'}}").c_str());
  STRCMP_EQUAL("test.lua:1 unknown queue 'ordres'", refused("queue('ordres', {priority=1})").c_str());
  STRCMP_EQUAL("test.lua:1 unknown queue 'x'", refused("if agents_idle('x') > 0 then hangup() end").c_str());
}

TEST(LuaEngine, accepts_what_is_right) {
  b.host.every_prompt = false;
  b.host.prompts = {"zh/welcome", "zh/points"};
  for (const char* good : {"local function f(a, ...) local b <const> = a return b end play('welcome') f(1)",
                           "for i, v in ipairs{1, 2} do log(i, v) end for k = 1, 2 do log(k) end",
                           "function helper(x) return x end helper(2)",
                           "a, b2 = 1, 2 log(a, b2)",
                           "local t = {key = 1, other = {deep = 2}; third = 3} log(t.key, t.other.deep, t['third'])",
                           "play{'zh/welcome', say.number(3), 'points', barge_in = true}",
                           "goto done ::done:: log('x')",
                           "local s = 'play(nothing)' -- unknown_function()\n--[[ other() ]] log(s, [[ more() ]])",
                           "local o = {} function o:m(x) return self, x end o:m(1)",
                           "play('wel' .. 'come') queue(call.settings.queue)",
                           "log(('x'):upper(), #call.calling, math.max(1, 2), utf8.len('中'))",
                           "lang = 'en' log(lang)"})
    STRCMP_EQUAL("accepted", refused(good).c_str());
}

TEST(LuaEngine, check_says_everything_that_is_wrong) {
  b.write("test.lua", "foo()\nbar()\nqueue('x')");
  LONGS_EQUAL(3, b.engine->check("test.lua").size());
  const Names names{[](const std::string& q) { return q == "x"; }, {}};
  const auto errors = check_script(b.directory, b.directory + "/test.lua", names);
  LONGS_EQUAL(2, errors.size());
  STRCMP_EQUAL("test.lua:1: unknown function 'foo' (docs/IVR.md lists the functions)", errors.at(0).text().c_str());
  LONGS_EQUAL(1, check_script(b.directory, "none.lua", names).size());
}

TEST(LuaEngine, include_stays_below_the_script_directory) {
  for (const char* bad : {"include('../x.lua')", "include('/etc/passwd')", "include('no.lua')", "local n = 'x' include(n)", "include('test.lua')"}) CHECK(refused(bad) != "accepted");
  b.write("lib/a.lua", "include('lib/b.lua')");
  b.write("lib/b.lua", "include('lib/a.lua')");
  STRCMP_CONTAINS("includes itself", refused("include('lib/a.lua')").c_str());
  CHECK(!b.engine->load("../main.lua").has_value());
}

TEST(LuaEngine, an_error_in_a_library_names_the_library) {
  b.write("lib/a.lua", "\nlocal m = {} function m.f() error('bad') end return m");
  start("include('lib/a.lua').f()");
  STRCMP_EQUAL("lib/a.lua:2", b.host.last_error.where.c_str());
}

TEST(LuaEngine, a_missing_script_is_refused_at_the_start) {
  const Status s = b.engine->start("none.lua", Bench::info(1));
  CHECK(!s.has_value());
  LONGS_EQUAL(1, b.engine->counters().refused);
  b.write("none.lua", "hangup()");
  CHECK(b.engine->start("none.lua", Bench::info(1)).has_value());
}

TEST(LuaEngine, forgets_versions_and_calls_that_are_over) {
  b.write("test.lua", "play('menu')");
  CHECK(b.engine->load("test.lua").has_value());
  std::size_t before = 0;
  for (std::uint64_t round = 0; round < 40; ++round) {
    for (std::uint64_t i = 1; i <= 100; ++i) CHECK(b.engine->start("test.lua", Bench::info(i)).has_value());
    for (std::uint64_t i = 1; i <= 100; ++i) b.engine->on_hangup(CallId{i});
    CHECK(b.engine->load("test.lua").has_value());
    if (round == 20) before = b.engine->counters().memory;
  }
  CHECK_TEXT(b.engine->counters().memory < before * 2, fmt::format("{} → {}", before, b.engine->counters().memory).c_str());
}

// The clock is the thread's own, and a machine that is taken away for 5 ms looks like a script that ran for so long. That does not
// happen three times running; a collector that stops the center does.
TEST(LuaEngine, collecting_garbage_among_ten_thousand_calls_is_no_long_pause) {
  std::string seen;
  for (int attempt = 0; attempt < 3; ++attempt) {
    Bench big(std::make_unique<ThreadCpuClock>());
    big.write("test.lua", "while true do local t = {} for i = 1, 20 do t[i] = {i, 'x' .. i} end play('menu') end");
    CHECK(big.engine->load("test.lua").has_value());
    for (std::uint64_t i = 1; i <= 10'000; ++i) CHECK(big.engine->start("test.lua", Bench::info(i)).has_value());
    for (int round = 0; round < 3; ++round) {
      const std::uint32_t first = big.host.last_play - 9'999;
      for (std::uint64_t i = 1; i <= 10'000; ++i) big.engine->on_play_ended(CallId{i}, first + static_cast<std::uint32_t>(i) - 1, false);
      big.timers.run_for(1s);
    }
    bool good = big.engine->sessions() == 10'000 && big.host.acts.size() == 40'000;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    good = good && big.engine->counters().longest_pause_ns <= 20'000'000;
#endif
    if (good) return;
    seen += fmt::format("{} calls left, {} acts, {} us; ", big.engine->sessions(), big.host.acts.size(), big.engine->counters().longest_pause_ns / 1000);
  }
  FAIL(seen.c_str());
}

TEST(LuaEngine, ten_thousand_calls_take_less_than_8_kilobytes_each) {
  b.host.acts.reserve(20'000);
  b.write("test.lua", "local customer = {id = 17, level = 'gold'} answer() local d = collect{max=4, prompts={'welcome', 'menu'}} queue('orders', {priority = 5}) log(customer.id, d)");
  CHECK(b.engine->load("test.lua").has_value());
  const std::size_t before = b.engine->counters().memory;
  for (std::uint64_t i = 1; i <= 10'000; ++i) {
    CHECK(b.engine->start("test.lua", Bench::info(i)).has_value());
    b.engine->on_answered(CallId{i});
    b.type("1#", i);
  }
  LONGS_EQUAL(10'000, b.engine->sessions());
  STRCMP_EQUAL("10000 queue orders", b.host.acts.back().c_str());
  const std::size_t each = (b.engine->counters().memory - before) / 10'000;
  // Outside of Lua: the session with its texts, well below 2 KB.
  CHECK_TEXT(each < 6 * 1024, std::to_string(each).c_str());
}
