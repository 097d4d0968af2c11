// What the CTI socket reads of the journal, and the store answers.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cti-core/model/events.h"

namespace sr {

// Rows of the past for resume, read from the store off the reactor; `done` runs on the reactor. At most `limit` rows with seq > after.
class JournalReader {
 public:
  struct Rows {
    std::vector<std::pair<Seq, std::string>> rows;
    std::vector<Instant> at;
    std::vector<std::string> type;
    std::vector<std::uint64_t> call;
    Seq oldest = 0;
    std::string error;
  };
  virtual ~JournalReader() = default;
  virtual void read(Seq after, std::size_t limit, std::function<void(Rows)> done) = 0;
};

}  // namespace sr
