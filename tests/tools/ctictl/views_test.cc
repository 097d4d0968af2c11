// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/views.h"

#include <cstdlib>
#include <ctime>

#include "tools/ctictl/table.h"
#include "tools/ctictl/when.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ctictl;

namespace {
constexpr std::int64_t kNoon = 1'767'268'800'000'000;  // 2026-01-01T12:00:00Z
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
}  // namespace

TEST_GROUP(When) {
  void setup() override {
    ::setenv("TZ", "CST-8", 1);  // Shanghai
    ::tzset();
  }
  void teardown() override {
    ::unsetenv("TZ");
    ::tzset();
  }
};

TEST(When, is_local_unless_it_ends_in_z) {
  LONGS_EQUAL(kNoon, to_us(*parse_when("2026-01-01T20:00")));
  LONGS_EQUAL(kNoon, to_us(*parse_when("2026-01-01 20:00:00")));
  LONGS_EQUAL(kNoon, to_us(*parse_when("2026-01-01T12:00:00Z")));
  LONGS_EQUAL(kNoon - 20 * 3'600'000'000LL, to_us(*parse_when("2026-01-01")));
  STRCMP_EQUAL("2026-01-01 20:00:00", local(from_us(kNoon)).c_str());
}

TEST(When, refuses_what_is_no_time) {
  for (const char* text : {"", "today", "2026-02-31", "2026-01-01T25", "2026-01-01T12:00:00 UTC", "2026-01-01x", "2026-01-01T12:61"}) CHECK_FALSE(parse_when(text).has_value());
}

TEST(When, spans_are_minutes_or_hours) {
  STRCMP_EQUAL("1:15", span_of(75s).c_str());
  STRCMP_EQUAL("2:00:05", span_of(7205s).c_str());
}

TEST_GROUP(Table) {};

TEST(Table, counts_a_chinese_character_as_two_columns) {
  LONGS_EQUAL(4, width_of("王芳"));
  LONGS_EQUAL(5, width_of("Aé王b"));
  Table table({"name", "x"});
  table.row({"王芳", "1"});
  table.row({"Li Na", "2"});
  STRCMP_EQUAL("name   x\n王芳   1\nLi Na  2\n", table.text(false).c_str());
}

TEST(Table, lets_no_cell_command_the_terminal) {
  Table table({"a"});
  table.row({"\x1b[2Jx"});
  STRCMP_EQUAL("a\n?[2Jx\n", table.text(false).c_str());
}

TEST_GROUP(Views) {};

TEST(Views, a_call_is_one_row_with_its_age) {
  const std::string text = calls_page(R"([{"call":17,"direction":"in","state":"queued","calling":"139","called":"4006001","business":"kitchen","queue":"orders","agent":"","span":"e1-1","channel":3,"position":2,"since":1767268800000000}])",
                                      from_us(kNoon + 75'000'000), false);
  CHECK(has(text, "17    in   queued  139   4006001  kitchen   orders  2           e1-1/3   1:15"));
  STRCMP_EQUAL("no calls\n", calls_page("[]", {}, false).c_str());
}

TEST(Views, times_in_json_are_iso) {
  STRCMP_EQUAL(R"([{"since":"2026-01-01T12:00:00.000Z","oldest":null,"waiting":5}])", iso_times(R"([{"since":1767268800000000,"oldest":0,"waiting":5}])").c_str());
}

TEST(Views, an_event_is_one_line_without_what_is_empty) {
  const std::string text = event_text(R"({"sub":"s1","epoch":"1","seq":2,"prev":1,"ts":"2026-01-01T12:00:00.000Z","topic":"call/17","type":"lost","v":1,"call":17,"stage":"in_queue","reason":""})", false);
  CHECK(has(text, "lost                  call/17      stage=in_queue"));
  CHECK_FALSE(has(text, "reason"));
  STRCMP_EQUAL("", event_text("garbage", false).c_str());
}

TEST(Views, the_picture_counts_agents_and_trunks) {
  const std::string text = picture(
      R"({"calls":[{"call":1}],"agents":[{"state":"agentReady"},{"state":"agentReady"},{"state":"agentBusy"}],"spans":[{"kind":"e1","channels":30,"in_use":4},{"kind":"fxs","channels":48,"in_use":9}],"queues":[]})",
      from_us(kNoon), false);
  CHECK(has(text, "calls 1   trunks 4/30"));
  CHECK(has(text, "Ready 2   Busy 1"));
}

TEST(Views, iso_times_are_read_back) {
  LONGS_EQUAL(kNoon + 123'000, to_us(parse_iso("2026-01-01T12:00:00.123Z")));
  CHECK(parse_iso("noon") == Instant{});
}
