// boardctl apply and rollback: files, module, dahdi_cfg, then what came of it. Everything it touches comes in: root, runner, wait.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

#include "drivers/profile/profile.h"
#include "tools/boardctl/command.h"
#include "tools/boardctl/host.h"

namespace sr::boardctl {

inline constexpr Duration kSpanUpMax = 10s;  // so long a span may take to lose its alarms

struct Outcome {
  int exit_code = 0;
  std::string text;   // for the technician
  std::string error;  // for stderr
};

Outcome dry_run(const profile::Profile& profile, const std::string& root);

// `run` empty: another root than this machine's; files are written, nothing is loaded.
Outcome apply(const profile::Profile& profile, const Host& host, const Runner& run, const Wait& wait);
Outcome rollback(const Host& host, const Runner& run);

}  // namespace sr::boardctl
