// The phone's procedure as a client commands it, and the single-step transfer.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/app/agent_with_caller.h"

using namespace sr;
using namespace sr::test;

TEST_GROUP_BASE(CallControl, AgentWithCaller) {
  CtiBackend& cti() { return desk.center->cti(); }
  void done(const CtiResult<void>& result) {
    CHECK_TRUE_TEXT(result.has_value(), result ? "" : result.error().message.c_str());
    desk.settle();
  }
  void refused(int code, const CtiResult<void>& result) {
    CHECK_FALSE(result.has_value());
    LONGS_EQUAL(code, result.error().code);
  }
};

TEST(CallControl, hold_consult_alternate_confer_and_retrieve) {
  done(cti().call_hold(call));
  hear("music", "tone dial", "gone");
  done(cti().call_retrieve(call));
  with_caller();
  done(cti().call_consult(call, "2002"));
  desk.talk("1002");
  hear("music", "1002", "1001");
  done(cti().call_alternate(call));
  hear("1001", caller_number, "music");
  done(cti().call_conference(call));
  hear("1001+1002", "1002+" + caller_number, "1001+" + caller_number);
  done(cti().call_alternate(call));
  hear("music", "1002", "1001");
  done(cti().call_retrieve(call));
  with_caller();
  end();
}

TEST(CallControl, a_held_agent_dials_on_what_a_client_began) {
  done(cti().call_hold(call));
  for (const char d : std::string("2002")) desk.board.happens(board::evt::Digit{leg("1001"), d, 80});
  desk.settle();
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
  end();
}

TEST(CallControl, transfer_ends_the_agent_s_part_and_he_hears_busy_tone) {
  done(cti().call_consult(call, "1003"));
  desk.talk("1003");
  done(cti().call_transfer(call));
  STRCMP_EQUAL("1003", desk.board.hears(caller).c_str());
  CHECK_TRUE(leg("1001") == LegId::none);
  states("agentWorkingAfterCall", "agentReady");
  STRCMP_EQUAL("transfer", boost::describe::enum_to_string(said<ev::Transferred>().back().cause, ""));
  end();
}

TEST(CallControl, at_once_to_an_agent_whose_phone_rings_with_the_caller) {
  done(cti().call_single_step_transfer(call, "2002"));
  CHECK_TRUE(leg("1001") == LegId::none);
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
  states("agentWorkingAfterCall", "agentReady");
  desk.talk("1002");
  hear("1002", "gone", caller_number);
  STRCMP_EQUAL("singleStepTransfer", boost::describe::enum_to_string(said<ev::Transferred>().back().cause, ""));
  STRCMP_EQUAL("2002", said<ev::Transferred>().back().agentID.c_str());
  end();
}

TEST(CallControl, at_once_to_a_phone) {
  done(cti().call_single_step_transfer(call, "1003"));
  STRCMP_EQUAL("music", desk.board.hears(caller).c_str());
  desk.talk("1003");
  STRCMP_EQUAL("1003", desk.board.hears(caller).c_str());
  end();
}

TEST(CallControl, at_once_to_an_outside_number) {
  done(cti().call_single_step_transfer(call, "0139"));
  desk.board.answer(outside());
  desk.settle();
  STRCMP_EQUAL("139", desk.board.hears(caller).c_str());
  caller_goes();
  CHECK_TRUE(outside() == LegId::none);
  end();
}

TEST(CallControl, at_once_to_a_queue_by_name_or_extension_and_from_hold) {
  done(cti().call_hold(call));
  done(cti().call_single_step_transfer(call, "vip"));
  LONGS_EQUAL(1, desk.center->waiting());
  STRCMP_EQUAL("vip", said<ev::Queued>().back().queue.c_str());
  STRCMP_EQUAL("music", desk.board.hears(caller).c_str());
  desk.login("2004", "1004");
  desk.talk("1004");
  STRCMP_EQUAL("1004", desk.board.hears(caller).c_str());
  end();
}

TEST(CallControl, what_cannot_be_is_refused_in_words_and_nothing_changes) {
  refused(4041, cti().call_hold(CallId{99}));
  refused(4090, cti().call_retrieve(call));
  refused(4090, cti().call_alternate(call));
  refused(4090, cti().call_conference(call));
  refused(4090, cti().call_transfer(call));
  refused(4041, cti().call_consult(call, "7"));
  refused(4041, cti().call_single_step_transfer(call, "nowhere"));
  refused(4041, cti().call_single_step_transfer(call, ""));
  refused(5031, cti().call_single_step_transfer(call, "2003"));
  refused(5031, cti().call_single_step_transfer(call, "2001"));
  with_caller();
  second_talks();
  refused(4090, cti().call_hold(call));
  refused(4090, cti().call_consult(call, "1003"));
  refused(4090, cti().call_single_step_transfer(call, "1003"));
  const CallId waits = desk.queued("139");
  refused(4090, cti().call_hold(waits));
  STRCMP_EQUAL(("call " + std::to_string(to_number(waits)) + " is queued, not with an agent").c_str(), cti().call_hold(waits).error().message.c_str());
  desk.unlink();
  refused(5031, cti().call_transfer(call));
}

TEST(CallControl, calls_and_explain_say_what_the_agent_does) {
  second_talks();
  STRCMP_CONTAINS(R"("consultation":"talking","second":"1002")", cti().calls_json().c_str());
  STRCMP_CONTAINS("who is talking in a consultation with 1002", cti().call_explain(call)->c_str());
  end();
}
