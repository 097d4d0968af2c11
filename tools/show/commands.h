// How the three programs of a show are called: the one place that knows their options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

#include "tools/show/run_dir.h"

namespace sr::show {

struct Options;
inline constexpr int kRowsMissing = 3;  // exit of callgen: the show is over, exchange.jsonl is cut

std::vector<std::string> boardd_command(const Options& options, const RunDir& dir);
std::vector<std::string> ctid_command(const Options& options, const RunDir& dir);
std::vector<std::string> callgen_command(const Options& options, const RunDir& dir);

}  // namespace sr::show
