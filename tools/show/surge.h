// How the show treated its callers while too many came: waits, overflow steps, captured numbers, callbacks. From the journal.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>

#include "cti-core/store/books.h"

namespace sr::show {

struct SurgeTerms {
  std::int64_t queued = 0, answered_from_queue = 0;
  double wait_p50_s = 0, wait_p90_s = 0, wait_longest_s = 0;  // of the answered
  std::map<std::string, std::int64_t> overflow_steps{};       // begun, by queue
  std::int64_t captured = 0;
  store::CallbackBooks callbacks{};
};
BOOST_DESCRIBE_STRUCT(SurgeTerms, (), (queued, answered_from_queue, wait_p50_s, wait_p90_s, wait_longest_s, overflow_steps, captured, callbacks))

Result<SurgeTerms> read_surge(const std::string& journal, const store::Books& books);
std::string human(const SurgeTerms& surge);  // lines for a person

}  // namespace sr::show
