// The board's snapshot as a page for the technician: one block per span with its state, alarms, timeslots and counters. Pure.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

#include "drivers/board/board.h"

namespace sr::boardctl {

// `colour`: with ANSI colours, for a terminal.
std::string status_page(const board::Snapshot& snapshot, bool colour);

}  // namespace sr::boardctl
