// The scripts that come with the product: every example of docs/IVR.md is in the document as it is in the file and runs; the hotline
// does for each kind of caller what its head says. Real prompts' names, real business data, a caller who is played by the test.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <map>
#include <sstream>

#include "cti-core/ivr/sql_source.h"
#include "tests/cti-core/ivr/fake_host.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ivr;

namespace {

std::string read(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::set<std::string> prompt_names() {
  std::set<std::string> out;
  for (const char* lang : {"zh", "en"}) {
    std::ifstream in(fmt::format("ivr-scripts/prompts/{}.txt", lang));
    for (std::string line; std::getline(in, line);)
      if (!line.empty() && line[0] != '#') out.insert(std::string(lang) + "/" + line.substr(0, line.find('\t')));
  }
  return out;
}

// Plays the exchange, the board and the agents: answers whatever the script has just asked for.
class Caller {
 public:
  explicit Caller(const std::string& database) {
    host.every_prompt = false;
    host.prompts = prompt_names();
    data = *make_inline_sql_source(timers, {database, {"blacklist"}, 500ms});
    EngineOptions options;
    options.directory = "ivr-scripts";
    options.utc_offset_minutes = 8 * 60;
    engine = LuaEngine::make(timers, host, *data, clock, options);
  }

  // keys: pressed while a prompt of that name is spoken. queue: how the waits end, the last one again and again.
  std::map<std::string, std::string> keys;
  std::vector<QueueEnd> queue = {QueueEnd::answered};
  DialEnd dial = DialEnd::finished;
  std::string calling = "15000000000", business = "kitchen", own_queue = "orders";

  std::string run(const std::string& script) {
    const Status s = engine->start(script, {CallId{1}, calling, "4006001", "4006001", {{"queue", own_queue}, {"business", business}, {"language", "zh"}}});
    if (!s) return s.error().text();
    for (int i = 0; i < 500 && engine->sessions() > 0; ++i) react();
    std::string out;
    for (const auto& act : host.acts) out += (out.empty() ? "" : "; ") + act.substr(2);
    if (!host.last_error.what.empty()) out += " " + host.last_error.text();
    return out;
  }

  VirtualTimers timers;
  test::FakeHost host;
  std::unique_ptr<SqlSource> data;
  FrozenTurnClock clock;
  std::unique_ptr<LuaEngine> engine;

 private:
  void react() {
    if (seen_ == host.acts.size()) return timers.run_for(1s);
    const std::string act = host.acts[seen_++].substr(2);
    const CallId call{1};
    if (act == "answer") engine->on_answered(call);
    else if (act.starts_with("play")) played(act);
    else if (act.starts_with("queue")) {
      const QueueEnd end = queue.front();
      if (queue.size() > 1) queue.erase(queue.begin());
      timers.run_for(20s);
      engine->on_queue_ended(call, end);
    } else if (act.starts_with("dial")) {
      if (dial == DialEnd::finished) engine->on_dial_ended(call, DialEnd::answered);
      engine->on_dial_ended(call, dial);
    }
  }

  void played(const std::string& act) {
    const auto play = host.last_play;
    for (const auto& [prompt, pressed] : keys)
      if (act.find("/" + prompt) != std::string::npos) {
        for (const char c : pressed) engine->on_digit(CallId{1}, c);
        return;
      }
    timers.run_for(2s);
    engine->on_play_ended(CallId{1}, play, false);
  }

  std::size_t seen_ = 0;
};

}  // namespace

TEST_GROUP(Scripts) {
  std::string database = fmt::format("build/tmp/business-{}.db", ::getpid());
  std::unique_ptr<Caller> c;
  void setup() override {
    std::filesystem::create_directories("build/tmp");
    std::filesystem::remove(database);
    const Status made = prepare_business_data(database, "ivr-scripts/data/business.sql");
    if (!made) FAIL(made.error().text().c_str());
    c = std::make_unique<Caller>(database);
  }
  void teardown() override {
    c.reset();
    std::filesystem::remove(database);
  }
  void example(const char* name, const char* expected) {
    STRCMP_EQUAL(expected, c->run(fmt::format("examples/{}.lua", name)).c_str());
  }
  void starts(const std::string& all, const char* with) { STRCMP_EQUAL(with, all.substr(0, std::string(with).size()).c_str()); }
};

TEST(Scripts, the_examples_stand_in_the_document) {
  const std::string document = read("docs/IVR.md");
  std::set<std::string> shown;
  for (std::size_t at = 0; (at = document.find("```lua examples/", at)) != std::string::npos;) {
    const std::size_t name = at + 7, eol = document.find('\n', at), end = document.find("```", eol);
    const std::string file = document.substr(name, eol - name);
    std::string text;
    std::istringstream lines(read("ivr-scripts/" + file));
    for (std::string line; std::getline(lines, line);)
      if (line.find("SPDX") == std::string::npos) text += line + "\n";
    STRCMP_EQUAL(text.c_str(), document.substr(eol + 1, end - eol - 1).c_str());
    shown.insert(file);
    at = end;
  }
  for (const auto& entry : std::filesystem::directory_iterator("ivr-scripts/examples"))
    CHECK_TEXT(shown.contains("examples/" + entry.path().filename().string()), entry.path().c_str());
  LONGS_EQUAL(21, shown.size());
}

TEST(Scripts, every_function_is_in_the_document) {
  const std::string document = read("docs/IVR.md");
  for (const char* name : {"answer()", "play(", "say.number(", "say.digits(", "say.money(", "say.date(", "say.time(", "collect{", "queue(", "keep_place(", "dial(", "hangup(", "served(",
                           "lost(", "call:set(", "call:get(", "call.settings", "sql(", "log(", "agents_idle(", "calls_waiting(", "expected_wait(", "oldest_wait(", "agents_staffed(", "agents_ready(", "trunks_free(", "trunks_in_use(", "spot()", "is_open(", "holiday()", "lang = ", "clock()", "include(", "pcall("})
    CHECK_TEXT(document.find(std::string("\n    ") + name) != std::string::npos || document.find(std::string("   ") + name) != std::string::npos, name);
}

TEST(Scripts, answer) { example("answer", "answer; play zh/welcome; finished"); }
TEST(Scripts, play) {
  c->keys = {{"menu", "0"}};
  example("play", "answer; play zh/recorded; play! zh/welcome zh/menu; stop; queue orders; finished");
}
TEST(Scripts, say) {
  example("say",
          "answer; play zh/your_points zh/d1 zh/thousand zh/d0 zh/d2 zh/points; "
          "play zh/amount_due zh/d1 zh/hundred zh/d2 zh/ten zh/d8 zh/yuan zh/d5 zh/jiao; "
          "play zh/shipped_on zh/d2 zh/d0 zh/d2 zh/d6 zh/year zh/d3 zh/month zh/d1 zh/day zh/ten zh/d4 zh/hour zh/d3 zh/ten zh/minute; "
          "play zh/you_entered en/n1 en/n3 en/n8 en/n0 en/n0 en/n0 en/n0 en/n0 en/n0 en/n0 en/n1; finished");
}
TEST(Scripts, collect) {
  c->keys = {{"enter_phone", "13800000001"}};
  example("collect", "answer; play! zh/enter_phone; stop; data phone=13800000001; finished");
}
TEST(Scripts, collect_of_something_else) {
  c->keys = {{"enter_phone", "23800000001"}};
  example("collect", "answer; play! zh/enter_phone; stop; play zh/wrong_key; finished");
}
TEST(Scripts, queue) {
  c->queue = {QueueEnd::timeout, QueueEnd::full};
  example("queue", "answer; queue vip; queue orders; play zh/all_busy_please_wait; finished");
  LONGS_EQUAL(10, c->host.last_queue.priority);
}
TEST(Scripts, keep_place) {
  c->queue = {QueueEnd::callback};
  example("keep_place", "answer; queue orders; keep 15000000000; play zh/callback_noted; hangup 16");
}
TEST(Scripts, who_first) {
  c->calling = "13900000001";
  c->queue = {QueueEnd::timeout};
  const std::string all = c->run("examples/who_first.lua");
  CHECK_TEXT(all.ends_with("answer; queue orders; queue vip; queue orders; finished"), all.c_str());
  LONGS_EQUAL(10, c->host.last_queue.priority);
}
TEST(Scripts, dial) {
  c->dial = DialEnd::busy;
  example("dial", "answer; play zh/please_wait_agent; dial 01066668888; queue service; finished");
}
TEST(Scripts, hangup) {
  c->calling = "";
  example("hangup", "hangup 21");
}
TEST(Scripts, served) {
  example("served", "answer; play zh/your_points zh/d1 zh/thousand zh/liang zh/hundred zh/points; served points told; play zh/goodbye; hangup 16");
}
TEST(Scripts, lost) {
  c->queue = {QueueEnd::full};
  example("lost", "answer; queue orders; lost full nobody free callback; play zh/all_busy_will_call_back; finished");
}
TEST(Scripts, call) { example("call", "data campaign=spring; answer; play zh/promotion; queue orders; finished"); }
TEST(Scripts, sql) {
  c->calling = "13900000001";
  const std::string all = c->run("examples/sql.lua");
  starts(all, "answer; play zh/member_level zh/level_gold zh/your_points zh/");
}
TEST(Scripts, log) { example("log", "hangup 16"); }
TEST(Scripts, queues) {
  c->host.waiting = 3;
  example("queues", "answer; play zh/position zh/d3 zh/callers_waiting; queue orders; finished");
}
TEST(Scripts, load) {
  c->host.numbers = {.staffed = 3, .oldest = 61s, .expected = 121s};
  c->host.trunks = {.free = 30};
  example("load", "answer; play zh/all_busy_please_wait; queue orders; finished");
}
TEST(Scripts, load_during_a_spot) {
  c->host.numbers = {.staffed = 3, .oldest = 61s, .expected = 121s};
  c->host.trunks = {.free = 30};
  c->host.shown = "wok";
  example("load", "lost captured too many at once callback; hangup 17");
}
TEST(Scripts, hours) { example("hours", "answer; queue orders; finished"); }
TEST(Scripts, hours_on_a_holiday) {
  c->host.open = false;
  c->host.day = "new year";
  example("hours", "answer; lost closed new year callback; play zh/closed zh/will_call_back; hangup 16");
}
TEST(Scripts, lang) {
  c->keys = {{"language", "2"}};
  example("lang", "answer; play! zh/language; stop; play en/welcome en/thank_you en/n3; finished");
}
TEST(Scripts, clock) { example("clock", "answer; queue orders; finished"); }  // 2026-01-01 is a Thursday, 8:00 in China
TEST(Scripts, include) {
  c->calling = "13800000001";
  example("include", "answer; play zh/welcome_back; queue orders; finished");
}
TEST(Scripts, pcall) { example("pcall", "answer; queue orders; finished"); }

// ---- the hotline -----------------------------------------------------------------------------------------------------
TEST(Scripts, hotline_takes_a_stranger_to_the_queue_of_his_number) {
  STRCMP_EQUAL("answer; play! zh/welcome_kitchen; queue orders; hangup 16", c->run("main.lua").c_str());
  LONGS_EQUAL(0, c->host.last_queue.priority);
}
TEST(Scripts, hotline_tells_a_blacklisted_caller_that_the_system_is_busy) {
  c->calling = "13600000001";
  STRCMP_EQUAL("answer; lost blacklist unpaid orders; play zh/system_busy; hangup 16", c->run("main.lua").c_str());
  SqlResult hits;
  c->data->query("SELECT hits, last_hit FROM blacklist WHERE phone = '13600000001'", {}, [&](SqlResult r) { hits = std::move(r); });
  c->timers.run_for(1ms);
  LONGS_EQUAL(1, std::get<std::int64_t>(hits.rows.at(0).at(0).second));
  CHECK(std::get<std::int64_t>(hits.rows[0][1].second) >= 1'767'225'600);
}
TEST(Scripts, hotline_serves_a_caller_whose_blacklisting_is_over) {
  c->calling = "13600000005";
  CHECK(c->run("main.lua").find("queue orders") != std::string::npos);
}
TEST(Scripts, hotline_gives_a_vip_to_an_idle_agent_of_the_vip_group) {
  c->calling = "13900000001";
  c->queue = {QueueEnd::timeout, QueueEnd::answered};  // the agent of his last order is not to be had
  const std::string all = c->run("main.lua");
  CHECK_TEXT(all.ends_with("queue orders; queue vip; hangup 16"), all.c_str());
  CHECK(c->host.last_queue.only_if_idle);
}
TEST(Scripts, hotline_lets_a_vip_wait_ahead_of_others) {
  c->calling = "13900000002";
  c->queue = {QueueEnd::timeout, QueueEnd::timeout, QueueEnd::answered};
  const std::string all = c->run("main.lua");
  CHECK_TEXT(all.ends_with("queue orders; queue vip; queue orders; hangup 16"), all.c_str());
  LONGS_EQUAL(10, c->host.last_queue.priority);
}
TEST(Scripts, hotline_offers_a_returning_customer_to_his_agent) {
  c->calling = "13700000003";
  const std::string all = c->run("main.lua");
  CHECK_TEXT(all.starts_with("data customer=C3003 "), all.c_str());
  CHECK(all.find("data last_order=6000") != std::string::npos);
  STRCMP_EQUAL("2003", c->host.last_queue.agent.c_str());
  CHECK(c->host.last_queue.only_agent && c->host.last_queue.agent_wait == 4s && c->host.last_queue.priority == 5);
}
TEST(Scripts, hotline_keeps_the_place_of_a_caller_who_confirms_his_number) {
  c->queue = {QueueEnd::callback};
  c->keys = {{"callback_confirm", "1"}};
  const std::string all = c->run("main.lua");
  CHECK_TEXT(all.find("queue orders; play! zh/callback_number zh/yao zh/d5 ") != std::string::npos, all.c_str());
  CHECK_TEXT(all.ends_with("stop; keep 15000000000; play zh/callback_noted; hangup 16"), all.c_str());
}
TEST(Scripts, hotline_takes_another_number_and_brings_back_to_his_place_who_says_no) {
  c->queue = {QueueEnd::callback, QueueEnd::callback, QueueEnd::answered};
  c->calling = "";
  c->keys = {{"enter_phone", "01066668888#"}, {"callback_confirm", "0"}};
  const std::string all = c->run("main.lua");
  CHECK_TEXT(all.find("keep") == std::string::npos && all.ends_with("queue orders; hangup 16"), all.c_str());
  LONGS_EQUAL('1', c->host.last_queue.callback_key);
}
TEST(Scripts, hotline_tells_why_nobody_takes_the_call) {
  for (const auto& [end, prompts] : std::map<QueueEnd, const char*>{{QueueEnd::full, "lost full no agent in orders callback; play zh/queue_full zh/will_call_back"},
                                                                  {QueueEnd::closed, "lost closed no agent in orders callback; play zh/closed zh/will_call_back"},
                                                                  {QueueEnd::empty, "lost empty no agent in orders callback; play zh/queue_empty zh/will_call_back"}}) {
    c = std::make_unique<Caller>(database);
    c->queue = {end};
    const std::string all = c->run("main.lua");
    CHECK_TEXT(all.find(prompts) != std::string::npos, all.c_str());
  }
}
TEST(Scripts, hotline_notes_the_number_when_nobody_is_free_in_time) {
  c->queue = {QueueEnd::timeout};
  STRCMP_EQUAL("answer; play! zh/welcome_kitchen; queue orders; lost timeout no agent in orders callback; play zh/all_busy_will_call_back; hangup 16", c->run("main.lua").c_str());
}
TEST(Scripts, hotline_tells_the_state_of_an_order) {
  c->calling = "13800000005";
  c->keys = {{"welcome_kitchen", "2"}, {"enter_order", "600002#"}};
  const std::string all = c->run("main.lua");
  CHECK_TEXT(all.find("play! zh/order_number zh/yao") == std::string::npos && all.find("zh/status_new zh/amount_due zh/") != std::string::npos, all.c_str());
  CHECK_TEXT(all.ends_with("served order status told; play zh/goodbye; hangup 16"), all.c_str());
}
TEST(Scripts, hotline_does_not_tell_the_orders_of_others) {
  c->calling = "13800000009";
  c->keys = {{"welcome_kitchen", "2"}, {"enter_order", "600002#"}};
  const std::string all = c->run("main.lua");
  CHECK_TEXT(all.find("zh/order_not_found") != std::string::npos && all.find("served") == std::string::npos, all.c_str());
  CHECK_TEXT(all.ends_with("queue orders; hangup 16"), all.c_str());
}
TEST(Scripts, hotline_speaks_english_with_who_does) {
  c->calling = "13800000060";
  CHECK(c->run("main.lua").find("play! en/welcome_kitchen") != std::string::npos);
}
TEST(Scripts, hotline_reads_out_a_menu_on_the_service_line) {
  c->business = c->own_queue = "service";
  c->keys = {{"welcome_service", "0"}};
  STRCMP_EQUAL("answer; play! zh/welcome_service zh/menu; stop; queue service; hangup 16", c->run("main.lua").c_str());
}
TEST(Scripts, hotline_goes_on_without_its_data) {
  c.reset();
  std::filesystem::remove(database);
  std::ofstream("build/tmp/empty.sql") << "CREATE TABLE x (y);";
  CHECK(prepare_business_data(database, "build/tmp/empty.sql").has_value());
  c = std::make_unique<Caller>(database);
  STRCMP_EQUAL("answer; play! zh/welcome_kitchen; queue orders; hangup 16", c->run("main.lua").c_str());
}
