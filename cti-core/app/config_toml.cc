// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/config_toml.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <toml++/toml.h>

#include "cti-core/acd/membership.h"
#include "cti-core/app/config_announce.h"
#include "cti-core/app/config_parts.h"
#include "drivers/base/file_text.h"

namespace sr::app {
namespace {

constexpr std::size_t kFileBytesMax = 4 * 1024 * 1024;
constexpr std::int64_t kRangeMax = 10'000;

// Reads one file; the first error stays, everything after it is read into nothing.
class Reader : TomlValues {
 public:
  Reader(std::string file, std::string script_dir) : TomlValues(std::move(file)), script_dir_(std::move(script_dir)) {}

  Result<CenterConfig> read(const toml::table& root) {
    known(root, "", {"trunk", "spot", "holiday", "center", "codes", "not_ready_reasons", "data", "number", "queue", "agent", "phone"});
    if (const auto* t = table(root, "center")) center(*t);
    if (const auto* t = table(root, "codes")) codes(*t);
    if (const auto* t = table(root, "not_ready_reasons")) reasons(*t);
    if (const auto* t = table(root, "data")) data(*t);
    read_trunks(*this, root, config_);
    for (const auto* t : tables(root, "agent")) agent(*t);
    for (const auto* t : tables(root, "queue")) queue(*t);
    check_overflow();
    read_phones(*this, root, config_);
    for (const auto* t : tables(root, "number")) number(*t);
    read_spots(*this, root, config_);
    read_holidays(*this, root, config_);
    if (config_.numbers.empty()) wrong(root, "no [[number]]", "write one [[number]] for each number that the exchange sends");
    check_codes(root);
    if (error_) return std::unexpected(*error_);
    return std::move(config_);
  }

 private:
  friend struct app::AnnounceReader;
  void center(const toml::table& t) {
    known(t, "center", {"outgoing_group", "outgoing_calling", "access_digit", "no_answer_s", "wrap_up_extend_s", "hold_recall_s", "priority_worth_s", "fallback_prompt", "holidays"});
    holiday_file(t);
    text(t, "outgoing_group", config_.outgoing_group, false, true);
    text(t, "outgoing_calling", config_.outgoing_calling, false, true);
    std::string digit(1, config_.access_digit);
    text(t, "access_digit", digit);
    if (digit.size() != 1 || !is_digits(digit)) wrong(*t.get("access_digit"), "'access_digit' must be one digit", "access_digit = \"0\"");
    config_.access_digit = digit[0];
    seconds(t, "no_answer_s", config_.no_answer, 1);
    seconds(t, "hold_recall_s", config_.hold_recall, 5);
    seconds(t, "wrap_up_extend_s", config_.wrap_up_extend, 1);
    seconds(t, "priority_worth_s", config_.priority_worth, 1);
    text(t, "fallback_prompt", config_.fallback_prompt);
  }

  void holiday_file(const toml::table& t) {
    std::string name;
    text(t, "holidays", name);
    if (error_ || name.empty() || script_dir_.empty()) return;
    if (auto ok = read_holiday_file((std::filesystem::path(script_dir_) / name).string(), config_); !ok) error_ = ok.error();
  }

