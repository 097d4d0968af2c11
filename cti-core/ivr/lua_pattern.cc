// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/lua_pattern.h"

#include <fmt/format.h>

namespace sr::ivr {
namespace {

using Set = std::bitset<256>;
constexpr std::size_t kNoMatch = static_cast<std::size_t>(-1);

std::uint8_t byte(char c) { return static_cast<std::uint8_t>(c); }

template <class Test>
Set set_of(Test test) {
  Set s;
  for (int c = 0; c < 128; ++c) s[static_cast<std::size_t>(c)] = test(c);
  return s;
}
bool lower(int c) { return c >= 'a' && c <= 'z'; }
bool upper(int c) { return c >= 'A' && c <= 'Z'; }
bool digit(int c) { return c >= '0' && c <= '9'; }
bool graphic(int c) { return c > 32 && c < 127; }

// The class behind a '%', or the character itself.
Set class_of(char letter) {
  const int low = upper(letter) ? letter - 'A' + 'a' : letter;
  Set s;
  switch (low) {
    case 'a':
      s = set_of([](int c) { return lower(c) || upper(c); });
      break;
    case 'c':
      s = set_of([](int c) { return c < 32 || c == 127; });
      break;
    case 'd':
      s = set_of(digit);
      break;
    case 'g':
      s = set_of(graphic);
      break;
    case 'l':
      s = set_of(lower);
      break;
    case 'p':
      s = set_of([](int c) { return graphic(c) && !lower(c) && !upper(c) && !digit(c); });
      break;
    case 's':
      s = set_of([](int c) { return c == ' ' || (c >= 9 && c <= 13); });
      break;
    case 'u':
      s = set_of(upper);
      break;
    case 'w':
      s = set_of([](int c) { return lower(c) || upper(c) || digit(c); });
      break;
    case 'x':
      s = set_of([](int c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
      break;
    default:
      s.set(byte(letter));
      return s;
  }
  return upper(letter) ? ~s : s;
}

}  // namespace

class Pattern::Parser {
 public:
  Parser(std::string_view text, Pattern& out) : text_(text), out_(out) {}

  Status run(bool anchor) {
    if (anchor && !text_.empty() && text_.front() == '^') {
      out_.anchored_ = true;
      ++at_;
    }
    while (at_ < text_.size()) {
      if (out_.items_.size() == kPatternItemsMax) return fail(fmt::format("pattern too long: more than {} items", kPatternItemsMax));
      if (auto done = item(); !done) return done;
    }
    for (std::size_t i = 0; i < out_.captures_; ++i)
      if (open_[i]) return fail("malformed pattern (a '(' is not closed)");
    return {};
  }

 private:
  Status item() {
    const char c = text_[at_];
    if (c == '(') return opening();
    if (c == ')') return closing();
    if (c == '$' && at_ + 1 == text_.size()) {
      ++at_;
      push(Kind::end_anchor);
      return {};
    }
    if (c == '%' && at_ + 1 < text_.size()) {
      const char next = text_[at_ + 1];
      if (next == 'b') return balance();
      if (next == 'f') return frontier();
      if (digit(next)) return back(next);
    }
    Item one;
    if (auto read = single(one.set); !read) return read;
    if (at_ < text_.size()) {
      switch (text_[at_]) {
        case '*':
          one.times = Times::any;
          ++at_;
          break;
        case '+':
          one.times = Times::some;
          ++at_;
          break;
        case '-':
          one.times = Times::few;
          ++at_;
          break;
        case '?':
          one.times = Times::maybe;
          ++at_;
          break;
        default:
          break;
      }
    }
    out_.items_.push_back(one);
    return {};
  }

  Status single(Set& set) {
    const char c = text_[at_++];
    if (c == '.')
      set.set();
    else if (c == '[')
      return bracket(set);
    else if (c == '%') {
      if (at_ == text_.size()) return fail("malformed pattern (ends with '%')");
      set = class_of(text_[at_++]);
    } else
      set.set(byte(c));
    return {};
  }

  Status bracket(Set& set) {  // behind '['; a ']' right at the start is a character
    const bool negated = at_ < text_.size() && text_[at_] == '^';
    if (negated) ++at_;
    bool first = true;
    for (;; first = false) {
      if (at_ >= text_.size()) return fail("malformed pattern (missing ']')");
      const char c = text_[at_];
      if (c == ']' && !first) break;
      if (c == '%') {
        if (at_ + 1 >= text_.size()) return fail("malformed pattern (missing ']')");
        set |= class_of(text_[at_ + 1]);
        at_ += 2;
      } else if (at_ + 2 < text_.size() && text_[at_ + 1] == '-' && text_[at_ + 2] != ']') {
        for (int x = byte(c); x <= byte(text_[at_ + 2]); ++x) set.set(static_cast<std::size_t>(x));
        at_ += 3;
      } else {
        set.set(byte(c));
        ++at_;
      }
    }
    ++at_;
    if (negated) set.flip();
    return {};
  }

  Status opening() {
    if (out_.captures_ == kPatternCapturesMax) return fail(fmt::format("too many captures (at most {})", kPatternCapturesMax));
    const auto number = static_cast<std::uint8_t>(out_.captures_++);
    const bool position = at_ + 1 < text_.size() && text_[at_ + 1] == ')';
    at_ += position ? 2 : 1;
    open_[number] = !position;
    push(position ? Kind::position : Kind::open, number);
    return {};
  }

  Status closing() {
    ++at_;
    for (std::size_t i = out_.captures_; i-- > 0;)
      if (open_[i]) {
        open_[i] = false;
        push(Kind::close, static_cast<std::uint8_t>(i));
        return {};
      }
    return fail("invalid pattern capture (a ')' without '(')");
  }

  Status balance() {
    if (at_ + 3 >= text_.size()) return fail("malformed pattern (missing arguments to '%b')");
    push(Kind::balance, byte(text_[at_ + 2]), byte(text_[at_ + 3]));
    at_ += 4;
    return {};
  }

  Status frontier() {
    at_ += 2;
    if (at_ >= text_.size() || text_[at_] != '[') return fail("missing '[' after '%f' in pattern");
    ++at_;
    Item item;
    item.kind = Kind::frontier;
    if (auto read = bracket(item.set); !read) return read;
    out_.items_.push_back(item);
    return {};
  }

  Status back(char number) {
    const int index = number - '1';
    if (index < 0 || static_cast<std::size_t>(index) >= out_.captures_ || open_[static_cast<std::size_t>(index)])
      return fail(fmt::format("invalid capture index %{}", number));
    at_ += 2;
    push(Kind::back, static_cast<std::uint8_t>(index));
    return {};
  }

  void push(Kind kind, std::uint8_t first = 0, std::uint8_t second = 0) {
    Item item;
    item.kind = kind;
    item.first = first;
    item.second = second;
    out_.items_.push_back(item);
  }

  std::string_view text_;
  Pattern& out_;
  std::size_t at_ = 0;
  std::array<bool, kPatternCapturesMax> open_{};
};

// One attempt after the other; `steps` counts each look at a character or item.
class Pattern::Run {
 public:
  Run(const Pattern& pattern, std::string_view subject, int steps_max) : p_(pattern), s_(subject), max_(steps_max) {}

  // → where the match ends, or kNoMatch. Recursion only where a choice is open: depth ≤ items.
  std::size_t from(std::size_t i, std::size_t at) {
    for (; i < p_.items_.size(); ++i) {
      if (!step()) return kNoMatch;
      const Item& item = p_.items_[i];
      switch (item.kind) {
        case Kind::open:
        case Kind::position:
          captures[item.first] = {at, item.kind == Kind::open ? Capture::kOpen : Capture::kPosition};
          break;
        case Kind::close:
          captures[item.first].length = at - captures[item.first].begin;
          break;
        case Kind::end_anchor:
          if (at != s_.size()) return kNoMatch;
          break;
        case Kind::frontier:
          if (!at_frontier(item, at)) return kNoMatch;
          break;
        case Kind::balance:
          if (at = balanced(item, at); at == kNoMatch) return kNoMatch;
          break;
        case Kind::back:
          if (at = repeated(captures[item.first], at); at == kNoMatch) return kNoMatch;
          break;
        case Kind::one:
          if (item.times != Times::once) return choice(item, i, at);
          if (!accepts(item, at)) return kNoMatch;
          ++at;
          break;
      }
    }
    return at;
  }

  bool spent() const { return steps > max_; }
  std::array<Capture, kPatternCapturesMax> captures{};
  int steps = 0;

 private:
  bool step() { return ++steps <= max_; }
  bool accepts(const Item& item, std::size_t at) const { return at < s_.size() && item.set[byte(s_[at])]; }

  // Captures set behind the choice are overwritten by the next attempt: each is set again before it is read, because a
  // reference %n stands behind its ')'. Only the attempt that succeeds leaves them.
  std::size_t choice(const Item& item, std::size_t i, std::size_t at) {
    if (item.times == Times::few) {
      for (;; ++at) {
        if (const std::size_t end = from(i + 1, at); end != kNoMatch || spent()) return end;
        if (!accepts(item, at)) return kNoMatch;
      }
    }
    const std::size_t most = item.times == Times::maybe ? 1 : s_.size();
    std::size_t n = 0;
    while (n < most && accepts(item, at + n)) {
      ++n;
      if (!step()) return kNoMatch;
    }
    const std::size_t least = item.times == Times::some ? 1 : 0;
    for (std::size_t left = n + 1; left-- > least;)
      if (const std::size_t end = from(i + 1, at + left); end != kNoMatch || spent()) return end;
    return kNoMatch;
  }

  bool at_frontier(const Item& item, std::size_t at) const {
    const std::uint8_t before = at == 0 ? 0 : byte(s_[at - 1]), here = at < s_.size() ? byte(s_[at]) : 0;
    return !item.set[before] && item.set[here];
  }

  std::size_t balanced(const Item& item, std::size_t at) {
    if (at >= s_.size() || byte(s_[at]) != item.first) return kNoMatch;
    int depth = 1;
    while (++at < s_.size()) {
      if (!step()) return kNoMatch;
      if (byte(s_[at]) == item.second) {
        if (--depth == 0) return at + 1;
      } else if (byte(s_[at]) == item.first)
        ++depth;
    }
    return kNoMatch;
  }

  std::size_t repeated(const Capture& c, std::size_t at) {
    if (c.length >= Capture::kPosition) return kNoMatch;  // %1 of "()": matches nothing
    steps += static_cast<int>(c.length / 64);
    if (s_.size() - at < c.length || s_.compare(at, c.length, s_, c.begin, c.length) != 0) return kNoMatch;
    return at + c.length;
  }

  const Pattern& p_;
  std::string_view s_;
  int max_;
};

Result<Pattern> Pattern::compile(std::string_view text, bool anchor) {
  Pattern out;
  if (auto parsed = Parser(text, out).run(anchor); !parsed) return std::unexpected(parsed.error());
  return out;
}

Match Pattern::match_at(std::string_view subject, std::size_t at, int steps_max) const {
  Match m;
  Run run(*this, subject, steps_max);
  const std::size_t end = run.from(0, at);
  m.steps = run.steps;
  if (run.spent())
    m.end = Match::End::too_many_steps;
  else if (end != kNoMatch) {
    m.end = Match::End::found;
    m.begin = at;
    m.finish = end;
    m.captures.assign(run.captures.begin(), run.captures.begin() + static_cast<std::ptrdiff_t>(captures_));
  }
  return m;
}

Match Pattern::find(std::string_view subject, std::size_t from, int steps_max) const {
  Match m;
  int used = 0;
  for (std::size_t at = from; at <= subject.size(); ++at) {
    m = match_at(subject, at, steps_max - used);
    used += m.steps;
    if (m.end != Match::End::none || anchored_) break;
    if (used >= steps_max) {
      m.end = Match::End::too_many_steps;
      break;
    }
  }
  m.steps = used;
  return m;
}

}  // namespace sr::ivr
