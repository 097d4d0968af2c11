// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/table.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace sr::ctictl {
namespace {

// The wide blocks that occur in names here: CJK, kana, Hangul, full-width forms (Unicode TR 11).
bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) || (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x20000 && c <= 0x3fffd);
}

}  // namespace

std::string paint(Colour colour, std::string_view text, bool on) {
  static constexpr const char* kCodes[] = {"", "32", "33", "31", "2", "1"};
  if (!on || colour == Colour::none) return std::string(text);
  return std::string("\x1b[") + kCodes[static_cast<int>(colour)] + "m" + std::string(text) + "\x1b[0m";
}

std::size_t width_of(std::string_view s) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < s.size();) {
    const auto c = static_cast<unsigned char>(s[i]);
    const std::size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    char32_t point = n == 1 ? c : c & (0xffu >> (n + 1));
    for (std::size_t k = 1; k < n && i + k < s.size(); ++k) point = (point << 6) | (static_cast<unsigned char>(s[i + k]) & 0x3fu);
    width += is_wide(point) ? 2 : 1;
    i += n;
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return out;
}

std::string Table::text(bool colours) const {
  std::vector<std::size_t> widths;
  for (const auto& name : head_) widths.push_back(width_of(name));
  for (const auto& cells : rows_)
    for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], width_of(printable(cells[i].text)));
  std::string out;
  const auto put = [&](std::size_t i, const std::string& shown, Colour colour, bool last) {
    out += paint(colour, shown, colours);
    if (!last) out.append(widths[i] - width_of(shown) + 2, ' ');
  };
  for (std::size_t i = 0; i < head_.size(); ++i) put(i, head_[i], Colour::dim, i + 1 == head_.size());
  out += '\n';
  for (const auto& cells : rows_) {
    for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) put(i, printable(cells[i].text), cells[i].colour, i + 1 == cells.size());
    out += '\n';
  }
  return out;
}

bool stdout_is_terminal() {
  const char* no_colour = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
}

}  // namespace sr::ctictl
