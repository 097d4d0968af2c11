// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/config_files.h"
#include "cti-core/app/config_toml.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <CppUTest/TestHarness.h>

using namespace sr;

namespace {
const std::string kGood = R"([center]
no_answer_s = 12
[[agent]]
id = "2001"
pin = "7001"
wrap_up_s = 3
[[agent]]
id = "2002"
pin = "7002"
[[queue]]
name = "orders"
agents = ["2001-2002"]
timeout_s = 60
[[number]]
number = "4006001"
business = "kitchen"
script = "main.lua"
queue = "orders"
record = "agent"
)";
std::string wrong(std::string from, std::string to, const std::string& scripts = {}) {
  std::string text = kGood;
  const auto place = text.find(from);
  CHECK_TRUE(place != std::string::npos);
  text.replace(place, from.size(), to);
  const auto config = app::parse_center(text, "c.toml", scripts);
  return config ? "accepted" : config.error().text();
}
void says(const std::string& text, const char* part) { CHECK_TRUE_TEXT(text.find(part) != std::string::npos, text.c_str()); }
}  // namespace

TEST_GROUP(CenterToml) {};

TEST(CenterToml, a_good_file_is_read) {
  const auto c = app::parse_center(kGood, "c.toml", {});
  CHECK_TRUE(c.has_value());
  CHECK_EQUAL(2, c->queues[0].agents.size());
  CHECK_TRUE(c->numbers[0].record == board::RecordPolicy::agent);
  CHECK_FALSE(c->numbers[0].digits_always);
  STRCMP_EQUAL("accepted", wrong("record = \"agent\"", "digits = \"always\"").c_str());
  CHECK_TRUE(c->no_answer == 12s && c->agents[0].wrap_up == 3s && c->queues[0].timeout == 60s);
}

TEST(CenterToml, the_sample_center_is_read) {
  const auto c = app::read_center("ivr-scripts/center.toml", {});
  CHECK_TRUE_TEXT(c.has_value(), c ? "" : c.error().text().c_str());
  CHECK_EQUAL(3, c->numbers.size());
  CHECK_EQUAL(24, c->agents.size());
}

TEST(CenterToml, every_mistake_has_its_line_and_what_to_write_instead) {
  says(wrong("wrap_up_s", "wrapup_s"), "c.toml:6: unknown key 'wrapup_s' in [agent]");
  says(wrong("no_answer_s = 12", "no_answer_s = \"12\""), "c.toml:2: 'no_answer_s' must be a number of seconds");
  says(wrong("id = \"2002\"", "id = \"2001\""), "agent 2001 is there twice");
  says(wrong("id = \"2002\"", "id = \"bob\""), "c.toml:7: agent id 'bob' cannot be dialled");
  says(wrong("2001-2002", "2001-2003"), "c.toml:12: queue 'orders' names agent 2003, whom there is not");
  says(wrong("2001-2002", "2002-2001"), "is no range");
  says(wrong("queue = \"orders\"", "queue = \"order\""), "c.toml:18: number 4006001 names queue 'order', which there is not");
  says(wrong("queue = \"orders\"", "queue = \"order\""), "one of: orders");
  says(wrong("script = \"main.lua\"", "script = \"../x.lua\""), "outside");
  says(wrong("script = \"main.lua\"", "script = \"none.lua\"", "/nowhere"), "c.toml:17: number 4006001 names script 'none.lua'");
  says(wrong("record = \"agent\"", "record = \"all\""), "c.toml:19: 'record' cannot be 'all'");
  says(wrong("record = \"agent\"", "digits = \"never\""), "c.toml:19: 'digits' cannot be 'never'");
  says(wrong("[[queue]]", "[queue]"), "must be a list of tables");
  says(wrong("[center]", "[centre]"), "c.toml:1: unknown key 'centre'");
  says(wrong("[center]", "[codes]\nready = \"*11\"\n[center]"), "is the beginning of");
  says(wrong("[center]", "[center"), "c.toml:1");
  says(wrong("pin = \"7001\"\n", ""), "'pin' is missing");
  says(wrong("timeout_s = 60", "length_max = 0"), "'length_max' must be");
}

