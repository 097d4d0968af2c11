// Where the show speaks: a terminal, a pipe or a file. Nothing here waits for a reader: what he does not take is not said.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>

#include "drivers/base/time.h"

namespace sr::show {

inline constexpr int kColumns = 80, kRows = 24;      // of a terminal that does not say
inline constexpr Duration kStdoutMax = 200ms;        // for the rest of a text that was begun

class Terminal {
 public:
  Terminal();  // looks at stdout, TERM, NO_COLOR and the locale
  bool live() const { return live_; }      // can take cursor movements
  bool colour() const { return colour_; }
  int columns() const { return columns_; }
  int rows() const { return rows_; }
  bool measure();                          // true: it has another size than the last time
  bool print(const std::string& text);     // false: nobody is there to read it any more
  std::string in_its_letters(const std::string& text) const;

 private:
  bool live_ = false, colour_ = false, utf8_ = false;
  int columns_ = 0, rows_ = 0;
};

std::string ascii(std::string_view utf8);  // bars, curves and dashes as signs that every terminal has

}  // namespace sr::show