  void codes(const toml::table& t) {
    known(t, "codes", {"login", "logout", "ready", "not_ready", "more_wrap_up", "supervisor"});
    text(t, "login", config_.code_login);
    text(t, "logout", config_.code_logout);
    text(t, "ready", config_.code_ready);
    text(t, "not_ready", config_.code_not_ready);
    text(t, "more_wrap_up", config_.code_more_wrap_up);
    text(t, "supervisor", config_.code_supervisor);
  }
  void check_codes(const toml::table& root) {
    const toml::node& at = root.get("codes") ? *root.get("codes") : static_cast<const toml::node&>(root);
    const std::vector<std::pair<std::string_view, std::string>> all = {
        {"login", config_.code_login}, {"logout", config_.code_logout}, {"ready", config_.code_ready}, {"not_ready", config_.code_not_ready}, {"more_wrap_up", config_.code_more_wrap_up}, {"supervisor", config_.code_supervisor}};
    for (const auto& [name, code] : all) {
      if (code.find_first_not_of("0123456789*") != std::string::npos) wrong(at, fmt::format("code '{}' of {} cannot be dialled", code, name), "digits and *");
      if (code.front() == config_.access_digit) wrong(at, fmt::format("code '{}' of {} begins with the access digit", code, name), "begin it with *");
      for (const auto& id : agent_ids_)
        if (id.starts_with(code)) wrong(at, fmt::format("agent {} begins with the code '{}' of {}: he cannot be called", id, code, name), "begin the code with *");
      for (const auto& [other, longer] : all)
        if (name != other && longer.starts_with(code)) wrong(at, fmt::format("code '{}' of {} is the beginning of '{}' of {}", code, name, longer, other), "codes that differ");
    }
  }
  void reasons(const toml::table& t) {
    config_.not_ready_reasons.clear();
    for (const auto& [key, value] : t) {
      const auto* word = value.as_string();
      if (!is_digits(key.str()) || !word || word->get().empty()) wrong(value, fmt::format("reason '{}' must be digits = \"word\"", key.str()), "1 = \"break\"");
      else config_.not_ready_reasons[std::string(key.str())] = word->get();
    }
  }

  void data(const toml::table& t) {
    known(t, "data", {"sql", "writable_tables"});
    text(t, "sql", config_.business_sql);
    const auto* node = t.get("writable_tables");
    if (!node) return;
    const auto* list = node->as_array();
    if (!list) return wrong(*node, "'writable_tables' must be a list of names", "writable_tables = [\"survey\"]");
    for (const auto& one : *list) {
      const auto* name = one.as_string();
      if (!name || name->get().empty()) return wrong(one, "a table must be a text", "writable_tables = [\"survey\"]");
      config_.writable_tables.push_back(name->get());
    }
  }

  void agent(const toml::table& t) {
    known(t, "agent", {"id", "name", "pin", "wrap_up_s", "skills", "supervisor"});
    AgentConfig a;
    text(t, "id", a.id, true);
    a.name = a.id;
    text(t, "name", a.name);
    text(t, "pin", a.pin, true);
    read_wrap_up(*this, t, a.wrap_up);
    flag(t, "supervisor", a.supervisor);
    skills(t, a.skills);
    if (error_) return;
    if (!is_digits(a.id)) wrong(t, fmt::format("agent id '{}' cannot be dialled", a.id), "id = \"2001\" (digits)");
    if (!is_digits(a.pin)) wrong(t, fmt::format("the pin of agent {} cannot be dialled", a.id), "pin = \"7001\" (digits)");
    if (!agent_ids_.insert(a.id).second) wrong(t, fmt::format("agent {} is there twice", a.id), "another id");
    config_.agents.push_back(std::move(a));
  }

  void skills(const toml::table& t, std::map<std::string, int>& into) {
    const auto* list = table(t, "skills");
    if (!list) return;
    for (const auto& [key, value] : *list) {
      const auto level = value.value<std::int64_t>();
      if (key.str().empty()) wrong(value, "a skill has no name", "tv = 8");
      if (!value.is_integer() || !level || *level < 1 || *level > kSkillLevelMax)
        wrong(value, fmt::format("the level of skill '{}' must be a number from 1 to {}", key.str(), kSkillLevelMax), fmt::format("{} = 8", key.str()));
      else into[std::string(key.str())] = static_cast<int>(*level);
    }
  }
  void known_skills(const toml::table& t, const std::string& queue) {
    std::set<std::string> all;
    for (const auto& a : config_.agents)
      for (const auto& [skill, level] : a.skills) all.insert(skill);
    if (const auto* list = t.get_as<toml::table>("skills"))
      for (const auto& [key, value] : *list)
        if (!all.contains(std::string(key.str())))
          wrong(value, fmt::format("nobody has the skill '{}' that queue '{}' asks for", key.str(), queue), all.empty() ? "give it to an [[agent]]" : fmt::format("give it to an [[agent]], or one of: {}", fmt::join(all, ", ")));
  }
  void strategy(const toml::table& t, Strategy& into) {
    std::string word(acd::name(into));
    text(t, "strategy", word);
    if (!acd::strategy_from(word, into))
      wrong(*t.get("strategy"), fmt::format("'strategy' cannot be '{}'", word), "one of: longest_idle, fewest_calls, least_talk_time, least_occupied, round_robin, top_down, best_skill, ring_all");
  }

