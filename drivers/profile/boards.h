// The boards Switchroom knows: PCI id with subvendor, or USB id → model and kernel module. One row per id; pure data.
// e159:0001 is the id of a bridge chip that many makers used: its rows name the subvendor, so it is never matched alone.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace sr::profile {

enum class Bus { pci, usb };

// Where the module comes from on Debian 12.
enum class Supply {
  dkms,      // dahdi-dkms builds and installs it
  source,    // the source comes with dahdi-dkms, but its dkms.conf does not install it
  openvox,   // only in OpenVox's fork of DAHDI
  wanpipe,   // Sangoma's own driver
};

enum class Lines { e1t1, analog, mixed };

struct BoardKind {
  Bus bus;
  std::uint16_t vendor;
  std::uint16_t device;
  std::uint16_t subvendor;      // 0: any
  std::string_view model;
  std::string_view module;      // of the kernel
  Supply supply;
  Lines lines;
  std::string_view firmware;    // file in /lib/firmware without which the module does not start the board, "" if none
};

std::span<const BoardKind> board_kinds();

// The row for these ids, nullptr if there is none. A row that names the subvendor goes before one that does not.
const BoardKind* find_board(Bus bus, std::uint16_t vendor, std::uint16_t device, std::uint16_t subvendor);

// Whether rows exist for vendor:device, but each for a certain subvendor.
bool needs_subvendor(std::uint16_t vendor, std::uint16_t device);

}  // namespace sr::profile
