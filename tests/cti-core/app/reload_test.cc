// Another configuration while calls run: what is on the way stays on the way, and counts on.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <boost/json.hpp>

#include "tests/cti-core/app/desk.h"
#include "tests/support/config_shelf.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::test;
using Words = std::vector<std::string>;

namespace {

QueueConfig& queue(CenterConfig& c, const std::string& name) { return *std::ranges::find(c.queues, name, &QueueConfig::name); }
AgentConfig& agent(CenterConfig& c, const std::string& id) { return *std::ranges::find(c.agents, id, &AgentConfig::id); }
void drop_queue(CenterConfig& c, const std::string& name) { std::erase_if(c.queues, [&](const auto& q) { return q.name == name; }); }
void drop_agent(CenterConfig& c, const std::string& id) {
  std::erase_if(c.agents, [&](const auto& a) { return a.id == id; });
  for (auto& q : c.queues) std::erase(q.agents, id);
}

}  // namespace

TEST_GROUP(Reload) {
  Desk desk;
  ConfigShelf shelf;
  CenterConfig& file = shelf.file;
  std::string error;

  void setup() override {
    file = desk_config();
    desk.center->reload_from(shelf);
  }
  std::string ask(ReloadRequest request) {
    std::string said = "no answer";
    error.clear();
    desk.center->cti().config_reload(request, [&](const CtiResult<std::string>& done) {
      if (!done) error = std::to_string(done.error().code) + " " + done.error().message;
      said = done ? std::string(boost::json::parse(*done).at("report").as_string()) : error;
    });
    if (said == "no answer") desk.run(app::kReloadEvery);  // the last one was a moment ago
    desk.settle();
    return said;
  }
  std::string reload() { return ask({.who = "li"}); }
  std::string rollback() { return ask({.who = "li", .rollback = true}); }
  void says(const std::string& text, const char* part) { CHECK_TRUE_TEXT(text.find(part) != std::string::npos, text.c_str()); }
  boost::json::object row(const std::string& list, const char* key, const std::string& name) {
    const auto all = boost::json::parse(list);
    for (const auto& one : all.as_array())
      if (one.at(key).as_string() == name) return one.as_object();
    return {};
  }
  boost::json::object agent_row(const std::string& id) { return row(desk.center->cti().agents_json(), "agent", id); }
  boost::json::object queue_row(const std::string& name) { return row(desk.center->cti().queues_json(), "queue", name); }
  std::vector<const ev::ConfigurationChanged*> changes() {
    std::vector<const ev::ConfigurationChanged*> out;
    for (const auto& one : desk.journal)
      if (const auto* e = std::get_if<ev::ConfigurationChanged>(&one.event)) out.push_back(e);
    return out;
  }
};

TEST(Reload, the_same_file_changes_nothing_and_says_so) {
  STRCMP_EQUAL("nothing has changed", reload().c_str());
  CHECK_EQUAL(0, changes().size());
}

TEST(Reload, a_change_is_in_force_at_once_written_down_and_said) {
  file.no_answer = 5s;
  queue(file, "orders").timeout = 20s;
  STRCMP_EQUAL("center: no_answer 15 s -> 5 s\nqueue orders: timeout 60 s -> 20 s\n2 changes, in force", reload().c_str());
  CHECK_EQUAL(1, changes().size());
  STRCMP_EQUAL("li", changes()[0]->who.c_str());
  STRCMP_EQUAL("reload", changes()[0]->act.c_str());
  CHECK_EQUAL(2, changes()[0]->changes);
  STRCMP_EQUAL("center: no_answer 15 s -> 5 s; queue orders: timeout 60 s -> 20 s", changes()[0]->summary.c_str());
  desk.login("2001", "1001");
  const CallId call = desk.queued();
  desk.run(6s);
  STRCMP_EQUAL("agentNotReady", desk.state("2001").c_str());
  desk.run(15s);
  STRCMP_EQUAL("queue timeout", desk.engine.heard[call].back().c_str());
}

