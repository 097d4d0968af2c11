// Where a reload gets its configuration from: the center's file, or the copies that are kept of what was in force. Reading, checking and
// comparing happen away from the reactor (config_files.h); what comes back has only to be put in force (reload.cc).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cti-core/acd/membership.h"
#include "cti-core/model/config_diff.h"

namespace sr::app {

struct Candidate {                                   // read, checked, and nothing is wrong with it
  std::shared_ptr<const CenterConfig> config;        // shared: the reactor has it in force while the next one is compared with it
  std::vector<std::vector<acd::Serving>> serves;     // acd::memberships(*config)
  std::vector<ConfigChange> changes;                 // from what is in force
  std::string text;                                  // of the file
};
Candidate candidate(CenterConfig config, const CenterConfig& in_force, std::string text = {});

class ConfigSource {
 public:
  virtual ~ConfigSource() = default;
  enum class Which { file, previous };
  // `done` runs on the reactor, once, later or at once. `in_force` is what the changes are counted from.
  virtual void read(Which which, std::shared_ptr<const CenterConfig> in_force, std::function<void(Result<Candidate>)> done) = 0;
  // This text is in force now. `another`: it means something else than the one before, which is `previous` from here on.
  virtual void keep(std::string text, bool another) = 0;
};

}  // namespace sr::app
