// Scripts that try to get out of their limits: one test per way, each with 100 other calls up. What is measured is CPU time of this
// thread between the resume of a script and its return, so that a busy machine makes no difference; and nobody else is disturbed.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/ivr/fake_host.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ivr;
using sr::ivr::test::Bench;

namespace {
constexpr std::uint64_t kOthers = 100;
constexpr std::int64_t kPauseNsMax = 20'000'000;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSlower = 10;  // instrumented code; the bound that counts is the one of the product's build
#else
constexpr int kSlower = 1;
#endif
// The CPU time that the product's build would have taken, more or less: a pattern has its 5 ms of work in every build.
class BuildClock final : public TurnClock {
 public:
  std::int64_t now_ns() override { return cpu_.now_ns() / kSlower; }

 private:
  ThreadCpuClock cpu_;
};
}  // namespace

TEST_GROUP(HostileScript) {
  Bench b{std::make_unique<BuildClock>()};
  std::vector<std::uint32_t> plays;

  void setup() override {
    b.write("good.lua", "local t = {} for i = 1, 20 do t[i] = 'item' .. i end play('welcome') call:set('n', #t)");
    for (std::uint64_t i = 1; i <= kOthers; ++i) {
      CHECK(b.engine->start("good.lua", Bench::info(1000 + i)).has_value());
      plays.push_back(b.host.last_play);
    }
    b.host.acts.clear();
  }

  // The pause, and the others, must be right whatever the script did.
  void innocent() {
    const auto counters = b.engine->counters();
    CHECK_TEXT(counters.longest_pause_ns <= kPauseNsMax, fmt::format("a turn took {} us", counters.longest_pause_ns / 1000).c_str());
    b.host.acts.clear();
    for (std::uint64_t i = 1; i <= kOthers; ++i) b.engine->on_play_ended(CallId{1000 + i}, plays[i - 1], false);
    LONGS_EQUAL(2 * kOthers, b.host.acts.size());
    STRCMP_EQUAL("1001 data n=20", b.host.acts.front().c_str());
    STRCMP_EQUAL("1100 finished", b.host.acts.back().c_str());
    CHECK(b.result("#'abc' + select('#', string.find('xabc', 'a'))") == "5");  // the libraries are what they were
    LONGS_EQUAL(0, b.engine->sessions());
  }

  void run(const std::string& text) {
    const Status s = b.start(text);
    if (!s) FAIL(s.error().text().c_str());
    b.timers.run_for(10ms);
  }
  // The script is ended by a limit.
  void ends(const std::string& text, const char* what = "") {
    run(text);
    CHECK_TEXT(!b.host.acts.empty() && b.host.acts.back() == "1 failed", b.all().c_str());
    for (const auto& act : b.host.acts) CHECK_TEXT(act.find("escaped") == std::string::npos, act.c_str());
    STRCMP_CONTAINS(what, b.host.last_error.what.c_str());
    STRCMP_CONTAINS("test.lua:", b.host.last_error.where.c_str());
    innocent();
  }
  // The script gets an ordinary error that it may catch, and nothing takes long.
  void errs(const std::string& expression, const char* what) {
    const std::string got = b.result("select(2, pcall(function() return " + expression + " end))");
    STRCMP_CONTAINS(what, got.c_str());
    innocent();
  }
  // The name is not there at all: refused by the check, nil at run time.
  void absent(const std::string& name) {
    STRCMP_CONTAINS("unknown", b.result(name).c_str());
    std::string path = name;
    const auto dot = name.find('.');
    const std::string by_key = dot == std::string::npos ? "_ENV['" + name + "']" : name.substr(0, dot) + "['" + name.substr(dot + 1) + "']";
    STRCMP_EQUAL("nil", b.result(by_key).c_str());
  }
};

