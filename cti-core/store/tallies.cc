// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/store/tallies.h"

#include <algorithm>
#include <ranges>
#include <unordered_map>

#include "drivers/base/log.h"

namespace sr::store {
namespace {

constexpr std::string_view kBusy = "agentBusy", kWrapsUp = "agentWorkingAfterCall";

struct Row {
  Seq seq = 0;
  Instant at{};
  std::string agent, state;
};
struct Course {  // of one agent
  RecoveredAgent* agent = nullptr;
  Instant since{};
  std::string state{};
  Seq last_row = 0;

  void goes_on(const Row& row) {
    const Duration lasted = row.at - since;
    if (state == kBusy) agent->talked += lasted;
    if (state == kBusy || state == kWrapsUp) agent->occupied += lasted;
    if (row.state == kBusy && state != kBusy) {
      ++agent->calls;
      agent->last_call = row.seq;
    }
    since = row.at;
    state = row.state;
    last_row = row.seq;
  }
};

}  // namespace

Status read_tallies(Database& database, std::vector<RecoveredAgent>& agents) {
  std::unordered_map<std::string_view, Course> courses;
  Instant first = Instant::max();
  for (RecoveredAgent& agent : agents) {
    if (agent.logged_on_at == Instant{}) continue;
    courses[agent.agent].agent = &agent;
    first = std::min(first, agent.logged_on_at);
  }
  if (courses.empty()) return {};

  auto states = Statement::prepare(database, "select seq, at, agent, state from agent_state order by seq desc");
  if (!states) return std::unexpected(states.error());
  std::vector<Row> rows;
  while (states->next()) {
    if (states->time(1) < first) break;
    if (rows.size() >= kTallyRowsMax) {
      log::warn("journal: more than {} states of agents since the first of them logged on; the older ones are not counted", kTallyRowsMax);
      break;
    }
    rows.push_back({static_cast<Seq>(states->integer(0)), states->time(1), states->text(2), states->text(3)});
  }
  if (states->failed()) return database.error("states of agents");
  for (const Row& row : std::views::reverse(rows))
    if (const auto it = courses.find(row.agent); it != courses.end() && row.at >= it->second.agent->logged_on_at) it->second.goes_on(row);

  auto wrap_up = Statement::prepare(database, "select json_extract(body, '$.wrapUpMs') from event where seq = ?1");
  if (!wrap_up) return std::unexpected(wrap_up.error());
  for (auto& [name, course] : courses) {
    if (course.agent->state != kWrapsUp || course.last_row == 0) continue;
    if (wrap_up->bind(course.last_row).next() && !wrap_up->is_null(0)) course.agent->wrap_up = std::chrono::milliseconds(wrap_up->integer(0));
  }
  if (wrap_up->failed()) return database.error("wrap-up");
  return {};
}

}  // namespace sr::store
