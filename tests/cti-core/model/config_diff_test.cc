// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/model/config_diff.h"

#include <boost/mp11.hpp>

#include "drivers/base/json.h"

#include <CppUTest/TestHarness.h>

using namespace sr;

namespace {

CenterConfig sample() {
  CenterConfig c;
  c.agents = {{.id = "2001", .name = "Li", .pin = "7001"}, {.id = "2002", .name = "Wu", .pin = "7002", .wrap_up = 5s, .skills = {{"tv", 3}}}};
  c.queues = {{.name = "orders", .agents = {"2001", "2002"}}, {.name = "service", .agents = {"2001"}, .skills = {{"tv", 2}}}};
  c.numbers = {{.number = "4006001", .business = "kitchen", .script = "main.lua", .queue = "orders"}};
  return c;
}
std::string says(const CenterConfig& to, const CenterConfig& from = sample()) {
  std::string out;
  for (const auto& change : differences(from, to)) out += (out.empty() ? "" : "; ") + in_words(change);
  return out;
}

// Makes the value another one, of whatever type it is.
template <class T>
void alter(T& value) {
  if constexpr (std::is_same_v<T, bool>) value = !value;
  else if constexpr (std::is_same_v<T, std::string>) value += "x";
  else if constexpr (std::is_same_v<T, Duration>) value += Duration{1};
  else if constexpr (std::is_same_v<T, Instant>) value += Duration{1};
  else if constexpr (json::NamedEnum<T>) value = static_cast<T>(value == T{} ? 1 : 0);
  else if constexpr (json::detail::is_optional<T>) value ? value.reset() : void(value.emplace());
  else if constexpr (json::detail::is_map<T>) value["x"] = {};
  else if constexpr (json::detail::is_vector<T>) value.emplace_back();
  else if constexpr (json::Described<T>) alter(value.*boost::mp11::mp_first<boost::describe::describe_members<T, boost::describe::mod_public>>::pointer);
  else value += 1;
}

int altered = 0;
// Each member of `one`, a part of `center`, altered by itself: always seen, and never anything when it is back.
template <class T>
void every_member(CenterConfig& center, T& one, const std::string& where) {
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto d) {
    const auto kept = one.*d.pointer;
    const CenterConfig before = center;
    alter(one.*d.pointer);
    CHECK_FALSE_TEXT(differences(before, center).empty(), (where + d.name).c_str());
    CHECK_FALSE_TEXT(differences(center, before).empty(), (where + d.name).c_str());
    one.*d.pointer = kept;
    CHECK_TRUE_TEXT(differences(before, center).empty(), (where + d.name).c_str());
    ++altered;
  });
}

}  // namespace

TEST_GROUP(ConfigDiff) {};

TEST(ConfigDiff, the_same_has_no_difference) { STRCMP_EQUAL("", says(sample()).c_str()); }

TEST(ConfigDiff, every_member_of_every_table_is_compared) {
  altered = 0;
  CenterConfig c = sample();
  c.queues[0].overflow.push_back({.queue = "service", .when = {.begin = {.waiting = 5}, .end = {.waiting = 2}}});
  every_member(c, c, "center ");
  every_member(c, c.numbers[0], "number ");
  every_member(c, c.queues[0], "queue ");
  every_member(c, c.queues[0].overflow[0], "overflow ");
  every_member(c, c.queues[0].overflow[0].when, "when ");
  every_member(c, c.queues[0].overflow[0].when.begin, "threshold ");
  every_member(c, c.agents[1], "agent ");
  const HoursConfig hours{.days = 0x3e, .from = 9h, .to = 21h};
  c.numbers[0].hours = c.queues[0].hours = {hours};
  c.trunks = {{"city", 6}};
  c.spots = {{.name = "wok", .numbers = {"4006001"}, .expected = {120, 60}}};
  c.holidays = {{.name = "National Day", .first = "2026-10-01", .last = "2026-10-07", .hours = {hours}}};
  every_member(c, c, "center ");
  every_member(c, c.numbers[0].capture, "capture ");
  every_member(c, c.numbers[0].hours[0], "hours ");
  every_member(c, c.queues[0].hours[0], "hours ");
  every_member(c, c.queues[0].callback, "callback ");
  every_member(c, c.trunks[0], "trunk ");
  every_member(c, c.spots[0], "spot ");
  every_member(c, c.spots[0].limits, "limits ");
  every_member(c, c.holidays[0], "holiday ");
  every_member(c, c.holidays[0].hours[0], "hours ");
  CHECK_COMPARE(100, <, altered);
}