TEST(Reload, a_dry_run_only_says) {
  file.no_answer = 5s;
  STRCMP_EQUAL("center: no_answer 15 s -> 5 s\n1 change, not put in force", ask({.who = "li", .dry_run = true}).c_str());
  CHECK_EQUAL(0, changes().size());
  CHECK_EQUAL(0, shelf.kept);
  STRCMP_EQUAL("center: no_answer 15 s -> 5 s\n1 change, in force", reload().c_str());
}

TEST(Reload, a_wrong_file_is_refused_as_a_whole_and_what_is_in_force_stays) {
  file.queues.clear();
  shelf.wrong = "queue 'orders' is there twice";
  STRCMP_EQUAL("4220 c.toml:7: queue 'orders' is there twice (something better)", reload().c_str());
  CHECK_TRUE(queue_row("orders").contains("queue"));
  CHECK_EQUAL(0, changes().size() + static_cast<std::size_t>(shelf.kept));
}

TEST(Reload, a_rollback_goes_one_step_back_and_the_next_one_forth_again) {
  STRCMP_EQUAL("4220 no other configuration", rollback().c_str());
  file.no_answer = 5s;
  reload();
  says(rollback(), "center: no_answer 5 s -> 15 s\nnote: the file still says");
  STRCMP_EQUAL("rollback", changes().back()->act.c_str());
  says(rollback(), "center: no_answer 15 s -> 5 s");
  STRCMP_EQUAL("nothing has changed", reload().c_str());
}

TEST(Reload, who_waits_keeps_his_place_when_queues_are_added_moved_and_changed) {
  const CallId first = desk.queued("1"), second = desk.queued("2");
  file.queues.insert(file.queues.begin(), {.name = "tv", .agents = {"2004"}});
  std::swap(file.queues[1], file.queues[2]);
  queue(file, "orders").strategy = Strategy::round_robin;
  queue(file, "orders").agents = {"2002"};
  reload();
  CHECK_EQUAL(2, queue_row("orders").at("waiting").to_number<int>());
  desk.run(10s);
  desk.login("2001", "1001");
  CHECK_TRUE(desk.board.ringing("1001") == LegId::none);  // serves it no more
  desk.login("2002", "1002");
  STRCMP_EQUAL("1", desk.board.legs_.at(desk.board.ringing("1002")).shown.calling.c_str());
  desk.talk("1002");
  STRCMP_EQUAL("answered", desk.outcome(first).c_str());
  STRCMP_EQUAL("in progress", desk.outcome(second).c_str());
  desk.run(51s);  // his time counts from when he came
  STRCMP_EQUAL("queue timeout", desk.engine.heard[second].back().c_str());
}

TEST(Reload, a_caller_finds_an_agent_whose_skills_or_queue_have_just_come) {
  desk.login("2004", "1004");
  const CallId call = desk.queued();
  CHECK_TRUE(desk.board.ringing("1004") == LegId::none);
  agent(file, "2004").skills = {{"tv", 5}};
  queue(file, "orders").skills = {{"tv", 3}};
  reload();
  CHECK_TRUE(desk.board.ringing("1004") != LegId::none);
  desk.talk("1004");
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(Reload, an_idle_agent_stays_as_long_idle_as_he_was) {
  desk.login("2001", "1001");
  desk.run(10s);
  desk.login("2002", "1002");
  const auto since = agent_row("2001").at("since").to_number<std::int64_t>();
  queue(file, "orders").agents = {"2002", "2001"};
  queue(file, "vip").agents = {"2001", "2002", "2003"};
  queue(file, "orders").strategy = Strategy::fewest_calls;
  reload();
  CHECK_EQUAL(since, agent_row("2001").at("since").to_number<std::int64_t>());
  desk.queued();
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
}

TEST(Reload, another_strategy_orders_those_who_are_idle) {
  desk.login("2001", "1001");
  desk.login("2002", "1002");
  queue(file, "orders").agents = {"2002", "2001"};
  queue(file, "orders").strategy = Strategy::top_down;
  reload();
  desk.queued();
  CHECK_TRUE(desk.board.ringing("1002") != LegId::none);
}

TEST(Reload, who_rings_at_one_phone_rings_at_all_when_the_strategy_becomes_that) {
  desk.login("2001", "1001");
  desk.queued();
  desk.login("2002", "1002");
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none && desk.board.ringing("1002") == LegId::none);
  queue(file, "orders").strategy = Strategy::ring_all;
  reload();
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none && desk.board.ringing("1002") != LegId::none);
  rollback();
  desk.talk("1002");
  CHECK_TRUE(desk.board.ringing("1001") == LegId::none);
}

