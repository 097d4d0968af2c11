// Each function of the telephone against a recording host.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/ivr/fake_host.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ivr;
using sr::ivr::test::Bench;

#define ACTS(expected) STRCMP_EQUAL(expected, b.all().c_str())

TEST_GROUP(ScriptFunctions) {
  Bench b;
  void start(const char* text) {
    const Status s = b.start(text);
    if (!s) FAIL(s.error().text().c_str());
  }
};

TEST(ScriptFunctions, answer_waits_for_the_connection) {
  start("answer() log('up') hangup()");
  ACTS("1 answer");
  b.engine->on_answered(CallId{1});
  ACTS("1 answer; 1 hangup 16");
  LONGS_EQUAL(0, b.engine->sessions());
}

TEST(ScriptFunctions, play_speaks_a_list_in_the_language_of_the_number) {
  start("local d = play{'welcome', 'en/thank_you', say.number(2)} call:set('d', tostring(d))");
  ACTS("1 play zh/welcome en/thank_you zh/d2");
  b.play_ends();
  ACTS("1 play zh/welcome en/thank_you zh/d2; 1 data d=nil; 1 finished");
}

TEST(ScriptFunctions, play_returns_the_key_that_barged_in) {
  start("call:set('d', play('menu', {barge_in=true}))");
  b.type("2");
  ACTS("1 play! zh/menu; 1 stop; 1 data d=2; 1 finished");
  b.play_ends(true);  // comes late from the board: nobody is there
}

TEST(ScriptFunctions, play_waits_for_the_digit_when_the_board_has_barged_first) {
  start("call:set('d', tostring(play{'menu', barge_in=true}))");
  b.play_ends(true);
  ACTS("1 play! zh/menu");
  b.type("5");
  ACTS("1 play! zh/menu; 1 data d=5; 1 finished");
}

TEST(ScriptFunctions, play_returns_nil_when_that_digit_never_comes) {
  start("call:set('d', tostring(play{'menu', barge_in=true}))");
  b.play_ends(true);
  b.timers.run_for(kBargedDigitWait);
  ACTS("1 play! zh/menu; 1 data d=nil; 1 finished");
}

TEST(ScriptFunctions, play_without_barge_in_forgets_the_keys) {
  start("play('welcome') call:set('d', tostring(play('menu', {barge_in=true})))");
  b.type("1");
  b.play_ends();
  ACTS("1 play zh/welcome; 1 play! zh/menu");
}

TEST(ScriptFunctions, play_is_skipped_when_a_key_was_typed_ahead) {
  start("sql('SELECT 1') call:set('d', play('menu', {barge_in=true}))");
  b.type("2");
  b.data.asked[0].done({});
  b.timers.run_for(1ms);
  ACTS("1 data d=2; 1 finished");
}

TEST(ScriptFunctions, play_splits_a_long_list) {
  start("local t = {} for i = 1, 40 do t[i] = 'd' .. i % 10 end play(t) hangup()");
  const auto first = b.host.acts.at(0);
  LONGS_EQUAL(32, std::count(first.begin(), first.end(), '/'));
  b.play_ends();
  const auto second = b.host.acts.at(1);
  LONGS_EQUAL(8, std::count(second.begin(), second.end(), '/'));
  b.play_ends();
  STRCMP_EQUAL("1 hangup 16", b.host.acts.back().c_str());
}

TEST(ScriptFunctions, play_refuses_a_prompt_that_does_not_exist) {
  b.host.every_prompt = false;
  start("local name = 'nope' play(name)");
  STRCMP_EQUAL("test.lua:1", b.host.last_error.where.c_str());
  STRCMP_EQUAL("unknown prompt 'zh/nope'", b.host.last_error.what.c_str());
}

TEST(ScriptFunctions, play_refuses_an_unknown_option) {
  start("play('menu', {bargein=true})");
  STRCMP_EQUAL("unknown option 'bargein' (there are: barge_in)", b.host.last_error.what.c_str());
}

TEST(ScriptFunctions, say_composes_prompts) {
  STRCMP_EQUAL("zh/ten zh/d2", b.result("table.concat(say.number(12), ' ')").c_str());
  STRCMP_EQUAL("en/n12", b.result("table.concat(say.number(12, 'en'), ' ')").c_str());
  STRCMP_EQUAL("zh/liang zh/yuan zh/d5 zh/jiao", b.result("table.concat(say.money(2.5), ' ')").c_str());
  STRCMP_EQUAL("zh/liang zh/yuan zh/d5 zh/jiao", b.result("table.concat(say.money('2.50'), ' ')").c_str());
  STRCMP_EQUAL("zh/d2 zh/d0 zh/d2 zh/d6 zh/year zh/d3 zh/month zh/d1 zh/day", b.result("table.concat(say.date('2026-03-01'), ' ')").c_str());
  STRCMP_EQUAL("zh/liang zh/hour zh/oclock_sharp", b.result("table.concat(say.time('02:00'), ' ')").c_str());
  STRCMP_EQUAL("zh/yao zh/d0 zh/d0 zh/d8 zh/d6", b.result("table.concat(say.digits('10086'), ' ')").c_str());
  STRCMP_CONTAINS("not a date", b.result("say.date('yesterday')").c_str());
}

