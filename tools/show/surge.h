// How the show treated its callers while too many came: waits, overflow steps, captured numbers, kept places, callbacks. From the journal.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>

#include "cti-core/store/books.h"

namespace sr::show {

// kept = reached + got_through + listed + open + other (closed by a client). listed: given up, in the callback list.
struct PlaceTerms { std::int64_t kept = 0, reached = 0, got_through = 0, listed = 0, open = 0, other = 0, calls = 0, in_vain = 0; };
BOOST_DESCRIBE_STRUCT(PlaceTerms, (), (kept, reached, got_through, listed, open, other, calls, in_vain))

struct SurgeTerms {
  std::int64_t queued = 0, answered_from_queue = 0;
  double wait_p50_s = 0, wait_p90_s = 0, wait_longest_s = 0;  // of the answered
  std::map<std::string, std::int64_t> overflow_steps{};       // begun, by queue
  std::int64_t captured = 0;
  PlaceTerms places{};
  store::CallbackBooks callbacks{};
};
BOOST_DESCRIBE_STRUCT(SurgeTerms, (), (queued, answered_from_queue, wait_p50_s, wait_p90_s, wait_longest_s, overflow_steps, captured, places, callbacks))

Result<SurgeTerms> read_surge(const std::string& journal, const store::Books& books);
std::string human(const SurgeTerms& surge);  // lines for a person

}  // namespace sr::show