TEST(CenterToml, wrap_up_without_end) {
  STRCMP_EQUAL("accepted", wrong("wrap_up_s = 3", "wrap_up_s = \"unlimited\"").c_str());
  says(wrong("wrap_up_s = 3", "wrap_up_s = \"endless\""), "c.toml:6: 'wrap_up_s' cannot be 'endless' (wrap_up_s = 10, or \"unlimited\")");
  says(wrong("wrap_up_s = 3", "wrap_up_s = -1"), "c.toml:6: 'wrap_up_s' must be a number of seconds");
  says(wrong("no_answer_s = 12", "wrap_up_extend_s = 0"), "c.toml:2: 'wrap_up_extend_s' must be");
}

TEST(CenterToml, phones_outside_and_headsets) {
  const auto with = [](const std::string& phone) { return wrong("[[queue]]", "[[phone]]\nname = \"home\"\n" + phone + "\n[[queue]]"); };
  const std::string outside = "group = \"city\"\nnumber = \"139\"\n";
  STRCMP_EQUAL("accepted", with(outside + "calling = \"caller\"\nkept_up = true\naccept_key = \"*\"").c_str());
  STRCMP_EQUAL("accepted", with("headset = true").c_str());
  says(with(""), "c.toml:10: phone 'home' has no number (group and number of a phone outside, or headset = true for a station)");
  says(with("number = \"139\""), "c.toml:10: phone 'home' needs a number and its trunk group, or neither");
  says(with("headset = true\nkept_up = true"), "c.toml:10: station 'home' cannot have 'kept_up' or 'calling'");
  says(with("group = \"city\"\nnumber = \"home\""), "c.toml:13: number 'home' cannot be dialled");
  says(with(outside + "calling = \"me\""), "c.toml:14: 'calling' cannot be 'me'");
  says(with(outside + "accept_key = \"12\""), "c.toml:14: 'accept_key' must be one key");
  says(with(outside + "[[phone]]\nname = \"2\"\n" + outside), "c.toml:14: phone '2' is there twice, or its number is");
  says(with("headst = true"), "c.toml:12: unknown key 'headst' in [phone]");
}

TEST(CenterToml, a_number_of_an_agent) {
  STRCMP_EQUAL("accepted", wrong("script = \"main.lua\"", "agent = \"2001\"\nagent_wait_s = 20").c_str());
  says(wrong("script = \"main.lua\"", "agent = \"2009\""), "c.toml:17: number 4006001 names agent 2009, whom there is not");
  says(wrong("script = \"main.lua\"", "script = \"main.lua\"\nagent = \"2001\""), "c.toml:17: number 4006001 has an agent and a script");
  says(wrong("script = \"main.lua\"\n", ""), "'script' is missing");
}

TEST(CenterToml, skills_and_a_strategy) {
  const std::string skilled = "wrap_up_s = 3\nskills = {tv = 5, german = 16}", asks = "skills = {tv = 5}\nstrategy = \"best_skill\"";
  std::string text = kGood;
  text.replace(text.find("wrap_up_s = 3"), 13, skilled);
  const auto with = [&](const std::string& queue) {
    std::string t = text;
    t.replace(t.find("agents = [\"2001-2002\"]"), 22, queue);
    return app::parse_center(t, "c.toml", {});
  };
  const auto c = with(asks);
  CHECK_TRUE_TEXT(c.has_value(), c ? "" : c.error().text().c_str());
  CHECK_TRUE(c->queues[0].agents.empty() && c->queues[0].skills.at("tv") == 5 && c->queues[0].strategy == Strategy::best_skill);
  CHECK_EQUAL(16, c->agents[0].skills.at("german"));
  says(with("skills = {tv = 6}").error().text(), "c.toml:13: nobody has the skills of queue 'orders'");
  says(with("agents = [\"2002\"]\nskills = {tw = 1}").error().text(), "c.toml:14: nobody has the skill 'tw' that queue 'orders' asks for (give it to an [[agent]], or one of: german, tv)");
  says(with("skills = {tv = 17}").error().text(), "c.toml:13: the level of skill 'tv' must be a number from 1 to 16");
  says(with("skills = {\"\" = 1}").error().text(), "c.toml:13: a skill has no name");
  says(with("open = true").error().text(), "needs a list of agents, or skills");
  says(wrong("timeout_s = 60", "strategy = \"random\""), "c.toml:13: 'strategy' cannot be 'random'");
  says(wrong("no_answer_s = 12", "priority_worth_s = 0"), "c.toml:2: 'priority_worth_s' must be a number of seconds from 1");
}

