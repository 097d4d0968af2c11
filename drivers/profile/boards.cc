// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/profile/boards.h"

#include <algorithm>
#include <array>

namespace sr::profile {
namespace {

using enum Bus;
using enum Supply;
using enum Lines;

// clang-format off
constexpr std::array kBoards = {
    // Digium, two to eight E1/T1
    BoardKind{pci, 0x10ee, 0x0314, 0, "Digium TE410P/TE405P (first generation)", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x0405, 0, "Digium TE405P/TE407P", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x0410, 0, "Digium TE410P/TE412P", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x0420, 0, "Digium TE420", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x1405, 0, "Digium TE405P/TE407P (fifth generation)", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x1410, 0, "Digium TE410P/TE412P (fifth generation)", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x1420, 0, "Digium TE420 (fifth generation)", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x0205, 0, "Digium TE205P/TE207P", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x0210, 0, "Digium TE210P/TE212P", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x0220, 0, "Digium TE220", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x1205, 0, "Digium TE205P/TE207P (fifth generation)", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x1210, 0, "Digium TE210P/TE212P (fifth generation)", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x1220, 0, "Digium TE220 (fifth generation)", "wct4xxp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x1820, 0, "Digium TE820", "wct4xxp", dkms, e1t1, "dahdi-fw-te820.bin"},
    // Digium, one E1/T1
    BoardKind{pci, 0xd161, 0x0120, 0, "Digium TE120P", "wcte12xp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x8000, 0, "Digium TE121", "wcte12xp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x8001, 0, "Digium TE122", "wcte12xp", dkms, e1t1, ""},
    BoardKind{pci, 0xd161, 0x800a, 0, "Digium TE131/TE133", "wcte13xp", source, e1t1, "dahdi-fw-te133.bin"},
    BoardKind{pci, 0xd161, 0x800b, 0, "Digium TE132/TE134", "wcte13xp", source, e1t1, "dahdi-fw-te134.bin"},
    // Digium, two or four E1/T1, PCI Express
    BoardKind{pci, 0xd161, 0x800e, 0, "Digium TE235/TE435", "wcte43x", source, e1t1, "dahdi-fw-te435.bin"},
    BoardKind{pci, 0xd161, 0x8013, 0, "Digium TE236/TE436", "wcte43x", source, e1t1, "dahdi-fw-te436.bin"},
    // Digium, analog and hybrid
    BoardKind{pci, 0xd161, 0x2400, 0, "Digium TDM2400P", "wctdm24xxp", dkms, analog, ""},
    BoardKind{pci, 0xd161, 0x8003, 0, "Digium AEX2400", "wctdm24xxp", dkms, analog, ""},
    BoardKind{pci, 0xd161, 0x8007, 0, "Digium HA8-0000", "wctdm24xxp", dkms, mixed, "dahdi-fw-hx8.bin"},
    BoardKind{pci, 0xd161, 0x8008, 0, "Digium HB8-0000", "wctdm24xxp", dkms, mixed, "dahdi-fw-hx8.bin"},
    BoardKind{pci, 0xd161, 0x0800, 0, "Digium TDM800P", "wctdm24xxp", dkms, analog, ""},
    BoardKind{pci, 0xd161, 0x8002, 0, "Digium AEX800", "wctdm24xxp", dkms, analog, ""},
    BoardKind{pci, 0xd161, 0x8005, 0, "Digium TDM410P", "wctdm24xxp", dkms, analog, ""},
    BoardKind{pci, 0xd161, 0x8006, 0, "Digium AEX410", "wctdm24xxp", dkms, analog, ""},
    BoardKind{pci, 0xd161, 0x800d, 0, "Digium A8B", "wcaxx", source, analog, "dahdi-fw-a8b.bin"},
    BoardKind{pci, 0xd161, 0x800c, 0, "Digium A8A", "wcaxx", source, analog, "dahdi-fw-a8a.bin"},
    BoardKind{pci, 0xd161, 0x8010, 0, "Digium A4B", "wcaxx", source, analog, "dahdi-fw-a4b.bin"},
    BoardKind{pci, 0xd161, 0x800f, 0, "Digium A4A", "wcaxx", source, analog, "dahdi-fw-a4a.bin"},
    // the bridge chip e159:0001, told apart by the subvendor
    BoardKind{pci, 0xe159, 0x0001, 0xb100, "Digium TDM400P / OpenVox A400P", "wctdm", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0xb1d9, "Digium TDM400P / OpenVox A400P", "wctdm", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0xb118, "Digium TDM400P / OpenVox A400P", "wctdm", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0xb119, "Digium TDM400P / OpenVox A400P", "wctdm", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0xa9fd, "Digium TDM400P / OpenVox A400P", "wctdm", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0xa8fd, "Digium TDM400P / OpenVox A400P", "wctdm", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0xa800, "Digium TDM400P / OpenVox A400P", "wctdm", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0xa801, "Digium TDM400P / OpenVox A400P", "wctdm", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0xa908, "Digium TDM400P / OpenVox A400P", "wctdm", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0xa901, "Digium TDM400P / OpenVox A400P", "wctdm", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x9100, "OpenVox A800P/A1200P", "opvxa1200", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x9519, "OpenVox A800P/A1200P", "opvxa1200", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x95d9, "OpenVox A800P/A1200P", "opvxa1200", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x9500, "OpenVox A800P/A1200P", "opvxa1200", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x9532, "OpenVox A800P/A1200P", "opvxa1200", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x8519, "OpenVox A800P/A1200P", "opvxa1200", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x9559, "OpenVox A800P/A1200P", "opvxa1200", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x9599, "OpenVox A800P/A1200P", "opvxa1200", dkms, analog, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x71fe, "Digium TE110P", "wcte11xp", dkms, e1t1, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x79fe, "Digium TE110P", "wcte11xp", dkms, e1t1, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x795e, "Digium TE110P", "wcte11xp", dkms, e1t1, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x79de, "Digium TE110P", "wcte11xp", dkms, e1t1, ""},
    BoardKind{pci, 0xe159, 0x0001, 0x797e, "Digium TE110P", "wcte11xp", dkms, e1t1, ""},
    // OpenVox with drivers of its own
    BoardKind{pci, 0x1b74, 0x0115, 0, "OpenVox D115", "opvxd115", openvox, e1t1, ""},
    BoardKind{pci, 0x1b74, 0xd130, 0, "OpenVox D130", "opvxd115", openvox, e1t1, ""},
    BoardKind{pci, 0x1b74, 0xd210, 0, "OpenVox D210", "wct4xxp", openvox, e1t1, ""},
    BoardKind{pci, 0x1b74, 0xd230, 0, "OpenVox D230", "wct4xxp", openvox, e1t1, ""},
    BoardKind{pci, 0x1b74, 0xd410, 0, "OpenVox D410", "wct4xxp", openvox, e1t1, ""},
    BoardKind{pci, 0x1b74, 0xd430, 0, "OpenVox D430", "wct4xxp", openvox, e1t1, ""},
    // Sangoma
    BoardKind{pci, 0x1923, 0x0100, 0, "Sangoma A104d", "wanpipe", wanpipe, e1t1, ""},
    BoardKind{pci, 0x1923, 0x0300, 0, "Sangoma A101", "wanpipe", wanpipe, e1t1, ""},
    BoardKind{pci, 0x1923, 0x0040, 0, "Sangoma A200", "wanpipe", wanpipe, analog, ""},
    // Xorcom; the last digit says how far its firmware is loaded
    BoardKind{usb, 0xe4e4, 0x1130, 0, "Xorcom Astribank 8/16 (USB firmware missing)", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1131, 0, "Xorcom Astribank 8/16 (FPGA firmware missing)", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1132, 0, "Xorcom Astribank 8/16", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1140, 0, "Xorcom Astribank BRI (USB firmware missing)", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1141, 0, "Xorcom Astribank BRI (FPGA firmware missing)", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1142, 0, "Xorcom Astribank BRI", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1150, 0, "Xorcom Astribank multi (USB firmware missing)", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1151, 0, "Xorcom Astribank multi (FPGA firmware missing)", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1152, 0, "Xorcom Astribank multi", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1160, 0, "Xorcom Astribank modular (USB firmware missing)", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1161, 0, "Xorcom Astribank modular (FPGA firmware missing)", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
    BoardKind{usb, 0xe4e4, 0x1162, 0, "Xorcom Astribank modular", "xpp_usb", dkms, mixed, "/usr/share/dahdi/USB_FW.hex"},
};
// clang-format on

constexpr bool no_id_stands_twice() {
  for (auto a = kBoards.begin(); a != kBoards.end(); ++a)
    for (auto b = std::next(a); b != kBoards.end(); ++b)
      if (a->bus == b->bus && a->vendor == b->vendor && a->device == b->device && a->subvendor == b->subvendor) return false;
  return true;
}
static_assert(no_id_stands_twice());
static_assert(std::ranges::none_of(kBoards, [](const BoardKind& b) { return b.vendor == 0xe159 && b.subvendor == 0; }));

}  // namespace

std::span<const BoardKind> board_kinds() { return kBoards; }

const BoardKind* find_board(Bus bus, std::uint16_t vendor, std::uint16_t device, std::uint16_t subvendor) {
  const BoardKind* any = nullptr;
  for (const auto& b : kBoards) {
    if (b.bus != bus || b.vendor != vendor || b.device != device) continue;
    if (b.subvendor == 0) any = &b;
    else if (b.subvendor == subvendor) return &b;
  }
  return any;
}

bool needs_subvendor(std::uint16_t vendor, std::uint16_t device) {
  bool some = false;
  for (const auto& b : kBoards) {
    if (b.bus != pci || b.vendor != vendor || b.device != device) continue;
    if (b.subvendor == 0) return false;
    some = true;
  }
  return some;
}

}  // namespace sr::profile
