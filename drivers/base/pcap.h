// The D-channel trace as bytes that Wireshark reads: pcap, link type 177 (LINUX_LAPD). Each frame has a 16-byte header: pkttype
// BE16 (0 received, 4 sent), hatype BE16 8220, halen BE16 1, addr[8] (addr[0] = 1: we are the network side), protocol BE16 0x0030;
// then the Q.921 frame without FCS. Pure.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "drivers/base/time.h"

namespace sr {

inline constexpr std::size_t kPcapHeaderSize = 24, kPcapRecordSize = 16, kLapdHeaderSize = 16;
inline constexpr std::size_t kTraceFrameMax = 2048;  // a longer frame is cut, as its header says

std::string pcap_header();
void pcap_frame(std::string& out, bool sent, bool network_side, std::span<const std::uint8_t> frame, Instant at);

// The length of the part of a file that is readable: its header and whole records; 0: it is no trace of ours.
std::size_t pcap_whole(std::string_view bytes);

}  // namespace sr
