// Text in UTF-8 that somebody else has written, made fit for a record of ours.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace sr {

// The whole characters of its first bytes: a part of one would make the line that it stands in unreadable.
inline std::string first_bytes(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xc0) == 0x80) --bytes_max;
  return std::string(text.substr(0, bytes_max));
}

}  // namespace sr
