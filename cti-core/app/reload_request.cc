// Somebody asks for another configuration: it is read and checked elsewhere, refused as a whole or put in force as a whole (reload.cc),
// written down, and said in words.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "cti-core/acd/membership.h"
#include "cti-core/app/center.h"
#include "drivers/base/json.h"
#include "drivers/base/log.h"
#include "drivers/base/utf8.h"

namespace sr::app {
namespace {

constexpr std::size_t kWhoMax = 64, kLogLinesMax = 20;

struct Answer {
  bool applied = false;
  std::vector<ConfigChange> changes{};
  std::vector<std::string> notes{};
  std::string report{};
};
BOOST_DESCRIBE_STRUCT(Answer, (), (applied, changes, notes, report))

std::string how_many(std::size_t n, std::string_view one) { return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s"); }

// For the journal: as many as there is room for.
std::string summary(const std::vector<ConfigChange>& changes) {
  std::string out;
  for (std::size_t n = 0; n < changes.size(); ++n) {
    const std::string words = in_words(changes[n]);
    if (out.size() + words.size() > kSummaryBytesMax) return fmt::format("{}{}and {} more", out, out.empty() ? "" : "; ", changes.size() - n);
    out += (out.empty() ? "" : "; ") + words;
  }
  return out;
}

}  // namespace

void Center::config_reload(const ReloadRequest& request, ReloadDone done) {
  const Turn turn(*this);
  if (!config_source_) return done(std::unexpected(CtiError{4041, "there is nothing to reload here"}));
  if (reloads_.waiting.size() >= kReloadsWaitingMax) return done(std::unexpected(CtiError{4290, fmt::format("{} reloads wait already", kReloadsWaitingMax)}));
  reloads_.waiting.emplace_back(request, std::move(done));
  next_reload();
}

// One after the other, and not more often than kReloadEvery.
void Center::next_reload() {
  if (reloads_.running || reloads_.waiting.empty() || reloads_.timer != TimerId::none) return;
  if (const Instant now = timers_.now(); now < reloads_.not_before) return guarded(reloads_.timer, reloads_.not_before - now, [this] { next_reload(); });
  auto [request, done] = std::move(reloads_.waiting.front());
  reloads_.waiting.pop_front();
  reloads_.running = true;
  config_source_->read(request.rollback ? ConfigSource::Which::previous : ConfigSource::Which::file, in_force_, [this, request, answer = std::move(done)](Result<Candidate> read) {
    const Turn later(*this);
    reloads_.running = false;
    reloads_.not_before = timers_.now() + kReloadEvery;
    answer(take(request, std::move(read)));
    next_reload();
  });
}

CtiResult<std::string> Center::take(const ReloadRequest& request, Result<Candidate> read) {
  const std::string who = request.who.empty() ? "cti" : first_bytes(request.who, kWhoMax);
  if (read)
    if (Status fits = room_for(*read->config); !fits) read = std::unexpected(fits.error());
  if (!read) {
    log::error("reload by {} refused, the configuration in force stays: {}", who, read.error().text());
    return std::unexpected(CtiError{4220, read.error().text()});
  }
  const bool another = !read->changes.empty();
  Answer answer;
  answer.applied = another && !request.dry_run;
  answer.changes = std::move(read->changes);
  answer.notes = consequences(answer.changes);
  std::ranges::move(not_on_board(*read->config), std::back_inserter(answer.notes));
  if (!request.dry_run) {
    if (another) {
      configure(*read->config, read->serves);
      in_force_ = read->config;
      (void)supervisors_.file_counts();
      const char* act = request.rollback ? "rollback" : "reload";
      journal(ev::ConfigurationChanged{who, act, static_cast<int>(answer.changes.size()), summary(answer.changes)});
      log::info("{}: {} by {}", act, how_many(answer.changes.size(), "change"), who);
      for (std::size_t n = 0; n < std::min(answer.changes.size(), kLogLinesMax); ++n) log::info("  {}", in_words(answer.changes[n]));
    }
    config_source_->keep(std::move(read->text), another);
    if (const auto loaded = ivr_reload(); !loaded) answer.notes.push_back("a script stays as it was: " + loaded.error().message);  // it was right a moment ago
    if (request.rollback) answer.notes.push_back("the file still says what it said: mend it before the next reload or start");
  }
  for (const auto& change : answer.changes) answer.report += in_words(change) + "\n";
  for (const auto& note : answer.notes) answer.report += "note: " + note + "\n";
  answer.report += !another ? "nothing has changed" : how_many(answer.changes.size(), "change") + (request.dry_run ? ", not put in force" : ", in force");
  return json::to_string(answer);
}

// The numbers of queues and agents grow with each name that was not there before.
Status Center::room_for(const CenterConfig& next) const {
  const auto newcomers = [](const auto& list, const auto& known) { return static_cast<std::size_t>(std::ranges::count_if(list, [&](const auto& one) { return !known(one); })); };
  if (config_.queues.size() + newcomers(next.queues, [this](const auto& q) { return known_queues_.contains(q.name); }) > kQueueNamesMax)
    return fail(fmt::format("more than {} names of queues since ctid was started", kQueueNamesMax), {}, "restart ctid, which forgets those that went");
  if (config_.agents.size() + newcomers(next.agents, [this](const auto& a) { return agents_.find(a.id) != nullptr; }) > kAgentNamesMax)
    return fail(fmt::format("more than {} agents since ctid was started", kAgentNamesMax), {}, "restart ctid, which forgets those that went");
  return {};
}

// What a change does not do at once.
std::vector<std::string> Center::consequences(const std::vector<ConfigChange>& changes) const {
  std::vector<std::string> out;
  const auto calls_on = [this](const std::string& number) { return static_cast<std::size_t>(std::ranges::count_if(calls_, [&](const auto& one) { return one.second.number && one.second.number->number == number; })); };
  for (const auto& c : changes) {
    if (c.table == "center" && c.key == "writable_tables") out.push_back("writable_tables counts from the next start of ctid on");
    if (c.table == "center" && c.key == "business_sql") out.push_back("sql counts when business.db is made anew");
    if (c.table == "phone" && devices_.in_use(c.name) && (out.empty() || !out.back().starts_with("phone " + c.name + ":")))
      out.push_back(fmt::format("phone {}: as it was until its agent is logged off and no call is on it", c.name));
    if (c.what != ChangeKind::removed || !c.key.empty()) continue;
    if (c.table == "queue")
      if (const std::size_t waiting = waiting_.size(known_queues_.at(c.name)); waiting > 0)
        out.push_back(fmt::format("queue {}: {} in it; they are still served, nobody else gets in", c.name, how_many(waiting, "caller")));
    if (c.table == "agent")
      if (const acd::Agent* agent = agents_.find(c.name); agent && agent->call != CallId::none)
        out.push_back(fmt::format("agent {} has call {}: he is logged off after it", c.name, to_number(agent->call)));
    if (c.table == "number")
      if (const std::size_t calls = calls_on(c.name); calls > 0) out.push_back(fmt::format("number {}: {} on it, going on as they began", c.name, how_many(calls, "call")));
  }
  return out;
}

// What it says of the board and the board has not, or has otherwise. A board may be mended later: it is said, and nothing is refused.
std::vector<std::string> Center::not_on_board(const CenterConfig& config) const {
  std::vector<std::string> out;
  if (!in_step_) return out;
  std::set<std::string> groups;
  for (const auto& [name, span] : spans_) groups.insert(span.shown.group);
  const auto group = [&](const std::string& by, const std::string& name) {
    if (!name.empty() && !groups.contains(name)) out.push_back(fmt::format("{}: the board has no trunk group '{}'", by, name));
  };
  group("outgoing_group", config.outgoing_group);
  for (const auto& trunk : config.trunks) group("[[trunk]]", trunk.group);
  for (const auto& phone : config.phones) group("phone " + phone.name, phone.group);
  const auto is_station = [this](const std::string& name) {
    const auto p = phones_.find(name);
    return p != phones_.end() && !p->second.outside();
  };
  for (const auto& queue : config.queues)
    if (is_station(queue.extension)) out.push_back(fmt::format("extension {} of queue {} is a station's number: the station rings", queue.extension, queue.name));
  for (const auto& phone : config.phones)
    if (phone.number.empty() && !is_station(phone.name)) out.push_back(fmt::format("phone {}: the board has no such station", phone.name));
  return out;
}

void Center::reload_on_signal() {
  constexpr const char* kSignal = "SIGHUP";
  if (std::ranges::none_of(reloads_.waiting, [](const auto& one) { return one.first.who == kSignal; })) config_reload({.who = kSignal}, [](const auto&) {});
}

void Center::started_with(const std::vector<ConfigChange>& changes) {
  const Turn turn(*this);
  if (changes.empty()) return;
  if (supervisors_.file_counts()) configure(*in_force_, acd::memberships(*in_force_));
  journal(ev::ConfigurationChanged{"ctid", "start", static_cast<int>(changes.size()), summary(changes)});
}

CtiResult<std::string> Center::ivr_reload() {
  if (!engine_) return std::unexpected(CtiError{4041, "nothing to reload here"});
  for (const auto& script : scripts())
    if (auto ok = engine_->load(script); !ok) return std::unexpected(CtiError{-32000, ok.error().text()});
  return fmt::format("the scripts of {} are loaded", how_many(numbers_.size(), "number"));
}

}  // namespace sr::app
