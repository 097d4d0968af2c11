// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/result.h"

#include <cstdio>
#include <cstdlib>

namespace sr {

std::string Error::text() const {
  std::string out = where.empty() ? what : where + ": " + what;
  if (!fix.empty()) out += " (" + fix + ")";
  return out;
}

void broken(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition);
  std::abort();
}

}  // namespace sr
