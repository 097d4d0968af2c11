// The words of a Lua source file.
// libs: drivers/base
// own: cti-core/ivr/script_lexer.cc
// sys: -lboost_json -lspdlog -lfmt
// seeds: ivr-scripts/*.lua ivr-scripts/*/*.lua
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/script_lexer.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  const auto words = sr::ivr::tokens_of(text);
  FUZZ_ENSURE(!words.empty() && words.back().kind == sr::ivr::Token::Kind::end && words.size() <= text.size() + 1);
  int line = 1;
  for (const auto& word : words) {
    FUZZ_ENSURE(word.line >= line);
    line = word.line;
  }
}
