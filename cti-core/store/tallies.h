// What each agent has done since he logged on, from the rows of his states: the strategies go on with it after a restart. Read from the
// end of the table back to the first log-on that still holds.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <vector>

#include "cti-core/store/sqlite.h"
#include "cti-core/store/store.h"

namespace sr::store {

inline constexpr std::size_t kTallyRowsMax = 1'000'000;  // what lies before them is not counted

Status read_tallies(Database& database, std::vector<RecoveredAgent>& agents);

}  // namespace sr::store
