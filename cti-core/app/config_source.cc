// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/app/config_source.h"

namespace sr::app {

Candidate candidate(CenterConfig config, const CenterConfig& in_force, std::string text) {
  Candidate out{.config = std::make_shared<const CenterConfig>(std::move(config)), .serves = {}, .changes = {}, .text = std::move(text)};
  out.serves = acd::memberships(*out.config);
  out.changes = differences(in_force, *out.config);
  return out;
}

}  // namespace sr::app
