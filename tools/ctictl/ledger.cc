// The verbs that read var/run/journal.db themselves.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <cstdio>

#include "cti-core/acd/erlang.h"
#include "cti-core/loss/stages.h"
#include "drivers/base/json.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/journal_file.h"
#include "tools/ctictl/table.h"
#include "tools/ctictl/when.h"

namespace sr::ctictl {
namespace {

std::string books_page(const store::Books& b, bool colours) {
  const auto percent = [&](std::int64_t n) { return b.offered ? fmt::format("{:5.1f} %", 100.0 * static_cast<double>(n) / static_cast<double>(b.offered)) : std::string(); };
  std::string out = fmt::format("incoming\n  offered      {:>8}\n  answered     {:>8}  {}\n  served       {:>8}  {}\n  lost         {:>8}  {}\n", b.offered, b.answered,
                                percent(b.answered), b.served, percent(b.served), b.lost_total, percent(b.lost_total));
  for (const auto& [stage, n] : b.lost) out += fmt::format("    {:<17}{:>4}  {}\n", stage, n, paint(Colour::dim, loss::words(stage), colours));
  out += fmt::format("  in progress  {:>8}\n  callbacks promised {:>2}\n", b.in_progress, b.callbacks_promised);
  const auto& c = b.callbacks;
  if (c.calls + c.withheld + c.in_no_list > 0)
    out += fmt::format("to be called back\n  customers    {:>8}  for {} lost calls\n  got through  {:>8}\n  closed       {:>8}\n  open         {:>8}\n  number withheld {:>5}\n", c.opened, c.calls, c.got_through,
                       c.closed, c.open, c.withheld);
  if (c.in_no_list > 0) out += fmt::format("  in no list   {:>8}\n", c.in_no_list);
  const auto& o = b.outgoing;
  out += fmt::format("outgoing\n  dialled      {:>8}\n  answered     {:>8}\n  not answered {:>8}\n  failed       {:>8}\n  in progress  {:>8}\n", o.attempts, o.answered, o.not_answered, o.failed, o.in_progress);
  for (const auto& [span, seconds] : b.trunks_busy_s) out += fmt::format("all trunks busy  {}  {:.1f} s\n", span, seconds);
  for (const auto& [group, g] : b.groups_full)
    out += fmt::format("trunk group {} full  {:.1f} s of {:.0f} s ({:.2f} %), {} channels, {:.1f} erlangs of incoming calls carried\n"
                       "  what the exchange refused then cannot be seen; Erlang B says {:.2f} % of the callers\n",
                       group, g.full_s, g.interval_s, g.interval_s > 0 ? 100 * g.full_s / g.interval_s : 0, g.channels, g.carried_erlangs, 100 * g.erlang_b.value_or(0));
  out += b.balanced ? paint(Colour::green, "the books balance", colours) + "\n" : paint(Colour::red, "THE BOOKS DIFFER", colours) + "\n";
  for (const auto& why : b.why) out += "  " + why + "\n";
  return out;
}

struct LostRow { std::uint64_t call = 0; std::string offered, lost, stage, reason; bool callback = false; std::string calling, called, number, queue, agent; };
BOOST_DESCRIBE_STRUCT(LostRow, (), (call, offered, lost, stage, reason, callback, calling, called, number, queue, agent))
struct RecordingRow { std::string file; std::uint64_t call = 0; std::string started; double seconds = 0; std::string end, direction, calling, called, number, agent; };
BOOST_DESCRIBE_STRUCT(RecordingRow, (), (file, call, started, seconds, end, direction, calling, called, number, agent))

}  // namespace

int books(const std::string& journal, const Interval& interval, bool as_json) {
  const auto bounds = bounds_of(interval);
  if (!bounds) return complain(bounds.error());
  auto read = store::read_books(journal, bounds->from, bounds->to);
  if (!read) return complain(read.error());
  for (auto& [group, g] : read->groups_full) g.erlang_b = acd::erlang_b_of_carried(g.carried_erlangs, static_cast<std::size_t>(g.channels));
  std::fputs(as_json ? (store::to_json(*read) + "\n").c_str() : books_page(*read, stdout_is_terminal()).c_str(), stdout);
  return read->balanced ? kOk : kRefused;
}

int lost(const std::string& journal, const Interval& interval, std::size_t limit, bool as_json) {
  const auto bounds = bounds_of(interval);
  if (!bounds) return complain(bounds.error());
  auto database = open_journal(journal);
  if (!database) return complain(database.error());
  auto rows = store::Statement::prepare(*database,
      "select * from (select call, offered_at, at, stage, reason, callback, calling, called, number, queue, agent from lost where offered_at >= ?1 and offered_at < ?2 "
      "order by offered_at desc, call desc limit ?3) order by offered_at, call");
  if (!rows) return complain(rows.error());
  rows->bind(bounds->from, bounds->to, static_cast<std::uint64_t>(limit));
  Table table({"call", "offered", "waited", "stage", "from", "to", "queue", "callback", "reason"});
  std::size_t n = 0;
  for (; rows->next(); ++n) {
    const LostRow r{static_cast<std::uint64_t>(rows->integer(0)), to_iso8601(rows->time(1)), to_iso8601(rows->time(2)), rows->text(3), rows->text(4), rows->integer(5) != 0,
                    rows->text(6), rows->text(7), rows->text(8), rows->text(9), rows->text(10)};
    if (as_json) fmt::print("{}\n", json::to_string(r));
    else table.row({std::to_string(r.call), local(rows->time(1)), span_of(rows->time(2) - rows->time(1)), {r.stage, Colour::red}, r.calling, r.called, r.queue, r.callback ? "yes" : "", r.reason});
  }
  if (!as_json) std::fputs(table.empty() ? "nobody was lost\n" : table.text(stdout_is_terminal()).c_str(), stdout);
  tell_limit(n, limit);
  return kOk;
}

int recordings(const std::string& journal, const Interval& interval, const std::string& call, const std::string& agent, std::size_t limit, bool as_json) {
  const auto bounds = bounds_of(interval);
  if (!bounds) return complain(bounds.error());
  auto database = open_journal(journal);
  if (!database) return complain(database.error());
  auto rows = store::Statement::prepare(*database,
      "select * from (select r.file, r.call, r.started_at, r.duration_ms, r.end, c.direction, c.calling, c.called, c.number, c.agent, r.ended_at from recording r "
      "left join call c on c.call = r.call where r.started_at >= ?1 and r.started_at < ?2 and (?3 = '' or r.call = cast(?3 as integer)) and (?4 = '' or c.agent = ?4) "
      "order by r.started_at desc limit ?5) order by started_at");
  if (!rows) return complain(rows.error());
  rows->bind(bounds->from, bounds->to, call, agent, static_cast<std::uint64_t>(limit));
  Table table({"file", "call", "started", "length", "from", "to", "agent", "end"});
  std::size_t n = 0;
  for (; rows->next(); ++n) {
    const bool running = rows->is_null(10);
    const RecordingRow r{rows->text(0), static_cast<std::uint64_t>(rows->integer(1)), to_iso8601(rows->time(2)), static_cast<double>(rows->integer(3)) / 1000, running ? "running" : rows->text(4),
                         rows->text(5), rows->text(6), rows->text(7), rows->text(8), rows->text(9)};
    if (as_json) fmt::print("{}\n", json::to_string(r));
    else table.row({r.file, std::to_string(r.call), local(rows->time(2)), running ? std::string("…") : span_of(Duration(rows->integer(3) * 1000)), r.calling, r.called, r.agent, r.end});
  }
  if (!as_json) std::fputs(table.empty() ? "no recordings\n" : table.text(stdout_is_terminal()).c_str(), stdout);
  tell_limit(n, limit);
  return kOk;
}

}  // namespace sr::ctictl
