// What DAHDI has to be told for a profile: the text of its three files. Pure: the same profile gives the same text.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

#include "drivers/profile/profile.h"

namespace sr::boardctl {

struct ConfigFile {
  std::string path;  // below the root: "etc/dahdi/system.conf"
  std::string text;
};

std::string system_conf(const profile::Profile& profile);    // for dahdi_cfg
std::string modules_conf(const profile::Profile& profile);   // what is loaded at boot, one per line
std::string modprobe_conf(const profile::Profile& profile);  // options of the modules

std::vector<ConfigFile> config_files(const profile::Profile& profile);

}  // namespace sr::boardctl
