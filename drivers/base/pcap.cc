// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/pcap.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sr {
namespace {

// The file's own numbers are in this machine's order, as the magic tells the reader.
void put32(std::string& out, std::uint32_t v) {
  char b[4];
  std::memcpy(b, &v, 4);
  out.append(b, 4);
}
void put16(std::string& out, std::uint16_t v) {
  char b[2];
  std::memcpy(b, &v, 2);
  out.append(b, 2);
}
void put_be16(std::string& out, std::uint16_t v) {
  out += static_cast<char>(v >> 8);
  out += static_cast<char>(v & 0xFF);
}

constexpr std::uint32_t kMagic = 0xA1B2C3D4, kLinkLapd = 177;

}  // namespace

std::string pcap_header() {
  std::string out;
  put32(out, kMagic);
  put16(out, 2);
  put16(out, 4);
  put32(out, 0);  // times are UTC
  put32(out, 0);
  put32(out, kTraceFrameMax + kLapdHeaderSize);
  put32(out, kLinkLapd);
  return out;
}

void pcap_frame(std::string& out, bool sent, bool network_side, std::span<const std::uint8_t> frame, Instant at) {
  const auto us = static_cast<std::uint64_t>(to_us(at));
  const std::size_t length = std::min(frame.size(), kTraceFrameMax);
  put32(out, static_cast<std::uint32_t>(us / 1'000'000));
  put32(out, static_cast<std::uint32_t>(us % 1'000'000));
  put32(out, static_cast<std::uint32_t>(length + kLapdHeaderSize));
  put32(out, static_cast<std::uint32_t>(frame.size() + kLapdHeaderSize));
  put_be16(out, sent ? 4 : 0);
  put_be16(out, 8220);
  put_be16(out, 1);
  out += static_cast<char>(network_side ? 1 : 0);
  out.append(7, '\0');
  put_be16(out, 0x0030);
  out.append(reinterpret_cast<const char*>(frame.data()), length);
}

std::size_t pcap_whole(std::string_view bytes) {
  const std::string header = pcap_header();
  if (!bytes.starts_with(header)) return 0;
  std::size_t good = header.size();
  while (bytes.size() - good >= kPcapRecordSize) {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + good + 8, 4);
    if (length > kTraceFrameMax + kLapdHeaderSize || bytes.size() - good - kPcapRecordSize < length) break;
    good += kPcapRecordSize + length;
  }
  return good;
}

}  // namespace sr