TEST(ScriptFunctions, collect_gathers_digits_until_the_terminator) {
  start("local d, why, raw = collect{min=2, max=8, prompts='enter_order'} call:set('r', d .. ' ' .. why .. ' ' .. raw)");
  ACTS("1 play! zh/enter_order");
  b.type("12");
  b.type("3#");
  ACTS("1 play! zh/enter_order; 1 stop; 1 data r=123 terminator 123; 1 finished");
}

TEST(ScriptFunctions, collect_has_a_timeout_for_the_first_and_for_the_next_digits) {
  start("local d, why = collect{min=1, max=8, first_timeout_s=7, digit_timeout_s=2} call:set('r', tostring(d) .. ' ' .. why)");
  b.timers.run_for(6s);
  b.type("1");
  b.timers.run_for(1s);
  b.type("2");
  b.timers.run_for(1999ms);
  LONGS_EQUAL(1, b.engine->sessions());
  b.timers.run_for(1ms);
  ACTS("1 data r=12 timeout; 1 finished");
}

TEST(ScriptFunctions, collect_starts_its_timeout_when_the_prompts_have_ended) {
  start("local d, why = collect{prompts='menu', first_timeout_s=5} call:set('r', tostring(d) .. ' ' .. why)");
  b.timers.run_for(60s);
  b.play_ends();
  b.timers.run_for(4999ms);
  LONGS_EQUAL(1, b.engine->sessions());
  b.timers.run_for(1ms);
  ACTS("1 play! zh/menu; 1 data r=nil none; 1 finished");
}

TEST(ScriptFunctions, collect_says_why_digits_are_not_good) {
  start("local d, why, raw = collect{min=11, max=11, pattern='1%d*'} call:set('r', tostring(d) .. ' ' .. why .. ' ' .. raw)");
  b.type("23800000001");
  ACTS("1 data r=nil invalid 23800000001; 1 finished");
}

TEST(ScriptFunctions, collect_refuses_bad_options) {
  for (const char* bad : {"collect{min=5, max=2}", "collect{max=99}", "collect{terminator='xx'}", "collect{pattern='['}", "collect{first_timeout_s=-1}", "collect{mix=1}"}) {
    b.host.acts.clear();
    start(bad);
    ACTS("1 failed");
  }
}

TEST(ScriptFunctions, queue_passes_its_options_and_returns_how_it_ended) {
  start("call:set('r', queue('orders', {priority=5, timeout_s=30, agent='8001', agent_wait_s=10, only_if_idle=true}))");
  LONGS_EQUAL(5, b.host.last_queue.priority);
  CHECK(b.host.last_queue.timeout == 30s && b.host.last_queue.agent_wait == 10s && b.host.last_queue.only_if_idle);
  STRCMP_EQUAL("8001", b.host.last_queue.agent.c_str());
  b.type("123");  // to the agent
  b.engine->on_queue_ended(CallId{1}, QueueEnd::answered);
  ACTS("1 queue orders; 1 data r=answered; 1 finished");
}

TEST(ScriptFunctions, queue_ends_in_four_ways) {
  for (const auto& [end, word] : {std::pair{QueueEnd::answered, "answered"}, {QueueEnd::timeout, "timeout"}, {QueueEnd::full, "full"}, {QueueEnd::closed, "closed"}}) {
    b.host.acts.clear();
    start("call:set('r', queue('orders'))");
    b.engine->on_queue_ended(CallId{1}, end);
    STRCMP_EQUAL((std::string("1 data r=") + word).c_str(), b.host.acts.at(1).c_str());
  }
}

TEST(ScriptFunctions, queue_may_end_from_inside_the_request) {
  b.host.on_queue = [this](CallId c) { b.engine->on_queue_ended(c, QueueEnd::full); };
  start("local a = queue('vip') local c = queue('orders') call:set('r', a .. c)");
  ACTS("1 queue vip");
  b.timers.run_for(1ms);
  ACTS("1 queue vip; 1 queue orders; 1 data r=fullfull; 1 finished");
}

TEST(ScriptFunctions, queue_refuses_an_unknown_name) {
  start("local q = 'nope' queue(q)");
  STRCMP_EQUAL("unknown queue 'nope'", b.host.last_error.what.c_str());
}

