// A directory that stands for a machine: files put below it, gone at the end of the test.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace sr::boardctl {

inline constexpr const char* kTreeKernel = "6.1.0-28-amd64";

class Tree {
 public:
  Tree() {
    char name[] = "/tmp/sr_tree_XXXXXX";
    root = ::mkdtemp(name);
    file("proc/sys/kernel/osrelease", kTreeKernel);
  }
  ~Tree() { std::filesystem::remove_all(root); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  void file(const std::string& path, std::string_view text) {
    const std::string full = root + "/" + path;
    std::filesystem::create_directories(std::filesystem::path(full).parent_path());
    std::ofstream(full, std::ios::binary) << text;
  }
  void link(const std::string& path, const std::string& target) {
    const std::string full = root + "/" + path;
    std::filesystem::create_directories(std::filesystem::path(full).parent_path());
    std::filesystem::create_symlink(target, full);
  }
  void gone(const std::string& path) { std::filesystem::remove_all(root + "/" + path); }
  std::string text(const std::string& path) const {
    std::ifstream in(root + "/" + path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void pci(const std::string& address, const std::string& vendor, const std::string& device, const std::string& subvendor) {
    const std::string at = "sys/bus/pci/devices/" + address;
    file(at + "/vendor", "0x" + vendor + "\n");
    file(at + "/device", "0x" + device + "\n");
    file(at + "/subsystem_vendor", "0x" + subvendor + "\n");
    file(at + "/irq", "33\n");
  }
  void modules(const std::string& names) { file(std::string("lib/modules/") + kTreeKernel + "/modules.dep", names); }

  std::string root;
};

}  // namespace sr::boardctl
