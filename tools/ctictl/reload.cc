// `ctictl reload`: another configuration for a running ctid, and which ones there were.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdio>

#include "cti-core/store/schema.h"
#include "drivers/base/json.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/verbs.h"
#include "tools/ctictl/when.h"

namespace sr::ctictl {
namespace {

std::string user() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry ? entry->pw_name : std::to_string(::getuid());
}

struct HistoryRow { std::string at, who, act; int changes = 0; std::string summary; };
BOOST_DESCRIBE_STRUCT(HistoryRow, (), (at, who, act, changes, summary))
struct Body { std::string who, act, summary; int changes = 0; };
BOOST_DESCRIBE_STRUCT(Body, (), (who, act, summary, changes))

}  // namespace

int reload(const std::string& socket, bool dry_run, bool rollback, bool as_json) {
  const auto flag = [](bool on) { return std::string(on ? "true" : "false"); };
  return command(socket, "config.reload", {{"who", user()}, {"dryRun", flag(dry_run), true}, {"rollback", flag(rollback), true}}, as_json);
}

int reload_history(const std::string& journal, std::size_t limit, bool as_json) {
  const auto complain = [](const Error& error) { return fmt::print(stderr, "ctictl: {}\n", error.text()), kUsage; };
  auto database = store::Database::open(journal, true);
  if (!database) return complain(database.error());
  if (auto ok = store::check_schema(*database); !ok) return complain(Error{ok.error().what, journal, ok.error().fix});
  auto rows = store::Statement::prepare(*database, "select * from (select seq, at, body from event where type = 'configurationChanged' order by seq desc limit ?1) order by seq");
  if (!rows) return complain(rows.error());
  rows->bind(static_cast<std::uint64_t>(limit));
  Table table({"at", "who", "what", "changes", ""});
  while (rows->next()) {
    const auto body = json::parse_as<Body>(rows->text(2));
    if (!body) return complain(body.error());
    if (as_json) fmt::print("{}\n", json::to_string(HistoryRow{to_iso8601(rows->time(1)), body->who, body->act, body->changes, body->summary}));
    else table.row({local(rows->time(1)), body->who, body->act, std::to_string(body->changes), body->summary});
  }
  if (!as_json) std::fputs(table.empty() ? "the configuration has never changed\n" : table.text(stdout_is_terminal()).c_str(), stdout);
  return kOk;
}

}  // namespace sr::ctictl
