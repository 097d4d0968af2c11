// What a person sets for a run of the tests by hand: NAME=5 build/test/…
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdlib>

namespace sr::test {

inline int setting(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atoi(text) : otherwise;
}

}  // namespace sr::test
