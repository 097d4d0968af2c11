// Supervisors by phone and over the socket. 2004 at 1004 is one; 2001 at 1001 talks to a caller, 2002 at 1002 is ready.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/sqlite.h"
#include "tests/cti-core/app/agent_with_caller.h"

using namespace sr;
using namespace sr::test;
using board::ListenAs;
using Verb = SupervisorVerb;

namespace {
CenterConfig supervised() {
  CenterConfig c = desk_config();
  c.agents[3].supervisor = true;
  c.agents[0].skills = {{"kitchen", 5}};
  c.queues.push_back({.name = "pots", .skills = {{"kitchen", 3}}});
  return c;
}
struct Supervised : AgentWithCaller {
  Supervised() : AgentWithCaller(supervised()) {}
};
}  // namespace

TEST_GROUP_BASE(Supervisor, Supervised) {
  void setup() override {
    AgentWithCaller::setup();
    desk.login("2004", "1004", false);
  }
  void keys(const std::string& phone, const std::string& digits) {
    for (const char d : digits) desk.board.happens(board::evt::Digit{leg(phone), d, 80});
    desk.settle();
  }
  void dials(const std::string& phone, const std::string& digits) {
    desk.board.off_hook(phone);
    desk.settle();
    keys(phone, digits);
  }
  CtiResult<void> orders(SupervisorOrder order) {
    if (order.as.empty()) {
      order.as = "2004";
      order.pin = "4";
    }
    order.user = "wang";
    auto done = desk.center->cti().supervise(order);
    desk.settle();
    return done;
  }
  void done(const SupervisorOrder& order) {
    const auto result = orders(order);
    CHECK_TRUE_TEXT(result.has_value(), result ? "" : result.error().message.c_str());
  }
  void refused(int code, const SupervisorOrder& order) {
    const auto result = orders(order);
    CHECK_FALSE(result.has_value());
    LONGS_EQUAL(code, result.error().code);
    CHECK_FALSE(acts().back().done);
    STRCMP_EQUAL(result.error().message.c_str(), acts().back().why.c_str());
  }
  std::vector<ev::SupervisorAct> acts() const { return said<ev::SupervisorAct>(); }
  void hears(const std::string& phone, const std::string& tone) const {
    STRCMP_EQUAL(tone.c_str(), desk.board.last<board::cmd::Tone>()->tone.c_str());
    CHECK_TRUE(desk.board.last<board::cmd::Tone>()->leg == leg(phone));
  }
  void listens(const std::string& phone, const std::string& to, ListenAs as) const {
    const auto& shown = desk.board.legs_.at(leg(phone)).shown;
    CHECK_TRUE(shown.listens_to == leg(to));
    CHECK_TRUE(shown.listens_as == as);
    CHECK_TRUE(shown.tag.mode == board::Mode::connected && shown.tag.call == 0);
  }
  void listens_to_nobody(const std::string& phone) const { CHECK_FALSE(desk.board.legs_.at(leg(phone)).shown.listens_to.has_value()); }
  void they_talk() const { CHECK_TRUE(desk.board.legs_.at(caller).shown.connected_to == leg("1001")); }
};

// ---- listening --------------------------------------------------------------------------------------------------------

TEST(Supervisor, listens_whispers_and_barges_in_by_code_and_changes_by_a_key) {
  dials("1004", "*312001");
  listens("1004", "1001", ListenAs::listen);
  hears("1004", "beep");
  they_talk();
  keys("1004", "2");
  listens("1004", "1001", ListenAs::whisper);
  hears("1004", "beep2");
  keys("1004", "3");
  listens("1004", "1001", ListenAs::barge);
  hears("1004", "beep3");
  keys("1004", "1");
  listens("1004", "1001", ListenAs::listen);
  keys("1004", "7");  // means nothing here
  they_talk();
  desk.board.on_hook("1004");
  desk.settle();
  they_talk();
  const auto a = acts();
  LONGS_EQUAL(5, a.size());
  const char* words[] = {"listen", "whisper", "bargeIn", "listen", "stopListening"};
  for (std::size_t i = 0; i < a.size(); ++i) {
    STRCMP_EQUAL(words[i], a[i].act.c_str());
    STRCMP_EQUAL("2004", a[i].who.c_str());
    STRCMP_EQUAL("phone 1004", a[i].from.c_str());
    STRCMP_EQUAL("2001", a[i].agentID.c_str());
    CHECK_TRUE(a[i].call == call);
    CHECK_TRUE(a[i].done);
  }
  end();
}

