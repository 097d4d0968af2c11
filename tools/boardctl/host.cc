// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/host.h"

#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace sr::boardctl {
namespace fs = std::filesystem;

namespace {

std::string running_kernel(const std::string& root) {
  if (!root.empty()) {
    const std::string told = Host::word(root + "/proc/sys/kernel/osrelease");
    if (!told.empty()) return told;
  }
  utsname name{};
  return ::uname(&name) == 0 ? name.release : "";
}

// "kernel/…/wct4xxp.ko.xz" → "wct4xxp"; a module's name has '_' where its file may have '-'
std::string module_of(std::string_view path) {
  std::string name(path.substr(path.rfind('/') + 1));
  name.resize(std::min(name.size(), name.find(".ko")));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace

Host::Host(std::string root_dir)
    : sys(root_dir + "/sys"), proc(root_dir + "/proc"), dev(root_dir + "/dev"), etc(root_dir + "/etc"), root(root_dir),
      kernel(running_kernel(root_dir)), modules(root_dir + "/lib/modules/" + kernel) {}

std::optional<std::string> Host::read(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return {};
  std::ifstream in(path, std::ios::binary);
  if (!in) return {};
  std::string text(kHostFileMax, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string Host::word(const std::string& path) {
  const std::string text = read(path).value_or("");
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> Host::list(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto it = fs::directory_iterator(path, error); !error && it != fs::directory_iterator() && names.size() < kHostEntriesMax; it.increment(error))
    names.push_back(it->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

bool Host::exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::string Host::link_name(const std::string& path) {
  std::error_code error;
  return fs::read_symlink(path, error).filename().string();
}

bool Host::module_built(const std::string& module) const {
  std::istringstream dep(read(modules + "/modules.dep").value_or(""));
  for (std::string line; std::getline(dep, line);)
    if (module_of(line.substr(0, line.find(':'))) == module) return true;
  std::istringstream builtin(read(modules + "/modules.builtin").value_or(""));
  for (std::string line; std::getline(builtin, line);)
    if (module_of(line) == module) return true;
  return false;
}

bool Host::module_claims(const std::string& module, std::uint16_t vendor, std::uint16_t device) const {
  char id[40];
  std::snprintf(id, sizeof id, "alias pci:v%08Xd%08Xs", vendor, device);
  std::istringstream aliases(read(modules + "/modules.alias").value_or(""));
  for (std::string line; std::getline(aliases, line);)
    if (line.starts_with(id) && line.ends_with(" " + module)) return true;
  return false;
}

bool Host::module_loaded(const std::string& module) const { return exists(sys + "/module/" + module); }

std::optional<std::uint64_t> Host::interrupts(int irq) const {
  std::istringstream table(read(proc + "/interrupts").value_or(""));
  for (std::string line; std::getline(table, line);) {
    std::istringstream fields(line);
    std::string number;
    if (!(fields >> number) || number != std::to_string(irq) + ":") continue;
    std::uint64_t sum = 0;
    for (std::uint64_t n = 0; fields >> n;) sum += n;
    return sum;
  }
  return {};
}

}  // namespace sr::boardctl
