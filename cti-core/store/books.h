// The books: offered = answered (by an agent) + served (by the script) + lost by stage + in progress, for the calls offered in
// [from, to). Each term is counted from its own table by the time of the offer that its own rows carry; none is a remainder.
// Besides the sum, every call id must stand in exactly one of the four outcome tables and in `offered`, and no call that has
// ended may still be in progress: what does not is named in `why`. Outgoing calls are booked apart.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cti-core/store/sqlite.h"

namespace sr::store {

inline constexpr std::size_t kWhyMax = 20;  // so many calls are named, then "… and more"

struct OutgoingBooks {  // of the calls begun in the interval
  std::int64_t attempts = 0;      // dialled
  std::int64_t answered = 0, failed = 0, not_answered = 0, in_progress = 0;
  std::int64_t not_dialled = 0;   // a phone went off-hook and dialled nothing (or a feature code); not an attempt
};
BOOST_DESCRIBE_STRUCT(OutgoingBooks, (), (attempts, answered, failed, not_answered, in_progress, not_dialled))

struct CallbackBooks {  // of the calls offered in the interval
  std::int64_t opened = 0, open = 0;         // tasks that they opened, and those still open
  std::int64_t got_through = 0, closed = 0;  // he reached an agent by himself; closed otherwise
  std::int64_t calls = 0;                    // lost calls that stand in a task
  std::int64_t withheld = 0, in_no_list = 0; // lost without a number; with one, but in no task (the list was full)
};
BOOST_DESCRIBE_STRUCT(CallbackBooks, (), (opened, open, got_through, closed, calls, withheld, in_no_list))

struct GroupBooks {  // of a trunk group that was full at some time; what the exchange refused then is in no book
  double full_s = 0;             // all its channels busy, that lie in the interval
  std::int64_t channels = 0;     // in service, at most
  double carried_erlangs = 0;    // incoming calls on it at a time, mean over the interval (or from its first call to the end of its last)
  double interval_s = 0;
  std::optional<double> erlang_b{};  // share refused, by formula; for who shows it to fill in
};
BOOST_DESCRIBE_STRUCT(GroupBooks, (), (full_s, channels, carried_erlangs, interval_s, erlang_b))

struct Books {
  std::int64_t offered = 0, answered = 0, served = 0;
  std::map<std::string, std::int64_t> lost;  // by stage; stages with none are absent
  std::int64_t lost_total = 0;
  std::int64_t callbacks_promised = 0;       // of the lost
  std::int64_t in_progress = 0;
  CallbackBooks callbacks;
  OutgoingBooks outgoing;
  std::map<std::string, double> trunks_busy_s;  // by span: seconds with all trunks busy, that lie in the interval
  std::map<std::string, GroupBooks> groups_full;
  bool balanced = false;
  std::vector<std::string> why;              // empty when balanced
};
BOOST_DESCRIBE_STRUCT(Books, (), (offered, answered, served, lost, lost_total, callbacks_promised, in_progress, callbacks, outgoing, trunks_busy_s, groups_full, balanced, why))

inline constexpr Instant kFromEver = Instant::min();
inline constexpr Instant kToEver = Instant::max();

Result<Books> read_books(Database& database, Instant from = kFromEver, Instant to = kToEver);
Result<Books> read_books(const std::string& path, Instant from = kFromEver, Instant to = kToEver);  // read-only, beside a running ctid
std::string to_json(const Books& books);

}  // namespace sr::store
