// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/detect.h"

#include <fmt/format.h>

#include <charconv>

#include "drivers/base/json.h"

namespace sr::boardctl {
namespace {

using profile::Bus;
using profile::Supply;

constexpr std::string_view kDahdiSource = "/usr/src/dahdi-2.11.1.0.20170917";  // where Debian 12's dahdi-dkms puts it

int hex_word(const std::string& path) {  // -1: there is no such number
  std::string text = Host::word(path);
  if (text.starts_with("0x")) text.erase(0, 2);
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() && value <= 0xffff ? static_cast<int>(value) : -1;
}

int irq_of(const std::string& device) {  // a message-signalled interrupt, when the device has one, else the wire
  for (const auto& name : Host::list(device + "/msi_irqs")) return std::atoi(name.c_str());
  return std::atoi(Host::word(device + "/irq").c_str());
}

std::string fix_of(const Host& host, const FoundBoard& b) {
  const std::string module(b.kind->module);
  if (!b.module_built && (!b.module_loaded || (b.kind->supply == Supply::openvox && b.driver.empty()))) return module_command(*b.kind, host.kernel);
  if (b.kind->supply == Supply::wanpipe) return b.driver.empty() ? "wancfg_dahdi && wanrouter start" : "";
  if (!b.module_loaded) return "modprobe " + module;
  if (b.driver.empty() && b.kind->bus == Bus::pci) return fmt::format("modprobe -r {0} && modprobe {0}; dmesg | grep -i {0}", module);
  return "";
}

void add(Detected& out, const Host& host, Bus bus, const std::string& device, const std::string& address) {
  const bool pci = bus == Bus::pci;
  const int vendor = hex_word(device + (pci ? "/vendor" : "/idVendor")), product = hex_word(device + (pci ? "/device" : "/idProduct"));
  if (vendor < 0 || product < 0) return;
  const int subvendor = pci ? hex_word(device + "/subsystem_vendor") : 0;
  const auto* kind = profile::find_board(bus, static_cast<std::uint16_t>(vendor), static_cast<std::uint16_t>(product),
                                         static_cast<std::uint16_t>(subvendor < 0 ? 0 : subvendor));
  if (kind == nullptr) {
    if (pci && profile::needs_subvendor(static_cast<std::uint16_t>(vendor), static_cast<std::uint16_t>(product)))
      out.unknown.push_back(fmt::format("{}: {:04x}:{:04x} is a chip that many makers used, and no board with subvendor {} is known; "
                                        "the name printed on the board tells its driver",
                                        address, vendor, product, subvendor < 0 ? "(none)" : fmt::format("{:04x}", subvendor)));
    return;
  }
  FoundBoard b;
  b.kind = kind;
  b.address = address;
  b.id = fmt::format("{:04x}:{:04x}", vendor, product);
  if (pci && subvendor >= 0) b.subvendor = fmt::format("{:04x}", subvendor);
  b.module_built = host.module_built(std::string(kind->module));
  if (kind->supply == Supply::openvox)  // Debian's module of the same name does not know these ids
    b.module_built = b.module_built && host.module_claims(std::string(kind->module), kind->vendor, kind->device);
  b.module_loaded = host.module_loaded(std::string(kind->module));
  b.driver = Host::link_name(device + "/driver");
  b.irq = pci ? irq_of(device) : 0;
  b.fix = fix_of(host, b);
  out.boards.push_back(std::move(b));
}

std::string_view bus_name(Bus bus) { return bus == Bus::pci ? "pci" : "usb"; }

std::string module_state(const FoundBoard& b, const std::string& kernel) {
  if (b.module_loaded) return b.kind->bus == Bus::pci && b.driver.empty() ? "loaded, but it has not taken the board" : "loaded";
  return b.module_built ? "there, not loaded" : "not in kernel " + kernel;
}

}  // namespace

std::string module_command(const profile::BoardKind& kind, const std::string& kernel) {
  const std::string headers = "linux-headers-" + kernel;
  switch (kind.supply) {
    case Supply::dkms: return fmt::format("apt-get install {} dahdi-dkms && modprobe {}", headers, kind.module);
    case Supply::source:
      return fmt::format("apt-get install {} dahdi-dkms && make -C {} install-modules KVERS={} && modprobe {}", headers, kDahdiSource, kernel, kind.module);
    case Supply::openvox:
      return fmt::format("apt-get install {} build-essential wget && wget -O- https://www.openvox.cn/pub/drivers/dahdi-linux-complete/openvox_dahdi-linux-complete-current.tar.gz"
                         " | tar xz -C /usr/src && make -C /usr/src/dahdi-linux-complete-*/linux install KVERS={} && modprobe {}",
                         headers, kernel, kind.module);
    case Supply::wanpipe:
      return fmt::format("apt-get install {0} dahdi-dkms build-essential flex bison libncurses-dev wget && wget -O- https://ftp.sangoma.com/linux/current_wanpipe/wanpipe-current.tgz"
                         " | tar xz -C /usr/src && make -C /usr/src/wanpipe-* dahdi install DAHDI_DIR={1} && wancfg_dahdi",
                         headers, kDahdiSource);
  }
  return "";
}

Detected detect(const Host& host) {
  Detected out;
  for (const Bus bus : {Bus::pci, Bus::usb}) {
    const std::string folder = host.sys + "/bus/" + std::string(bus_name(bus)) + "/devices";
    for (const auto& address : Host::list(folder)) add(out, host, bus, folder + "/" + address, address);
  }
  return out;
}

std::string detect_page(const Detected& found, const std::string& kernel) {
  std::string out;
  for (const auto& b : found.boards) {
    out += fmt::format("{}\n  at      {} {}  id {}{}\n  module  {}: {}\n", b.kind->model, bus_name(b.kind->bus), b.address, b.id,
                       b.subvendor.empty() ? "" : " subvendor " + b.subvendor, b.kind->module, module_state(b, kernel));
    if (!b.fix.empty()) out += "  mend    " + b.fix + "\n";
  }
  for (const auto& one : found.unknown) out += "not identified: " + one + "\n";
  if (found.boards.empty()) out += "no board found\n";
  return out;
}

std::string detect_json(const Detected& found) {
  std::string out = "[";
  for (const auto& b : found.boards) {
    const auto member = [&](std::string_view key, std::string_view value) {
      out += fmt::format("{}\"{}\":", out.back() == '{' ? "" : ",", key);
      json::write_string(out, value);
    };
    if (out.size() > 1) out += ',';
    out += '{';
    member("model", b.kind->model);
    member("bus", bus_name(b.kind->bus));
    member("address", b.address);
    member("id", b.id);
    member("subvendor", b.subvendor);
    member("module", b.kind->module);
    out += fmt::format(",\"module_built\":{},\"module_loaded\":{}", b.module_built, b.module_loaded);
    member("driver", b.driver);
    member("fix", b.fix);
    out += '}';
  }
  return out + "]\n";
}

}  // namespace sr::boardctl