  void queue(const toml::table& t) {
    known(t, "queue", {"name", "agents", "skills", "strategy", "overflow", "announce", "callback", "empty_s", "leave_prompt", "timeout_s", "length_max", "open", "extension"});
    QueueConfig q;
    text(t, "name", q.name, true);
    seconds(t, "timeout_s", q.timeout, 1);
    if (t.get("open") && !t.get("open")->is_boolean()) read_hours(*this, t, "open", q.hours);
    else flag(t, "open", q.open);
    skills(t, q.skills);
    known_skills(t, q.name);
    if (const auto* announce = table(t, "announce")) AnnounceReader::read(*this, *announce, q.announce);
    if (const auto* callback = table(t, "callback")) AnnounceReader::read(*this, *callback, q.callback);
    if (t.get("empty_s")) seconds(t, "empty_s", q.empty.emplace(), 0);
    text(t, "leave_prompt", q.leave_prompt);
    strategy(t, q.strategy);
    if (const auto* node = t.get("length_max")) {
      const auto value = node->value<std::int64_t>();
      if (!node->is_integer() || !value || *value < 1 || *value > 100'000) wrong(*node, "'length_max' must be a number from 1 to 100000", "length_max = 1000");
      else q.length_max = static_cast<std::size_t>(*value);
    }
    if (error_) return;
    const auto* list = t.get("agents") ? t.get("agents")->as_array() : nullptr;
    if (!list && (t.get("agents") || q.skills.empty()))
      return wrong(t.get("agents") ? *t.get("agents") : static_cast<const toml::node&>(t), fmt::format("queue '{}' needs a list of agents, or skills", q.name), "agents = [\"2001-2012\", \"2020\"], or skills = {orders = 1}");
    if (list)
      for (const auto& one : *list) members(one, q.name, q.agents);
    for (const auto* step : tables(t, "overflow")) overflow(*step, q);
    if (!q.skills.empty() && q.agents.empty() && std::ranges::none_of(config_.agents, [&q](const AgentConfig& a) { return acd::has_skills(a, q.skills); }))
      wrong(*t.get("skills"), fmt::format("nobody has the skills of queue '{}'", q.name), "give them to an [[agent]] at these levels, ask for less, or name agents = […]");
    extension(t, q);
    if (!queue_names_.insert(q.name).second) wrong(t, fmt::format("queue '{}' is there twice", q.name), "another name");
    config_.queues.push_back(std::move(q));
  }

  void extension(const toml::table& t, QueueConfig& q) {
    if (!t.get("extension")) return;
    text(t, "extension", q.extension);
    const auto refused = [&](std::string why, std::string fix) { wrong(*t.get("extension"), fmt::format("extension '{}' of queue '{}' {}", q.extension, q.name, why), std::move(fix)); };
    if (!is_digits(q.extension)) return refused("cannot be dialled", "extension = \"600\" (digits)");
    if (q.extension.front() == config_.access_digit) return refused("begins with the access digit", "another first digit");
    if (agent_ids_.contains(q.extension)) return refused("is an agent's id", "a number of its own");
    if (std::ranges::any_of(config_.queues, [&](const QueueConfig& other) { return other.extension == q.extension; })) refused("is another queue's", "a number of its own");
  }

  static std::string like(std::string_view key) { return fmt::format("{} = {{waiting = {}, oldest_s = {}}}", key, key == "end" ? 4 : 10, key == "end" ? 10 : 30); }
  void threshold(const toml::table& step, std::string_view key, Threshold& into) {
    const auto* t = table(step, key);
    if (!t) return wrong(step, fmt::format("'{}' is missing", key), like(key));
    known(*t, key, {"waiting", "oldest_s", "expected_s", "spot"});
    if (const auto* node = t->get("waiting")) {
      const auto value = node->value<std::int64_t>();
      if (!node->is_integer() || !value || *value < 1 || *value > 100'000) return wrong(*node, "'waiting' must be a number from 1 to 100000", "waiting = 10");
      into.waiting = static_cast<std::size_t>(*value);
    }
    const auto time = [&](std::string_view name, std::optional<Duration>& limit) {
      if (!t->get(name)) return;
      Duration value{};
      seconds(*t, name, value, 1);
      limit = value;
    };
    flag(*t, "spot", into.spot);
    time("oldest_s", into.oldest);
    time("expected_s", into.expected);
    if (t->empty()) wrong(*t, fmt::format("'{}' has no threshold", key), like(key));
  }
  void overflow(const toml::table& t, QueueConfig& q) {
    known(t, "queue.overflow", {"queue", "agents", "skills", "begin", "end"});
    OverflowConfig step;
    text(t, "queue", step.queue);
    skills(t, step.skills);
    const auto* list = t.get("agents") ? t.get("agents")->as_array() : nullptr;
    if (t.get("agents") && !list) wrong(*t.get("agents"), "'agents' must be a list", "agents = [\"2001-2012\", \"2020\"]");
    if (list)
      for (const auto& one : *list) members(one, q.name, step.agents);
    threshold(t, "begin", step.when.begin);
    const Threshold& from = step.when.begin;
    if (t.get("end") || !from.spot || from.waiting || from.oldest || from.expected) threshold(t, "end", step.when.end);
    step.when.end.spot = from.spot;
    if (error_) return;
    const bool by_queue = !step.queue.empty(), by_people = list || !step.skills.empty();
    if (by_queue == by_people) return wrong(t, fmt::format("an overflow of queue '{}' must say who helps", q.name), "queue = \"…\", or agents = […] or skills = {…}");
    known_skills(t, q.name);
    if (step.queue == q.name) return wrong(*t.get("queue"), fmt::format("queue '{}' overflows to itself", q.name), "another queue, or agents = […]");
    if (by_people && step.agents.empty() && std::ranges::none_of(config_.agents, [&](const AgentConfig& a) { return acd::has_skills(a, step.skills); }))
      return wrong(t, fmt::format("nobody has the skills of an overflow of queue '{}'", q.name), "give them to an [[agent]], ask for less, or name agents = […]");
    const auto lower = [](const auto& end, const auto& begin) { return begin.has_value() == end.has_value() && (!begin || *end < *begin); };
    if (!lower(step.when.end.waiting, step.when.begin.waiting) || !lower(step.when.end.oldest, step.when.begin.oldest) || !lower(step.when.end.expected, step.when.begin.expected))
      return wrong(*t.get("end"), "'end' must have the members of 'begin', each of them lower", "begin = {waiting = 10, oldest_s = 30}, end = {waiting = 4, oldest_s = 10}");
    if (by_queue) overflow_queues_.emplace_back(&t, step.queue);
    q.overflow.push_back(std::move(step));
  }
  void check_overflow() {
    for (const auto& [at, name] : overflow_queues_)
      if (!queue_names_.contains(name)) wrong(*at->get("queue"), fmt::format("an overflow names queue '{}', which there is not", name), fmt::format("one of: {}", fmt::join(queue_names_, ", ")));
  }

  void members(const toml::node& node, const std::string& queue, std::vector<std::string>& into) {
    const auto* value = node.as_string();
    if (!value) return wrong(node, "an agent must be a text", "\"2001\" or \"2001-2012\"");
    const std::string& item = value->get();
    const auto dash = item.find('-');
    if (dash == std::string::npos) return member(node, queue, into, item);
    const std::string first = item.substr(0, dash), last = item.substr(dash + 1);
    if (!is_digits(first) || !is_digits(last) || first.size() != last.size() || first.size() > 9 || first > last)
      return wrong(node, fmt::format("'{}' is no range of agents", item), "\"2001-2012\"");
    const std::int64_t from = std::stoll(first), to = std::stoll(last);
    if (to - from >= kRangeMax) return wrong(node, fmt::format("'{}' names more than {} agents", item, kRangeMax), "a shorter range");
    for (std::int64_t id = from; id <= to; ++id) member(node, queue, into, fmt::format("{:0{}}", id, first.size()));
  }
  void member(const toml::node& node, const std::string& queue, std::vector<std::string>& into, const std::string& id) {
    if (!agent_ids_.contains(id)) return wrong(node, fmt::format("queue '{}' names agent {}, whom there is not", queue, id), fmt::format("an [[agent]] with id = \"{}\", or take him out", id));
    if (std::ranges::find(into, id) != into.end()) return wrong(node, fmt::format("queue '{}' names agent {} twice", queue, id), "each agent once");
    into.push_back(id);
  }

  void number(const toml::table& t) {
    known(t, "number", {"number", "business", "script", "queue", "language", "record", "digits", "agent", "agent_wait_s", "capture", "capture_expected_s", "open"});
    NumberConfig n;
    text(t, "number", n.number, true);
    text(t, "business", n.business, true);
    text(t, "agent", n.agent);
    seconds(t, "agent_wait_s", n.agent_wait, 0);
    text(t, "script", n.script, n.agent.empty());
    text(t, "queue", n.queue, true);
    text(t, "language", n.language);
    std::string record = "whole";
    text(t, "record", record);
    if (record == "agent") n.record = board::RecordPolicy::agent;
    else if (record == "none") n.record_calls = false;
    else if (record != "whole") wrong(*t.get("record"), fmt::format("'record' cannot be '{}'", record), "record = \"whole\", \"agent\" or \"none\"");
    std::string digits = "script";
    text(t, "digits", digits);
    if (digits == "always") n.digits_always = true;
    else if (digits != "script") wrong(*t.get("digits"), fmt::format("'digits' cannot be '{}'", digits), "digits = \"script\" or \"always\"");
    read_capture(*this, t, n);
    read_hours(*this, t, "open", n.hours);
    if (error_) return;
    if (!n.agent.empty() && !n.script.empty()) wrong(*t.get("script"), fmt::format("number {} has an agent and a script", n.number), "one of them: a script says queue(\"…\", {agent = \"…\"})");
    if (!n.agent.empty() && !agent_ids_.contains(n.agent)) wrong(*t.get("agent"), fmt::format("number {} names agent {}, whom there is not", n.number, n.agent), fmt::format("an [[agent]] with id = \"{}\"", n.agent));
    if (!numbers_.insert(n.number).second) wrong(t, fmt::format("number {} is there twice", n.number), "one [[number]] for each");
    if (!queue_names_.contains(n.queue)) wrong(*t.get("queue"), fmt::format("number {} names queue '{}', which there is not", n.number, n.queue), fmt::format("a [[queue]] with name = \"{}\", or one of: {}", n.queue, fmt::join(queue_names_, ", ")));
    if (n.script.find("..") != std::string::npos || n.script.starts_with('/')) wrong(*t.get("script"), fmt::format("script '{}' lies outside the script directory", n.script), "a name below it, as \"main.lua\"");
    else if (!script_dir_.empty() && n.agent.empty() && ::access((script_dir_ + "/" + n.script).c_str(), R_OK) != 0)
      wrong(*t.get("script"), fmt::format("number {} names script '{}', which cannot be read below {}", n.number, n.script, script_dir_), "the name of a file there");
    config_.numbers.push_back(std::move(n));
  }

  std::string script_dir_;
  CenterConfig config_;
  std::set<std::string> agent_ids_, queue_names_, numbers_;
  std::vector<std::pair<const toml::table*, std::string>> overflow_queues_;
};

}  // namespace

Result<CenterConfig> parse_center(std::string_view text, const std::string& file, const std::string& script_dir) {
  try {
    const toml::table root = toml::parse(text, file);
    return Reader(file, script_dir).read(root);
  } catch (const toml::parse_error& e) {
    return fail(std::string(e.description()), fmt::format("{}:{}", file, e.source().begin.line), "TOML as in ivr-scripts/center.toml");
  }
}

Result<std::string> center_text(const std::string& file) {
  return file_text(file, kFileBytesMax, "the name of a center file, as ivr-scripts/center.toml");
}

Result<CenterConfig> read_center(const std::string& file, const std::string& script_dir) {
  const auto text = center_text(file);
  if (!text) return std::unexpected(text.error());
  return parse_center(*text, file, script_dir);
}

}  // namespace sr::app
