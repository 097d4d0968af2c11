// Which boards are plugged in, what drives them and what to type when nothing does. From sysfs alone: no driver is needed.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

#include "drivers/profile/boards.h"
#include "tools/boardctl/host.h"

namespace sr::boardctl {

struct FoundBoard {
  const profile::BoardKind* kind = nullptr;
  std::string address;           // "0000:03:00.0" or "1-4"
  std::string id;                // "d161:1410", as lspci and lsusb write it
  std::string subvendor;         // "0005", "" on USB
  bool module_built = false;     // this kernel has the module
  bool module_loaded = false;
  std::string driver;            // what is bound to it now, "" if nothing is
  int irq = 0;
  std::string fix;               // the command that mends it, "" when the module is bound
};

struct Detected {
  std::vector<FoundBoard> boards;
  std::vector<std::string> unknown;  // a bridge chip whose subvendor is in no row: a sentence each
};

Detected detect(const Host& host);

// What makes this kernel have the module.
std::string module_command(const profile::BoardKind& kind, const std::string& kernel);

std::string detect_page(const Detected& found, const std::string& kernel);
std::string detect_json(const Detected& found);  // one line

}  // namespace sr::boardctl
