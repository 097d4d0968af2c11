// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/say.h"

#include <map>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ivr;

namespace {

// Prompts back into what a listener hears: 一千零二, "one thousand and two".
std::string heard(const Result<say::Prompts>& prompts) {
  if (!prompts) return "error: " + prompts.error().what;
  static const std::map<std::string, std::string> kZh = {
      {"d0", "零"}, {"d1", "一"}, {"d2", "二"}, {"d3", "三"}, {"d4", "四"}, {"d5", "五"}, {"d6", "六"}, {"d7", "七"}, {"d8", "八"}, {"d9", "九"},
      {"yao", "幺"}, {"liang", "两"}, {"ten", "十"}, {"hundred", "百"}, {"thousand", "千"}, {"wan", "万"}, {"yi", "亿"}, {"yuan", "元"}, {"jiao", "角"},
      {"fen", "分"}, {"year", "年"}, {"month", "月"}, {"day", "日"}, {"hour", "点"}, {"minute", "分"}, {"oclock_sharp", "整"}, {"negative", "负"}};
  std::string out;
  for (const std::string& p : *prompts) {
    const std::string name = p.substr(3);
    if (p.starts_with("zh/")) out += kZh.contains(name) ? kZh.at(name) : "?" + name;
    else out += (out.empty() ? "" : " ") + name;
  }
  return out;
}
std::string zh(std::int64_t v) { return heard(say::number("zh", v)); }
std::string en(std::int64_t v) { return heard(say::number("en", v)); }
std::string zh_money(const char* text) { return heard(say::money("zh", say::read_money(text).value_or(-1))); }
std::string en_money(const char* text) { return heard(say::money("en", say::read_money(text).value_or(-1))); }
#define HEARS(expected, got) STRCMP_EQUAL(expected, (got).c_str())

// The value of a spoken Chinese number, by a reader that knows nothing of the composer.
std::int64_t value_of(const say::Prompts& prompts) {
  std::int64_t total = 0, group = 0, digit = 0;
  for (const std::string& p : prompts) {
    const std::string n = p.substr(3);
    if (n == "liang") digit = 2;
    else if (n.size() == 2 && n[0] == 'd') digit = n[1] - '0';
    else if (n == "ten") group += (digit == 0 ? 1 : digit) * 10, digit = 0;
    else if (n == "hundred") group += digit * 100, digit = 0;
    else if (n == "thousand") group += digit * 1000, digit = 0;
    else if (n == "wan") total += (group + digit) * 10'000, group = digit = 0;
    else if (n == "yi") total += (group + digit) * 100'000'000, group = digit = 0;
  }
  return total + group + digit;
}

}  // namespace

TEST_GROUP(Say){};

