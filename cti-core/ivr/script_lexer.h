// The words of a Lua source file, for the checks that the compiler does not make. Knows comments, strings, long brackets and
// numbers; syntax errors are the compiler's to report, so that anything odd is just a word of its own.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sr::ivr {

struct Token {
  enum class Kind { name, keyword, string, number, symbol, end };
  Kind kind = Kind::end;
  std::string text;  // a string's value, simple escapes resolved
  int line = 1;
  bool is(std::string_view symbol) const { return (kind == Kind::symbol || kind == Kind::keyword) && text == symbol; }
};

std::vector<Token> tokens_of(std::string_view source);  // ends with Kind::end

}  // namespace sr::ivr
