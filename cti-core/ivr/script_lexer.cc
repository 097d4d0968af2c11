// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/script_lexer.h"

#include <algorithm>
#include <array>

namespace sr::ivr {
namespace {

constexpr std::array<std::string_view, 22> kKeywords = {"and",      "break",  "do",   "else", "elseif", "end",  "false", "for",
                                                        "function", "goto",   "if",   "in",   "local",  "nil",  "not",   "or",
                                                        "repeat",   "return", "then", "true", "until",  "while"};
constexpr std::array<std::string_view, 12> kLongSymbols = {"...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>", "->", "=>"};

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : s_(source) {
    if (!s_.empty() && s_.front() == '#') skip_line();
  }

  std::vector<Token> run() {
    for (;;) {
      skip_blank();
      if (at_ >= s_.size()) break;
      next();
    }
    add(Token::Kind::end, {});
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < s_.size() ? s_[at_ + ahead] : '\0'; }
  char take() {
    if (s_[at_] == '\n') ++line_;
    return s_[at_++];
  }
  void skip_line() {
    while (at_ < s_.size() && s_[at_] != '\n') ++at_;
  }
  void add(Token::Kind kind, std::string text) { out_.push_back({kind, std::move(text), began_}); }

  void skip_blank() {
    for (; at_ < s_.size();) {
      if (peek() == '-' && peek(1) == '-') {
        at_ += 2;
        const std::size_t level = bracket_level();
        if (level != kNone)
          long_text(level);
        else
          skip_line();
      } else if (static_cast<unsigned char>(peek()) <= ' ')
        take();
      else
        break;
    }
    began_ = line_;
  }

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t bracket_level() const {  // of "[==[" here
    if (peek() != '[') return kNone;
    std::size_t n = 0;
    while (peek(1 + n) == '=') ++n;
    return peek(1 + n) == '[' ? n : kNone;
  }

  std::string long_text(std::size_t level) {
    const std::string close = "]" + std::string(level, '=') + "]";
    at_ += level + 2;
    std::string text;
    while (at_ < s_.size() && s_.compare(at_, close.size(), close) != 0) text += take();
    at_ = std::min(s_.size(), at_ + close.size());
    if (!text.empty() && text.front() == '\n') text.erase(0, 1);
    return text;
  }

  void next() {
    const char c = peek();
    if (starts_name(c)) {
      const std::size_t from = at_;
      while (starts_name(peek()) || is_digit(peek())) ++at_;
      std::string text(s_.substr(from, at_ - from));
      const bool keyword = std::find(kKeywords.begin(), kKeywords.end(), text) != kKeywords.end();
      return add(keyword ? Token::Kind::keyword : Token::Kind::name, std::move(text));
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '"' || c == '\'') return quoted();
    if (const std::size_t level = bracket_level(); level != kNone) return add(Token::Kind::string, long_text(level));
    for (const std::string_view symbol : kLongSymbols)
      if (s_.substr(at_).starts_with(symbol)) {
        at_ += symbol.size();
        return add(Token::Kind::symbol, std::string(symbol));
      }
    add(Token::Kind::symbol, std::string(1, take()));
  }

  void number() {
    const std::size_t from = at_;
    while (starts_name(peek()) || is_digit(peek()) || peek() == '.' ||
           ((peek() == '+' || peek() == '-') && at_ > from && std::string_view("eEpP").find(s_[at_ - 1]) != std::string_view::npos))
      ++at_;
    add(Token::Kind::number, std::string(s_.substr(from, at_ - from)));
  }

  void quoted() {
    const char quote = take();
    std::string text;
    while (at_ < s_.size() && peek() != quote && peek() != '\n') {
      char c = take();
      if (c == '\\' && at_ < s_.size()) {
        c = take();
        if (c == 'n')
          c = '\n';
        else if (c == 't')
          c = '\t';
      }
      text += c;
    }
    if (at_ < s_.size() && peek() == quote) ++at_;
    add(Token::Kind::string, std::move(text));
  }

  std::string_view s_;
  std::size_t at_ = 0;
  int line_ = 1, began_ = 1;
  std::vector<Token> out_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source) { return Lexer(source).run(); }

}  // namespace sr::ivr
