// What the report reads: the exchange's rows, the ledger, the recordings.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <string>
#include <vector>

#include "drivers/base/result.h"
#include "tools/show/join.h"

namespace sr::show {

struct ExchangeRows {
  std::vector<ExchangeCall> in;
  std::int64_t out = 0, out_connected = 0;
  std::int64_t broken_lines = 0;
};
Result<ExchangeRows> read_exchange(const std::string& path);
Result<std::vector<LedgerCall>> read_ledger(const std::string& journal_path);  // incoming calls
std::map<std::string, Wav> read_wavs(const std::string& directory);            // by path below it
Wav wav_length(std::string_view head, std::uint64_t file_size);                // of a stereo A-law WAV; a length of 0xFFFFFFFF: to the end

}  // namespace sr::show
