// ivr-scripts/center.toml → CenterConfig. An error names file:line, what is wrong and what to write instead; an unknown key is an
// error; a file that is wrong anywhere is refused as a whole.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>

#include "cti-core/model/config.h"

namespace sr::app {

// Scripts named by the numbers must exist below `script_dir`; empty: not checked.
Result<CenterConfig> read_center(const std::string& file, const std::string& script_dir);
Result<std::string> center_text(const std::string& file);  // a file that is too long is refused
Result<CenterConfig> parse_center(std::string_view text, const std::string& file, const std::string& script_dir);

}  // namespace sr::app
