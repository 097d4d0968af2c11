// Lua patterns: no pattern and no subject takes more steps than allowed, or looks outside of the subject. The first line is the
// pattern, the rest the subject.
// libs: drivers/base
// own: cti-core/ivr/lua_pattern.cc
// sys: -lboost_json -lspdlog -lfmt
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/lua_pattern.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

void fuzz_one(std::string_view text) {
  using namespace sr::ivr;
  const std::size_t eol = std::min(text.find('\n'), text.size());
  const std::string_view subject = text.substr(std::min(eol + 1, text.size()));
  const auto pattern = Pattern::compile(text.substr(0, eol));
  if (!pattern) return;
  constexpr int kSteps = 20'000;
  const Match match = pattern->find(subject, 0, kSteps);
  FUZZ_ENSURE(match.steps <= kSteps + 1);
  if (match.end != Match::End::found) return;
  FUZZ_ENSURE(match.begin <= match.finish && match.finish <= subject.size());
  for (const auto& capture : match.captures) {
    FUZZ_ENSURE(capture.begin <= subject.size());
    if (capture.length != Capture::kPosition) FUZZ_ENSURE(capture.length <= subject.size() - capture.begin);
  }
}
