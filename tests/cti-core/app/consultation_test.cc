// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/consult_state.h"
#include "tests/cti-core/app/agent_with_caller.h"

using namespace sr;
using namespace sr::test;
using app::ConsultEvent;
using app::ConsultPhase;

TEST_GROUP_BASE(Consultation, AgentWithCaller) {
  void hears(const std::string& tone) const { STRCMP_EQUAL(tone.c_str(), desk.board.last<board::cmd::Tone>()->tone.c_str()); }
  void together(LegId a, LegId b) const {
    CHECK_TRUE(desk.board.has(a) && desk.board.has(b));
    CHECK_TRUE(desk.board.legs_.at(a).shown.connected_to == b);
  }
  board::Mode mode(LegId l) const { return desk.board.legs_.at(l).shown.tag.mode; }
  void retrieved() {
    together(caller, leg("1001"));
    CHECK_TRUE(mode(caller) == board::Mode::connected);
    LONGS_EQUAL(said<ev::Held>().size(), said<ev::Retrieved>().size());
  }
};

TEST(Consultation, a_flash_holds_the_caller_with_music_and_gives_dial_tone) {
  flash();
  CHECK_TRUE(desk.board.last<board::cmd::Music>()->leg == caller);
  CHECK_TRUE(desk.board.last<board::cmd::Disconnect>()->leg == caller);
  CHECK_TRUE(desk.board.last<board::cmd::Tone>()->leg == leg("1001"));
  hears("dial");
  CHECK_TRUE(mode(caller) == board::Mode::queued);
  STRCMP_EQUAL("1001", said<ev::Held>().at(0).holdingDevice.c_str());
  states("agentBusy", "agentReady");
  end();
}

TEST(Consultation, a_second_flash_brings_the_caller_back) {
  flash();
  flash();
  retrieved();
  end();
}

TEST(Consultation, the_second_is_chosen_by_agent_id_and_rings_after_his_screen_pop) {
  desk.host().script_set_data(call, "customer", "Mrs Zhang");
  desk.host().script_set_data(call, "last_order", "77");
  flash("200");
  CHECK_TRUE(desk.board.ringing("1002") == LegId::none);
  desk.board.happens(board::evt::Digit{leg("1001"), '2', 80});
  desk.settle();
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
  const auto pop = said<ev::Delivered>().back();
  STRCMP_EQUAL("2002", pop.agentID.c_str());
  STRCMP_EQUAL("13800000001", pop.callingDevice.c_str());
  STRCMP_EQUAL("Mrs Zhang", pop.customer.c_str());
  STRCMP_EQUAL("77", pop.lastOrder.c_str());
  hears("ringback");
  desk.queued("139");  // nobody else may have him
  states("agentBusy", "agentReady");
  LONGS_EQUAL(1, desk.center->waiting());
}

TEST(Consultation, the_second_is_chosen_by_station_number) {
  flash("1002");
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
  end();
}

TEST(Consultation, where_a_longer_id_is_possible_a_pause_or_a_hash_ends_the_digits) {
  for (const bool hash : {true, false}) {
    CenterConfig config = desk_config();
    config.agents.push_back({.id = "20022", .name = "Agent 5", .pin = "5", .wrap_up = 3s});
    Desk other(config);
    other.login("2001", "1001");
    other.queued();
    other.talk("1001");
    other.login("2002", "1002");
    other.board.flash("1001", "2002");
    other.run(app::kInterDigit - 1ms);
    CHECK_TRUE(other.board.ringing("1002") == LegId::none);
    if (hash) {
      for (const auto& [id, l] : other.board.legs_)
        if (l.shown.station == "1001") {
          other.board.happens(board::evt::Digit{id, '#', 80});
          break;
        }
      other.settle();
    } else {
      other.run(1ms);
    }
    CHECK_TRUE(other.board.ringing("1002") != LegId::none);
  }
}

TEST(Consultation, a_wrong_number_gives_busy_tone_and_a_flash_brings_the_caller_back) {
  for (const char* digits : {"7", "#", "2003", "2001", "1001"}) {
    flash(digits);
    hears("busy");
    flash();
    retrieved();
  }
  end();
}

TEST(Consultation, digits_that_stop_too_early_give_busy_tone) {
  flash("20");
  hears("dial");
  desk.run(app::kInterDigit);
  hears("busy");
  end();
}

TEST(Consultation, an_agent_who_is_not_ready_or_whose_phone_is_lifted_is_busy) {
  desk.board.off_hook("1002");
  desk.settle();
  flash("2002");
  hears("busy");
  flash();
  hangs_up("1002");
  CHECK_TRUE(desk.center->cti().agent_not_ready("2002", "1").has_value());
  flash("2002");
  hears("busy");
  states("agentBusy", "agentNotReady");
  end();
}

TEST(Consultation, the_second_answers_and_the_two_talk_while_the_caller_waits) {
  second_talks();
  together(leg("1001"), leg("1002"));
  CHECK_TRUE(mode(caller) == board::Mode::queued);
  states("agentBusy", "agentBusy");
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  end();
}

