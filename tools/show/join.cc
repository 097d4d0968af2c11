// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/join.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace sr::show {
namespace {

using Key = std::tuple<std::string, int, std::string, std::string>;

struct Matcher {
  explicit Matcher(const std::vector<LedgerCall>& rows) {
    for (const LedgerCall& row : rows) by_key[{row.span, row.crv, row.calling, row.called}].push_back({&row, false});
    for (auto& [key, list] : by_key) std::ranges::sort(list, {}, [](const Entry& e) { return e.row->at; });
  }
  struct Entry { const LedgerCall* row = nullptr; bool taken = false; };
  std::map<Key, std::vector<Entry>> by_key;

  const LedgerCall* take(const ExchangeCall& call) {  // the nearest in time that nobody has
    const auto it = by_key.find({call.span, call.crv, call.calling, call.called});
    if (it == by_key.end()) return nullptr;
    Entry* best = nullptr;
    Duration best_apart{};
    for (Entry& e : it->second) {
      const Duration apart = std::chrono::abs(e.row->at - call.at);
      if (!e.taken && apart <= kJoinWindow && (best == nullptr || apart < best_apart)) best = &e, best_apart = apart;
    }
    if (best == nullptr) return nullptr;
    best->taken = true;
    return best->row;
  }
};

struct Notes {
  Joined& out;
  void add(std::string line) {
    ++out.mismatches_total;
    if (out.mismatches.size() < kMismatchesMax) out.mismatches.push_back(std::move(line));
    else if (out.mismatches.size() == kMismatchesMax) out.mismatches.push_back("… and more");
  }
};

std::string words(const ExchangeCall& c) { return fmt::format("{} crv {} from {} to {} at {}", c.span, c.crv, c.calling, c.called, to_iso8601(c.at)); }
std::string words(const LedgerCall& c) { return fmt::format("call {} ({} crv {} from {} to {} at {})", c.call, c.span, c.crv, c.calling, c.called, to_iso8601(c.at)); }

bool near_death(const ExchangeCall& call, const std::vector<Instant>& deaths) {
  return std::ranges::any_of(deaths, [&](Instant at) { return std::chrono::abs(call.at - at) <= kFailureReach; });
}
bool cut_by_death(const ExchangeCall& call, const std::vector<Instant>& deaths) {
  return std::ranges::any_of(deaths, [&](Instant at) { return *call.connected_at <= at + kFailureSeen && *call.cleared_at >= at - kFailureSeen; });
}

void check_recording(const ExchangeCall& call, const LedgerCall& row, const std::map<std::string, Wav>& wavs, const std::vector<Instant>& deaths, Notes& notes,
                     Joined& out) {
  ++out.recordings_expected;
  if (row.recordings.size() != 1) {
    notes.add(fmt::format("{} was connected and has {} recordings, must have 1", words(row), row.recordings.size()));
    return;
  }
  const auto wav = wavs.find(row.recordings.front());
  if (wav == wavs.end()) {
    notes.add(fmt::format("{}: the recording {} is not on the disk", words(row), row.recordings.front()));
    return;
  }
  ++out.recordings_found;
  out.recorded_s += wav->second.seconds;
  if (!call.cleared_at || cut_by_death(call, deaths)) return;
  const double line_s = to_seconds(*call.cleared_at - *call.connected_at), error_s = std::abs(wav->second.seconds - line_s);
  out.worst_length_error_s = std::max(out.worst_length_error_s, error_s);
  if (error_s > kLengthErrorMax_s)
    notes.add(fmt::format("{}: the recording {} has {:.2f} s, the call {:.2f} s", words(row), row.recordings.front(), wav->second.seconds, line_s));
}

}  // namespace

Joined join(const std::vector<ExchangeCall>& exchange, const std::vector<LedgerCall>& ledger, const std::map<std::string, Wav>& wavs,
            const std::vector<Instant>& board_deaths) {
  Joined out;
  Notes notes{out};
  Matcher matcher(ledger);
  std::vector<const ExchangeCall*> order;
  for (const ExchangeCall& call : exchange) {
    ++out.attempts;
    if (call.refused) ++out.refused;
    else order.push_back(&call);
  }
  // Those the center answered take their rows first; a SETUP without any reply may only have what is left.
  std::ranges::stable_sort(order, [](const auto* a, const auto* b) { return std::pair(!a->delivered, a->at) < std::pair(!b->delivered, b->at); });
  for (const ExchangeCall* call : order) {
    const LedgerCall* row = matcher.take(*call);
    if (call->delivered) ++out.delivered;
    if (call->connected_at) ++out.connected;
    if (row == nullptr) {
      if (call->delivered) notes.add("answered on the line but not booked: " + words(*call));
      else ++out.unheard;
      continue;
    }
    ++out.joined;
    if (!call->delivered) {
      if (near_death(*call, board_deaths)) ++out.reply_lost;
      else notes.add("booked, but the exchange got no reply: " + words(*row));
    }
    if (call->connected_at && !row->captured) check_recording(*call, *row, wavs, board_deaths, notes, out);
  }
  for (const auto& [key, list] : matcher.by_key)
    for (const auto& entry : list)
      if (!entry.taken) notes.add("booked, but the exchange knows nothing of it: " + words(*entry.row));
  return out;
}

}  // namespace sr::show