TEST(Supervisor, waits_for_the_next_call_of_an_agent_who_has_none) {
  dials("1004", "*312002");
  hears("1004", "beep_low");
  listens_to_nobody("1004");
  desk.queued("139");
  listens_to_nobody("1004");  // it only rings
  desk.talk("1002");
  listens("1004", "1002", ListenAs::listen);
  hears("1004", "beep");
  const auto second = acts().back();
  STRCMP_EQUAL("listen", second.act.c_str());
  CHECK_TRUE(second.call == desk.last_call());
  end(2, 2);
}

TEST(Supervisor, waits_on_when_the_call_has_ended) {
  dials("1004", "*332001");
  desk.board.gone(caller, 16, true);
  desk.settle();
  listens_to_nobody("1004");
  hears("1004", "beep_low");
  desk.board.on_hook("1001");
  desk.board.on_hook("1002");
  desk.run(5s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  CHECK_TRUE(desk.center->cti().agent_not_ready("2002", "lunch").has_value());
  desk.queued("139");
  desk.talk("1001");
  listens("1004", "1001", ListenAs::barge);
  end(2, 2);
}

TEST(Supervisor, who_is_none_or_asks_for_what_is_not_there_hears_so_and_it_is_written_down) {
  dials("1002", "*312001");
  hears("1002", "unobtainable");
  STRCMP_EQUAL("agent 2002 is no supervisor", acts().back().why.c_str());
  desk.board.on_hook("1002");
  dials("1003", "*312001");
  hears("1003", "unobtainable");
  STRCMP_EQUAL("nobody is logged on at phone 1003", acts().back().why.c_str());
  dials("1004", "*312003");  // not logged on
  hears("1004", "busy");
  CHECK_FALSE(acts().back().done);
  desk.run(2s);
  desk.board.on_hook("1004");
  dials("1004", "*319999");
  hears("1004", "unobtainable");
  desk.board.on_hook("1004");
  dials("1004", "*312004");  // himself
  hears("1004", "busy");
  LONGS_EQUAL(4, acts().size());
  end();
}

TEST(Supervisor, goes_with_the_agent_through_hold_and_loses_him_with_a_transfer) {
  dials("1004", "*322001");
  desk.board.flash("1001", "2002");
  desk.settle();
  listens("1004", "1001", ListenAs::whisper);
  desk.talk("1002");
  listens("1004", "1001", ListenAs::whisper);
  desk.board.on_hook("1001");  // 2002 has the caller now
  desk.settle();
  hears("1004", "beep_low");
  listens_to_nobody("1004");
  CHECK_TRUE(desk.board.legs_.at(caller).shown.connected_to == leg("1002"));
  end();
}

TEST(Supervisor, hears_the_second_agent_of_a_consultation_as_soon_as_he_talks) {
  dials("1004", "*312002");
  desk.board.flash("1001", "2002");
  desk.settle();
  desk.talk("1002");
  listens("1004", "1002", ListenAs::listen);
  desk.board.flash("1001", "1");  // the caller is back, the second is out
  desk.settle();
  listens_to_nobody("1004");
  they_talk();
  end();
}

TEST(Supervisor, two_listen_to_the_same_agent) {
  CHECK_TRUE(desk.center->cti().agent_logout("2002").has_value());
  dials("1004", "*312001");
  done({.verb = Verb::bargeIn, .agent = "2001", .device = "1003"});
  desk.talk("1003");
  listens("1004", "1001", ListenAs::listen);
  listens("1003", "1001", ListenAs::barge);
  desk.board.on_hook("1004");
  desk.settle();
  listens("1003", "1001", ListenAs::barge);
  they_talk();
  end();
}

TEST(Supervisor, an_outgoing_call_of_an_agent_is_heard_too) {
  dials("1002", "0139#");
  dials("1004", "*312002");
  listens("1004", "1002", ListenAs::listen);
  desk.board.answer(desk.board.dialled());
  desk.settle();
  listens("1004", "1002", ListenAs::listen);
  end();
}

TEST(Supervisor, when_he_or_his_agent_logs_off_his_phone_is_freed) {
  dials("1004", "*312002");
  CHECK_TRUE(desk.center->cti().agent_logout("2002").has_value());
  desk.settle();
  CHECK_TRUE(leg("1004") == LegId::none);
  desk.board.on_hook("1004");
  dials("1004", "*312001");
  CHECK_TRUE(desk.center->cti().agent_logout("2004").has_value());
  desk.settle();
  CHECK_TRUE(leg("1004") == LegId::none);
  they_talk();
  end();
}

// ---- over the socket ---------------------------------------------------------------------------------------------------

TEST(Supervisor, his_phone_rings_when_a_client_asks_for_it) {
  done({.verb = Verb::whisper, .agent = "2001"});
  desk.talk("1004");
  listens("1004", "1001", ListenAs::whisper);
  STRCMP_EQUAL("socket, user wang", acts().front().from.c_str());
  done({.verb = Verb::bargeIn, .agent = "2001"});  // now another mode
  listens("1004", "1001", ListenAs::barge);
  done({.verb = Verb::listen, .agent = "2002"});   // now another agent
  listens_to_nobody("1004");
  done({.verb = Verb::stopListening});
  CHECK_TRUE(leg("1004") == LegId::none);
  they_talk();
  refused(4090, {.verb = Verb::stopListening});
  end();
}

TEST(Supervisor, a_phone_that_is_not_answered_is_freed) {
  done({.verb = Verb::listen, .agent = "2001"});
  CHECK_TRUE(desk.board.ringing("1004") != LegId::none);
  desk.run(desk.config.no_answer);
  CHECK_TRUE(leg("1004") == LegId::none);
  LONGS_EQUAL(1, acts().size());  // he did not listen
  end();
}

TEST(Supervisor, each_order_is_checked) {
  refused(4031, {.verb = Verb::forceClear, .as = "2001", .pin = "1", .agent = "2001"});
  refused(4031, {.verb = Verb::forceClear, .as = "2004", .pin = "9", .agent = "2001"});
  refused(4031, {.verb = Verb::forceClear, .as = "9999", .pin = "9", .agent = "2001"});
  refused(4041, {.verb = Verb::listen, .agent = "9999"});
  refused(4041, {.verb = Verb::listen, .agent = "2001", .device = "1099"});
  refused(5031, {.verb = Verb::listen, .agent = "2002", .device = "1001"});  // in use
  refused(4090, {.verb = Verb::listen, .agent = "2001", .device = "1001"});
  they_talk();
  end();
}

TEST(Supervisor, who_comes_without_an_id_is_an_administrator_by_his_user) {
  SupervisorOrder order{.verb = Verb::forceClear, .user = "root", .agent = "2001"};
  CHECK_TRUE(desk.center->cti().supervise(order).has_value());
  desk.settle();
  STRCMP_EQUAL("user root", acts().back().who.c_str());
  STRCMP_EQUAL("socket, user root", acts().back().from.c_str());
  CHECK_FALSE(desk.board.has(caller));
  order = {.verb = Verb::pickup, .user = "root"};
  LONGS_EQUAL(-32602, desk.center->cti().supervise(order).error().code);
  order = {.verb = Verb::listen, .user = "root", .agent = "2002"};
  LONGS_EQUAL(-32602, desk.center->cti().supervise(order).error().code);
  end();
}

// ---- calls ---------------------------------------------------------------------------------------------------------------

TEST(Supervisor, releases_a_call_by_force) {
  dials("1004", "*342001");
  hears("1004", "beep");
  CHECK_FALSE(desk.board.has(caller));
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  desk.board.on_hook("1004");
  refused(4090, {.verb = Verb::forceClear, .agent = "2001"});
  end();
}

TEST(Supervisor, releases_a_caller_who_waits) {
  CHECK_TRUE(desk.center->cti().agent_not_ready("2002", "lunch").has_value());
  const CallId waiting = desk.queued("139");
  done({.verb = Verb::forceClear, .call = waiting});
  STRCMP_EQUAL("lost in_queue", desk.outcome(waiting).c_str());
  end(2, 1);
}

TEST(Supervisor, transfers_a_call_by_force_to_an_agent) {
  dials("1004", "*352001*2002");
  hears("1004", "beep");
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  CHECK_TRUE(desk.board.last<board::cmd::Music>()->leg == caller);
  desk.talk("1002");
  CHECK_TRUE(desk.board.legs_.at(caller).shown.connected_to == leg("1002"));
  end();
}

TEST(Supervisor, a_forced_transfer_that_is_not_answered_lets_the_caller_wait) {
  done({.verb = Verb::forceTransfer, .agent = "2001", .to = "2002"});
  desk.run(desk.config.no_answer);
  LONGS_EQUAL(1, desk.center->waiting());
  CHECK_TRUE(desk.board.has(caller));
  end();
}

TEST(Supervisor, transfers_a_call_by_force_to_a_queue_and_not_to_somebody_who_is_busy) {
  CHECK_TRUE(desk.center->cti().agent_not_ready("2002", "lunch").has_value());
  refused(4090, {.verb = Verb::forceTransfer, .agent = "2001", .to = "2002"});
  refused(4041, {.verb = Verb::forceTransfer, .agent = "2001", .queue = "nowhere"});
  refused(4090, {.verb = Verb::forceTransfer, .agent = "2002", .queue = "vip"});
  they_talk();
  done({.verb = Verb::forceTransfer, .agent = "2001", .queue = "vip"});
  LONGS_EQUAL(1, desk.center->waiting());
  CHECK_TRUE(desk.center->cti().agent_ready("2004").has_value());
  desk.settle();
  desk.talk("1004");
  CHECK_TRUE(desk.board.legs_.at(caller).shown.connected_to == leg("1004"));
  end();
}

TEST(Supervisor, a_transfer_by_force_ends_a_consultation_and_frees_the_second) {
  desk.board.flash("1001", "2002");
  desk.settle();
  desk.talk("1002");
  done({.verb = Verb::forceTransfer, .agent = "2001", .queue = "vip"});
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2002").c_str());
  LONGS_EQUAL(1, desk.center->waiting());
  end();
}

TEST(Supervisor, picks_up_what_rings_at_another) {
  const CallId second = desk.queued("139");
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
  dials("1004", "*372002");
  CHECK_TRUE(desk.board.ringing("1002") == LegId::none);
  STRCMP_EQUAL("agentReady", desk.state("2002").c_str());
  STRCMP_EQUAL("agentBusy", desk.state("2004").c_str());
  STRCMP_EQUAL("answered", desk.outcome(second).c_str());
  CHECK_TRUE(desk.board.legs_.at(leg("1004")).shown.connected_to != LegId::none);
  desk.board.on_hook("1004");
  desk.run(5s);
  STRCMP_EQUAL("agentNotReady", desk.state("2004").c_str());
  end(2, 2);
}

TEST(Supervisor, picks_up_the_first_who_waits) {
  CHECK_TRUE(desk.center->cti().agent_not_ready("2002", "lunch").has_value());
  const CallId first = desk.queued("139"), second = desk.queued("138");
  dials("1004", "*37#");
  STRCMP_EQUAL("answered", desk.outcome(first).c_str());
  STRCMP_EQUAL("in progress", desk.outcome(second).c_str());
  LONGS_EQUAL(1, desk.center->waiting());
  end(3, 2);
}

TEST(Supervisor, picks_up_over_the_socket_when_his_phone_is_answered) {
  CHECK_TRUE(desk.center->cti().agent_not_ready("2002", "lunch").has_value());
  const CallId waiting = desk.queued("139");
  done({.verb = Verb::pickup, .call = waiting});
  LONGS_EQUAL(1, desk.center->waiting());
  desk.talk("1004");
  STRCMP_EQUAL("answered", desk.outcome(waiting).c_str());
  STRCMP_EQUAL("agentBusy", desk.state("2004").c_str());
  end(2, 2);
}

TEST(Supervisor, who_comes_too_late_to_pick_up_hears_busy_tone) {
  const CallId second = desk.queued("139");
  done({.verb = Verb::pickup, .agent = "2002"});
  desk.talk("1002");
  desk.talk("1004");
  hears("1004", "busy");
  CHECK_FALSE(acts().back().done);
  CHECK_TRUE(acts().back().call == second);
  STRCMP_EQUAL("agentNotReady", desk.state("2004").c_str());
  desk.run(2s);
  refused(4090, {.verb = Verb::pickup, .agent = "2002"});
  end(2, 2);
}

// ---- who waits -------------------------------------------------------------------------------------------------------------

TEST(Supervisor, moves_a_caller_ahead_and_it_stays_so_after_a_restart) {
  CHECK_TRUE(desk.center->cti().agent_not_ready("2002", "lunch").has_value());
  const CallId first = desk.queued("131"), second = desk.queued("132"), third = desk.queued("133");
  done({.verb = Verb::prioritize, .call = third});
  done({.verb = Verb::prioritize, .call = second, .priority = 5});
  refused(4090, {.verb = Verb::prioritize, .call = call});
  refused(4041, {.verb = Verb::prioritize, .call = CallId{99}});
  desk.kill_ctid();
  desk.start_ctid();
  desk.link();
  CHECK_TRUE(desk.center->cti().agent_ready("2002").has_value());
  desk.settle();
  desk.talk("1002");
  STRCMP_EQUAL("answered", desk.outcome(second).c_str());
  desk.board.on_hook("1002");
  desk.run(5s);
  desk.talk("1002");
  STRCMP_EQUAL("answered", desk.outcome(third).c_str());
  STRCMP_EQUAL("in progress", desk.outcome(first).c_str());
  end(4, 3);
}

TEST(Supervisor, takes_a_caller_into_another_queue_where_his_wait_counts_on) {
  CHECK_TRUE(desk.center->cti().agent_not_ready("2002", "lunch").has_value());
  const CallId early = desk.queued("131");
  desk.run(10s);
  const CallId late = desk.queued("132", {.queue = "vip", .agent = {}});
  done({.verb = Verb::requeue, .call = early, .queue = "vip"});
  refused(4041, {.verb = Verb::requeue, .call = early, .queue = "nowhere"});
  refused(4090, {.verb = Verb::requeue, .call = early, .queue = "night"});
  refused(4090, {.verb = Verb::requeue, .call = call, .queue = "vip"});
  desk.kill_ctid();
  desk.start_ctid();
  desk.link();
  CHECK_TRUE(desk.center->cti().agent_ready("2004").has_value());
  desk.settle();
  desk.talk("1004");
  STRCMP_EQUAL("answered", desk.outcome(early).c_str());
  STRCMP_EQUAL("in progress", desk.outcome(late).c_str());
  end(3, 2);
}

// ---- agents ------------------------------------------------------------------------------------------------------------------

TEST(Supervisor, changes_the_state_of_an_agent) {
  dials("1004", "*362002");
  STRCMP_EQUAL("agentNotReady", desk.state("2002").c_str());
  desk.board.on_hook("1004");
  dials("1004", "*382002");
  STRCMP_EQUAL("agentReady", desk.state("2002").c_str());
  desk.board.on_hook("1004");
  done({.verb = Verb::setState, .agent = "2002", .state = "notReady", .reason = "training"});
  STRCMP_EQUAL("notReady training", acts().back().detail.c_str());
  dials("1004", "*392002");
  STRCMP_EQUAL("agentNull", desk.state("2002").c_str());
  refused(4090, {.verb = Verb::setState, .agent = "2002", .state = "ready"});
  refused(-32602, {.verb = Verb::setState, .agent = "2001", .state = "asleep"});
  refused(-32602, {.verb = Verb::setState, .agent = "2001", .state = "ready", .reason = "lunch"});
  end();
}

TEST(Supervisor, changes_skills_and_queues_at_once_and_until_the_file_is_read_anew) {
  const CallId waiting = desk.queued("139", {.queue = "pots", .agent = {}});
  LONGS_EQUAL(1, desk.center->waiting());
  refused(4041, {.verb = Verb::setSkill, .agent = "2002", .skill = "kichen", .level = 5});
  refused(-32602, {.verb = Verb::setSkill, .agent = "2002", .skill = "kitchen", .level = 17});
  done({.verb = Verb::setSkill, .agent = "2002", .skill = "kitchen", .level = 2});
  CHECK_TRUE(desk.board.ringing("1002") == LegId::none);
  done({.verb = Verb::setSkill, .agent = "2002", .skill = "kitchen", .level = 3});
  desk.talk("1002");
  STRCMP_EQUAL("answered", desk.outcome(waiting).c_str());
  done({.verb = Verb::removeMember, .agent = "2002", .queue = "orders"});
  refused(4090, {.verb = Verb::removeMember, .agent = "2002", .queue = "pots"});
  done({.verb = Verb::addMember, .agent = "2002", .queue = "vip"});
  refused(4090, {.verb = Verb::addMember, .agent = "2002", .queue = "vip"});
  desk.board.on_hook("1002");
  desk.run(5s);
  desk.kill_ctid();
  desk.start_ctid();
  desk.link();
  desk.queued("138");  // orders: nobody any more
  LONGS_EQUAL(1, desk.center->waiting());
  desk.queued("137", {.queue = "vip", .agent = {}});
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
  end(4, 2);
}

// ---- restarts ------------------------------------------------------------------------------------------------------------------

TEST(Supervisor, listening_survives_a_restart_of_ctid_and_so_does_the_call) {
  dials("1004", "*332001");
  const std::size_t said = acts().size();
  desk.kill_ctid();
  desk.run(5s);
  desk.start_ctid();
  desk.link();
  they_talk();
  listens("1004", "1001", ListenAs::barge);
  keys("1004", "1");
  listens("1004", "1001", ListenAs::listen);
  LONGS_EQUAL(said + 1, acts().size());
  desk.board.gone(caller, 16, true);
  desk.settle();
  hears("1004", "beep_low");
  end();
}

TEST(Supervisor, who_only_waits_when_ctid_restarts_is_freed) {
  dials("1004", "*312002");
  desk.kill_ctid();
  desk.start_ctid();
  desk.link();
  CHECK_TRUE(leg("1004") == LegId::none);
  they_talk();
  end();
}

TEST(Supervisor, who_hung_up_while_ctid_was_away_is_nobody) {
  dials("1004", "*312001");
  desk.kill_ctid();
  desk.board.on_hook("1004");
  desk.start_ctid();
  desk.link();
  they_talk();
  dials("1004", "*312001");
  listens("1004", "1001", ListenAs::listen);
  end();
}

TEST(Supervisor, a_new_life_of_boardd_forgets_who_listened) {
  dials("1004", "*312001");
  desk.board.die();
  desk.link();
  CHECK_TRUE(leg("1004") == LegId::none);
  LONGS_EQUAL(0, desk.center->legs());
}

TEST(Supervisor, an_order_that_the_link_lost_is_given_again) {
  dials("1004", "*312001");
  desk.unlink();
  desk.board.legs_.at(leg("1004")).shown.listens_to.reset();
  desk.link();
  listens("1004", "1001", ListenAs::listen);
  end();
}

// ---- the log -----------------------------------------------------------------------------------------------------------------------

TEST(Supervisor, the_audit_log_has_a_row_for_each_act_and_cannot_be_changed) {
  dials("1004", "*312001");
  (void)orders({.verb = Verb::forceClear, .as = "2001", .pin = "1", .agent = "2001"});
  desk.run(1s);
  auto& database = desk.writer->database();
  auto rows = store::Statement::prepare(database, "select who, origin, act, agent, call, done, why from audit order by seq").value();
  CHECK_TRUE(rows.next());
  STRCMP_EQUAL("2004", rows.text(0).c_str());
  STRCMP_EQUAL("phone 1004", rows.text(1).c_str());
  STRCMP_EQUAL("listen", rows.text(2).c_str());
  LONGS_EQUAL(to_number(call), rows.integer(4));
  CHECK_TRUE(rows.next());
  STRCMP_EQUAL("2001", rows.text(0).c_str());
  LONGS_EQUAL(0, rows.integer(5));
  STRCMP_EQUAL("agent 2001 is no supervisor", rows.text(6).c_str());
  CHECK_FALSE(rows.next());
  CHECK_FALSE(database.exec("update audit set who = 'nobody'").has_value());
  CHECK_FALSE(database.exec("delete from audit").has_value());
}
