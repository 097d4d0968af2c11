// /proc/dahdi/N as the kernel writes it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

namespace sr::boardctl {

inline std::string proc_e1(int number, int first, const std::string& line, const std::string& alarms, const std::string& counts = "", bool configured = true) {
  std::string out = "Span " + std::to_string(number) + ": TE4/0/" + std::to_string(number) + " \"T4XXP (PCI) Card 0 Span " + std::to_string(number) + "\" (MASTER)" +
                    (line.empty() ? "" : " " + line) + " " + alarms + (alarms.empty() ? "" : " ") + "ClockSource \n" + counts + "\n";
  for (int i = 0; i < 31; ++i)
    out += "\t" + std::to_string(first + i) + " TE4/0/" + std::to_string(number) + "/" + std::to_string(i + 1) + " " +
           (!configured ? "" : i == 15 ? "HDLCFCS (In use) " : "Clear (In use) (EC: MG2 - INACTIVE) ") + (alarms.empty() ? "" : alarms + " ") + "\n";
  return out;
}

}  // namespace sr::boardctl
