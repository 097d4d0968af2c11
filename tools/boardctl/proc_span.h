// /proc/dahdi/N: one span as the kernel shows it. Pure; any text may come.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/boardctl/host.h"

namespace sr::boardctl {

struct ProcChannel {
  int number = 0;
  std::string signalling;  // "Clear", "HDLCFCS", "FXOKS" …, "" when nobody has configured it
  bool in_use = false;
  bool alarmed = false;
};

struct ProcSpan {
  int number = 0;
  std::string name;
  std::string description;
  std::string line;                         // "HDB3/CCS/CRC4"; "" : not configured, or analog
  std::vector<std::string> alarms;          // RED YELLOW BLUE LOOP RECOVERING NOTOPEN
  std::map<std::string, long> counts;       // "IRQ misses", "Timing slips", "CRC4 error count" …
  std::vector<ProcChannel> channels;

  bool configured() const;                  // at least one channel has a signalling
};

std::optional<ProcSpan> parse_proc_span(std::string_view text);
std::vector<ProcSpan> proc_spans(const Host& host);  // by number

}  // namespace sr::boardctl
