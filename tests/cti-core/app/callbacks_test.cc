// Who was lost is to be called back: one task per customer, until he got through or somebody closed it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/json.hpp>

#include "cti-core/loss/callbacks.h"
#include "tests/cti-core/app/desk.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;

TEST_GROUP(Callbacks) {
  Desk desk;
  std::string list(CallbackFilter filter = {}) const {
    std::string out;
    const auto tasks = boost::json::parse(desk.center->cti().callbacks_json(filter));
    for (const auto& t : tasks.as_array())
      out += std::string(t.at("customer").as_string()) + " " + std::string(t.at("kind").as_string()) + " x" + std::to_string(t.at("calls").as_int64()) + "; ";
    return out;
  }
  void lost_in_queue(const std::string& calling) {
    desk.queued(calling);
    desk.board.gone(desk.board.legs_.rbegin()->first, 16, true);
    desk.settle();
  }
  CallId first() const {
    const auto tasks = boost::json::parse(desk.center->cti().callbacks_json({}));
    return CallId{static_cast<std::uint64_t>(tasks.as_array().at(0).at("callback").as_int64())};
  }
};

TEST(Callbacks, a_number_is_its_digits_and_a_withheld_one_is_none) {
  STRCMP_EQUAL("8613800138000", loss::customer_number("+86 138-0013-8000").c_str());
  STRCMP_EQUAL("", loss::customer_number("anonymous").c_str());
}

TEST(Callbacks, a_lost_caller_opens_one_task_and_his_next_lost_call_joins_it) {
  lost_in_queue("13800000001");
  lost_in_queue("13800000002");
  lost_in_queue("13800000001");
  STRCMP_EQUAL("13800000001 lost x2; 13800000002 lost x1; ", list().c_str());
  const auto books = desk.books();
  LONGS_EQUAL(2, books.callbacks.opened);
  LONGS_EQUAL(2, books.callbacks.open);
  LONGS_EQUAL(3, books.callbacks.calls);
  LONGS_EQUAL(0, books.callbacks.in_no_list);
}

TEST(Callbacks, a_withheld_number_and_a_number_that_is_none_of_ours_open_none) {
  lost_in_queue("");
  desk.dial("999", "13800000001");
  STRCMP_EQUAL("", list().c_str());
  LONGS_EQUAL(1, desk.books().callbacks.withheld);
  LONGS_EQUAL(0, desk.books().callbacks.in_no_list);
}

TEST(Callbacks, who_reaches_an_agent_by_himself_needs_none) {
  lost_in_queue("13800000001");
  desk.login("2001", "1001");
  desk.queued("13800000001");
  desk.talk("1001");
  STRCMP_EQUAL("", list().c_str());
  LONGS_EQUAL(1, desk.books().callbacks.got_through);
  LONGS_EQUAL(0, desk.books().callbacks.open);
}

TEST(Callbacks, what_a_script_promised_is_a_promise_also_when_an_agent_had_him) {
  desk.login("2001", "1001");
  const CallId call = desk.queued("13800000001");
  desk.talk("1001");
  desk.board.on_hook("1001");
  desk.settle();
  desk.host().script_lost(call, LossStage::timeout, "asked for it", true);
  desk.settle();
  STRCMP_EQUAL("13800000001 promised x1; ", list().c_str());
}

TEST(Callbacks, a_client_closes_a_task_with_an_outcome_and_not_twice) {
  lost_in_queue("13800000001");
  CHECK_FALSE(desk.center->cti().callback_close(first(), "").has_value());
  const CallId task = first();
  CHECK_TRUE(desk.center->cti().callback_close(task, "ordered").has_value());
  LONGS_EQUAL(4041, desk.center->cti().callback_close(task, "ordered").error().code);
  STRCMP_EQUAL("", list().c_str());
  LONGS_EQUAL(1, desk.books().callbacks.closed);
  lost_in_queue("13800000001");
  STRCMP_EQUAL("13800000001 lost x1; ", list().c_str());
  LONGS_EQUAL(2, desk.books().callbacks.opened);
}

TEST(Callbacks, the_list_survives_a_restart) {
  lost_in_queue("13800000001");
  lost_in_queue("13800000002");
  desk.books();
  desk.kill_ctid();
  desk.start_ctid();
  desk.link();
  STRCMP_EQUAL("13800000001 lost x1; 13800000002 lost x1; ", list().c_str());
  lost_in_queue("13800000001");
  STRCMP_EQUAL("13800000001 lost x2; 13800000002 lost x1; ", list().c_str());
  LONGS_EQUAL(0, desk.books().callbacks.in_no_list);
}

TEST(Callbacks, it_is_told_in_pieces_and_by_number) {
  for (const char* n : {"1380", "1381", "1382"}) lost_in_queue(n);
  STRCMP_EQUAL("1380 lost x1; 1381 lost x1; ", list({.limit = 2}).c_str());
  STRCMP_EQUAL("1381 lost x1; 1382 lost x1; ", list({.after = first()}).c_str());
  STRCMP_EQUAL("1382 lost x1; ", list({.customer = "138-2"}).c_str());
}
