// Whom to call back, as the journal has it: also without a ctid.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <cstdio>

#include "cti-core/loss/callbacks.h"
#include "drivers/base/json.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/journal_file.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/when.h"

namespace sr::ctictl {
namespace {

struct Row {
  std::uint64_t callback = 0;
  std::string customer, kind, number, queue, spot;
  std::optional<std::string> due;
  std::string opened, last;
  std::uint64_t last_call = 0, calls = 0;
  std::optional<std::string> closed, outcome;
};
BOOST_DESCRIBE_STRUCT(Row, (), (callback, customer, kind, number, queue, spot, due, opened, last, last_call, calls, closed, outcome))

}  // namespace

int callbacks(const std::string& journal, const Interval& interval, const std::string& number, bool all, std::size_t limit, bool as_json) {
  const auto bounds = bounds_of(interval);
  if (!bounds) return complain(bounds.error());
  const std::string customer = loss::customer_number(number);
  if (!number.empty() && customer.empty()) return complain(Error{"--number needs digits, not '" + number + "'", {}, {}});
  auto database = open_journal(journal);
  if (!database) return complain(database.error());
  auto rows = store::Statement::prepare(*database,
      "select * from (select callback, customer, kind, number, queue, spot, due, opened_at, last_at, last_call, calls, closed_at, outcome from callback where opened_at >= ?1 and opened_at < ?2 "
      "and (?3 = '' or customer = ?3) and (?4 or closed_at is null) order by callback desc limit ?5) order by callback");
  if (!rows) return complain(rows.error());
  rows->bind(bounds->from, bounds->to, customer, all, static_cast<std::uint64_t>(limit));
  Table table({"callback", "customer", "opened", "calls", "last", "kind", "number", "queue", "due", "outcome"});
  std::size_t n = 0;
  for (; rows->next(); ++n) {
    const auto time = [&](int column) { return rows->is_null(column) ? std::nullopt : std::optional(to_iso8601(rows->time(column))); };
    const bool open = rows->is_null(11);
    const Row r{static_cast<std::uint64_t>(rows->integer(0)), rows->text(1), rows->text(2), rows->text(3), rows->text(4), rows->text(5), time(6), to_iso8601(rows->time(7)), to_iso8601(rows->time(8)),
                static_cast<std::uint64_t>(rows->integer(9)), static_cast<std::uint64_t>(rows->integer(10)), time(11), open ? std::nullopt : std::optional(rows->text(12))};
    if (as_json) fmt::print("{}\n", json::to_string(r));
    else table.row({std::to_string(r.callback), r.customer, local(rows->time(7)), std::to_string(r.calls), local(rows->time(8)), r.kind, r.number, r.queue, r.due ? local(rows->time(6)) : "",
                    open ? Table::Cell("open", Colour::yellow) : Table::Cell(*r.outcome)});
  }
  if (rows->failed()) return complain(database->error("callbacks").error());
  if (!as_json) std::fputs(table.empty() ? "nobody is to be called back\n" : table.text(stdout_is_terminal()).c_str(), stdout);
  tell_limit(n, limit);
  return kOk;
}

}  // namespace sr::ctictl
