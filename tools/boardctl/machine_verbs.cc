// The verbs that look at the machine instead of asking boardd.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>

#include "tools/boardctl/detect.h"
#include "tools/boardctl/host.h"
#include "tools/boardctl/session.h"
#include "tools/boardctl/verbs.h"

namespace sr::boardctl {
namespace {

int say(const std::string& text) { return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? kOk : kRefused; }

}  // namespace

int detect_boards(const std::string& sysfs, const std::string& modules, bool as_json) {
  Host host;
  for (const auto& [given, kept] : {std::pair{&sysfs, &host.sys}, std::pair{&modules, &host.modules}}) {
    if (given->empty()) continue;
    if (!Host::exists(*given)) {
      std::fprintf(stderr, "boardctl: %s is not there\n", given->c_str());
      return kUsage;
    }
    *kept = *given;
  }
  const auto found = detect(host);
  if (as_json)
    for (const auto& one : found.unknown) std::fprintf(stderr, "boardctl: %s\n", one.c_str());
  return say(as_json ? detect_json(found) : detect_page(found, host.kernel));
}

}  // namespace sr::boardctl