TEST(Consultation, the_first_hangs_up_and_the_caller_talks_to_the_second) {
  second_talks();
  hangs_up("1001");
  together(caller, leg("1002"));
  CHECK_TRUE(mode(caller) == board::Mode::connected);
  states("agentWorkingAfterCall", "agentBusy");
  const auto t = said<ev::Transferred>();
  LONGS_EQUAL(1, t.size());
  STRCMP_EQUAL("1001 1002 2002", (t[0].transferringDevice + " " + t[0].transferredToDevice + " " + t[0].agentID).c_str());
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  hangs_up("1002");
  STRCMP_EQUAL("queue answered", desk.engine.heard[call].back().c_str());
  states("agentWorkingAfterCall", "agentWorkingAfterCall");
  end();
}

TEST(Consultation, the_new_agent_may_transfer_again) {
  second_talks();
  hangs_up("1001");
  desk.run(3s);
  desk.board.flash("1002", "2001");
  desk.settle();
  desk.talk("1001");
  hangs_up("1002");
  together(caller, leg("1001"));
  LONGS_EQUAL(2, said<ev::Transferred>().size());
  states("agentBusy", "agentWorkingAfterCall");
  end();
}

TEST(Consultation, a_flash_releases_the_second_while_he_rings_and_with_the_digit_1_while_he_talks) {
  flash("2002");
  flash();
  retrieved();
  LONGS_EQUAL(0, static_cast<long>(to_number(desk.board.ringing("1002"))));
  states("agentBusy", "agentReady");
  second_talks();
  flash("1");
  retrieved();
  LONGS_EQUAL(0, static_cast<long>(to_number(leg("1002"))));
  states("agentBusy", "agentWorkingAfterCall");
  end();
}

TEST(Consultation, the_second_hangs_up) {
  second_talks();
  hangs_up("1002");
  hears("busy");
  states("agentBusy", "agentWorkingAfterCall");
  flash();
  retrieved();
  end();
}

TEST(Consultation, the_second_does_not_answer) {
  flash("2002");
  desk.run(desk.config.no_answer);
  hears("busy");
  CHECK_TRUE(desk.board.ringing("1002") == LegId::none);
  states("agentBusy", "agentNotReady");
  flash();
  retrieved();
  end();
}

TEST(Consultation, blind_the_second_answers_what_rings_already) {
  flash("2002");
  hangs_up("1001");
  states("agentWorkingAfterCall", "agentReady");
  LONGS_EQUAL(1, said<ev::Transferred>().size());
  desk.talk("1002");
  together(caller, leg("1002"));
  states("agentWorkingAfterCall", "agentBusy");
  end();
}

TEST(Consultation, blind_and_missed_the_caller_waits_in_front_of_the_number_s_queue) {
  flash("2002");
  hangs_up("1001");
  desk.queued("139");
  CHECK_TRUE(desk.center->cti().agent_not_ready("2001", "1").has_value());
  desk.run(desk.config.no_answer);
  states("agentNotReady", "agentNotReady");
  LONGS_EQUAL(2, desk.center->waiting());
  CHECK_TRUE(desk.board.has(caller));
  desk.login("2003", "1003");
  CHECK_TRUE(desk.board.last<board::cmd::Ring>()->calling == "13800000001");
  desk.talk("1003");
  together(caller, leg("1003"));
}

TEST(Consultation, who_hangs_up_on_a_held_caller_and_does_not_lift_again_sends_him_to_the_queue_even_if_it_is_closed) {
  for (const char* digits : {"", "2", "7"}) {
    CenterConfig config = desk_config();
    Desk other(config);
    other.login("2001", "1001");
    const CallId held = other.queued();
    other.talk("1001");
    other.run(120s);  // longer than a queue's patience: that begins anew
    other.board.flash("1001", digits);
    other.settle();
    other.board.on_hook("1001");
    other.settle();
    LONGS_EQUAL(0, other.center->waiting());
    other.run(config.no_answer);
    LONGS_EQUAL(1, other.center->waiting());
    other.run(3s);
    STRCMP_EQUAL("agentNotReady", other.state("2001").c_str());
    CHECK_TRUE(other.center->cti().agent_ready("2001").has_value());
    other.settle();
    other.talk("1001");
    STRCMP_EQUAL("answered, answered", other.outcome(held).c_str());
    LONGS_EQUAL(1, other.books().answered);
    LONGS_EQUAL(0, other.writer->counters().doubtful);
    CHECK_TRUE(other.books().balanced);
  }
  Desk closed([] {
    CenterConfig c = desk_config();
    c.numbers[0].queue = "night";
    return c;
  }());
  closed.login("2001", "1001");
  closed.queued();
  closed.talk("1001");
  closed.board.flash("1001");
  closed.settle();
  closed.board.on_hook("1001");
  closed.run(closed.config.no_answer);
  LONGS_EQUAL(1, closed.center->waiting());
}