TEST(ScriptFunctions, dial_returns_after_the_talk) {
  start("call:set('r', dial('01012345678', {timeout_s=25, calling='4006001', group='out'}))");
  CHECK(b.host.last_dial.timeout == 25s);
  STRCMP_EQUAL("out", b.host.last_dial.group.c_str());
  b.engine->on_dial_ended(CallId{1}, DialEnd::answered);
  ACTS("1 dial 01012345678");
  b.engine->on_dial_ended(CallId{1}, DialEnd::finished);
  ACTS("1 dial 01012345678; 1 data r=answered; 1 finished");
}

TEST(ScriptFunctions, dial_says_why_not) {
  for (const auto& [end, word] : {std::pair{DialEnd::busy, "busy"}, {DialEnd::no_answer, "no_answer"}, {DialEnd::failed, "failed"}, {DialEnd::finished, "failed"}}) {
    b.host.acts.clear();
    start("call:set('r', dial('8001'))");
    b.engine->on_dial_ended(CallId{1}, end);
    STRCMP_EQUAL((std::string("1 data r=") + word).c_str(), b.host.acts.at(1).c_str());
  }
  start("dial('abc')");
  STRCMP_CONTAINS("a number has digits", b.host.last_error.what.c_str());
}

TEST(ScriptFunctions, hangup_ends_the_script_with_a_cause) {
  start("hangup(17) log('never')");
  ACTS("1 hangup 17");
  start("pcall(hangup) log('never')");
  ACTS("1 hangup 17; 1 hangup 16");
}

TEST(ScriptFunctions, served_is_booked_once) {
  start("call:set('a', tostring(served('order status told')))");
  ACTS("1 served order status told; 1 data a=true; 1 finished");
  b.host.booked = true;
  start("local ok, why = served('again') call:set('b', tostring(ok) .. ' ' .. why)");
  STRCMP_EQUAL("1 data b=nil the outcome is booked already", b.host.acts.at(3).c_str());
}

TEST(ScriptFunctions, lost_names_a_stage) {
  start("lost('timeout', 'nobody free', {callback=true}) lost('blacklist')");
  ACTS("1 lost timeout nobody free callback; 1 lost blacklist blacklist; 1 finished");
  start("lost('in_queue')");
  STRCMP_CONTAINS("no stage 'in_queue' (there are: timeout, full,", b.host.last_error.what.c_str());
}

TEST(ScriptFunctions, call_knows_its_numbers_settings_and_data) {
  STRCMP_EQUAL("13800000001 4006001 4006001 kitchen nil", b.result("call.calling .. ' ' .. call.called .. ' ' .. call.number .. ' ' .. call.settings.business .. ' ' .. tostring(call.settings.nope)").c_str());
  b.host.acts.clear();
  start("call:set('customer', 17) call:set('vip', true) call:set('customer', 17) local v = call:get('customer') call:set('t', type(v) .. v .. tostring(call:get('none')))");
  ACTS("1 data customer=17; 1 data vip=true; 1 data t=string17nil; 1 finished");
}

TEST(ScriptFunctions, call_cannot_be_changed_otherwise) {
  start("call.calling = '1'");
  STRCMP_CONTAINS("cannot be changed", b.host.last_error.what.c_str());
  start("call.settings.queue = 'vip'");
  STRCMP_CONTAINS("cannot be changed", b.host.last_error.what.c_str());
  start("for i = 1, 33 do call:set('k' .. i, 'v') end");
  STRCMP_CONTAINS("at most 32 keys", b.host.last_error.what.c_str());
}

TEST(ScriptFunctions, sql_returns_rows) {
  start("local rows = sql('SELECT level, points FROM member WHERE phone = ? AND x = ?', call.calling, 7) "
        "call:set('r', #rows .. rows[1].level .. rows[2].points .. tostring(rows[2].level))");
  LONGS_EQUAL(1, b.data.asked.size());
  STRCMP_EQUAL("13800000001", std::get<std::string>(b.data.asked[0].parameters[0]).c_str());
  LONGS_EQUAL(7, std::get<std::int64_t>(b.data.asked[0].parameters[1]));
  SqlResult r;
  r.rows = {{{"level", std::string("gold")}, {"points", std::int64_t{5}}}, {{"level", nullptr}, {"points", 1.5}}};
  b.data.asked[0].done(r);
  ACTS("1 data r=2gold1.5nil; 1 finished");
}

TEST(ScriptFunctions, sql_returns_the_error) {
  start("local rows, why = sql('SELECT') call:set('r', tostring(rows) .. ' ' .. why)");
  SqlResult r;
  r.error = "no";
  b.data.asked[0].done(r);
  ACTS("1 data r=nil no; 1 finished");
}

