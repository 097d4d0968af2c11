// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/event_text.h"

#include <boost/mp11.hpp>

#include "drivers/base/json.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::cti;

TEST_GROUP(EventText) {};

TEST(EventText, is_the_envelope_and_the_members_of_the_event) {
  const JournalRow row{9, from_us(1'767'225'600'123'000), ev::Delivered{CallId{17}, "P1", "1001", "139", "4006001", "orders", "C1", "O1", Cause::distributed}};
  STRCMP_EQUAL(
      R"({"jsonrpc":"2.0","method":"event","params":{"sub":"s1","epoch":"42","seq":9,"prev":7,"ts":"2026-01-01T00:00:00.123Z","topic":"call/17","type":"delivered","v":1,"call":17,"alertingDevice":"P1","agentID":"1001","callingDevice":"139","calledDevice":"4006001","queue":"orders","customer":"C1","lastOrder":"O1","cause":"distributed"}})",
      event_line(event_text(row), "s1", "42", 7).c_str());
}

TEST(EventText, of_every_kind_is_valid_json_with_a_topic) {
  boost::mp11::mp_for_each<JournalEvent>([](auto kind) {
    const EventText text = event_text(JournalRow{1, from_us(0), kind});
    const auto parsed = json::parse(event_line(text, "s1", "1", 0));
    CHECK(parsed.has_value());
    const auto& params = parsed->get_object().at("params").get_object();
    CHECK(params.at("type").get_string() == decltype(kind)::kName);
    CHECK(params.at("topic").is_string());
    // Every member of the event is there beside the eight of the envelope: none has the name of another.
    const auto body = json::parse(to_json(JournalEvent(kind)));
    LONGS_EQUAL(8 + body->get_object().size(), params.size());
  });
}

TEST(EventText, topics_say_what_the_event_is_about) {
  const auto topic = [](JournalEvent event) { return event_text(JournalRow{1, from_us(0), std::move(event)}).topic; };
  STRCMP_EQUAL("call/3", topic(ev::Queued{CallId{3}, "orders"}).c_str());
  STRCMP_EQUAL("agent/1001", topic(ev::AgentBusy{"1001", "P1", CallId{3}}).c_str());
  STRCMP_EQUAL("agent/a\\\"b", topic(ev::AgentReady{"a\"b", "P1"}).c_str());
  STRCMP_EQUAL("span/e1-1", topic(ev::Alarm{"e1-1", "red", true}).c_str());
  STRCMP_EQUAL("system", topic(ev::BoardLink{1, true}).c_str());
  STRCMP_EQUAL("system", topic(ev::BoardActedAlone{CallId::none, "x"}).c_str());
}

TEST(EventText, filters_are_topics_their_first_word_or_a_star) {
  CHECK(wants({}, "call/17"));
  CHECK(wants({"*"}, "call/17"));
  CHECK(wants({"agent", "call"}, "call/17"));
  CHECK(wants({"call/17"}, "call/17"));
  CHECK_FALSE(wants({"call/1"}, "call/17"));
  CHECK_FALSE(wants({"agent"}, "call/17"));
  CHECK(wants({"system"}, "system"));
  CHECK(is_filter("call") && is_filter("agent/1001") && is_filter("*"));
  CHECK_FALSE(is_filter("") || is_filter("calls") || is_filter("call/") || is_filter("queue/x"));
}
