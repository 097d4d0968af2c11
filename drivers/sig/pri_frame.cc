// What a Q.921 frame shows at first sight; all else is libpri's.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/sig/pri_link.h"

namespace sr::sig {

bool plausible_frame(std::span<const std::uint8_t> frame) {
  if (frame.size() < 3 || frame.size() > kFrameOctetsMax) return false;
  const bool unnumbered = (frame[2] & 3) == 3;
  if (!unnumbered && frame.size() < 4) return false;
  const std::size_t head = unnumbered ? 3 : 4;
  const bool carries_q931 = (frame[2] & 1) == 0 || (unnumbered && (frame[2] & 0xEF) == 0x03);
  if (!carries_q931 || frame.size() == head) return true;
  const std::size_t crv = frame.size() > head + 1 ? frame[head + 1] & 0x0FU : 0U;
  return frame.size() >= head + 3 + crv && crv <= 2;  // protocol discriminator, length of the reference, reference, message type
}

MessageSeen peek_message(std::span<const std::uint8_t> frame) {
  MessageSeen seen;
  if (frame.size() < 3) return seen;
  seen.sabme = (frame[2] & 0xEF) == 0x6F;
  seen.established = (frame[2] & 3) != 3;
  seen.final = ((frame[2] & 3) == 1 && frame.size() >= 4 && (frame[3] & 1)) || frame[2] == 0x1F;
  if (frame.size() < 4) return seen;
  const std::size_t head = (frame[2] & 1) == 0 ? 4 : (frame[2] & 0xEF) == 0x03 ? 3 : 0;  // I frame, UI frame
  if (head == 0 || frame.size() < head + 4 || frame[head] != 0x08) return seen;
  const std::size_t length = frame[head + 1] & 0x0F;  // of the reference: 2, but libpri takes 1 as well
  if (length < 1 || length > 2 || frame.size() < head + 3 + length) return seen;
  seen.crv = length == 1 ? frame[head + 2] & 0x7F : (frame[head + 2] & 0x7F) << 8 | frame[head + 3];
  seen.by_caller = (frame[head + 2] & 0x80) == 0;
  seen.type_at = head + 2 + length;
  const int type = frame[seen.type_at];
  if (type != 0x45 && type != 0x4D && type != 0x5A) return seen;  // DISCONNECT, RELEASE, RELEASE COMPLETE
  seen.disconnect = type == 0x45;
  seen.release = type == 0x4D;
  std::size_t at = head + 3 + length;
  while (at < frame.size()) {
    if (frame[at] & 0x80) { ++at; continue; }  // single octet element
    if (at + 2 > frame.size() || at + 2 + frame[at + 1] > frame.size()) break;
    const auto body = frame.subspan(at + 2, frame[at + 1]);
    if (frame[at] == 0x08 && body.size() >= 2) {  // Cause: octet 3 may be followed by 3a
      const std::size_t value = body[0] & 0x80 ? 1 : 2;
      if (value < body.size()) seen.cause = body[value] & 0x7F;
    }
    at += 2 + frame[at + 1];
  }
  return seen;
}

}  // namespace sr::sig
