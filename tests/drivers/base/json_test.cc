// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/json.h"

#include <cmath>
#include <limits>
#include <string>
#include <variant>

namespace json_test {
BOOST_DEFINE_ENUM_CLASS(Colour, red, green)
enum class Id : std::uint64_t { none = 0 };
struct Inner { int a = 0; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(Inner, (), (a, note))
struct Outer {
  std::string text;
  Colour colour = Colour::red;
  Id id{};
  bool yes = false;
  double real = 0;
  char letter = 'x';
  sr::Instant at{};
  sr::Duration lasted{};
  std::vector<Inner> list;
  std::map<std::string, std::uint64_t> counts;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (text, colour, id, yes, real, letter, at, lasted, list, counts))
struct A { static constexpr std::string_view kName = "a"; int x = 0; };
BOOST_DESCRIBE_STRUCT(A, (), (x))
struct B { static constexpr std::string_view kName = "b"; };
BOOST_DESCRIBE_STRUCT(B, (), ())
}  // namespace json_test

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace json_test;

TEST_GROUP(Json) {
  static std::string error(std::string_view text) {
    const auto v = json::parse(text);
    return v ? "none" : v.error().what;
  }
  template <class T>
  static std::string read_error(std::string_view text) {
    const auto v = json::parse_as<T>(text);
    return v ? "none" : v.error().what;
  }
  static std::string quoted(std::string_view text) {
    std::string out;
    json::write_string(out, text);
    return out;
  }
};

TEST(Json, a_described_struct_comes_back_as_it_was_written) {
  Outer o{"tab\t\"quote\" 北京", Colour::green, Id{1ull << 60}, true, 0.1, '#', from_us(1'767'225'600'123'456), 5ms, {{1, "n"}, {2, {}}}, {{"a", 1}, {"b", 2}}};
  const std::string text = json::to_string(o);
  STRCMP_EQUAL(R"({"text":"tab\u0009\"quote\" 北京","colour":"green","id":1152921504606846976,"yes":true,"real":0.1,"letter":"#",)"
               R"("at":1767225600123456,"lasted":5000,"list":[{"a":1,"note":"n"},{"a":2}],"counts":{"a":1,"b":2}})",
               text.c_str());
  const auto back = json::parse_as<Outer>(text);
  CHECK(back.has_value());
  STRCMP_EQUAL(text.c_str(), json::to_string(*back).c_str());
}

TEST(Json, unknown_members_are_ignored_and_a_missing_one_is_named) {
  STRCMP_EQUAL("none", read_error<Inner>(R"({"a":1,"new":[1,{"x":2}]})").c_str());
  STRCMP_EQUAL("member 'a' is missing", read_error<Inner>(R"({"note":"n"})").c_str());
}

TEST(Json, a_wrong_type_names_the_member_and_what_it_must_be) {
  STRCMP_EQUAL("member 'a' must be a number", read_error<Inner>(R"({"a":"1"})").c_str());
  STRCMP_EQUAL("member 'a' must be a number", read_error<Inner>(R"({"a":1.5})").c_str());
  STRCMP_EQUAL("member 'a' must be a number", read_error<Inner>(R"({"a":5000000000})").c_str());
  STRCMP_EQUAL("member 'note' must be a string", read_error<Inner>(R"({"a":1,"note":2})").c_str());
  STRCMP_EQUAL("member 'colour' must be one of red green", read_error<Outer>(R"({"text":"","colour":"blue"})").c_str());
}

TEST(Json, the_error_path_reaches_into_lists) {
  STRCMP_EQUAL("member 'list[1].a' must be a number",
               read_error<Outer>(R"({"text":"","colour":"red","id":1,"yes":true,"real":1,"letter":"x","at":0,"lasted":0,"list":[{"a":1},{"a":null}],"counts":{}})").c_str());
}

TEST(Json, a_member_named_twice_is_refused_at_any_depth) {
  STRCMP_EQUAL("a member is named twice", error(R"({"a":1,"a":2})").c_str());
  STRCMP_EQUAL("a member is named twice", error(R"({"a":[{"b":{"c":1,"d":2,"c":3}}]})").c_str());
  STRCMP_EQUAL("a member is named twice", error(R"({"a":1,"\u0061":2})").c_str());
}

TEST(Json, colons_and_escapes_in_strings_are_not_members) {
  STRCMP_EQUAL("none", error(R"({"a:\":":"x:y\\","b":[":",{"c\\":"\":"}]})").c_str());
  STRCMP_EQUAL("none", error(R"("a:b")").c_str());
}

TEST(Json, what_is_not_json_is_refused) {
  for (const char* bad : {"", " ", "{", "{\"a\":}", "{\"a\":1,}", "NaN", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":-Infinity}", "{'a':1}", "{\"a\":01}",
                          "{\"a\":1} x", "{}{}", "\"\\x\"", "\"\\ud800\"", "nul", "// c\n{}", "{\"a\":1e999}", "{\"a\":\"\x01\"}"})
    CHECK_TRUE_TEXT(error(bad) != "none", bad);
}

TEST(Json, invalid_utf8_is_refused) {
  for (const char* bad : {"\"\x80\"", "\"\xC0\xAF\"", "\"\xE0\x80\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"", "\"\xE4\xB8\"", "{\"\xFF\":1}"})
    CHECK_TRUE_TEXT(error(bad) != "none", bad);
  STRCMP_EQUAL("none", error("\"\xE4\xB8\xAD\xF0\x9F\x93\x9E\"").c_str());
}

TEST(Json, nesting_deeper_than_16_is_refused) {
  STRCMP_EQUAL("none", error(std::string(16, '[') + std::string(16, ']')).c_str());
  CHECK_TRUE(error(std::string(17, '[') + std::string(17, ']')) != "none");
  CHECK_TRUE(error(std::string(1'000'000, '[')) != "none");
}

TEST(Json, bytes_that_are_not_utf8_are_written_as_the_replacement_character) {
  STRCMP_EQUAL("\"a\xEF\xBF\xBD" "b\"", quoted("a\xFF" "b").c_str());
  STRCMP_EQUAL("none", error(quoted("\xE4\xB8 \xC0\x80 \x1f\x7f\\\"/")).c_str());
}

TEST(Json, a_number_that_is_not_finite_is_written_as_null) {
  std::string out;
  json::write_number(out, std::numeric_limits<double>::quiet_NaN());
  json::write_number(out, std::numeric_limits<double>::infinity());
  STRCMP_EQUAL("nullnull", out.c_str());
}

TEST(Json, an_alternative_is_found_by_its_name) {
  int found = 0;
  CHECK_TRUE((json::for_named<std::variant<A, B>>("b", [&]<class T>() { found = std::is_same_v<T, B> ? 2 : 1; })));
  CHECK_EQUAL(2, found);
  CHECK_FALSE((json::for_named<std::variant<A, B>>("c", []<class T>() {})));
}
