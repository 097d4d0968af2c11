// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/audit.h"

#include <fmt/format.h>

#include <cstdio>

#include "cti-core/store/books.h"
#include "cti-core/store/schema.h"
#include "drivers/base/json.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/when.h"

namespace sr::ctictl {
namespace {

struct AuditRow { std::string at, who, from, act, agent; std::uint64_t call = 0; std::string detail; bool done = true; std::string why; };
BOOST_DESCRIBE_STRUCT(AuditRow, (), (at, who, from, act, agent, call, detail, done, why))

int complain(const Error& error) {
  fmt::print(stderr, "ctictl: {}\n", error.text());
  return kUsage;
}

}  // namespace

int audit(const std::string& journal, const AuditFilter& filter, bool as_json) {
  Instant since = store::kFromEver;
  if (!filter.since.empty()) {
    const auto t = parse_when(filter.since);
    if (!t) return complain(t.error());
    since = *t;
  }
  auto database = store::Database::open(journal, true);
  if (!database) return complain(database.error());
  if (auto ok = store::check_schema(*database); !ok) return complain({ok.error().what, journal, ok.error().fix});
  auto rows = store::Statement::prepare(*database,
      "select who, at, origin, act, agent, call, detail, done, why from (select * from audit where at >= ?1 and (?2 = '' or who = ?2) and (?3 = '' or agent = ?3) "
      "order by seq desc limit ?4) order by seq");
  if (!rows) return complain(rows.error());
  rows->bind(since, filter.who, filter.agent, static_cast<std::uint64_t>(filter.limit));
  Table table({"when", "who", "from", "act", "agent", "call", "", "result"});
  std::size_t n = 0;
  for (; rows->next(); ++n) {
    const AuditRow r{to_iso8601(rows->time(1)), rows->text(0), rows->text(2), rows->text(3), rows->text(4), static_cast<std::uint64_t>(rows->integer(5)), rows->text(6),
                     rows->integer(7) != 0, rows->text(8)};
    if (as_json) fmt::print("{}\n", json::to_string(r));
    else table.row({local(rows->time(1)), r.who, r.from, r.act, r.agent, r.call ? std::to_string(r.call) : "", r.detail, r.done ? std::string("done") : "refused: " + r.why});
  }
  if (rows->failed()) return complain(fail("the audit log cannot be read", journal).error());
  if (!as_json) std::fputs(table.empty() ? "nothing is in the audit log\n" : table.text(stdout_is_terminal()).c_str(), stdout);
  if (n == filter.limit) fmt::print(stderr, "ctictl: the latest {}; more with --limit\n", filter.limit);
  return kOk;
}

}  // namespace sr::ctictl
