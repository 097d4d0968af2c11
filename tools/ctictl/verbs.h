// What ctictl's verbs do. Each prints and returns the exit code of the program (exit_codes.h).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

namespace sr::ctictl {

// ---- from the journal file, also without a ctid (ledger.cc)
struct Interval { std::string from, to; };  // empty: open
int books(const std::string& journal, const Interval& interval, bool as_json);
int lost(const std::string& journal, const Interval& interval, std::size_t limit, bool as_json);
int waits(const std::string& journal, const Interval& interval, std::size_t minutes, bool as_json);  // waits.cc
int callbacks(const std::string& journal, const Interval& interval, const std::string& number, bool all, std::size_t limit, bool as_json);  // callbacks.cc
int spots(const std::string& journal, const std::string& config, bool as_json);  // spots.cc; config "": only those of the journal
int recordings(const std::string& journal, const Interval& interval, const std::string& call, const std::string& agent, std::size_t limit, bool as_json);

// ---- over the CTI socket (live.cc)
int calls(const std::string& socket, bool as_json);
int agents(const std::string& socket, bool as_json);
int queues(const std::string& socket, bool as_json);
struct Word { std::string name, value; bool number = false; };  // one parameter
int command(const std::string& socket, const std::string& method, const std::vector<Word>& params, bool as_json);

// ---- the configuration (reload.cc)
int reload(const std::string& socket, bool dry_run, bool rollback, bool as_json);
int reload_history(const std::string& journal, std::size_t limit, bool as_json);  // from the journal

// ---- scripts (scripts.cc)
int ivr_check(const std::string& file, const std::string& config, const std::string& prompts, bool as_json);

// ---- how much staff, without a ctid (planning.cc)
struct Workload { double calls_per_hour = 0, handling_s = 0, threshold_s = 20; std::string patience = "none"; };
struct Course { std::size_t agents = 0, seed = 1; double hours = 100, warmup_hours = 1; std::string waiting_max = "none"; };
int simulate(const Workload& workload, const Course& course, bool as_json);
struct RealQueue { std::string config, queue, curve; bool any() const { return !(config + queue + curve).empty(); } };  // of a configuration file; config empty: none
int simulate_queue(const RealQueue& which, const Workload& workload, const Course& course, bool as_json);
int plan(const Workload& workload, double service_level, std::size_t trunks, bool as_json);

// ---- live events; on a terminal a small picture over them (watch.cc)
int watch(const std::string& socket, const std::vector<std::string>& topics, bool as_json);

}  // namespace sr::ctictl
