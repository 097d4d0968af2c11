// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/views.h"

#include <fstream>
#include <iterator>

#include "cti-core/store/books.h"
#include "drivers/base/json.h"

namespace sr::show {
namespace {

// Of callgen's progress file (tools/callgen/README.md) what the picture shows.
struct Counts { std::int64_t attempts = 0, refused = 0, delivered = 0, connected = 0, cleared = 0, outgoing_seen = 0; };
BOOST_DESCRIBE_STRUCT(Counts, (), (attempts, refused, delivered, connected, cleared, outgoing_seen))
struct Line { std::string span, kind; int channels = 0, in_use = 0; bool up = false; };
BOOST_DESCRIBE_STRUCT(Line, (), (span, kind, channels, in_use, up))
struct ProgressFile { std::string phase; double elapsed_s = 0; Counts counters; std::int64_t callers_up = 0; std::vector<Line> spans; };
BOOST_DESCRIBE_STRUCT(ProgressFile, (), (phase, elapsed_s, counters, callers_up, spans))

}  // namespace

std::optional<ExchangeView> read_exchange_view(const std::string& progress_path) {
  std::ifstream in(progress_path);
  if (!in) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto p = json::parse_as<ProgressFile>(text);
  if (!p) return std::nullopt;
  ExchangeView out;
  out.phase = p->phase;
  out.elapsed_s = p->elapsed_s;
  out.attempts = p->counters.attempts;
  out.refused = p->counters.refused;
  out.delivered = p->counters.delivered;
  out.connected = p->counters.connected;
  out.cleared = p->counters.cleared;
  out.outgoing = p->counters.outgoing_seen;
  out.callers_up = p->callers_up;
  for (const auto& s : p->spans)
    if (s.kind == "e1" || s.kind == "t1") out.spans.push_back({s.span, s.channels, s.in_use, s.up});
  return out;
}

std::optional<CenterView> read_center_view(const std::string& journal_path) {
  auto db = store::Database::open(journal_path, true);
  if (!db) return std::nullopt;
  const auto books = store::read_books(*db);
  if (!books) return std::nullopt;
  CenterView out;
  out.offered = books->offered;
  out.answered = books->answered;
  out.served = books->served;
  out.in_progress = books->in_progress;
  out.lost = books->lost;
  auto waiting = store::Statement::prepare(*db, "select count(*) from call where ended_at is null and in_queue = 1 and with_agent = 0");
  if (waiting && waiting->next()) out.waiting = waiting->integer(0);
  auto agents = store::Statement::prepare(*db, "select state, count(*) from agent group by state");
  if (agents)
    while (agents->next()) out.agents[agents->text(0)] = agents->integer(1);
  return out;
}

}  // namespace sr::show
