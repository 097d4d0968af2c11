// What boardctl's verbs do; each returns the exit code of the program.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <optional>
#include <string>

#include "drivers/board/board.h"
#include "tools/boardctl/test_call.h"

namespace sr::boardctl {

int status(const std::string& socket_path, bool as_json);
int trace(const std::string& socket_path, const std::string& span, const std::string& pcap_file);  // "" = lines, "-" = pcap to stdout
int busyout(const std::string& socket_path, const std::string& span, int channel, bool on);
int restart(const std::string& socket_path, const std::string& span, int channel);

// "" = this machine's own directory.
int detect_boards(const std::string& sysfs, const std::string& modules, bool as_json);
int watch(const std::string& socket_path);                                     // until Ctrl-C
int drain(const std::string& socket_path, const std::string& span, bool on);  // ends when no call is left
std::optional<board::Snapshot> ask_snapshot(const std::string& socket_path, bool quiet, int* exit_code);
int call(const std::string& socket_path, const CallOrder& order);

int level(const std::string& socket_path, const std::string& where, int seconds);  // 0: until Ctrl-C
int loopback(const std::string& socket_path, const std::string& where, bool on);
struct BertOrder {
  std::string where;
  int seconds = 10;
  double rate_max = 0;
  bool as_json = false;
};
int bert(const std::string& socket_path, const BertOrder& order);

struct DoctorOrder {
  bool as_json = false;
  std::string archive, profile, root, socket_path;
  std::optional<CallOrder> call;
};
int doctor(const DoctorOrder& order);
int apply_profile(const std::string& profile, bool dry, const std::string& root);
int roll_back(const std::string& root);

}  // namespace sr::boardctl
