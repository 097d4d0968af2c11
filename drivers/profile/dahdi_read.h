// Reads the DAHDI keys of a profile, in two steps: each table alone, then the defaults that depend on the other tables.
// Only profile.cc includes this.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "drivers/base/result.h"
#include "drivers/profile/profile.h"

namespace sr::profile {

class TableReader;

void read_dahdi_board(TableReader& r, DahdiBoard& out);
void read_dahdi_span(TableReader& r, SpanProfile& span);  // after name and kind, before finish()
Status settle_dahdi(Profile& profile);

}  // namespace sr::profile
