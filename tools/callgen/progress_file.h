// The progress file: whole or not there (written beside, then renamed).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

#include "tools/callgen/counters.h"

namespace sr::callgen {

void write_progress(const std::string& path, const Progress& progress);  // an empty path: nothing; a failure is logged once

}  // namespace sr::callgen
