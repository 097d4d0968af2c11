// The machine as boardctl sees it: files below a root directory. On the real machine the root is "", in a test a directory with
// the few files that matter. Reading never fails loudly: a file that is not there is empty, a directory that is not there too.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sr::boardctl {

inline constexpr std::size_t kHostFileMax = 1 << 20;      // no file of /proc or /sys that we read is longer
inline constexpr std::size_t kHostEntriesMax = 4096;      // of one directory

class Host {
 public:
  explicit Host(std::string root = "");

  std::string sys;      // directories, without a trailing slash
  std::string proc;
  std::string dev;
  std::string etc;
  std::string root;
  std::string kernel;   // release of the running kernel
  std::string modules;  // /lib/modules/<kernel>

  static std::optional<std::string> read(const std::string& path);  // nothing if it cannot be read
  static std::string word(const std::string& path);                 // its text without white space around, "" if there is none
  static std::vector<std::string> list(const std::string& path);    // names in order
  static bool exists(const std::string& path);
  static std::string link_name(const std::string& path);            // last part of what a symbolic link points at

  bool module_built(const std::string& module) const;   // modprobe would find it
  bool module_claims(const std::string& module, std::uint16_t vendor, std::uint16_t device) const;  // modules.alias: it drives this PCI id
  bool module_loaded(const std::string& module) const;
  std::optional<std::uint64_t> interrupts(int irq) const;  // /proc/interrupts, all processors together
};

}  // namespace sr::boardctl
