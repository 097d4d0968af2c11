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
inline constexpr Duration kFailureReach = 10s;   // a reply may be lost so long before and after boardd's death
inline constexpr Duration kFailureSeen = 1s;     // the death is noticed, and the line breaks, so much later at most
inline constexpr double kLengthErrorMax_s = 0.5; // of a recording against the call as the exchange saw it
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
  bool captured = false;                // he heard a sentence: nothing to record
};
struct Wav { double seconds = 0; };

struct Joined {
  std::int64_t attempts = 0, refused = 0, delivered = 0, connected = 0;
  std::int64_t unheard = 0;      // SETUP sent, nothing came back, nothing booked: the center was not there
  std::int64_t reply_lost = 0;   // booked, but the reply never reached the exchange: boardd died about then
  std::int64_t joined = 0;
  std::int64_t recordings_expected = 0, recordings_found = 0;
  double recorded_s = 0, worst_length_error_s = 0;  // WAV against CONNECT … end as the exchange saw them; without the calls that boardd's death cut
  std::vector<std::string> mismatches;
  std::int64_t mismatches_total = 0;
};

// `wavs`: the files on the disk by their name in the ledger. `board_deaths`: when boardd died during this run: a call offered near
// one may be booked without its reply, and a recording of a call that was up then may be shorter than the call. No others.
Joined join(const std::vector<ExchangeCall>& exchange, const std::vector<LedgerCall>& ledger, const std::map<std::string, Wav>& wavs,
            const std::vector<Instant>& board_deaths);

}  // namespace sr::show