TEST(HostileScript, endless_loop) { ends("while true do end", "200000 instructions"); }
TEST(HostileScript, endless_recursion) { ends("local function f() return 1 + f() end f()"); }
TEST(HostileScript, endless_tail_calls) { ends("local function f() return f() end f()"); }
TEST(HostileScript, endless_goto) { ends("::a:: goto a"); }
TEST(HostileScript, loop_inside_pcall) { ends("while true do pcall(function() while true do end end) call:set('x', 'escaped') end"); }
TEST(HostileScript, pcall_after_the_limit_runs_nothing) {
  ends("pcall(function() while true do end end) call:set('x', 'escaped') play('menu')");
}
TEST(HostileScript, nested_pcall_with_handlers_that_loop) {
  ends("local function f(n) if n > 0 then pcall(f, n - 1) while true do end end end f(150) call:set('x', 'escaped')");
}
TEST(HostileScript, pcall_tree) { ends("local function f() pcall(f) pcall(f) end f()"); }
TEST(HostileScript, pcall_loop_of_errors) { ends("while true do pcall(error, 'x') end"); }
TEST(HostileScript, pcall_loop_of_failing_allocations) {
  ends("local s = ('x'):rep(16000) while true do pcall(function() local t = s .. s .. s .. s .. s .. s .. s .. s end) end call:set('x', 'escaped')", "64 KB");
}
TEST(HostileScript, one_huge_concatenation) {
  std::string operands = "s";
  for (int i = 0; i < 150; ++i) operands += "..s";
  ends("local s = ('x'):rep(16000) pcall(function() return " + operands + " end) call:set('x', 'escaped')", "too large");
}
TEST(HostileScript, doubling_string) { ends("local s = 'x' while true do s = s .. s end", "64 KB"); }
TEST(HostileScript, growing_table) { ends("local t = {} for i = 1, 1e9 do t[i] = i end"); }
TEST(HostileScript, table_of_tables) { ends("local t = {} for i = 1, 1e9 do t = {t} end", "256 KB"); }
TEST(HostileScript, garbage) { ends("for i = 1, 1e9 do local t = {i, i, i, i} end"); }
TEST(HostileScript, memory_over_many_turns) {
  run("local t = {} while true do for i = 1, 100 do t[#t + 1] = ('x'):rep(100) .. #t end play('menu') end");
  for (int turn = 0; turn < 200 && b.host.acts.back() != "1 failed"; ++turn) {
    b.timers.run_for(1s);
    b.play_ends();
  }
  STRCMP_EQUAL("1 failed", b.host.acts.back().c_str());
  STRCMP_CONTAINS("KB", b.host.last_error.what.c_str());
  innocent();
}
TEST(HostileScript, a_call_that_makes_garbage_for_a_day_is_no_hostile_one) {
  run("while true do local t = {} for i = 1, 100 do t[i] = ('x'):rep(100) .. i end play('menu') end");
  for (int turn = 0; turn < 2'000; ++turn) {
    b.timers.run_for(1s);
    b.play_ends();
    if (b.host.acts.back() == "1 failed") FAIL(b.host.last_error.text().c_str());
  }
  CHECK(b.engine->counters().memory < 4u * 1024 * 1024);
  b.engine->on_hangup(CallId{1});
  innocent();
}
TEST(HostileScript, string_rep) { errs("('x'):rep(1e9)", "may have 16384 bytes"); }
TEST(HostileScript, string_rep_of_nothing) { CHECK(b.result("#(''):rep(1e15)") == "0"); innocent(); }
TEST(HostileScript, string_rep_with_a_separator) { errs("(''):rep(1e9, 'x')", "may have 16384 bytes"); }
TEST(HostileScript, string_rep_overflow) { errs("('x'):rep(9223372036854775807, 'yyyyyyyyyyyyyyyyyyyyyyyy')", "may have 16384 bytes"); }
TEST(HostileScript, string_rep_in_a_loop) { ends("while true do local s = ('x'):rep(16000) end"); }
TEST(HostileScript, string_format) { errs("('%s'):rep(8):format(table.unpack({('x'):rep(9000), ('x'):rep(9000), 1, 1, 1, 1, 1, 1}))", "may have 16384 bytes"); }
TEST(HostileScript, string_format_wide) { errs("('%1000000d'):format(1)", "invalid conversion"); }
TEST(HostileScript, string_format_q) { errs("('%q'):format('x')", "no %q"); }
TEST(HostileScript, string_format_of_a_tostring_that_loops) { ends("string.format('%s', setmetatable({}, {__tostring = function() while true do end end}))"); }
TEST(HostileScript, table_concat) { errs("table.concat({}, ('x'):rep(10000), 1, 3)", "invalid value"); }
TEST(HostileScript, table_concat_large) { errs("table.concat({('x'):rep(9000), ('x'):rep(9000)})", "may have 16384 bytes"); }
TEST(HostileScript, table_concat_range) { errs("table.concat({}, '', -9223372036854775807, 9223372036854775807)", "at most 10000 items"); }
TEST(HostileScript, table_sort_that_loops) { ends("table.sort({3, 1, 2}, function() while true do end end)"); }
TEST(HostileScript, table_sort_without_order) {
  run("local t = {} for i = 1, 400 do t[i] = (i * 7919) % 1000 end table.sort(t, function() return true end) table.sort(t, function() return false end) call:set('n', #t)");
  STRCMP_EQUAL("1 data n=400; 1 finished", b.all().c_str());
  innocent();
}
TEST(HostileScript, table_sort_of_too_much) { errs("(function() local t = {} for i = 1, 1001 do t[i] = i end table.sort(t) end)()", "may have 1000 items"); }
TEST(HostileScript, table_sort_in_a_loop) { ends("local t = {} for i = 1, 1000 do t[i] = -i end while true do table.sort(t) end"); }
TEST(HostileScript, table_sort_inside_pcall_inside_sort) {
  ends("table.sort({3, 1, 2}, function(a, c) pcall(function() while true do end end) call:set('x', 'escaped') return a < c end) call:set('x', 'escaped')");
}
TEST(HostileScript, table_unpack) { errs("table.unpack({}, 1, 1e8)", "at most 200 values"); }
TEST(HostileScript, table_insert_with_a_false_length) {
  run("local t = setmetatable({}, {__len = function() return 1e15 end}) table.insert(t, 1, 'a') call:set('n', t[1])");
  STRCMP_EQUAL("1 data n=a; 1 finished", b.all().c_str());
  innocent();
}
TEST(HostileScript, table_with_a_false_border) {
  errs("(function() local t = {} for i = 0, 40 do t[1 << i] = 1 t[(1 << i) + 1] = 1 end t[3] = 1 if #t < 1e6 then error('#t is ' .. #t) end table.remove(t, 1) end)()", "may have 10000 items");
}
TEST(HostileScript, pattern_that_backtracks) { errs("('a'):rep(3000):find('.-.-.-b')", "pattern too complex"); }
TEST(HostileScript, pattern_that_backtracks_in_a_loop) { ends("local s = ('a'):rep(3000) while true do pcall(string.find, s, '.-.-.-b') end call:set('x', 'escaped')"); }
TEST(HostileScript, pattern_of_nested_repetition) { errs("('a'):rep(2000):match('a*a*a*a*a*a*b')", "pattern too complex"); }
TEST(HostileScript, pattern_balance) { errs("('('):rep(16000):find('%b()%b()')", "pattern too complex"); }
TEST(HostileScript, gsub_callback_that_loops) { ends("('abc'):gsub('.', function() while true do end end)"); }
TEST(HostileScript, gsub_callback_with_pcall) { ends("('abc'):gsub('.', function() pcall(function() while true do end end) end) call:set('x', 'escaped')"); }
TEST(HostileScript, gsub_that_grows) { errs("('a'):rep(10000):gsub('a', 'bbbb')", "may have 16384 bytes"); }
TEST(HostileScript, gmatch_that_backtracks) { errs("('a'):rep(3000):gmatch('.-.-.-b')()", "pattern too complex"); }
TEST(HostileScript, plain_find_of_long_needles) {
  ends("local h, n = ('a'):rep(16000), ('a'):rep(8000) .. 'b' while true do h:find(n, 1, true) end");
}
TEST(HostileScript, long_strings_as_keys) {
  ends("local s = ('x'):rep(16000) s = s .. s .. s local t = {} while true do t[s .. 'y'] = nil local x = t[s .. 'z'] end");
}
TEST(HostileScript, numbers_in_long_strings) { ends("local s = ('1'):rep(16000) s = s .. s .. s while true do local x = tonumber(s) local y = s + 1 end"); }
TEST(HostileScript, comparing_long_strings) { ends("local s = ('x'):rep(16000) local a, c = s .. s .. s, s .. s .. s while true do local x = a < c end"); }
TEST(HostileScript, metamethod_that_loops) { ends("local t = setmetatable({}, {__index = function() while true do end end}) local x = t.y"); }
TEST(HostileScript, metamethod_chain) {
  ends("local t = {} for i = 1, 1500 do t = setmetatable({}, {__index = t}) end while true do local x = t.y end");
}
TEST(HostileScript, finalizer) { errs("setmetatable({}, {__gc = function() while true do end end})", "may not have __gc"); }
TEST(HostileScript, finalizer_put_in_later) {
  CHECK(b.start("local m = {} for i = 1, 50 do setmetatable({}, m) end m.__gc = function() while true do end end play('menu')", 5).has_value());
  for (int i = 0; i < 20; ++i) CHECK(b.result("#('x'):rep(1000)") == "1000");
  b.engine->on_hangup(CallId{5});
  innocent();
}
TEST(HostileScript, weak_tables) { errs("setmetatable({}, {__mode = 'k'})", "may not have __mode"); }
TEST(HostileScript, closing_variables) {
  errs("(function() local m = {} local t = setmetatable({}, m) m.__close = function() while true do end end local x <close> = t end)()", "non-closable");
}
TEST(HostileScript, closing_value_of_a_for_loop) {
  errs("(function() local m = {} local t = setmetatable({}, m) m.__close = function() while true do end end for i in next, {}, nil, t do end end)()", "non-closable");
}
TEST(HostileScript, a_metatable_added_to_later_is_the_old_one) {
  CHECK(b.result("(function() local m = {} local t = setmetatable({}, m) m.__index = {x = 1} return tostring(t.x) .. tostring(getmetatable(t) == m) end)()") == "niltrue");
  CHECK(b.result("(function() local C = {} C.__index = C function C.new() return setmetatable({}, C) end function C:f() return 'f' end return C.new():f() end)()") == "f");
  innocent();
}
TEST(HostileScript, a_protected_metatable_stays) {
  errs("setmetatable(string, {})", "protected");
  STRCMP_CONTAINS("protected", b.result("select(2, pcall(setmetatable, _ENV, {}))").c_str());
  CHECK(b.result("getmetatable('')") == "false");
  CHECK(b.result("getmetatable(string)") == "false");
  CHECK(b.result("getmetatable(_ENV)") == "false");
}
TEST(HostileScript, library_tables_are_read_only) {
  errs("(function() string.find = nil end)()", "cannot be changed");
  STRCMP_CONTAINS("cannot be changed", b.result("select(2, pcall(function() table.insert(string, 1) end))").c_str());
  STRCMP_CONTAINS("attempt to index", b.result("select(2, pcall(function() ('').evil = 1 end))").c_str());
  STRCMP_CONTAINS("cannot be changed", b.result("select(2, pcall(function() say.number = 1 end))").c_str());
  CHECK(b.result("rawget(string, 'find')") == "nil");
  run("string = {} table = nil pcall = nil play = 1");  // its own names only
  CHECK(b.result("type(string.find) .. type(table.sort) .. type(play)") == "functionfunctionfunction");
}
TEST(HostileScript, absent_functions) {
  for (const char* name : {"xpcall", "load", "loadstring", "loadfile", "dofile", "require", "collectgarbage", "rawset", "print", "warn", "os", "io", "debug",
                           "package", "coroutine", "bit32", "arg", "_G", "string.dump", "string.pack", "string.unpack", "string.packsize", "table.move", "table.pack",
                           "math.random", "math.randomseed"})
    absent(name);
  innocent();
}
TEST(HostileScript, binary_chunks) {
  b.write("bin.lua", std::string("\x1bLuaT\0\x19\x93\r\n\x1a\n", 12));
  CHECK(!b.engine->load("bin.lua").has_value());
  innocent();
}
TEST(HostileScript, a_huge_file) {
  b.write("big.lua", std::string(kFileBytesMax + 1, ' '));
  CHECK(!b.engine->load("big.lua").has_value());
  std::string deep;
  for (int i = 0; i < 5'000; ++i) deep += "(";
  b.write("deep.lua", "local x = " + deep);
  CHECK(!b.engine->load("deep.lua").has_value());
  innocent();
}
TEST(HostileScript, requests_that_end_at_once) {
  b.host.on_queue = [this](CallId c) { b.engine->on_queue_ended(c, QueueEnd::full); };
  ends("while true do queue('orders') end", "none of which waited");
}
TEST(HostileScript, questions_that_are_answered_at_once) {
  b.data.at_once = [](const std::string&, const std::vector<SqlValue>&) { return SqlResult{}; };
  ends("while true do sql('SELECT 1') end", "none of which waited");
}
TEST(HostileScript, just_below_the_limit_again_and_again) {
  b.data.at_once = [](const std::string&, const std::vector<SqlValue>&) { return SqlResult{}; };
  ends("while true do for i = 1, 40000 do end sql('SELECT 1') end");
}
TEST(HostileScript, log_flood) {
  run("for i = 1, 500 do log(('x'):rep(2000)) end");
  CHECK(b.host.acts.back() == "1 finished" || b.host.acts.back() == "1 failed");
  innocent();
}
TEST(HostileScript, vararg_copies) { ends("local function f(...) return f(1, 2, 3, 4, 5, 6, 7, 8, ...) end f()"); }
TEST(HostileScript, string_byte_of_everything) { ends("local function f(...) return select('#', ...) end while true do f(('x'):rep(16000):byte(1, -1)) end"); }
TEST(HostileScript, a_hundred_hostile_calls_at_once) {
  b.write("test.lua", "local t = {} while true do t[#t + 1] = {} end");
  for (std::uint64_t i = 1; i <= 100; ++i) CHECK(b.engine->start("test.lua", Bench::info(i)).has_value());
  b.host.acts.clear();
  innocent();
  CHECK(b.engine->counters().limits == 100);
}
TEST(HostileScript, the_memory_of_all_scripts_has_a_limit) {
  EngineOptions options;
  options.state_bytes_max = 2 * 1024 * 1024;
  Bench small(std::make_unique<BuildClock>(), options);
  small.write("good.lua", "play('welcome') call:set('ok', 'yes')");
  CHECK(small.engine->start("good.lua", Bench::info(1)).has_value());
  const auto play = small.host.last_play;
  small.write("greedy.lua", "local t = {} while true do for i = 1, 10 do t[#t + 1] = ('x'):rep(1000) .. #t end play('menu') end");
  std::uint64_t begun = 0;
  for (std::uint64_t i = 2; i <= 200; ++i) begun += small.engine->start("greedy.lua", Bench::info(i)).has_value();
  for (int turn = 0; turn < 15; ++turn) {
    small.timers.run_for(1s);
    for (std::uint64_t i = 2; i <= 200; ++i) small.engine->on_play_ended(CallId{i}, small.host.last_play, false);
    for (std::uint32_t p = 1; p <= small.host.last_play && turn < 15; ++p)
      for (std::uint64_t i : {p % 199 + 2}) small.engine->on_play_ended(CallId{i}, p, false);
  }
  CHECK(small.engine->counters().memory < 4u * 1024 * 1024);
  small.engine->on_play_ended(CallId{1}, play, false);
  CHECK(std::find(small.host.acts.begin(), small.host.acts.end(), "1 data ok=yes") != small.host.acts.end());
}
