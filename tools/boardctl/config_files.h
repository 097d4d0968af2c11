// Replaces a set of files below a root: each at once (written beside, synced, renamed), and only after the set that was there has
// been kept in etc/dahdi/switchroom-previous. So a power cut leaves whole files, and rollback always finds the whole old set.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

#include "drivers/base/result.h"
#include "tools/boardctl/system_conf.h"

namespace sr::boardctl {

inline constexpr const char* kPreviousDir = "etc/dahdi/switchroom-previous";

// "-" and "+" lines for each file that would change, "" when none would.
std::string difference(const std::string& root, const std::vector<ConfigFile>& files);

// How many files were replaced; 0: they were so already, and what rollback brings back is left alone.
Result<int> replace_files(const std::string& root, const std::vector<ConfigFile>& files);

// The paths that are as before again; an error when nothing was kept.
Result<std::vector<std::string>> restore_files(const std::string& root);

}  // namespace sr::boardctl
