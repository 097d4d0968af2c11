// Where the picture's numbers come from while the show runs: callgen's progress file and ctid's journal (read-only, beside it).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>
#include <string>

#include "tools/show/picture.h"

namespace sr::show {

std::optional<ExchangeView> read_exchange_view(const std::string& progress_path);  // nothing: not there yet
std::optional<CenterView> read_center_view(const std::string& journal_path);

}  // namespace sr::show