TEST(ScriptFunctions, sql_may_be_answered_after_the_call_is_over) {
  start("sql('SELECT 1') log('never')");
  b.engine->on_hangup(CallId{1});
  b.data.asked[0].done({});
  LONGS_EQUAL(0, b.engine->sessions());
  LONGS_EQUAL(1, b.engine->counters().late);
}

TEST(ScriptFunctions, sql_refuses_what_cannot_be_bound) {
  start("sql('SELECT ?', {})");
  STRCMP_CONTAINS("not a table", b.host.last_error.what.c_str());
}

TEST(ScriptFunctions, queues_can_be_looked_at) {
  b.host.idle = 3;
  b.host.waiting = 7;
  STRCMP_EQUAL("3 7", b.result("agents_idle('orders') .. ' ' .. calls_waiting('orders')").c_str());
  STRCMP_CONTAINS("unknown queue", b.result("agents_idle('no' .. 'pe')").c_str());
}

TEST(ScriptFunctions, clock_is_local_time_of_the_center) {
  STRCMP_EQUAL("2026-1-1 8:0 4 1767225600", b.result("(function() local c = clock() return c.year..'-'..c.month..'-'..c.day..' '..c.hour..':'..c.minute..' '..c.weekday..' '..c.unix end)()").c_str());
}

TEST(ScriptFunctions, lang_changes_the_language) {
  start("lang = 'en' play{'welcome', say.number(2)}");
  ACTS("1 play en/welcome en/n2");
  STRCMP_CONTAINS("\"zh\" or \"en\"", (b.start("lang = 'de'", 2), b.host.last_error.what.c_str()));
}

TEST(ScriptFunctions, include_runs_a_file_in_the_same_globals) {
  b.write("lib/a.lua", "local m = {} function m.twice(x) return 2 * x end shared = 'from a' return m");
  start("local a = include('lib/a.lua') call:set('r', a.twice(4) .. shared)");
  ACTS("1 data r=8from a; 1 finished");
}

TEST(ScriptFunctions, include_may_wait_inside_the_file) {
  b.write("lib/a.lua", "play('welcome') return 'x'");
  start("local a = include 'lib/a.lua' call:set('r', a)");
  b.play_ends();
  ACTS("1 play zh/welcome; 1 data r=x; 1 finished");
}

TEST(ScriptFunctions, pcall_catches_an_error_and_waits_inside) {
  start("local ok, why = pcall(function() play('welcome') error('oops') end) call:set('r', tostring(ok) .. ' ' .. why)");
  b.play_ends();
  ACTS("1 play zh/welcome; 1 data r=false test.lua:1: oops; 1 finished");
  STRCMP_EQUAL("true 1 2 nil", b.result("(function() local a, b, c, d = pcall(function() return 1, 2, nil end) return tostring(a)..' '..b..' '..c..' '..tostring(d) end)()").c_str());
}

TEST(ScriptFunctions, nothing_waits_inside_a_comparison) {
  start("table.sort({2, 1}, function(a, c) play('menu') return a < c end)");
  STRCMP_CONTAINS("play cannot wait inside", b.host.last_error.what.c_str());
  ACTS("1 failed");
}

TEST(ScriptFunctions, a_script_sees_the_load_the_trunks_the_hours_and_the_spot) {
  b.host.numbers = {.waiting = 9, .staffed = 4, .ready = 2, .oldest = 12s, .expected = 90s};
  b.host.trunks = {.free = 3, .in_use = 27};
  STRCMP_EQUAL("4 2 12.0 90.0", b.result("agents_staffed('orders') .. ' ' .. agents_ready('orders') .. ' ' .. oldest_wait('orders') .. ' ' .. expected_wait('orders')").c_str());
  STRCMP_EQUAL("3 27", b.result("trunks_free('city') .. ' ' .. trunks_in_use('city')").c_str());
  STRCMP_CONTAINS("unknown trunk group 'moon'", b.result("trunks_free('moon')").c_str());
  STRCMP_EQUAL("truefalse", b.result("tostring(is_open('orders')) .. tostring(is_open('vip'))").c_str());
  b.host.open = false;
  STRCMP_EQUAL("false", b.result("is_open()").c_str());
  STRCMP_EQUAL("nilnil", b.result("tostring(holiday()) .. tostring(spot())").c_str());
  b.host.day = "new year";
  b.host.shown = "wok";
  STRCMP_EQUAL("new year wok", b.result("holiday() .. ' ' .. spot()").c_str());
  b.host.numbers.expected.reset();
  STRCMP_EQUAL("nil", b.result("expected_wait('orders')").c_str());
}
