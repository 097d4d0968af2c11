// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/d_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sr::boardctl {
namespace {

using Bytes = std::span<const std::uint8_t>;

struct Named {
  std::uint8_t code;
  const char* name;
};

constexpr std::array kMessages = {  // Q.931 table 4-2
    Named{0x01, "ALERTING"},   Named{0x02, "CALL PROCEEDING"},  Named{0x03, "PROGRESS"},         Named{0x05, "SETUP"},
    Named{0x07, "CONNECT"},    Named{0x0D, "SETUP ACKNOWLEDGE"}, Named{0x0F, "CONNECT ACKNOWLEDGE"}, Named{0x20, "USER INFORMATION"},
    Named{0x25, "SUSPEND"},    Named{0x26, "RESUME"},           Named{0x45, "DISCONNECT"},       Named{0x46, "RESTART"},
    Named{0x4D, "RELEASE"},    Named{0x4E, "RESTART ACKNOWLEDGE"}, Named{0x5A, "RELEASE COMPLETE"}, Named{0x60, "SEGMENT"},
    Named{0x62, "FACILITY"},   Named{0x6E, "NOTIFY"},           Named{0x75, "STATUS ENQUIRY"},   Named{0x79, "CONGESTION CONTROL"},
    Named{0x7B, "INFORMATION"}, Named{0x7D, "STATUS"}};

constexpr std::array kUnnumbered = {  // Q.921 table 5; the P/F bit is left out
    Named{0x6F, "SABME"}, Named{0x0F, "DM"}, Named{0x03, "UI"}, Named{0x43, "DISC"}, Named{0x63, "UA"}, Named{0x87, "FRMR"}, Named{0xAF, "XID"}};
constexpr std::array kSupervisory = {Named{0x01, "RR"}, Named{0x05, "RNR"}, Named{0x09, "REJ"}};

template <std::size_t N>
std::string name_of(const std::array<Named, N>& table, std::uint8_t code) {
  for (const auto& one : table)
    if (one.code == code) return one.name;
  return fmt::format("0x{:02x}?", code);
}

std::string describe_message(Bytes m) {
  if (m.empty()) return "";
  if (m[0] != 0x08) return fmt::format("  protocol 0x{:02x}", m[0]);
  const std::size_t length = m.size() > 1 ? m[1] & 0x0F : 0;
  if (m.size() < 3 + length) return "  cut Q.931 message";
  unsigned crv = 0;
  for (std::size_t i = 0; i < length; ++i) crv = (crv << 8 | (i == 0 ? m[2] & 0x7F : m[2 + i])) & 0xFFFFFF;
  std::string text = fmt::format("  {} cr {}{}", name_of(kMessages, m[2 + length]), crv, length > 0 && (m[2] & 0x80) != 0 ? "'" : "");
  for (std::size_t i = 3 + length; i < m.size();) {  // only what a technician looks for first: the cause
    if ((m[i] & 0x80) != 0) { ++i; continue; }
    if (i + 1 >= m.size() || i + 2 + m[i + 1] > m.size()) break;
    if (m[i] == 0x08 && m[i + 1] >= 2) text += fmt::format(" cause {}", m[i + 3] & 0x7F);
    i += 2u + m[i + 1];
  }
  return text;
}

}  // namespace

std::string describe_frame(Bytes f) {
  if (f.size() < 3) return fmt::format("{} bytes, no Q.921 frame", f.size());
  const std::string address = fmt::format("sapi {} tei {}", f[0] >> 2, f[1] >> 1);
  const std::uint8_t control = f[2];
  if ((control & 3) == 3)
    return fmt::format("{:<5} {}{}", name_of(kUnnumbered, control & 0xEF), address, (control & 0x10) != 0 ? "  P/F" : "");
  if (f.size() < 4) return "cut Q.921 frame";
  const char* poll = (f[3] & 1) != 0 ? " P/F" : "";
  if ((control & 3) == 1) return fmt::format("{:<5} {}  nr {}{}", name_of(kSupervisory, control), address, f[3] >> 1, poll);
  return fmt::format("{:<5} {}  ns {} nr {}{}{}", "I", address, control >> 1, f[3] >> 1, poll, describe_message(f.subspan(4)));
}

std::string frame_line(std::string_view span, bool sent, Instant at, Bytes frame) {
  return fmt::format("{} {} {} {}", to_iso8601(at), span, sent ? "->" : "<-", describe_frame(frame));
}

std::optional<bool> sender_is_network(Bytes f) {
  if (f.size() < 3) return {};
  const bool bit = (f[0] & 2) != 0;
  const std::uint8_t control = f[2];
  if ((control & 1) == 0) return bit;  // I: always a command
  if ((control & 3) != 3) return {};
  switch (control & 0xEF) {
    case 0x6F:
    case 0x03:
    case 0x43: return bit;             // SABME, UI, DISC: commands
    case 0x63:
    case 0x0F:
    case 0x87: return !bit;            // UA, DM, FRMR: responses
    default: return {};
  }
}

}  // namespace sr::boardctl
