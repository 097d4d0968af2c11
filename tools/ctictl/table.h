// A table for the terminal: columns as wide as their longest cell, Chinese characters counted as two; colours only where the
// caller says that a terminal reads it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sr::ctictl {

enum class Colour { none, green, yellow, red, dim, bold };
std::string paint(Colour colour, std::string_view text, bool on);

std::size_t width_of(std::string_view utf8);  // columns on a terminal
std::string printable(std::string_view text);  // control characters, which could command the terminal, as '?'

class Table {
 public:
  struct Cell {
    Cell(std::string t, Colour c = Colour::none) : text(std::move(t)), colour(c) {}
    Cell(const char* t) : text(t) {}
    std::string text;
    Colour colour = Colour::none;
  };
  explicit Table(std::vector<std::string> head) : head_(std::move(head)) {}
  void row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  std::string text(bool colours) const;  // with newlines
  bool empty() const { return rows_.empty(); }

 private:
  std::vector<std::string> head_;
  std::vector<std::vector<Cell>> rows_;
};

bool stdout_is_terminal();  // and NO_COLOR is not set

}  // namespace sr::ctictl
