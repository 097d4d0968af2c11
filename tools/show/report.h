// The end of a show: its files read, joined and judged; report.json and the table for a person.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "drivers/base/result.h"
#include "drivers/base/time.h"
#include "tools/show/surge.h"

namespace sr::show {

struct ExchangeTerms { std::int64_t attempts = 0, delivered = 0, connected = 0, refused = 0; };
BOOST_DESCRIBE_STRUCT(ExchangeTerms, (), (attempts, delivered, connected, refused))
struct CenterTerms { std::int64_t offered = 0, answered = 0, served = 0; std::map<std::string, std::int64_t> lost; std::int64_t in_progress = 0; };
BOOST_DESCRIBE_STRUCT(CenterTerms, (), (offered, answered, served, lost, in_progress))
struct OutgoingTerms { std::int64_t attempts = 0, answered = 0, failed = 0, not_answered = 0, in_progress = 0, seen_by_exchange = 0, connected_at_exchange = 0; };
BOOST_DESCRIBE_STRUCT(OutgoingTerms, (), (attempts, answered, failed, not_answered, in_progress, seen_by_exchange, connected_at_exchange))
struct RecordingTerms { std::int64_t expected = 0, files = 0; double seconds = 0; };
BOOST_DESCRIBE_STRUCT(RecordingTerms, (), (expected, files, seconds))
// joined: calls found on both sides. worst_length_error_s: of a recording, without the calls that boardd's death cut.
// unheard: SETUPs while the center was not there. reply_lost: booked, the reply lost with the line.
struct JoinTerms { std::int64_t joined = 0, unheard = 0, reply_lost = 0; double worst_length_error_s = 0; };
BOOST_DESCRIBE_STRUCT(JoinTerms, (), (joined, unheard, reply_lost, worst_length_error_s))
struct ShowTerms { double seconds = 0; std::uint64_t seed = 0; std::string scenario; std::int64_t boardd_restarts = 0, ctid_restarts = 0; bool stopped = false; };
BOOST_DESCRIBE_STRUCT(ShowTerms, (), (seconds, seed, scenario, boardd_restarts, ctid_restarts, stopped))

struct Report {
  ExchangeTerms exchange;
  CenterTerms center;
  OutgoingTerms outgoing;
  SurgeTerms surge;
  RecordingTerms recordings;
  bool balanced = false;
  bool exchange_log_complete = true;  // false: a call without a row there says nothing about the center
  std::vector<std::string> mismatches;
  std::map<std::string, double> trunks_busy_s;
  std::map<std::string, store::GroupBooks> groups_full;  // with Erlang B of what they carried
  JoinTerms join;
  ShowTerms show;
  bool ok = false;
};
BOOST_DESCRIBE_STRUCT(Report, (), (exchange, center, outgoing, surge, recordings, balanced, exchange_log_complete, mismatches, trunks_busy_s, groups_full, join, show, ok))

struct ReportInput {
  std::string exchange_log, journal, record_dir;
  ShowTerms show;
  std::vector<Instant> board_deaths;
  bool exchange_log_cut = false;      // callgen could not write all rows
};
Result<Report> make_report(const ReportInput& input);
Status write_report(const Report& report, const std::string& path);
std::string human(const Report& report, const std::string& run_dir);

}  // namespace sr::show
