// The verbs of a supervisor, and the audit log. One command line for all of them: who acts stands in --as and --pin, else it is the
// Unix user.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <string>

#include "drivers/base/options.h"

namespace sr::ctictl {

// Adds `supervisor` with its verbs and `audit`; `code` becomes the exit code of the one that is given.
struct SupervisorVerbs {
  const std::string& socket;
  const std::string& journal;
  const bool& as_json;
  int& code;
  const char* footer;
};
void add_supervisor_verbs(cli::Command program, SupervisorVerbs shared);

}  // namespace sr::ctictl
