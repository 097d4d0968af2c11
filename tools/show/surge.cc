// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/surge.h"

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace sr::show {
namespace {

// Sorted; the smallest value that the share does not exceed.
double quantile(const std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::min(values.size() - 1, rank == 0 ? 0 : rank - 1)];
}

Status read_places(store::Database& db, PlaceTerms& out) {
  auto places = store::Statement::prepare(db, "select closed_at is null, outcome from place");
  auto calls = store::Statement::prepare(db, "select count(*) filter (where type = 'placeCalled'), count(*) filter (where type = 'placeTried') from event where type in ('placeCalled', 'placeTried')");
  if (!places) return std::unexpected(places.error());
  if (!calls) return std::unexpected(calls.error());
  while (places->next()) {
    const std::string outcome = places->text(1);
    ++out.kept;
    ++(places->integer(0) != 0 ? out.open : outcome == "reached" ? out.reached : outcome == "got through" ? out.got_through : outcome.starts_with("callback list") ? out.listed : out.other);
  }
  while (calls->next()) out.calls = calls->integer(0), out.in_vain = calls->integer(1);
  if (places->failed() || calls->failed()) return db.error("reading the places");
  return {};
}

}  // namespace

Result<SurgeTerms> read_surge(const std::string& journal, const store::Books& books) {
  auto db = store::Database::open(journal, true);
  if (!db) return std::unexpected(db.error());
  SurgeTerms out{.callbacks = books.callbacks};
  if (const auto captured = books.lost.find("captured"); captured != books.lost.end()) out.captured = captured->second;

  auto queued = store::Statement::prepare(*db, "select count(distinct call) from event where type = 'queued'");
  auto waits = store::Statement::prepare(  // since he came into a line first: he may be in another one by now
      *db, "with line as (select call, min(at) as at from event where type = 'queued' group by call) "
           "select answered.at - line.at from answered join line on line.call = answered.call where answered.at >= line.at order by 1");
  auto steps = store::Statement::prepare(*db, "select json_extract(body, '$.queue'), json_extract(body, '$.step') from event where type = 'queueOverflow' order by seq");
  if (!queued) return std::unexpected(queued.error());
  if (!waits) return std::unexpected(waits.error());
  if (!steps) return std::unexpected(steps.error());
  while (queued->next()) out.queued = queued->integer(0);
  std::vector<double> seconds;
  while (waits->next()) seconds.push_back(static_cast<double>(waits->integer(0)) / 1e6);
  out.answered_from_queue = static_cast<std::int64_t>(seconds.size());
  out.wait_p50_s = quantile(seconds, 0.5);
  out.wait_p90_s = quantile(seconds, 0.9);
  out.wait_longest_s = quantile(seconds, 1);
  std::map<std::string, std::int64_t> taken;
  while (steps->next()) {
    std::int64_t& before = taken[steps->text(0)];
    const std::int64_t now = steps->integer(1);
    if (now > before) out.overflow_steps[steps->text(0)] += now - before;
    before = now;
  }
  if (auto ok = read_places(*db, out.places); !ok) return std::unexpected(ok.error());
  if (queued->failed() || waits->failed() || steps->failed()) return std::unexpected(db->error("reading the waits").error());
  return out;
}

std::string human(const SurgeTerms& s) {
  constexpr std::size_t kStepsMax = 45;  // of a line of 80
  std::string steps;
  std::int64_t begun = 0;
  for (const auto& [queue, n] : s.overflow_steps) {
    const std::string one = fmt::format("{}{} {}", steps.empty() ? ": " : ", ", queue, n);
    if (steps.size() + one.size() <= kStepsMax) steps += one;
    begun += n;
  }
  const auto row = [](std::int64_t n, const char* what, const std::string& note) { return fmt::format("  {:6}  {:<9} {}\n", n, what, note); };
  const auto& c = s.callbacks;
  const auto& p = s.places;
  return "Waiting\n" +
         row(s.queued, "queued", fmt::format("{} answered: half in {:.0f} s, 90 % {:.0f} s, all {:.0f} s", s.answered_from_queue, s.wait_p50_s, s.wait_p90_s, s.wait_longest_s)) +
         row(begun, "overflow", "steps begun" + steps) + row(s.captured, "captured", "by number, instead of waiting") +
         row(p.kept, "places", fmt::format("{} reached, {} came again, {} listed, {} open", p.reached, p.got_through, p.listed, p.open)) +
         row(c.opened, "callbacks", fmt::format("{} open, {} got through, {} closed; {} withheld", c.open, c.got_through, c.closed, c.withheld));
}

}  // namespace sr::show