TEST(CenterToml, a_queue_s_extension_and_the_recall_of_a_hold) {
  std::string text = kGood;
  text.replace(text.find("timeout_s = 60"), 14, "extension = \"600\"");
  const auto c = app::parse_center(text, "c.toml", {});
  CHECK_TRUE_TEXT(c.has_value(), c ? "" : c.error().text().c_str());
  STRCMP_EQUAL("600", c->queues[0].extension.c_str());
  says(wrong("timeout_s = 60", "extension = \"6a\""), "c.toml:13: extension '6a' of queue 'orders' cannot be dialled (extension = \"600\" (digits))");
  says(wrong("timeout_s = 60", "extension = \"0600\""), "c.toml:13: extension '0600' of queue 'orders' begins with the access digit");
  says(wrong("timeout_s = 60", "extension = \"2001\""), "c.toml:13: extension '2001' of queue 'orders' is an agent's id");
  says(wrong("no_answer_s = 12", "hold_recall_s = 4"), "c.toml:2: 'hold_recall_s' must be a number of seconds from 5");
  says(wrong("timeout_s = 60", "[queue.callback]\nkeep_s = 3"), "(keep_s = 60)");  // what the message proposes is taken

}

TEST(CenterToml, overflow) {
  const auto with = [](const std::string& step) { return wrong("timeout_s = 60", "timeout_s = 60\n[[queue.overflow]]\n" + step + "\n[[queue]]\nname = \"service\"\nagents = [\"2002\"]"); };
  const std::string when = "\nbegin = {waiting = 10, oldest_s = 30}\nend = {waiting = 4, oldest_s = 10}";
  STRCMP_EQUAL("accepted", with("queue = \"service\"" + when).c_str());
  STRCMP_EQUAL("accepted", with("agents = [\"2002\"]" + when).c_str());
  says(with("queue = \"orders\"" + when), "c.toml:15: queue 'orders' overflows to itself");
  says(with("queue = \"servic\"" + when), "c.toml:15: an overflow names queue 'servic', which there is not");
  says(with("agents = [\"2009\"]" + when), "names agent 2009, whom there is not");
  says(with("skills = {tv = 1}" + when), "nobody has the skill 'tv' that queue 'orders' asks for (give it to an [[agent]])");
  says(with("queue = \"service\"\nskills = {tv = 1}" + when), "must say who helps");
  says(with(when.substr(1)), "must say who helps");
  says(with("queue = \"service\"\nbegin = {waiting = 10}\nend = {waiting = 10}"), "each of them lower");
  says(with("queue = \"service\"\nbegin = {waiting = 10}\nend = {oldest_s = 10}"), "each of them lower");
  says(with("queue = \"service\"\nbegin = {}\nend = {}"), "'begin' has no threshold");
  says(with("queue = \"service\"\nbegin = {waiting = 10}"), "'end' is missing");
  says(with("queue = \"service\"\nbegin = {calls = 10}\nend = {calls = 1}"), "unknown key 'calls'");
}

TEST(CenterToml, a_file_that_is_not_there_is_said_so) { says(app::read_center("/nowhere.toml", {}).error().text(), "/nowhere.toml: cannot be read"); }

TEST(CenterToml, capture_and_trunks_are_read_and_their_mistakes_named) {
  const auto with = [](const std::string& number, const std::string& more = {}) { return wrong("record = \"agent\"", "record = \"agent\"\n" + number + "\n" + more); };
  STRCMP_EQUAL("accepted", with("capture = {cause = 42}\ncapture_expected_s = 90", "[[trunk]]\ngroup = \"city\"\nreserve = 3").c_str());
  STRCMP_EQUAL("accepted", with("capture = {prompt = \"busy\", media = \"early\"}").c_str());
  STRCMP_EQUAL("accepted", with("capture = false").c_str());
  says(with("capture = {prompt = \"busy\"}"), "c.toml:20: 'capture' needs both 'prompt' and 'media', or neither");
  says(with("capture = {prompt = \"busy\", media = \"late\"}"), "c.toml:20: 'media' cannot be 'late' (media = \"early\" (before the answer) or \"answered\")");
  says(with("capture = {cause = 128}"), "c.toml:20: 'cause' must be a number from 1 to 127");
  says(with("", "[[trunk]]\ngroup = \"city\"\nreserve = -1"), "'reserve' must be a number from 0 to 10000");
  says(with("", "[[trunk]]\ngroup = \"city\"\n[[trunk]]\ngroup = \"city\""), "trunk group 'city' is there twice");
}

