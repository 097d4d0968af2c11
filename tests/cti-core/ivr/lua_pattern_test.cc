// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/lua_pattern.h"

#include <lua.hpp>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::ivr;

namespace {

std::string ours(const std::string& subject, const std::string& pattern) {
  const auto compiled = Pattern::compile(pattern);
  if (!compiled) return "error";
  const Match m = compiled->find(subject, 0);
  if (m.end == Match::End::too_many_steps) return "steps";
  if (m.end == Match::End::none) return "nil";
  std::string out = std::to_string(m.begin + 1) + "," + std::to_string(m.finish);
  for (const Capture& c : m.captures)
    out += c.length == Capture::kPosition ? ",@" + std::to_string(c.begin + 1) : ",<" + subject.substr(c.begin, c.length) + ">";
  return out;
}

class Lua {  // the reference: the library's own string.find
 public:
  Lua() : lua_(luaL_newstate()) { luaL_openlibs(lua_); }
  ~Lua() { lua_close(lua_); }
  std::string find(const std::string& subject, const std::string& pattern) {
    lua_settop(lua_, 0);
    lua_getglobal(lua_, "string");
    lua_getfield(lua_, -1, "find");
    lua_remove(lua_, 1);
    lua_pushlstring(lua_, subject.data(), subject.size());
    lua_pushlstring(lua_, pattern.data(), pattern.size());
    if (lua_pcall(lua_, 2, LUA_MULTRET, 0) != LUA_OK) return "error";
    if (lua_isnil(lua_, 1)) return "nil";
    std::string out = std::to_string(lua_tointeger(lua_, 1)) + "," + std::to_string(lua_tointeger(lua_, 2));
    for (int i = 3; i <= lua_gettop(lua_); ++i)
      out += lua_isinteger(lua_, i) ? ",@" + std::to_string(lua_tointeger(lua_, i)) : ",<" + std::string(lua_tostring(lua_, i)) + ">";
    return out;
  }

 private:
  lua_State* lua_;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state_ >> 33) % n;
  }
  template <std::size_t N>
  std::string pick(const char* const (&list)[N]) { return list[below(N)]; }

 private:
  std::uint64_t state_;
};

std::string random_pattern(Random& r) {
  static const char* const kSingle[] = {"a", "b", "1", ".", "%a", "%d", "%w", "%s", "%p", "%u", "%X", "[ab]", "[^a]", "[a-c1]", "[%d_]", "%.", "[]]", "[^%s-]", "%D", "x"};
  static const char* const kTimes[] = {"", "", "", "*", "+", "-", "?"};
  std::string out = r.below(5) == 0 ? "^" : "";
  int open = 0, captures = 0;
  for (std::size_t n = 1 + r.below(6); n-- > 0;) {
    switch (r.below(12)) {
      case 0: out += "("; ++open; ++captures; out += r.pick(kSingle); break;
      case 1: if (open > 0) { out += ")"; --open; } break;
      case 2: out += "()"; ++captures; break;
      case 3: out += "%b()"; break;
      case 4: out += "%f[%w]"; break;
      case 5: if (captures > 0 && open == 0) out += "%1"; break;
      default: out += r.pick(kSingle) + r.pick(kTimes);
    }
  }
  while (open-- > 0) out += ")";
  if (r.below(5) == 0) out += "$";
  return out;
}

std::string random_subject(Random& r) {
  static constexpr char kChars[] = "aab b1c2(()) A_.-]x";
  std::string out;
  for (std::size_t n = r.below(18); n-- > 0;) out += kChars[r.below(sizeof(kChars) - 1)];
  return out;
}

}  // namespace

TEST_GROUP(LuaPattern){};

TEST(LuaPattern, finds_what_the_manual_says) {
  STRCMP_EQUAL("1,5,<hello>", ours("hello world", "(%a+)").c_str());
  STRCMP_EQUAL("7,11", ours("hello world", "w%a*$").c_str());
  STRCMP_EQUAL("1,10,<2026>,<03>,<01>", ours("2026-03-01", "^(%d+)-(%d+)-(%d+)$").c_str());
  STRCMP_EQUAL("2,7", ours("f((a)b)c", "%b()").c_str());
  STRCMP_EQUAL("1,3", ours("THE (quick) fox", "%f[%a]%a+").c_str());
  STRCMP_EQUAL("1,6,<\">", ours("\"it's\" x", "([\"'])[^\"]*%1").c_str());
  STRCMP_EQUAL("3,2,@3", ours("ab", "()$").c_str());
}

TEST(LuaPattern, agrees_with_the_library_on_random_patterns) {
  Lua reference;
  Random r(20260301);
  int matched = 0, compared = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string pattern = random_pattern(r), subject = random_subject(r);
    const std::string mine = ours(subject, pattern), theirs = reference.find(subject, pattern);
    if (mine == "error" || theirs == "error") {
      // Ours sees a bad pattern at once, the library only when it gets there.
      if (mine != "error") FAIL(("ours accepts " + pattern + " on '" + subject + "'").c_str());
      continue;
    }
    ++compared;
    if (mine != "nil") ++matched;
    if (mine != theirs) FAIL((pattern + " on '" + subject + "': " + mine + " and not " + theirs).c_str());
  }
  CHECK(compared > 50'000);
  CHECK(matched > 5'000);
}

TEST(LuaPattern, gives_up_after_its_steps) {
  const std::string text(3000, 'a');
  STRCMP_EQUAL("steps", ours(text, ".-.-.-b").c_str());
  STRCMP_EQUAL("steps", ours(text, "a*a*a*a*b").c_str());
  STRCMP_EQUAL("steps", ours(std::string(3000, '('), "%b()").c_str());
  const auto p = Pattern::compile(".-.-.-b");
  const Match m = p->find(text, 0, 1000);
  CHECK(m.end == Match::End::too_many_steps);
  CHECK(m.steps <= 1000 + 64);
}

TEST(LuaPattern, refuses_what_is_no_pattern) {
  for (const char* bad : {"%", "[a", "[^", "[%", "(", "(a", ")", "a)", "%1", "(%1)", "(a)%2", "%b", "%bx", "%f", "%fa", "%0", "[]"}) CHECK(!Pattern::compile(bad).has_value());
  CHECK(!Pattern::compile(std::string(kPatternItemsMax + 1, 'a')).has_value());
  std::string many;
  for (std::size_t i = 0; i <= kPatternCapturesMax; ++i) many += "()";
  CHECK(!Pattern::compile(many).has_value());
}

TEST(LuaPattern, survives_any_bytes) {
  Random r(99);
  for (int i = 0; i < 20'000; ++i) {
    std::string pattern, subject;
    for (std::size_t n = r.below(12); n-- > 0;) pattern += r.below(3) == 0 ? "%[]()^$-*+?.bf"[r.below(14)] : static_cast<char>(r.below(256));
    for (std::size_t n = r.below(30); n-- > 0;) subject += static_cast<char>(r.below(256));
    if (const auto p = Pattern::compile(pattern)) {
      const Match m = p->find(subject, 0, 5000);
      if (m.end == Match::End::found) CHECK(m.begin <= m.finish && m.finish <= subject.size());
    }
  }
}
