// What a start finds in the journal. It also counts the incarnation up and moves the floors of seq and call ids, durably, before
// anything else happens: what a crash lost before it was durable may have been heard by somebody (a CTI client, boardd's tags),
// so its numbers are not used again – also when this start dies before it has written one row.
// Recovered.queue is the queue the call stands in or was taken from (empty: it never was in one, or has left it unanswered, and
// its script goes on); Recovered.agent is whoever is rung or talks. Agents are all that ever logged on, in their last state.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

#include "cti-core/store/sqlite.h"
#include "cti-core/store/store.h"

namespace sr::store {

Result<Recovered> recover(const std::string& path);  // creates the journal when there is none
Result<Recovered> recover(Database& database);       // of a Writer; nothing may be written meanwhile

}  // namespace sr::store
