// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/report.h"

#include <fmt/format.h>

#include <cstdio>

#include "cti-core/store/books.h"
#include "drivers/base/json.h"
#include "tools/show/files.h"

namespace sr::show {
namespace {

void judge(Report& r, std::int64_t reply_lost, bool line_failed) {
  const auto say = [&](std::string what) { r.mismatches.push_back(std::move(what)); };
  // What was booked while the line failed under the reply is offered and not delivered; without a failed line nothing is.
  if (r.exchange.delivered + (line_failed ? reply_lost : 0) != r.center.offered)
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
  const bool line_failed = input.show.boardd_restarts > 0;
  const Joined joined = join(rows->in, *ledger, wavs, line_failed);

  Report r;
  r.show = input.show;
  r.exchange = {joined.attempts, joined.delivered, joined.connected, joined.refused};
  r.center = {books->offered, books->answered, books->served, books->lost, books->in_progress};
  r.outgoing = {books->outgoing.attempts, books->outgoing.answered, books->outgoing.failed, books->outgoing.not_answered, books->outgoing.in_progress,
                rows->out, rows->out_connected};
  r.recordings = {joined.recordings_expected, joined.recordings_found, joined.recorded_s};
  r.balanced = books->balanced;
  r.mismatches = joined.mismatches;
  if (rows->broken_lines > 0) r.mismatches.push_back(fmt::format("{} lines of the exchange's log cannot be read", rows->broken_lines));
  for (const std::string& why : books->why) r.mismatches.push_back("books: " + why);
  r.trunks_busy_s = books->trunks_busy_s;
  r.join = {joined.joined, joined.unheard, joined.reply_lost, joined.worst_length_error_s};
  judge(r, joined.reply_lost, line_failed);
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
  line("");
  line("Exchange");
  line(fmt::format("  {:5} attempts   = {} delivered + {} refused (no free channel) + {} without an answer", r.exchange.attempts, r.exchange.delivered,
                   r.exchange.refused, r.exchange.attempts - r.exchange.delivered - r.exchange.refused));
  line(fmt::format("  {:5} connected", r.exchange.connected));
  line("Center: offered = answered + served + lost + in progress");
  line(fmt::format("  {:5} offered    = {} answered + {} served + {} lost + {} in progress   {}", r.center.offered, r.center.answered, r.center.served, lost,
                   r.center.in_progress, r.balanced ? "balanced" : "NOT BALANCED"));
  for (const auto& [stage, n] : r.center.lost)
    if (n > 0) line(fmt::format("        {:5} lost: {}", n, stage));
  line("Outgoing");
  line(fmt::format("  {:5} attempts   = {} answered + {} failed + {} not answered + {} in progress; {} reached the exchange, {} were connected there",
                   r.outgoing.attempts, r.outgoing.answered, r.outgoing.failed, r.outgoing.not_answered, r.outgoing.in_progress, r.outgoing.seen_by_exchange,
                   r.outgoing.connected_at_exchange));
  line("Recordings");
  line(fmt::format("  {:5} expected, {} files, {:.0f} s", r.recordings.expected, r.recordings.files, r.recordings.seconds));
  line("Trunks");
  if (r.trunks_busy_s.empty()) line("        never all busy");
  for (const auto& [span, seconds] : r.trunks_busy_s) line(fmt::format("        {}: all busy for {:.1f} s", span, seconds));
  if (r.show.boardd_restarts + r.show.ctid_restarts > 0)
    line(fmt::format("Restarts: boardd {}, ctid {}; {} calls without an answer, {} booked whose reply was lost", r.show.boardd_restarts, r.show.ctid_restarts,
                     r.join.unheard, r.join.reply_lost));
  line(fmt::format("Joined call by call: {} of {}; {}", r.join.joined, r.center.offered,
                   r.mismatches.empty() ? "no mismatch" : fmt::format("{} MISMATCHES", r.mismatches.size())));
  for (const std::string& m : r.mismatches) line("  ! " + m);
  line(fmt::format("Recordings: {0}/recordings   traces: {0}/*.pcap   exchange: {0}/exchange.jsonl   report: {0}/report.json", run_dir));
  line(r.ok ? "The books balance." : "The books do NOT balance.");
  return out;
}

}  // namespace sr::show