TEST(CenterToml, a_capture_that_cannot_be_spoken_is_refused) {
  const std::string dir = "build/tmp/prompts-" + std::to_string(::getpid());
  std::filesystem::create_directories(dir + "/zh");
  for (const char* name : {"one_moment", "all_busy_will_call_back"}) std::ofstream(dir + "/zh/" + name + ".wav") << "RIFF";
  auto c = *app::parse_center(kGood, "c.toml", {});
  const app::ConfigPlaces places{.file = "c.toml", .script_dir = {}, .prompts = dir, .run_dir = {}};
  CHECK_TRUE(app::check_prompts(c, kGood, "c.toml", places).has_value());
  c.numbers[0].capture = {.prompt = "gone", .media = CaptureMedia::early};
  says(app::check_prompts(c, "[[number]]\ncapture = {prompt = \"gone\"}\n", "c.toml", places).error().text(), "c.toml:2: capture of [[number]] 4006001: there is no prompt");
  c.fallback_prompt = "needed";
  says(app::check_prompts(c, kGood, "c.toml", places).error().text(), "c.toml: fallback_prompt of [center]: there is no prompt");
  std::filesystem::remove_all(dir);
}

TEST(CenterToml, a_code_that_hides_an_agent_is_refused) {
  says(wrong("record = \"agent\"", "record = \"agent\"\n[codes]\nlogout = \"20\""), "begins with the code '20' of logout: he cannot be called (begin the code with *)");
}

TEST(CenterToml, spots_hours_and_holidays_are_read_and_their_mistakes_named) {
  const auto with = [](const std::string& more) { return wrong("record = \"agent\"", "record = \"agent\"\n" + more); };
  const std::string spot = "[[spot]]\nname = \"wok\"\nstart = 2026-11-22T20:15:00\nnumbers = [\"4006001\"]\n";
  STRCMP_EQUAL("accepted", with(spot + "expected = [10, 20]\nreserve = 4\ncapture_expected_s = 30").c_str());
  STRCMP_EQUAL("accepted", with(spot + "expected = {calls = 100, half_life_s = 60}").c_str());
  says(with("[[spot]]\nname = \"wok\"\nstart = \"20:15\"\nnumbers = [\"4006001\"]"), "c.toml:22: 'start' must be a date with a time (start = 2026-11-22T20:15:00)");
  says(with("[[spot]]\nname = \"wok\"\nstart = 2026-11-22T20:15:00\nnumbers = [\"1\"]"), "c.toml:23: spot 'wok' names number 1, which there is not");
  says(with(spot + "expected = {calls = 100}"), "'expected' needs 'calls' and 'half_life_s'");
  says(with(spot + spot), "is there twice");
  STRCMP_EQUAL("accepted", with("open = [{days = \"mon-fri,sun\", from = \"09:00\", to = \"21:00\"}]").c_str());
  says(with("open = [{days = \"mo\", from = \"09:00\", to = \"21:00\"}]"), "c.toml:20: 'days' cannot be 'mo' (days = \"mon-fri\", \"sat,sun\" or \"daily\")");
  says(with("open = [{days = \"mon\", from = \"9\", to = \"21:00\"}]"), "'from' is no time of day: '9' (from = \"09:00\")");
  says(with("[[holiday]]\nname = \"x\"\ndate = \"2026-10-01\""), "c.toml:22: 'date' must be a date (date = 2026-10-01 (year-month-day, without quotes))");
  says(with("[[holiday]]\nname = \"x\"\ndate = 2026-10-07\nto = 2026-10-01"), "c.toml:23: 'to' (2026-10-01) is before 'date' (2026-10-07)");
  says(with("[[holiday]]\nname = \"x\"\ndate = 2026-02-30"), "c.toml:22: ");
  says(with("[[holiday]]\nname = \"x\"\ndate = 2026-10-01\nto = 2026-10-03\n[[holiday]]\nname = \"y\"\ndate = 2026-10-03"), "c.toml:24: 'x' and 'y' are both on 2026-10-03 (one [[holiday]] for each day)");
}

