// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/journal_file.h"

#include <fmt/format.h>

#include <cstdio>

#include "cti-core/store/schema.h"
#include "tools/ctictl/exit_codes.h"
#include "tools/ctictl/when.h"

namespace sr::ctictl {

int complain(const Error& error) {
  fmt::print(stderr, "ctictl: {}\n", error.text());
  return kUsage;
}

Result<Bounds> bounds_of(const Interval& interval) {
  Bounds out;
  if (!interval.from.empty()) {
    const auto t = parse_when(interval.from);
    if (!t) return std::unexpected(t.error());
    out.from = *t;
  }
  if (!interval.to.empty()) {
    const auto t = parse_when(interval.to);
    if (!t) return std::unexpected(t.error());
    out.to = *t;
  }
  if (out.from >= out.to) return fail("--from must be before --to");
  return out;
}

Result<store::Database> open_journal(const std::string& path) {
  auto database = store::Database::open(path, true);
  if (!database) return database;
  if (auto ok = store::check_schema(*database); !ok) return fail(ok.error().what, path, ok.error().fix);
  return database;
}

void tell_limit(std::size_t shown, std::size_t limit) {
  if (shown == limit) fmt::print(stderr, "ctictl: the latest {}; more with --limit\n", limit);
}

}  // namespace sr::ctictl
