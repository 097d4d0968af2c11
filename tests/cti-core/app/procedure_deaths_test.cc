// ctid and the link die in each state of the phone's procedure: what a call comes back to (docs/ACD.md).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/cti-core/app/agent_with_caller.h"

using namespace sr;
using namespace sr::test;

TEST_GROUP_BASE(ProcedureDeaths, AgentWithCaller) {};

TEST(ProcedureDeaths, a_consultation_that_talks_goes_on) {
  second_talks();
  restart();
  hear("music", "1002", "1001");
  states("agentBusy", "agentBusy");
  hangs_up("1001");
  hear("1002", "gone", caller_number);
  end();
}

TEST(ProcedureDeaths, a_held_second_stays_held) {
  second_talks();
  flash("2");
  restart();
  hear("1001", caller_number, "music");
  alternate();
  hear("music", "1002", "1001");
  end();
}

TEST(ProcedureDeaths, a_conference_stays_one_and_whoever_leaves_the_others_stay_joined) {
  second_talks();
  flash("3");
  restart();
  hear("1001+1002", "1002+" + caller_number, "1001+" + caller_number);
  hangs_up("1002");
  with_caller();
  end();
}

TEST(ProcedureDeaths, what_remains_of_a_conference_goes_on) {
  second_talks();
  flash("3");
  caller_goes();
  restart();
  hear("gone", "1002", "1001");
  states("agentBusy", "agentBusy");
  hangs_up("1001");
  LONGS_EQUAL(0, desk.center->calls());
  end();
}

TEST(ProcedureDeaths, the_caller_leaves_a_conference_while_ctid_is_away) {
  second_talks();
  flash("3");
  desk.kill_ctid();
  desk.board.gone(caller, 16, true);
  desk.start_ctid();
  desk.link();
  hear("gone", "1002", "1001");
  LONGS_EQUAL(1, desk.center->calls());
  hangs_up("1002");
  LONGS_EQUAL(0, desk.center->calls());
  end();
}

TEST(ProcedureDeaths, a_flash_that_waited_for_its_digit_is_forgotten) {
  for (const char* before : {"", "2", "3"}) {
    second_talks();
    if (*before) flash(before);
    flash();
    restart();
    const std::string b(before);
    if (b.empty()) hear("music", "1002", "1001");
    if (b == "2") hear("1001", caller_number, "music");
    if (b == "3") hear("1001+1002", "1002+" + caller_number, "1001+" + caller_number);
    flash("1");
    hangs_up("1002");
    desk.run(3s);
  }
  end();
}

TEST(ProcedureDeaths, a_phone_that_rings_back_rings_on) {
  flash();
  hangs_up("1001");
  restart();
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
  states("agentBusy", "agentReady");
  desk.talk("1001");
  with_caller();
  end();
}

TEST(ProcedureDeaths, with_a_phone_or_an_outside_number_it_goes_on_ringing_or_talking) {
  for (const bool number : {false, true})
    for (const bool up : {false, true}) {
      Desk other;
      other.login("2001", "1001");
      other.queued();
      const LegId far = other.board.legs_.begin()->first;
      other.talk("1001");
      other.board.flash("1001", number ? "0139#" : "1003");
      other.settle();
      other.board.on_hook("1001");
      other.settle();
      const auto answers = [&] {
        if (number) other.board.answer(other.board.dialled());
        else other.board.off_hook("1003");
        other.settle();
      };
      if (up) answers();
      other.kill_ctid();
      other.start_ctid();
      other.link();
      if (!up) {
        STRCMP_EQUAL("music", other.board.hears(far).c_str());
        answers();
      }
      STRCMP_EQUAL(number ? "139" : "1003", other.board.hears(far).c_str());
      other.board.gone(far, 16, true);
      other.settle();
      LONGS_EQUAL(0, other.board.legs_.size());
      LONGS_EQUAL(0, other.center->calls());
      CHECK_TRUE(other.books().balanced);
    }
}

TEST(ProcedureDeaths, the_first_hung_up_while_ctid_was_away_and_a_phone_keeps_the_caller) {
  flash("1003");
  desk.talk("1003");
  desk.kill_ctid();
  desk.board.on_hook("1001");
  desk.start_ctid();
  desk.link();
  STRCMP_EQUAL("1003", desk.board.hears(caller).c_str());
  LONGS_EQUAL(1, said<ev::Transferred>().size());
  states("agentWorkingAfterCall", "agentReady");
  end();
}

// What the crash lost is not said twice, and what was not said is said.
TEST(ProcedureDeaths, held_and_retrieved_alternate_whatever_a_crash_has_lost) {
  const auto durable = [&] { desk.run(1s); };
  const auto in_journal = [&] {
    std::string out;
    auto rows = store::Statement::prepare(desk.writer->database(), "select type from event where type in ('held', 'retrieved') order by seq");
    while (rows->next()) out += rows->text(0).substr(0, 1);
    return out;
  };
  durable();
  flash();
  durable();
  desk.board.flash("1001");  // retrieved, and dead before that is on the disk
  while (!desk.board.pending.empty()) {
    const auto e = desk.board.pending.front();
    desk.board.pending.pop_front();
    desk.center->listener().on_event(e);
  }
  restart();
  durable();
  flash();
  durable();
  STRCMP_EQUAL("hrh", in_journal().c_str());
  flash();
  durable();
  STRCMP_EQUAL("hrhr", in_journal().c_str());
  end();
}

TEST(ProcedureDeaths, a_lost_link_in_each_state_costs_nobody_his_call) {
  for (const char* state : {"2", "3", "23"}) {
    second_talks();
    for (const char* d = state; *d; ++d) flash(std::string(1, *d));
    const std::string callers = desk.board.hears(caller), firsts = desk.board.hears(leg("1001"));
    desk.unlink();
    desk.link();
    hear(callers, firsts, desk.board.hears(leg("1002")));
    flash("1");
    with_caller();
    hangs_up("1002");
    desk.run(3s);
  }
  end();
}
