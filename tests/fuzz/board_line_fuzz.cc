// The board link's lines, both ways: what is read can be written and is then read as the same.
// libs: drivers/board drivers/base
// sys: -lboost_json -lspdlog -lfmt
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/board/codec.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  using namespace sr::board;
  std::string first, second;
  if (const auto request = read_request(text)) {
    write(first, *request);
    const auto again = read_request(first);
    FUZZ_ENSURE(again.has_value());
    write(second, *again);
    FUZZ_ENSURE(first == second);
  }
  first.clear();
  second.clear();
  if (const auto report = read_report(text)) {
    write(first, *report);
    const auto again = read_report(first);
    FUZZ_ENSURE(again.has_value());
    write(second, *again);
    FUZZ_ENSURE(first == second);
  }
}