TEST(Reload, the_counts_of_agents_and_queues_go_on) {
  desk.login("2001", "1001");
  desk.queued();
  desk.talk("1001");
  desk.run(30s);
  desk.board.on_hook("1001");
  desk.run(4s);
  const auto handling = queue_row("orders").at("handling_ms").to_number<int>();
  const auto last = agent_row("2001").at("last_call_end").to_number<std::int64_t>();
  CHECK_COMPARE(30'000, <=, handling);
  queue(file, "orders").timeout = 20s;
  agent(file, "2001").name = "Li";
  drop_queue(file, "night");
  reload();
  rollback();
  CHECK_EQUAL(handling, queue_row("orders").at("handling_ms").to_number<int>());
  CHECK_EQUAL(last, agent_row("2001").at("last_call_end").to_number<std::int64_t>());
}

TEST(Reload, a_queue_that_goes_serves_those_who_wait_and_takes_nobody) {
  const CallId first = desk.queued("1", {.queue = "vip", .agent = {}});
  drop_queue(file, "vip");
  file.numbers[1].queue = "orders";
  says(reload(), "note: queue vip: 1 caller in it; they are still served");
  CHECK_FALSE(queue_row("vip").at("open").as_bool());
  const CallId second = desk.queued("2", {.queue = "vip", .agent = {}});
  STRCMP_EQUAL("queue closed", desk.engine.heard[second].back().c_str());
  desk.login("2004", "1004");  // served vip only
  CHECK_TRUE(agent_row("2004").at("queues").as_array().size() == 1);
  desk.talk("1004");
  STRCMP_EQUAL("answered", desk.outcome(first).c_str());
  CHECK_TRUE(queue_row("vip").empty());
  CHECK_TRUE(agent_row("2004").at("queues").as_array().empty());
}

TEST(Reload, a_caller_of_a_queue_that_went_comes_back_to_it_when_its_agent_does_not_answer) {
  desk.login("2004", "1004");
  const CallId call = desk.queued("1", {.queue = "vip", .agent = {}});
  CHECK_TRUE(desk.board.ringing("1004") != LegId::none);
  drop_queue(file, "vip");
  file.numbers[1].queue = "orders";
  reload();
  file.no_answer = 14s;
  reload();
  desk.run(16s);
  STRCMP_EQUAL("agentNotReady", desk.state("2004").c_str());
  CHECK_EQUAL(1, queue_row("vip").at("waiting").to_number<int>());
  desk.board.on_hook("1004");
  (void)desk.center->cti().agent_ready("2004");
  desk.settle();
  desk.talk("1004");
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(Reload, a_queue_that_comes_back_is_the_one_it_was) {
  const CallId call = desk.queued("1", {.queue = "vip", .agent = {}});
  drop_queue(file, "vip");
  file.numbers[1].queue = "orders";
  reload();
  rollback();
  CHECK_TRUE(queue_row("vip").at("open").as_bool());
  CHECK_EQUAL(1, queue_row("vip").at("waiting").to_number<int>());
  desk.login("2003", "1003");
  desk.talk("1003");
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(Reload, an_agent_who_goes_is_logged_off_at_once_or_after_his_call) {
  desk.login("2001", "1001");
  desk.queued();
  desk.talk("1001");
  desk.login("2002", "1002");
  drop_agent(file, "2001");
  drop_agent(file, "2002");
  says(reload(), "note: agent 2001 has call");
  CHECK_TRUE(agent_row("2002").empty());
  CHECK_TRUE((desk.agent_events("2002") == Words{"agentLoggedOn", "agentReady", "agentLoggedOff"}));
  STRCMP_EQUAL("agentBusy", desk.state("2001").c_str());
  CHECK_TRUE(agent_row("2001").at("queues").as_array().empty());
  (void)desk.center->cti().agent_not_ready("2001", "1");
  (void)desk.center->cti().agent_ready("2001");
  desk.board.on_hook("1001");
  desk.settle();
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  desk.run(4s);
  CHECK_TRUE(agent_row("2001").empty());
  CHECK_TRUE((desk.agent_events("2001") == Words{"agentLoggedOn", "agentReady", "agentBusy", "agentWorkingAfterCall", "agentLoggedOff"}));
  const auto again = desk.center->cti().agent_login({"2001", "1001", "1", true});
  CHECK_EQUAL(4041, again.error().code);
}

TEST(Reload, an_agent_who_goes_while_his_phone_rings_gives_the_caller_back_or_takes_him) {
  desk.login("2001", "1001");
  const CallId call = desk.queued();
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
  drop_agent(file, "2001");
  reload();
  desk.run(16s);
  CHECK_TRUE(agent_row("2001").empty());
  desk.login("2002", "1002");
  desk.talk("1002");
  STRCMP_EQUAL("answered", desk.outcome(call).c_str());
}

TEST(Reload, who_waits_for_an_agent_who_goes_is_anybodys) {
  desk.login("2001", "1001");
  desk.login("2002", "1002");
  desk.queued("1");
  desk.talk("1001");
  const CallId his = desk.queued("2", {.queue = "orders", .agent = "2001", .agent_wait = 50s});
  CHECK_TRUE(desk.board.ringing("1002") == LegId::none);
  drop_agent(file, "2001");
  reload();
  desk.talk("1002");
  STRCMP_EQUAL("answered", desk.outcome(his).c_str());
}

TEST(Reload, an_agent_who_comes_back_before_his_call_ends_stays) {
  desk.login("2001", "1001");
  desk.queued();
  desk.talk("1001");
  drop_agent(file, "2001");
  reload();
  rollback();
  desk.board.on_hook("1001");
  desk.run(4s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  desk.queued("2");
  CHECK_TRUE(desk.board.ringing("1001") != LegId::none);
}

TEST(Reload, another_wrap_up_counts_from_the_next_one) {
  desk.login("2001", "1001");
  desk.queued();
  desk.talk("1001");
  desk.board.on_hook("1001");
  desk.settle();
  agent(file, "2001").wrap_up = 20s;
  reload();
  desk.run(3s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
  desk.queued("2");
  desk.talk("1001");
  desk.board.on_hook("1001");
  desk.run(19s);
  STRCMP_EQUAL("agentWorkingAfterCall", desk.state("2001").c_str());
  desk.run(2s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
}

TEST(Reload, a_running_wrap_up_ends_although_many_agents_come) {
  desk.login("2001", "1001");
  desk.queued();
  desk.talk("1001");
  desk.board.on_hook("1001");
  desk.settle();
  for (int i = 0; i < 500; ++i) file.agents.push_back({.id = std::to_string(5000 + i), .name = {}, .pin = "1"});
  reload();
  desk.run(3s);
  STRCMP_EQUAL("agentReady", desk.state("2001").c_str());
}

TEST(Reload, a_call_keeps_the_number_on_which_it_came) {
  desk.login("2001", "1001");
  const CallId call = desk.queued();
  desk.talk("1001");
  file.numbers[0].business = "garden";
  reload();
  std::erase_if(file.numbers, [](const auto& n) { return n.number == "4006001"; });
  says(reload(), "note: number 4006001: 1 call on it");
  const auto shown = boost::json::parse(desk.center->cti().calls_json()).as_array().at(0).as_object();
  STRCMP_EQUAL("kitchen", shown.at("business").as_string().c_str());
  desk.board.on_hook("1001");
  desk.settle();
  STRCMP_EQUAL("queue answered", desk.engine.heard[call].back().c_str());
  desk.dial("4006001");
  CHECK_EQUAL(1, desk.board.last<board::cmd::Clear>()->cause);
}

TEST(Reload, a_script_that_began_before_its_queue_went_finds_the_one_of_its_number) {
  desk.dial("4006002");
  const CallId call = desk.last_call();
  desk.host().script_answer(call);
  desk.settle();
  drop_queue(file, "vip");
  file.numbers[1].queue = "orders";
  reload();
  desk.host().script_queue(call, {.queue = "vip", .agent = {}});
  desk.settle();
  CHECK_EQUAL(1, queue_row("orders").at("waiting").to_number<int>());
  desk.dial("4006002");
  desk.host().script_failed(desk.last_call(), Error{"x", {}, {}});
  desk.run(app::kFallbackTime);
  CHECK_EQUAL(2, queue_row("orders").at("waiting").to_number<int>());
}

TEST(Reload, another_worth_of_priority_orders_who_waits) {
  desk.queued("1");
  desk.run(10s);
  desk.queued("2", {.queue = "orders", .priority = 1, .agent = {}});
  file.priority_worth = 1s;
  reload();
  desk.login("2001", "1001");
  STRCMP_EQUAL("1", desk.board.legs_.at(desk.board.ringing("1001")).shown.calling.c_str());
}

TEST(Reload, an_overflow_that_goes_ends_its_step) {
  queue(file, "orders").agents = {"2001"};
  queue(file, "orders").overflow = {{.queue = "vip", .when = {.begin = {.waiting = 2}, .end = {.waiting = 1}}}};
  reload();
  desk.queued("1");
  desk.queued("2");
  CHECK_EQUAL(1, queue_row("orders").at("overflow").to_number<int>());
  queue(file, "orders").overflow.clear();
  reload();
  CHECK_EQUAL(0, queue_row("orders").at("overflow").to_number<int>());
  desk.login("2004", "1004");
  CHECK_TRUE(desk.board.ringing("1004") == LegId::none);
  rollback();
  CHECK_TRUE(desk.board.ringing("1004") != LegId::none);
}

TEST(Reload, a_hundred_in_a_second_are_done_five_a_second_and_refused_beyond_those_who_wait) {
  int done = 0, refused = 0;
  for (int i = 0; i < 100; ++i) {
    file.no_answer = std::chrono::seconds(5 + i % 7);
    desk.center->cti().config_reload({.who = "x"}, [&](const auto& answer) { answer ? ++done : refused += answer.error().code == 4290; });
    desk.run(10ms);
  }
  CHECK_EQUAL(6, done);  // the sixth in the last moment
  CHECK_EQUAL(79, refused);
  desk.run(4s);
  CHECK_EQUAL(5 + static_cast<int>(app::kReloadsWaitingMax), done);
}

TEST(Reload, the_second_waits_for_the_first_and_is_compared_with_it) {
  shelf.slow = true;
  std::string first, second;
  file.no_answer = 5s;
  desk.center->cti().config_reload({.who = "x"}, [&](const auto& answer) { first = *answer; });
  desk.run(1s);
  file.no_answer = 6s;
  desk.center->cti().config_reload({.who = "y"}, [&](const auto& answer) { second = *answer; });
  desk.run(1s);
  CHECK_TRUE(first.empty() && second.empty());
  std::exchange(shelf.late, {})();
  says(first, "no_answer 15 s -> 5 s");
  desk.run(1s);
  shelf.late();
  says(second, "no_answer 5 s -> 6 s");
}

TEST(Reload, many_signals_are_one_and_none_is_forgotten) {
  file.no_answer = 5s;
  for (int i = 0; i < 10; ++i) desk.center->reload_on_signal();
  CHECK_EQUAL(1, changes().size());
  file.no_answer = 6s;
  desk.run(1s);
  CHECK_EQUAL(2, changes().size());
  STRCMP_EQUAL("SIGHUP", changes().back()->who.c_str());
}

TEST(Reload, a_restart_of_ctid_after_a_reload_takes_the_callers_where_they_are) {
  const CallId first = desk.queued("1", {.queue = "vip", .agent = {}});
  drop_queue(file, "vip");
  file.numbers[1].queue = "orders";
  reload();
  desk.config = file;
  desk.kill_ctid();
  desk.start_ctid();
  desk.link();
  CHECK_EQUAL(1, queue_row("orders").at("waiting").to_number<int>());  // with the time that he has waited
  desk.login("2001", "1001");
  desk.talk("1001");
  STRCMP_EQUAL("answered", desk.outcome(first).c_str());
}
