// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/conference.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sr;
using app::Conference;
using board::ConferenceRole;

namespace {
std::string words(const Conference::Commands& commands) {
  std::string out;
  const auto leg = [](LegId id) { return std::to_string(to_number(id)); };
  for (const auto& c : commands) {
    if (!out.empty()) out += ", ";
    if (const auto* j = std::get_if<board::cmd::Join>(&c)) out += "join " + leg(j->leg) + " in " + std::to_string(j->conference) + (j->role == ConferenceRole::listen ? " to listen" : "");
    else if (const auto* x = std::get_if<board::cmd::Connect>(&c)) out += "connect " + leg(x->a) + " " + leg(x->b);
    else if (const auto* d = std::get_if<board::cmd::Disconnect>(&c)) out += "disconnect " + leg(d->leg);
    else out += "?";
  }
  return out;
}
void is(const char* expected, const Conference::Commands& commands) { STRCMP_EQUAL(expected, words(commands).c_str()); }
constexpr LegId kCaller{1}, kAgent{2}, kThird{3}, kFourth{4};
}  // namespace

TEST_GROUP(Conference) {
  Conference all{CallId{77}};
  void three() {
    all.join(kCaller);
    all.join(kAgent);
    all.join(kThird);
  }
};

TEST(Conference, one_hears_nobody_two_are_connected_and_from_three_on_they_are_joined) {
  is("", all.join(kCaller));
  is("connect 1 2", all.join(kAgent));
  is("join 1 in 77, join 2 in 77, join 3 in 77", all.join(kThird));
  is("join 4 in 77", all.join(kFourth));
  LONGS_EQUAL(4, all.size());
}

TEST(Conference, whoever_leaves_the_others_hear_each_other) {
  for (const LegId who : {kCaller, kAgent, kThird}) {
    all = Conference{CallId{77}};
    three();
    is(who == kCaller ? "connect 2 3" : who == kAgent ? "connect 1 3" : "connect 1 2", all.gone(who));
    CHECK_FALSE(all.has(who));
    LONGS_EQUAL(2, all.size());
  }
}

TEST(Conference, one_of_four_leaves_and_nothing_changes_for_the_rest) {
  three();
  all.join(kFourth);
  is("", all.gone(kCaller));
  is("disconnect 2, connect 3 4", all.leave(kAgent));
  is("disconnect 3", all.leave(kThird));
  is("", all.leave(kFourth));
  LONGS_EQUAL(0, all.size());
}

TEST(Conference, who_only_listens_is_never_connected) {
  all.join(kCaller);
  all.join(kAgent);
  is("join 1 in 77, join 2 in 77, join 3 in 77 to listen", all.join(kThird, ConferenceRole::listen));
  is("", all.gone(kCaller));
  is("disconnect 3", all.leave(kThird));
  is("join 2 in 77, join 4 in 77 to listen", all.join(kFourth, ConferenceRole::listen));
}

TEST(Conference, nobody_is_there_twice_and_there_is_a_limit) {
  three();
  is("", all.join(kThird));
  is("", all.join(LegId::none));
  is("", all.gone(LegId{9}));
  is("", all.leave(LegId{9}));
  for (std::uint64_t leg = 4; leg <= board::kConferenceLegsMax; ++leg) CHECK_FALSE(all.join(LegId{leg}).empty());
  is("", all.join(LegId{99}));
  CHECK_FALSE(all.has(LegId{99}));
}
