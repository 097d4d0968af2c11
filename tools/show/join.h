// The exchange's notes against the center's ledger, call by call. A pure function of both lists.
// One SETUP and one booked call belong together when span, call reference, calling and called number are the same and the times
// are within kJoinWindow (a SETUP is repeated after 4 s; call references come round again after 32,767 calls).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/time.h"

namespace sr::show {

inline constexpr Duration kJoinWindow = 15s;
inline constexpr std::size_t kMismatchesMax = 50;  // so many are described, then "… and more"

struct ExchangeCall {  // one row of exchange.jsonl, direction "in"
  std::string span, calling, called;
  int crv = 0;
  Instant at{};
  bool refused = false, delivered = false;
  std::optional<Instant> connected_at, cleared_at;
};
struct LedgerCall {    // one incoming row of table call, with its recordings
  std::uint64_t call = 0;
  std::string span, calling, called;
  int crv = 0;
  Instant at{};
  std::vector<std::string> recordings;  // files
};
struct Wav { double seconds = 0; };

struct Joined {
  std::int64_t attempts = 0, refused = 0, delivered = 0, connected = 0;
  std::int64_t unheard = 0;      // SETUP sent, nothing came back, nothing booked: the center was not there
  std::int64_t reply_lost = 0;   // booked, but the reply never reached the exchange: the line failed in between
  std::int64_t joined = 0;
  std::int64_t recordings_expected = 0, recordings_found = 0;
  double recorded_s = 0, worst_length_error_s = 0;  // WAV against CONNECT … end as the exchange saw them
  std::vector<std::string> mismatches;
  std::int64_t mismatches_total = 0;
};

// `wavs`: the files on the disk by their name in the ledger. `line_failed`: a line was lost during this run (boardd died): then a
// call may be booked whose reply was lost with it, and a recording may be shorter than the call.
Joined join(const std::vector<ExchangeCall>& exchange, const std::vector<LedgerCall>& ledger, const std::map<std::string, Wav>& wavs, bool line_failed);

}  // namespace sr::show
