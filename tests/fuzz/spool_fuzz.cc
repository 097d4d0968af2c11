// The spool file as a crash or a full disk may have left it.
// libs: drivers/base
// own: drivers/daemon/spool_file.cc
// sys: -lboost_json -lspdlog -lfmt
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/daemon/spool_file.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  using namespace sr::daemon;
  std::uint64_t torn = 0;
  std::string good;
  for (const auto& json : spool_lines(text, torn)) good += spool_line(json);
  FUZZ_ENSURE(text.starts_with(good));
  // A good line in front of anything is read, whatever follows.
  const std::string json(text.substr(0, text.find_first_of(std::string_view("\n\0", 2))));
  if (!json.empty()) FUZZ_ENSURE(!spool_lines(spool_line(json) + std::string(text), torn).empty());
}