TEST(Consultation, a_transferred_caller_who_hangs_up_while_he_waits_is_lost_to_nobody_s_books) {
  flash("2002");
  hangs_up("1001");
  desk.run(desk.config.no_answer);
  end();
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(Consultation, the_caller_hangs_up_and_both_agents_are_free_again) {
  flash();
  desk.board.gone(caller, 16, true);
  desk.settle();
  states("agentWorkingAfterCall", "agentReady");
  end();
}

TEST(Consultation, the_caller_hangs_up_while_the_second_rings) {
  flash("2002");
  desk.board.gone(caller, 16, true);
  desk.settle();
  CHECK_TRUE(desk.board.ringing("1002") == LegId::none);
  states("agentWorkingAfterCall", "agentReady");
  end();
}

TEST(Consultation, the_caller_hangs_up_while_the_two_talk) {
  second_talks();
  desk.board.gone(caller, 16, true);
  desk.settle();
  states("agentWorkingAfterCall", "agentWorkingAfterCall");
  LONGS_EQUAL(0, desk.board.legs_.size());
  end();
}

TEST(Consultation, a_client_clears_the_call_while_the_two_talk) {
  second_talks();
  CHECK_TRUE(desk.center->cti().call_clear(call).has_value());
  desk.settle();
  states("agentWorkingAfterCall", "agentWorkingAfterCall");
  end();
}

TEST(Consultation, a_flash_without_a_caller_means_nothing) {
  second_talks();
  desk.board.flash("1002");  // the second has nobody to hold
  desk.settle();
  together(leg("1001"), leg("1002"));
  hangs_up("1001");
  hangs_up("1002");
  desk.board.happens(board::evt::Flashed{LegId{4711}});
  end();
}

// ---- deaths ---------------------------------------------------------------------------------------------------------

TEST(Consultation, a_restart_of_ctid_before_the_second_answers_ends_it_and_the_first_has_the_caller_again) {
  const char* digits[] = {"", "7", "2002"};
  for (int how = 0; how < 3; ++how) {
    flash(digits[how]);
    desk.kill_ctid();
    desk.start_ctid();
    desk.link();
    retrieved();
    CHECK_TRUE(leg("1002") == LegId::none);
    states("agentBusy", "agentReady");
    hangs_up("1002");
    desk.run(3s);
  }
  end();
}

TEST(Consultation, a_restart_after_a_blind_transfer_keeps_it_ringing_and_then_waiting) {
  flash("2002");
  hangs_up("1001");
  for (int i = 0; i < 2; ++i) {
    desk.kill_ctid();
    desk.start_ctid();
    desk.link();
    if (i == 0) {
      CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
      desk.run(desk.config.no_answer + 1s);
      states("agentReady", "agentNotReady");
      desk.board.on_hook("1001");
    }
  }
  desk.talk("1001");
  together(caller, leg("1001"));
  end();
}

TEST(Consultation, a_restart_after_the_first_was_gone_gives_the_caller_to_the_second) {
  second_talks();
  desk.kill_ctid();
  desk.board.stations["1001"].off_hook = false;
  desk.board.gone(leg("1001"), 16, true);
  desk.start_ctid();
  desk.link();
  together(caller, leg("1002"));
  states("agentWorkingAfterCall", "agentBusy");
  end();
}

TEST(Consultation, a_restart_after_both_were_gone_sends_the_caller_to_the_queue) {
  second_talks();
  desk.kill_ctid();
  for (const char* phone : {"1001", "1002"}) desk.board.on_hook(phone);
  desk.start_ctid();
  desk.link();
  LONGS_EQUAL(1, desk.center->waiting());
  desk.run(3s);
  desk.talk("1001");
  end();
}

TEST(Consultation, a_lost_link_costs_nobody_his_call) {
  second_talks();
  desk.unlink();
  desk.link();
  together(leg("1001"), leg("1002"));
  flash("1");
  retrieved();
  desk.board.on_hook("1002");
  desk.run(3s);
  flash("2002");
  desk.unlink();
  desk.run(desk.config.no_answer);  // what we say now is not heard
  desk.link();
  retrieved();
  CHECK_TRUE(desk.board.ringing("1002") == LegId::none);
  states("agentBusy", "agentNotReady");
  end();
}

TEST(Consultation, a_death_of_boardd_ends_the_call_and_frees_both) {
  second_talks();
  desk.unlink();
  desk.board.die();
  desk.link();
  hangs_up("1001");
  desk.run(5s);
  states("agentReady", "agentNotReady");  // he is still off-hook
  LONGS_EQUAL(0, desk.center->calls());
  CHECK_TRUE(desk.books().balanced);
}

TEST(Consultation, a_promise_to_call_back_counts_although_an_agent_had_the_caller) {
  flash();
  hangs_up("1001");
  (void)desk.center->cti().agent_not_ready("2002", "1");
  (void)desk.center->cti().agent_not_ready("2001", "1");
  desk.run(120s);
  CHECK_TRUE(desk.engine.alive.contains(call));
  desk.host().script_lost(call, LossStage::timeout, "nobody free", true);
  desk.host().script_hangup(call, 16);
  desk.settle();
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
  LONGS_EQUAL(1, desk.books().callbacks_promised);
}
