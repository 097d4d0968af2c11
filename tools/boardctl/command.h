// Runs a program of the system (modprobe, dahdi_cfg) and waits for its end.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "drivers/base/time.h"

namespace sr::boardctl {

inline constexpr Duration kCommandMax = 60s;             // then it is ended
inline constexpr std::size_t kCommandOutputMax = 64 * 1024;

struct CommandResult {
  int exit_code = 0;   // 127: there is no such program; -1: it did not end in time
  std::string output;  // both streams
};

using Runner = std::function<CommandResult(const std::vector<std::string>& words)>;
using Wait = std::function<void(Duration)>;

CommandResult run_command(const std::vector<std::string>& words);
void wait_for(Duration time);

std::string joined(const std::vector<std::string>& words);  // as one types it

}  // namespace sr::boardctl
