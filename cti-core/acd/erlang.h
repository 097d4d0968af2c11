// What a group of n agents (or trunks) does to a load, by formula; docs/ACD.md prints them. Arrivals are Poisson, handling times
// and patience exponential, callers are served in the order of their arrival. Pure; good for loads of several thousand erlangs.
//   Erlang B  M/M/n/n  nobody waits, who finds all busy is refused           A. K. Erlang 1917
//   Erlang C  M/M/n    everybody waits as long as it takes                   A. K. Erlang 1917
//   Erlang A  M/M/n+M  who waits gives up when his patience is over          C. Palm 1957; Garnett, Mandelbaum, Reiman 2002
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstddef>
#include <limits>

namespace sr::acd {

inline constexpr double kForever = std::numeric_limits<double>::infinity();  // the patience of one who never gives up

struct Load {
  double calls_per_s = 0;
  double handling_s = 0;        // mean: talk and wrap-up
  double patience_s = kForever;  // mean
  double erlangs() const { return calls_per_s * handling_s; }
};

// What the callers and the agents get, by formula or measured. Shares of the offered calls, seconds, callers.
// NaN: there is no such value (the mean wait of the answered where nobody was answered).
struct Service {
  double service_level = 0;    // answered within the threshold / offered
  double service_level_2 = 0;  // the same / (offered - those who gave up within the threshold)
  double service_level_3 = 0;  // (answered or given up within the threshold) / offered
  double asa_s = 0;            // mean wait of the answered
  double mean_wait_s = 0;      // mean wait of all who were not refused, also of those who gave up
  double p_wait = 0;           // found no agent and waited
  double p50_wait_s = 0;       // of the answered half waited no longer than this
  double p90_wait_s = 0;
  double p_abandon = 0;        // gave up
  double p_refused = 0;        // found the queue full
  double occupancy = 0;        // busy time of an agent / his time
  double mean_queue = 0;       // callers waiting at a time
};
BOOST_DESCRIBE_STRUCT(Service, (), (service_level, service_level_2, service_level_3, asa_s, mean_wait_s, p_wait, p50_wait_s, p90_wait_s, p_abandon,
                                    p_refused, occupancy, mean_queue))

double erlang_b(double erlangs, std::size_t n);  // probability that all n are busy
// The same, from the load that is carried (what gets in: erlangs x (1 - blocking)); 1 at most.
double erlang_b_of_carried(double carried, std::size_t n);
double erlang_c(double erlangs, std::size_t n);  // probability of waiting; 1 where the load is n or more

Service service_without_queue(const Load& load, std::size_t agents);                       // Erlang B; patience plays no part
Service service_with_patience(const Load& load, std::size_t agents, double threshold_s);   // Erlang A; patience must be finite
Service service_of_group(const Load& load, std::size_t agents, double threshold_s);        // Erlang C, or A where callers give up

// The smallest group that answers the share `service_level` within the threshold. 0: `agents_max` are too few.
std::size_t agents_needed(const Load& load, double service_level, double threshold_s, std::size_t agents_max);
// The smallest trunk group that refuses no more than the share `blocking`. 0: `trunks_max` are too few.
std::size_t trunks_needed(double erlangs, double blocking, std::size_t trunks_max);

}  // namespace sr::acd