TEST(CenterToml, a_wrong_date_in_a_holiday_file_is_named_with_its_line) {
  const std::string dir = "build/tmp/holidays-" + std::to_string(::getpid());
  std::filesystem::create_directories(dir);
  const auto put = [&](const std::string& name, const std::string& text) { std::ofstream(dir + "/" + name) << text; };
  put("main.lua", "");
  put("holidays.toml", "[[holiday]]\nname = \"national day\"\ndate = 2026-10-01\nto = 2026-10-07\n");
  const std::string text = "[center]\nholidays = \"holidays.toml\"\n" + kGood.substr(kGood.find('\n') + 1);
  const auto good = app::parse_center(text, "c.toml", dir);
  CHECK_TRUE_TEXT(good.has_value(), good ? "" : good.error().text().c_str());
  STRCMP_EQUAL("2026-10-07", good->holidays.at(0).last.c_str());
  put("holidays.toml", "[[holiday]]\nname = \"national day\"\ndate = 2026-13-01\n");
  says(app::parse_center(text, "c.toml", dir).error().text(), "holidays.toml:3: ");
  says(app::parse_center(text, "c.toml", dir).error().text(), "(a file of [[holiday]] with name = \"…\" and date = 2026-10-01)");
  put("holidays.toml", "[[holiday]]\nname = \"x\"\ndate = 2026-10-01\nlike = \"mon\"\nopen = [{from = \"10:00\", to = \"16:00\"}]\n");
  says(app::parse_center(text, "c.toml", dir).error().text(), "holidays.toml:5: a holiday has 'like' or 'open'");
  std::filesystem::remove(dir + "/holidays.toml");
  says(app::parse_center(text, "c.toml", dir).error().text(), "holidays.toml: cannot be read");
  const std::string absolute = std::filesystem::absolute(dir).string() + "/elsewhere.toml";
  put("elsewhere.toml", "[[holiday]]\nname = \"x\"\ndate = 2026-10-01\n");
  const auto named = app::parse_center("[center]\nholidays = \"" + absolute + "\"\n" + kGood.substr(kGood.find('\n') + 1), "c.toml", dir);
  CHECK_TRUE_TEXT(named.has_value(), named ? "" : named.error().text().c_str());
  std::filesystem::remove_all(dir);
}

TEST(CenterToml, announcements_are_read_and_their_mistakes_named) {
  const std::string queue = "timeout_s = 60\n";
  const auto with = [&](const std::string& keys) { return wrong(queue, queue + "[queue.announce]\n" + keys + "\n"); };
  STRCMP_EQUAL("accepted", with("first_s = 20\nevery_s = 40\nsay = [\"wait\"]\ncomfort = [\"promotion\"]\noffer = \"callback_offer\"\nmusic_s = [0, 42.5]").c_str());
  STRCMP_EQUAL("accepted", with("first_s = 20\nsay = []").c_str());
  says(with("every_s = 40"), "c.toml:14: 'first_s' is missing (first_s = 20)");
  says(with("first_s = 20\nevery_s = 3"), "c.toml:16: 'every_s' must be a number of seconds from 10");
  says(with("first_s = 20\nsay = [\"place\"]"), "c.toml:16: this cannot stand in 'say' (say = [\"position\", \"wait\"], or [] for neither)");
  says(with("first_s = 20\ncomfort = [\"zh/promotion\"]"), "c.toml:16: this cannot stand in 'comfort'");
  says(with("first_s = 20\nmusic_s = [-1]"), "c.toml:16: this cannot stand in 'music_s' (music_s = [0, 42.5])");
  says(with("first_s = 20\nmusic = 1"), "c.toml:16: unknown key 'music' in [queue.announce]");
}

TEST(CenterToml, callbacks_and_the_ends_of_a_queue_are_read_and_their_mistakes_named) {
  const std::string queue = "timeout_s = 60\n";
  const auto with = [&](const std::string& keys) { return wrong(queue, queue + keys + "\n"); };
  STRCMP_EQUAL("accepted", with("empty_s = 0\nleave_prompt = \"closed\"\n[queue.callback]\ntries = 3\nring_s = 20\npause_s = 60\nkeep_s = 3600\nmax = 50").c_str());
  says(with("empty_s = -1"), "c.toml:14: 'empty_s' must be a number of seconds from 0");
  says(with("[queue.callback]\ntries = 0"), "c.toml:15: 'tries' must be a number from 1 to 10 (tries = 2)");
  says(with("[queue.callback]\nring_s = 1"), "c.toml:15: 'ring_s' must be a number of seconds from 5");
  says(with("[queue.callback]\ntry = 1"), "c.toml:15: unknown key 'try' in [queue.callback]");
}
