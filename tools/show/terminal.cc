// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/show/terminal.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace sr::show {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kSigns = {{{"█", "#"}, {"░", "."}, {"▁", "_"}, {"▂", "."}, {"▃", ":"}, {"▄", "-"},
    {"▅", "="}, {"▆", "+"}, {"▇", "*"}, {"–", "-"}, {"…", "..."}}};

bool speaks_utf8() {
  const locale_t locale = ::newlocale(LC_CTYPE_MASK, "", nullptr);  // not setlocale(): numbers and messages stay as they are
  if (locale == nullptr) return false;
  const bool utf8 = std::string_view(::nl_langinfo_l(CODESET, locale)) == "UTF-8";
  ::freelocale(locale);
  return utf8;
}

bool takes(Duration within) {
  pollfd p{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&p, 1, static_cast<int>(within / 1ms)) > 0;
}

}  // namespace

// A live picture needs a terminal that can move its cursor; colours are for who has not said NO_COLOR (no-color.org).
Terminal::Terminal() : utf8_(speaks_utf8()) {
  const char* term = std::getenv("TERM");
  const char* no_colour = std::getenv("NO_COLOR");
  live_ = ::isatty(STDOUT_FILENO) != 0 && term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
  colour_ = live_ && (no_colour == nullptr || *no_colour == '\0');
}

bool Terminal::measure() {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 1;
  const int columns = known ? size.ws_col : kColumns, rows = known ? size.ws_row : kRows;
  const bool other = columns_ != 0 && (columns != columns_ || rows != rows_);
  columns_ = columns;
  rows_ = rows;
  return other;
}

// A pipe that is ready takes PIPE_BUF bytes without blocking.
bool Terminal::print(const std::string& text) {
  const std::string signs = in_its_letters(text);
  std::string_view left = signs;
  for (Duration patience = 0ms; !left.empty() && takes(patience); patience = kStdoutMax) {
    const ssize_t n = ::write(STDOUT_FILENO, left.data(), std::min<std::size_t>(left.size(), PIPE_BUF));
    if (n < 0 && errno != EINTR && errno != EAGAIN) return false;
    left.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  }
  return true;
}

std::string Terminal::in_its_letters(const std::string& text) const { return utf8_ ? text : ascii(text); }

std::string ascii(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const auto sign = std::ranges::find_if(kSigns, [&](const auto& s) { return utf8.starts_with(s.first); });
    if (sign != kSigns.end()) {
      out += sign->second;
      utf8.remove_prefix(sign->first.size());
      continue;
    }
    const auto byte = static_cast<unsigned char>(utf8.front());
    if (byte < 0x80) out += utf8.front();
    else if (byte >= 0xC0) out += '?';
    utf8.remove_prefix(1);
  }
  return out;
}

}  // namespace sr::show
