// What waiting callers were told against what they waited, from the journal.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <cstdio>

#include "cti-core/store/waits.h"
#include "drivers/base/json.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/journal_file.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/when.h"

namespace sr::ctictl {

int waits(const std::string& journal, const Interval& interval, std::size_t minutes, bool as_json) {
  const auto bounds = bounds_of(interval);
  if (!bounds) return complain(bounds.error());
  auto database = open_journal(journal);
  if (!database) return complain(database.error());
  const auto rows = store::read_waits(*database, bounds->from, bounds->to, static_cast<std::int64_t>(minutes) * Duration(60s));
  if (!rows) return complain(rows.error());
  const auto shown = [](const std::optional<double>& value) { return value ? fmt::format("{:.0f}", *value) : std::string("-"); };
  Table table({"queue", "from", "told", "answered", "left", "waiting", "told s", "waited s", "bias s", "P50 s", "P90 s", "longer %", "estimate's bias s"});
  for (const auto& r : *rows) {
    if (as_json) fmt::print("{}\n", json::to_string(r));
    else table.row({r.queue, minutes > 0 ? local(r.from) : "", std::to_string(r.announced), std::to_string(r.answered), std::to_string(r.left), std::to_string(r.waiting), shown(r.mean_told_s),
                    shown(r.mean_actual_s), shown(r.bias_s), shown(r.p50_s), shown(r.p90_s), r.longer ? fmt::format("{:.0f}", *r.longer * 100) : "-", shown(r.estimate_bias_s)});
  }
  if (!as_json) std::fputs(table.empty() ? "no wait was announced\n" : table.text(stdout_is_terminal()).c_str(), stdout);
  return kOk;
}

}  // namespace sr::ctictl
