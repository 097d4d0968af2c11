// TV spots: those of the center file, past and to come, with what the journal says of their calls; and those that only the journal knows.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <numeric>

#include "cti-core/app/config_toml.h"
#include "drivers/base/json.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/journal_file.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/when.h"

namespace sr::ctictl {
namespace {

struct SpotRow {
  std::string spot;
  std::optional<std::string> start;      // absent: the file does not have it any more
  std::int64_t length_s = 0;
  std::vector<std::string> numbers{};
  std::optional<double> expected{};      // calls
  std::int64_t calls = 0, answered = 0, served = 0, lost_total = 0, captured = 0;
  std::map<std::string, std::int64_t> lost{};  // by stage
  std::int64_t in_progress = 0, callbacks_open = 0, got_through = 0;
  std::vector<std::int64_t> arrivals{};  // calls in each minute from its start
};
BOOST_DESCRIBE_STRUCT(SpotRow, (), (spot, start, length_s, numbers, expected, calls, answered, served, lost_total, captured, lost, in_progress, callbacks_open, got_through, arrivals))

using Rows = std::map<std::string, SpotRow>;

// Adds to `rows` what `sql` counts per spot: the spot, a number, and perhaps a word.
template <class Add>
Status count(store::Database& database, const char* sql, Rows& rows, Add add) {
  auto statement = store::Statement::prepare(database, sql);
  if (!statement) return std::unexpected(statement.error());
  while (statement->next()) {
    SpotRow& row = rows[statement->text(0)];
    row.spot = statement->text(0);
    add(row, *statement);
  }
  return statement->failed() ? Status(std::unexpected(database.error(sql).error())) : Status();
}

Status count_calls(store::Database& database, Rows& rows) {
  using Row = store::Statement;
  Status ok = count(database, "select spot, count(*) from offered where spot <> '' group by spot", rows, [](SpotRow& r, const Row& s) { r.calls = s.integer(1); });
  if (ok) ok = count(database, "select o.spot, count(*) from offered o join answered a on a.call = o.call where o.spot <> '' group by o.spot", rows, [](SpotRow& r, const Row& s) { r.answered = s.integer(1); });
  if (ok) ok = count(database, "select o.spot, count(*) from offered o join served a on a.call = o.call where o.spot <> '' group by o.spot", rows, [](SpotRow& r, const Row& s) { r.served = s.integer(1); });
  if (ok) ok = count(database, "select o.spot, count(*) from offered o join in_progress a on a.call = o.call where o.spot <> '' group by o.spot", rows, [](SpotRow& r, const Row& s) { r.in_progress = s.integer(1); });
  if (ok)
    ok = count(database, "select o.spot, count(*), a.stage from offered o join lost a on a.call = o.call where o.spot <> '' group by o.spot, a.stage", rows, [](SpotRow& r, const Row& s) {
      r.lost[s.text(2)] = s.integer(1);
      r.lost_total += s.integer(1);
      if (s.text(2) == "captured") r.captured = s.integer(1);
    });
  if (ok)
    ok = count(database, "select spot, sum(closed_at is null), sum(closed_by <> 0) from callback where spot <> '' group by spot", rows,
               [](SpotRow& r, const Row& s) { r.callbacks_open = s.integer(1), r.got_through = s.integer(2); });
  return ok;
}

Status count_arrivals(store::Database& database, const SpotConfig& spot, SpotRow& row) {
  auto statement = store::Statement::prepare(database, "select (offered_at - ?2) / 60000000, count(*) from offered where spot = ?1 group by 1 order by 1");
  if (!statement) return std::unexpected(statement.error());
  statement->bind(row.spot, spot.start);
  row.arrivals.assign(static_cast<std::size_t>((spot.length + 59s) / 60s), 0);
  while (statement->next())
    if (const auto minute = statement->integer(0); minute >= 0 && minute < static_cast<std::int64_t>(row.arrivals.size())) row.arrivals[static_cast<std::size_t>(minute)] = statement->integer(1);
  return statement->failed() ? Status(std::unexpected(database.error("arrivals").error())) : Status();
}

}  // namespace

int spots(const std::string& journal, const std::string& config, bool as_json) {
  auto database = open_journal(journal);
  if (!database) return complain(database.error());
  Rows rows;
  if (auto ok = count_calls(*database, rows); !ok) return complain(ok.error());
  std::vector<std::string> order;
  if (!config.empty()) {
    const std::string dir = std::filesystem::path(config).parent_path().string();
    const auto center = app::read_center(config, dir.empty() ? "." : dir);
    if (!center) return complain(center.error());
    for (const SpotConfig& spot : center->spots) {
      SpotRow& row = rows[spot_key(spot)];
      row.spot = spot_key(spot);
      row.start = to_iso8601(spot.start);
      row.length_s = spot.length / 1s;
      row.numbers = spot.numbers;
      if (!spot.expected.empty()) row.expected = std::accumulate(spot.expected.begin(), spot.expected.end(), 0.0);
      if (auto ok = count_arrivals(*database, spot, row); !ok) return complain(ok.error());
      order.push_back(row.spot);
    }
  }
  for (const auto& [key, row] : rows)
    if (!row.start) order.insert(order.begin(), key);
  Table table({"spot", "numbers", "expected", "calls", "answered", "served", "lost", "captured", "got through", "to call back", "lost at"});
  for (const std::string& key : order) {
    const SpotRow& r = rows.at(key);
    if (as_json) {
      fmt::print("{}\n", json::to_string(r));
      continue;
    }
    std::string stages;
    for (const auto& [stage, n] : r.lost) stages += fmt::format("{}{} {}", stages.empty() ? "" : ", ", stage, n);
    table.row({r.spot, fmt::format("{}", fmt::join(r.numbers, " ")), r.expected ? fmt::format("{:.0f}", *r.expected) : "", std::to_string(r.calls), std::to_string(r.answered), std::to_string(r.served),
               std::to_string(r.lost_total), std::to_string(r.captured), std::to_string(r.got_through), std::to_string(r.callbacks_open), stages});
  }
  if (!as_json) std::fputs(table.empty() ? "no spots\n" : table.text(stdout_is_terminal()).c_str(), stdout);
  return kOk;
}

}  // namespace sr::ctictl