TEST(Say, counts_in_chinese) {
  const std::pair<std::int64_t, const char*> kCases[] = {
      {0, "零"}, {2, "二"}, {10, "十"}, {12, "十二"}, {20, "二十"}, {22, "二十二"}, {100, "一百"}, {101, "一百零一"}, {110, "一百一十"},
      {200, "两百"}, {222, "两百二十二"}, {1000, "一千"}, {1002, "一千零二"}, {1010, "一千零一十"}, {1100, "一千一百"}, {2000, "两千"},
      {2202, "两千两百零二"}, {10000, "一万"}, {10001, "一万零一"}, {10500, "一万零五百"}, {12000, "一万两千"}, {20000, "两万"}, {100000, "十万"},
      {102000, "十万两千"}, {120000, "十二万"}, {220000, "二十二万"}, {1000000, "一百万"}, {1020000, "一百零二万"}, {100'000'000, "一亿"},
      {200'000'000, "两亿"}, {100'000'001, "一亿零一"}, {100'001'000, "一亿零一千"}, {100'150'000, "一亿零一十五万"}, {1'234'567'890, "十二亿三千四百五十六万七千八百九十"},
      {999'999'999'999, "九千九百九十九亿九千九百九十九万九千九百九十九"}, {-5, "负五"}};
  for (const auto& [value, text] : kCases) HEARS(text, zh(value));
}

TEST(Say, a_chinese_number_means_its_value) {
  std::uint64_t seed = 7;
  for (int i = 0; i < 20'000; ++i) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    std::int64_t value = static_cast<std::int64_t>((seed >> 20) % 1'000'000'000'000ULL);
    for (int cut = static_cast<int>(seed >> 60); cut > 4; --cut) value /= 10;  // all lengths
    if (seed & 1024) value = value / 1000 * 1000;
    const auto prompts = say::number("zh", value);
    CHECK(prompts.has_value());
    LONGS_EQUAL(value, value_of(*prompts));
    for (std::size_t k = 1; k < prompts->size(); ++k) CHECK(!((*prompts)[k] == "zh/d0" && (*prompts)[k - 1] == "zh/d0"));
    if (value > 0) CHECK(prompts->back() != "zh/d0");
  }
}

TEST(Say, counts_in_english) {
  HEARS("n0", en(0));
  HEARS("n19", en(19));
  HEARS("n40 n2", en(42));
  HEARS("n1 hundred", en(100));
  HEARS("n1 hundred and n1", en(101));
  HEARS("n2 thousand and n5", en(2005));
  HEARS("n2 thousand n3 hundred and n40", en(2340));
  HEARS("n1 million n2 hundred and n30 n4 thousand", en(1'234'000));
  HEARS("minus n7", en(-7));
}

TEST(Say, reads_what_is_too_large_digit_by_digit) {
  HEARS("一零零零零零零零零零零零零", zh(1'000'000'000'000));
  HEARS("n1 n0 n0 n0 n0 n0 n0 n0 n0 n0", en(1'000'000'000));
  HEARS("负九二二三三七二零三六八五四七七五八零八", zh(INT64_MIN));
}

TEST(Say, spells_digits_with_yao_in_telephone_numbers) {
  HEARS("幺三八零零零零零零零幺", heard(say::digits("zh", "13800000001")));
  HEARS("一零一", heard(say::digits("zh", "101")));
  HEARS("幺二三四五", heard(say::digits("zh", "123-45")));
  HEARS("n1 n0 n1", heard(say::digits("en", "1 0 1")));
  HEARS("error: 'x' is not a digit", heard(say::digits("zh", "12x")));
  HEARS("", heard(say::digits("zh", "")));
}

TEST(Say, speaks_money) {
  HEARS("零元", zh_money("0"));
  HEARS("两元", zh_money("2"));
  HEARS("十二元五角", zh_money("12.5"));
  HEARS("十二元零五分", zh_money("12.05"));
  HEARS("一百二十八元三角四分", zh_money("128.34"));
  HEARS("两角", zh_money("0.2"));
  HEARS("五分", zh_money("0.05"));
  HEARS("一千零二元零两分", zh_money("1002.02"));
  HEARS("负三元", zh_money("-3"));
  HEARS("n12 yuan and n50 fen", en_money("12.50"));
  HEARS("n0 yuan", en_money("0.00"));
  HEARS("n5 fen", en_money("0.05"));
}

TEST(Say, speaks_dates) {
  HEARS("二零二六年三月一日", heard(say::date("zh", {2026, 3, 1})));
  HEARS("二零零零年十二月二十二日", heard(say::date("zh", {2000, 12, 22})));
  HEARS("month3 day1 n20 n20 n6", heard(say::date("en", {2026, 3, 1})));
  HEARS("month1 day31 n2 thousand and n5", heard(say::date("en", {2005, 1, 31})));
  HEARS("month7 day4 n19 oh n5", heard(say::date("en", {1905, 7, 4})));
  HEARS("month7 day4 n19 hundred", heard(say::date("en", {1900, 7, 4})));
  HEARS("error: there is no such day", heard(say::date("zh", {2026, 2, 29})));
  CHECK(say::date("zh", {2024, 2, 29}).has_value());
}

TEST(Say, speaks_times) {
  HEARS("零点整", heard(say::time("zh", {0, 0})));
  HEARS("两点零五分", heard(say::time("zh", {2, 5})));
  HEARS("十四点三十分", heard(say::time("zh", {14, 30})));
  HEARS("n12 am", heard(say::time("en", {0, 0})));
  HEARS("n12 n30 pm", heard(say::time("en", {12, 30})));
  HEARS("n2 oh n5 pm", heard(say::time("en", {14, 5})));
  HEARS("error: there is no such time", heard(say::time("en", {24, 0})));
}

TEST(Say, reads_what_scripts_write) {
  LONGS_EQUAL(1250, *say::read_money("12.5"));
  LONGS_EQUAL(-1205, *say::read_money("-12.05"));
  for (const char* bad : {"", "x", "12.", "12.345", "1e5", ".5", "12 "}) CHECK(!say::read_money(bad).has_value());
  LONGS_EQUAL(3, say::read_date("2026-03-01 14:30:00")->month);
  for (const char* bad : {"", "2026", "2026-13-01", "2026-02-30", "26-1-1", "2026-01-01x"}) CHECK(!say::read_date(bad).has_value());
  LONGS_EQUAL(30, say::read_time("14:30:59")->minute);
  LONGS_EQUAL(14, say::read_time("2026-03-01 14:30")->hour);
  for (const char* bad : {"", "24:00", "12:60", "12", "12:3"}) CHECK(!say::read_time(bad).has_value());
}

TEST(Say, refuses_an_unknown_language) { CHECK(!say::number("de", 1).has_value()); }
