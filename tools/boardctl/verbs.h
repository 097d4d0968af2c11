// What boardctl's verbs do; each returns the exit code of the program.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

namespace sr::boardctl {

int status(const std::string& socket_path, bool as_json);
int trace(const std::string& socket_path, const std::string& span, const std::string& pcap_file);  // "" = lines, "-" = pcap to stdout
int busyout(const std::string& socket_path, const std::string& span, int channel, bool on);
int restart(const std::string& socket_path, const std::string& span, int channel);

// "" = this machine's own directory.
int detect_boards(const std::string& sysfs, const std::string& modules, bool as_json);
int apply_profile(const std::string& profile, bool dry, const std::string& root);
int roll_back(const std::string& root);

}  // namespace sr::boardctl