TEST(ConfigDiff, weekdays_are_shown_in_words) {
  CenterConfig c = sample();
  c.queues[0].hours = {{.days = 0x3e, .from = 9h, .to = 21h}};
  c.holidays = {{.name = "Eid", .first = "2026-10-01", .last = "2026-10-01"}};
  CenterConfig other = c;
  other.queues[0].hours[0].days = 0xc0;
  other.holidays[0].like = 6;
  std::string out;
  for (const auto& change : differences(c, other)) out += in_words(change) + "; ";
  STRCMP_EQUAL("holiday Eid: like none -> sat; queue orders: hours 1 days mon,tue,wed,thu,fri -> sat,sun; ", out.c_str());
}

TEST(ConfigDiff, a_value_is_shown_before_and_after) {
  CenterConfig c = sample();
  c.queues[0].timeout = 90s;
  c.queues[0].strategy = Strategy::round_robin;
  c.no_answer = 12500ms;
  c.outgoing_group = "city";
  STRCMP_EQUAL("center: no_answer 15 s -> 12.5 s; center: outgoing_group \"\" -> city; queue orders: strategy longest_idle -> round_robin; queue orders: timeout 120 s -> 90 s", says(c).c_str());
}

TEST(ConfigDiff, tables_come_and_go) {
  CenterConfig c = sample();
  c.agents.erase(c.agents.begin());
  c.agents.push_back({.id = "2003", .name = "Ma", .pin = "7003"});
  c.queues[0].agents = {"2003", "2002"};
  c.queues[1].agents = {};
  c.numbers.push_back({.number = "4006002", .business = "x", .script = "main.lua", .queue = "orders"});
  STRCMP_EQUAL("agent 2001: gone; agent 2003: new; number 4006002: new; queue orders: agents + 2003 - 2001; queue service: agents - 2001", says(c).c_str());
}

TEST(ConfigDiff, only_the_order_is_another) {
  CenterConfig c = sample();
  std::swap(c.agents[0], c.agents[1]);
  std::swap(c.queues[0].agents[0], c.queues[0].agents[1]);
  STRCMP_EQUAL("center: agents in another order; queue orders: agents in another order", says(c).c_str());
}

TEST(ConfigDiff, skills_and_reasons_are_shown_one_by_one) {
  CenterConfig c = sample();
  c.agents[1].skills = {{"german", 8}};
  c.not_ready_reasons["3"] = "coaching";
  STRCMP_EQUAL("agent 2002: skills german none -> 8; agent 2002: skills tv 3 -> none; center: not_ready_reasons 3 training -> coaching", says(c).c_str());
}

TEST(ConfigDiff, an_overflow_is_named_by_its_queue_or_its_place) {
  CenterConfig before = sample();
  before.queues[0].overflow = {{.queue = "service", .when = {.begin = {.waiting = 5}, .end = {.waiting = 2}}}, {.queue = {}, .agents = {"2001"}}};
  CenterConfig after = before;
  after.queues[0].overflow[0].when.begin.waiting = 8;
  after.queues[0].overflow.pop_back();
  STRCMP_EQUAL("queue orders: overflow 1 when begin waiting 5 -> 8; queue orders: overflow 2 gone", says(after, before).c_str());
  before.queues[0].overflow.pop_back();
  STRCMP_EQUAL("queue orders: overflow service when begin waiting 5 -> 8", says(after, before).c_str());
}

TEST(ConfigDiff, a_pin_is_never_shown) {
  CenterConfig c = sample();
  c.agents[0].pin = "9999";
  STRCMP_EQUAL("agent 2001: pin changed", says(c).c_str());
  CHECK_TRUE(json::to_string(differences(sample(), c)).find("9999") == std::string::npos);
}

TEST(ConfigDiff, a_long_list_is_cut) {
  CenterConfig c = sample();
  for (int i = 0; i < 100; ++i) c.queues[0].agents.push_back(std::to_string(3000 + i));
  const std::string words = says(c);
  CHECK_TRUE_TEXT(words.ends_with("3019 and 80 more"), words.c_str());
}

TEST(ConfigDiff, as_json) {
  CenterConfig c = sample();
  c.queues[0].timeout = 90s;
  STRCMP_EQUAL(R"([{"table":"queue","name":"orders","key":"timeout","what":"changed","from":"120 s","to":"90 s"}])", json::to_string(differences(sample(), c)).c_str());
}
