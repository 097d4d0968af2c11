// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/report.h"

#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "cti-core/acd/erlang.h"
#include "cti-core/store/books.h"
#include "drivers/base/json.h"
#include "tools/show/files.h"

namespace sr::show {
namespace {

void judge(Report& r, std::int64_t reply_lost) {
  const auto say = [&](std::string what) { r.mismatches.push_back(std::move(what)); };
  // What was booked while boardd died under the reply is offered and not delivered; nothing else is.
  if (r.exchange.delivered + reply_lost != r.center.offered)
    say(fmt::format("the exchange counts {} delivered calls, the center {} offered", r.exchange.delivered, r.center.offered));
  if (r.center.in_progress != 0) say(fmt::format("{} calls are still in progress", r.center.in_progress));
  if (r.outgoing.in_progress != 0) say(fmt::format("{} outgoing calls are still in progress", r.outgoing.in_progress));
}

}  // namespace

Result<Report> make_report(const ReportInput& input) {
  auto rows = read_exchange(input.exchange_log);
  if (!rows) return std::unexpected(rows.error());
  auto ledger = read_ledger(input.journal);
  if (!ledger) return std::unexpected(ledger.error());
  auto books = store::read_books(input.journal);
  if (!books) return std::unexpected(books.error());
  const auto wavs = read_wavs(input.record_dir);
  const Joined joined = join(rows->in, *ledger, wavs, input.board_deaths);

  Report r;
  r.show = input.show;
  r.exchange = {joined.attempts, joined.delivered, joined.connected, joined.refused};
  r.center = {books->offered, books->answered, books->served, books->lost, books->in_progress};
  r.outgoing = {books->outgoing.attempts, books->outgoing.answered, books->outgoing.failed, books->outgoing.not_answered, books->outgoing.in_progress,
                rows->out, rows->out_connected};
  auto surge = read_surge(input.journal, *books);
  if (!surge) return std::unexpected(surge.error());
  r.surge = std::move(*surge);
  r.recordings = {joined.recordings_expected, joined.recordings_found, joined.recorded_s};
  r.balanced = books->balanced;
  r.exchange_log_complete = !input.exchange_log_cut;
  if (!r.exchange_log_complete) r.mismatches.push_back("exchange.jsonl is incomplete: callgen could not write all rows (was the disk full?); what follows may come of that alone");
  r.mismatches.insert(r.mismatches.end(), joined.mismatches.begin(), joined.mismatches.end());
  if (rows->broken_lines > 0) r.mismatches.push_back(fmt::format("{} lines of the exchange's log cannot be read", rows->broken_lines));
  for (const std::string& why : books->why) r.mismatches.push_back("books: " + why);
  r.trunks_busy_s = books->trunks_busy_s;
  r.groups_full = books->groups_full;
  for (auto& [group, g] : r.groups_full) g.erlang_b = acd::erlang_b_of_carried(g.carried_erlangs, static_cast<std::size_t>(g.channels));
  r.join = {joined.joined, joined.unheard, joined.reply_lost, joined.worst_length_error_s};
  judge(r, joined.reply_lost);
  r.ok = r.balanced && r.mismatches.empty();
  return r;
}

Status write_report(const Report& report, const std::string& path) {
  std::FILE* f = std::fopen(path.c_str(), "we");
  if (f == nullptr) return fail("cannot write " + path);
  const std::string text = json::to_string(report) + "\n";
  const bool written = std::fwrite(text.data(), 1, text.size(), f) == text.size();
  if (std::fclose(f) != 0 || !written) return fail("cannot write " + path);
  return {};
}

std::string human(const Report& r, const std::string& run_dir) {
  std::int64_t lost = 0;
  for (const auto& [stage, n] : r.center.lost) lost += n;
  std::string out;
  const auto line = [&](const std::string& text) { out += text + "\n"; };
  const auto row = [&](std::int64_t n, std::string_view what, std::string_view note) { line(note.empty() ? fmt::format("  {:6}  {}", n, what) : fmt::format("  {:6}  {:<9} {}", n, what, note)); };
  line("");
  line("Exchange");
  row(r.exchange.attempts, "attempts", fmt::format("= {} delivered + {} refused (no channel) + {} unanswered", r.exchange.delivered, r.exchange.refused,
                                                   r.exchange.attempts - r.exchange.delivered - r.exchange.refused));
  row(r.exchange.connected, "connected", "");
  line("Center");
  row(r.center.offered, "offered", fmt::format("= {} answered + {} served + {} lost + {} in progress", r.center.answered, r.center.served, lost, r.center.in_progress));
  for (const auto& [stage, n] : r.center.lost)
    if (n > 0) row(n, "lost", stage);
  out += human(r.surge);
  line("Outgoing");
  row(r.outgoing.attempts, "attempts", fmt::format("= {} answered + {} failed + {} no answer + {} in progress", r.outgoing.answered, r.outgoing.failed,
                                                   r.outgoing.not_answered, r.outgoing.in_progress));
  row(r.outgoing.seen_by_exchange, "arrived", fmt::format("at the exchange, {} connected there", r.outgoing.connected_at_exchange));
  line("Recordings");
  row(r.recordings.files, "files", fmt::format("of {} expected, {:.0f} s; worst length error {:.2f} s", r.recordings.expected, r.recordings.seconds,
                                               r.join.worst_length_error_s));
  line("Trunks");
  if (r.trunks_busy_s.empty()) line("          never all busy");
  for (const auto& [span, seconds] : r.trunks_busy_s) line(fmt::format("  {:6.1f}  s all busy: {}", seconds, span));
  for (const auto& [group, g] : r.groups_full)
    line(fmt::format("  {:6.1f}  s full: group {}, {} channels; Erlang B {:.1f} %", g.full_s, group, g.channels, 100 * g.erlang_b.value_or(0)));
  if (r.show.boardd_restarts + r.show.ctid_restarts > 0) {
    line("Restarts");
    row(r.show.boardd_restarts + r.show.ctid_restarts, "in all", fmt::format("boardd {}, ctid {}; {} calls without an answer, {} replies lost", r.show.boardd_restarts,
                                                                             r.show.ctid_restarts, r.join.unheard, r.join.reply_lost));
  }
  line("Exchange and center, call by call");
  row(r.join.joined, "joined", fmt::format("of {}, {}", r.center.offered, r.mismatches.empty() ? "no mismatch" : fmt::format("{} MISMATCHES", r.mismatches.size())));
  for (const std::string& m : r.mismatches) line("  ! " + m);
  line(fmt::format("{0}: report.json, exchange.jsonl, recordings/, *.pcap, journal.db", run_dir));
  if (!r.exchange_log_complete) line("The exchange's own file, exchange.jsonl, is incomplete: not every call can be compared.");
  const bool differ = !r.mismatches.empty() && r.exchange_log_complete;
  line(!r.balanced ? "The books do NOT balance." : differ ? "The books balance, but exchange and center differ." : "The books balance.");
  return out;
}

}  // namespace sr::show
