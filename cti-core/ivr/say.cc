// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/say.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

namespace sr::ivr::say {
namespace {

constexpr std::int64_t kZhMax = 1'000'000'000'000;
constexpr std::int64_t kEnMax = 1'000'000'000;

class Words {  // collects "zh/…"
 public:
  explicit Words(std::string_view lang) : lang_(lang) {}
  void add(std::string_view name) { out_.push_back(fmt::format("{}/{}", lang_, name)); }
  void digit(std::int64_t d) { add(fmt::format("{}{}", lang_ == "zh" ? "d" : "n", d)); }
  void all(const Prompts& more) { out_.insert(out_.end(), more.begin(), more.end()); }
  bool empty() const { return out_.empty(); }
  Prompts take() { return std::move(out_); }

 private:
  std::string_view lang_;
  Prompts out_;
};

// ---- Chinese --------------------------------------------------------------------------------------------------------
// A group of four digits, 1…9999. `front`: nothing was said before it, so that 一十 is 十.
void zh_group(Words& w, int value, bool front) {
  static constexpr std::array kUnit = {"thousand", "hundred", "ten", ""};
  bool said = false, gap = false;
  int scale = 1000;
  for (std::size_t i = 0; i < 4; ++i, scale /= 10) {
    const int d = value / scale % 10;
    if (d == 0) {
      gap = said;
      continue;
    }
    if (gap) w.add("d0");
    gap = false;
    const bool plain_ten = i == 2 && d == 1 && front && !said;
    if (d == 2 && i < 2)
      w.add("liang");
    else if (!plain_ten)
      w.digit(d);
    if (*kUnit[i]) w.add(kUnit[i]);
    said = true;
  }
}

void zh_number(Words& w, std::int64_t value) {
  if (value == 0) return w.add("d0");
  static constexpr std::array kGroup = {std::pair{100'000'000LL, "yi"}, std::pair{10'000LL, "wan"}, std::pair{1LL, ""}};
  bool said = false, gap = false;
  for (const auto& [size, unit] : kGroup) {
    const int group = static_cast<int>(value / size % 10'000);
    if (group == 0) {
      gap = said;
      continue;
    }
    if (said && (gap || group < 1000)) w.add("d0");
    if (group == 2 && *unit)
      w.add("liang");
    else
      zh_group(w, group, !said);
    if (*unit) w.add(unit);
    said = true;
    gap = false;
  }
}

void zh_counted(Words& w, std::int64_t value, std::string_view unit) {  // 2 before a measure word is 两
  if (value == 2)
    w.add("liang");
  else
    zh_number(w, value);
  w.add(unit);
}

void zh_money(Words& w, std::int64_t fen) {
  const std::int64_t yuan = fen / 100, jiao = fen / 10 % 10, rest = fen % 10;
  if (yuan > 0 || fen == 0) zh_counted(w, yuan, "yuan");
  if (jiao > 0) zh_counted(w, jiao, "jiao");
  if (rest > 0) {
    if (yuan > 0 && jiao == 0) w.add("d0");
    zh_counted(w, rest, "fen");
  }
}

void zh_date(Words& w, Date d) {
  for (const char c : std::to_string(d.year)) w.digit(c - '0');
  w.add("year");
  zh_number(w, d.month);
  w.add("month");
  zh_number(w, d.day);
  w.add("day");
}

void zh_time(Words& w, Clock c) {
  zh_counted(w, c.hour, "hour");
  if (c.minute == 0) return w.add("oclock_sharp");
  if (c.minute < 10) w.add("d0");
  zh_number(w, c.minute);
  w.add("minute");
}

// ---- English --------------------------------------------------------------------------------------------------------
void en_below_100(Words& w, std::int64_t value) {
  if (value < 20) return w.digit(value);
  w.digit(value / 10 * 10);
  if (value % 10) w.digit(value % 10);
}

void en_below_1000(Words& w, std::int64_t value) {
  if (value >= 100) {
    w.digit(value / 100);
    w.add("hundred");
    if (value % 100 == 0) return;
    w.add("and");
  }
  en_below_100(w, value % 100);
}

void en_number(Words& w, std::int64_t value) {
  if (value == 0) return w.digit(0);
  static constexpr std::array kGroup = {std::pair{1'000'000LL, "million"}, std::pair{1'000LL, "thousand"}};
  for (const auto& [size, unit] : kGroup)
    if (const std::int64_t group = value / size % 1000; group > 0) {
      en_below_1000(w, group);
      w.add(unit);
    }
  const std::int64_t rest = value % 1000;
  if (rest == 0) return;
  if (value >= 1000 && rest < 100) w.add("and");
  en_below_1000(w, rest);
}

void en_money(Words& w, std::int64_t fen) {
  if (fen >= 100 || fen == 0) {
    en_number(w, fen / 100);
    w.add("yuan");
  }
  if (fen % 100 == 0) return;
  if (fen >= 100) w.add("and");
  en_number(w, fen % 100);
  w.add("fen");
}

void en_year(Words& w, int year) {
  if (year % 1000 < 10) return en_number(w, year);  // two thousand and five
  en_below_100(w, year / 100);
  if (year % 100 == 0) return w.add("hundred");
  if (year % 100 < 10) w.add("oh");
  en_below_100(w, year % 100);
}

void en_date(Words& w, Date d) {
  w.add(fmt::format("month{}", d.month));
  w.add(fmt::format("day{}", d.day));
  en_year(w, d.year);
}

void en_time(Words& w, Clock c) {
  en_number(w, c.hour % 12 == 0 ? 12 : c.hour % 12);
  if (c.minute > 0) {
    if (c.minute < 10) w.add("oh");
    en_below_100(w, c.minute);
  }
  w.add(c.hour < 12 ? "am" : "pm");
}

// ---- reading --------------------------------------------------------------------------------------------------------
std::optional<int> read_int(std::string_view& text, std::size_t digits_min, std::size_t digits_max) {
  std::size_t n = 0;
  while (n < text.size() && n < digits_max && text[n] >= '0' && text[n] <= '9') ++n;
  if (n < digits_min) return {};
  int value = 0;
  std::from_chars(text.data(), text.data() + n, value);
  text.remove_prefix(n);
  return value;
}

bool read_char(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

bool valid(Date d) {
  static constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (d.year < 1000 || d.year > 2999 || d.month < 1 || d.month > 12 || d.day < 1) return false;
  return d.day <= kDays[static_cast<std::size_t>(d.month - 1)] + (d.month == 2 && leap(d.year) ? 1 : 0);
}

auto no_language(std::string_view lang) { return fail(fmt::format("no language '{}'", lang.substr(0, 20)), {}, "use \"zh\" or \"en\""); }

}  // namespace

bool knows_language(std::string_view lang) { return lang == "zh" || lang == "en"; }

Result<Prompts> number(std::string_view lang, std::int64_t value) {
  if (!knows_language(lang)) return no_language(lang);
  const bool zh = lang == "zh";
  Words w(lang);
  if (value < 0) w.add(zh ? "negative" : "minus");
  const std::string text = std::to_string(value);
  const std::int64_t most = zh ? kZhMax : kEnMax;
  if (value <= -most || value >= most) {
    for (const char c : text)
      if (c != '-') w.digit(c - '0');
    return w.take();
  }
  zh ? zh_number(w, value < 0 ? -value : value) : en_number(w, value < 0 ? -value : value);
  return w.take();
}

Result<Prompts> digits(std::string_view lang, std::string_view text) {
  if (!knows_language(lang)) return no_language(lang);
  std::string plain;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9') return fail(fmt::format("'{}' is not a digit", c), {}, "say.digits speaks 0…9 only");
    plain += c;
  }
  Words w(lang);
  for (const char c : plain) {
    if (lang == "zh" && c == '1' && plain.size() >= 5)
      w.add("yao");
    else
      w.digit(c - '0');
  }
  return w.take();
}

Result<Prompts> money(std::string_view lang, std::int64_t fen) {
  if (!knows_language(lang)) return no_language(lang);
  const bool zh = lang == "zh";
  if (fen <= -kEnMax * 100 || fen >= kEnMax * 100) return fail("the amount is too large", {}, "below 1,000,000,000");
  Words w(lang);
  if (fen < 0) w.add(zh ? "negative" : "minus");
  zh ? zh_money(w, fen < 0 ? -fen : fen) : en_money(w, fen < 0 ? -fen : fen);
  return w.take();
}

Result<Prompts> date(std::string_view lang, Date d) {
  if (!knows_language(lang)) return no_language(lang);
  if (!valid(d)) return fail("there is no such day", {}, "year 1000…2999, month 1…12, day of that month");
  Words w(lang);
  lang == "zh" ? zh_date(w, d) : en_date(w, d);
  return w.take();
}

Result<Prompts> time(std::string_view lang, Clock c) {
  if (!knows_language(lang)) return no_language(lang);
  if (c.hour < 0 || c.hour > 23 || c.minute < 0 || c.minute > 59) return fail("there is no such time", {}, "00:00 … 23:59");
  Words w(lang);
  lang == "zh" ? zh_time(w, c) : en_time(w, c);
  return w.take();
}

Result<std::int64_t> read_money(std::string_view text) {
  const auto bad = [] { return fail("not an amount of money", {}, "like 12.50"); };
  const bool negative = read_char(text, '-');
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
  if (n == 0 || n > 12) return bad();
  std::int64_t yuan = 0, fen = 0;
  std::from_chars(text.data(), text.data() + n, yuan);
  text.remove_prefix(n);
  if (read_char(text, '.')) {
    const std::size_t length = text.size();
    const auto decimals = read_int(text, 1, 2);
    if (!decimals) return bad();
    fen = length == 1 ? *decimals * 10 : *decimals;
  }
  if (!text.empty()) return bad();
  return (negative ? -1 : 1) * (yuan * 100 + fen);
}

Result<Date> read_date(std::string_view text) {
  const auto bad = [] { return fail("not a date", {}, "like 2026-03-01"); };
  const auto year = read_int(text, 4, 4);
  if (!year || !read_char(text, '-')) return bad();
  const auto month = read_int(text, 1, 2);
  if (!month || !read_char(text, '-')) return bad();
  const auto day = read_int(text, 1, 2);
  if (!day || (!text.empty() && text.front() != ' ' && text.front() != 'T')) return bad();
  const Date d{*year, *month, *day};
  if (!valid(d)) return bad();
  return d;
}

Result<Clock> read_time(std::string_view text) {
  if (text.size() > 11 && (text[10] == ' ' || text[10] == 'T') && read_date(text)) text.remove_prefix(11);
  const auto bad = [] { return fail("not a time", {}, "like 14:30"); };
  const auto hour = read_int(text, 1, 2);
  if (!hour || !read_char(text, ':')) return bad();
  const auto minute = read_int(text, 2, 2);
  if (!minute || (!text.empty() && text.front() != ':') || *hour > 23 || *minute > 59) return bad();
  return Clock{*hour, *minute};
}

}  // namespace sr::ivr::say
