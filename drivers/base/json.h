// JSON for described structs (BOOST_DESCRIBE_STRUCT, without bases): written straight into a string, read by walking the description.
// Unknown members are ignored, missing ones named in the error; std::optional members may be absent; a described enum is its
// enumerator's name; an opaque enum (a strong id) is its number. A struct that is one alternative of a variant has
// `static constexpr std::string_view kName`. Include this in .cc files only: it is slow to compile.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <bit>
#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "drivers/base/result.h"
#include "drivers/base/time.h"

namespace sr::json {

void write_string(std::string& out, std::string_view text);  // quoted and escaped; bytes that are not UTF-8 become U+FFFD
void write_number(std::string& out, double value);

template <class T>
concept Described = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;
template <class T>
concept NamedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;
template <class T>
concept OpaqueEnum = std::is_enum_v<T> && !boost::describe::has_describe_enumerators<T>::value;

// Where a value stands ("legs[3].state"). It is spelled only when the value is wrong.
class Path {
 public:
  Path() = default;
  Path(const char* name) : name_(name) {}
  Path(const Path& above, std::string_view name) : above_(&above), name_(name) {}
  Path(const Path& above, std::size_t index) : above_(&above), index_(index) {}
  std::string text() const;

 private:
  const Path* above_ = nullptr;
  std::string_view name_;
  std::optional<std::size_t> index_;
};

template <class T>
void write(std::string& out, const T& value);
template <class T>
Status read(const boost::json::value& v, T& out, const Path& path);

// What a struct or an enum is described by: one table each, walked by one function for all of them (json.cc).
namespace detail {

struct Word { std::string_view name; std::int64_t value; };
using Words = std::span<const Word>;

struct Type {  // of members
  void (*write)(std::string& out, const void* member);
  Status (*read)(const boost::json::value& v, void* member, const Path& path);
  bool (*is_absent)(const void* member);  // null: it is always written and must be there
};
struct Member { std::string_view name; std::ptrdiff_t offset; const Type* type; };
using Members = std::span<const Member>;

std::string_view name_of(Words words, std::int64_t value);  // empty: no such enumerator
const Word* find(Words words, std::string_view name);
Status wrong_word(Words words, const Path& path);
Status wrong(const char* expected, const Path& path);
void write_members(std::string& out, const void* object, Members members, bool first);
Status read_members(const boost::json::value& v, void* object, Members members, const Path& path);

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<std::map<std::string, T>> = true;

template <class M>
constexpr Type type_of() {
  Type type{[](std::string& out, const void* member) { json::write(out, *static_cast<const M*>(member)); },
            [](const boost::json::value& v, void* member, const Path& path) { return json::read(v, *static_cast<M*>(member), path); }, nullptr};
  if constexpr (is_optional<M>) type.is_absent = [](const void* member) { return !*static_cast<const M*>(member); };
  return type;
}
template <class M>
inline constexpr Type kType = type_of<M>();

template <class M, class T>
M type_pointed_to(M T::*);

template <template <class...> class List, class... D>
constexpr std::array<Word, sizeof...(D)> words_in(List<D...>) {
  return {Word{D::name, static_cast<std::int64_t>(D::value)}...};
}
template <template <class...> class List, class... D>
std::array<Member, sizeof...(D)> members_in(List<D...>) {  // in our ABI a pointer to a data member is its offset
  return {Member{D::name, std::bit_cast<std::ptrdiff_t>(D::pointer), &kType<decltype(type_pointed_to(D::pointer))>}...};
}

template <NamedEnum E>
inline constexpr auto kWords = words_in(boost::describe::describe_enumerators<E>());
template <Described T>
Members members_of() {
  static const auto members = members_in(boost::describe::describe_members<T, boost::describe::mod_public>());
  return members;
}

}  // namespace detail

template <NamedEnum E>
std::string_view enum_name(E value) { return detail::name_of(detail::kWords<E>, static_cast<std::int64_t>(value)); }

// Members only, without the braces: `"a":1,"b":2`; `first` false puts a comma before the first.
template <Described T>
void write_members(std::string& out, const T& value, bool first) { detail::write_members(out, &value, detail::members_of<T>(), first); }

template <class T>
void write(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) out += value ? "true" : "false";
  else if constexpr (NamedEnum<T>) { out += '"'; out += enum_name(value); out += '"'; }
  else if constexpr (OpaqueEnum<T>) json::write(out, static_cast<std::underlying_type_t<T>>(value));
  else if constexpr (std::is_same_v<T, char>) json::write_string(out, std::string_view(&value, 1));
  else if constexpr (std::integral<T>) { char b[24]; out.append(b, std::to_chars(b, b + sizeof b, value).ptr); }
  else if constexpr (std::floating_point<T>) write_number(out, value);
  else if constexpr (std::is_same_v<T, Instant>) json::write(out, to_us(value));
  else if constexpr (std::is_same_v<T, Duration>) json::write(out, value.count());
  else if constexpr (std::is_convertible_v<T, std::string_view>) write_string(out, value);
  else if constexpr (detail::is_optional<T>) { if (value) json::write(out, *value); else out += "null"; }
  else if constexpr (detail::is_vector<T>) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) { if (i) out += ','; json::write(out, value[i]); }
    out += ']';
  } else if constexpr (detail::is_map<T>) {
    out += '{';
    bool first = true;
    for (const auto& [key, one] : value) { if (!first) out += ','; first = false; write_string(out, key); out += ':'; json::write(out, one); }
    out += '}';
  } else {
    static_assert(Described<T>, "describe the type with BOOST_DESCRIBE_STRUCT");
    out += '{';
    json::write_members(out, value, true);
    out += '}';
  }
}

template <class T>
std::string to_string(const T& value) {
  std::string out;
  json::write(out, value);
  return out;
}

// `path` names the value in the error.
template <class T>
Status read(const boost::json::value& v, T& out, const Path& path) {
  if constexpr (std::is_same_v<T, bool>) { if (!v.is_bool()) return detail::wrong("true or false", path); out = v.get_bool(); }
  else if constexpr (NamedEnum<T>) {
    const detail::Word* word = v.is_string() ? detail::find(detail::kWords<T>, v.get_string()) : nullptr;
    if (!word) return detail::wrong_word(detail::kWords<T>, path);
    out = static_cast<T>(word->value);
  } else if constexpr (OpaqueEnum<T>) {
    std::underlying_type_t<T> raw{};
    if (auto ok = json::read(v, raw, path); !ok) return ok;
    out = T{raw};
  } else if constexpr (std::is_same_v<T, char>) { if (!v.is_string() || v.get_string().size() != 1) return detail::wrong("a number", path); out = v.get_string()[0]; }
  else if constexpr (std::integral<T>) {
    boost::system::error_code ec;
    const T n = v.to_number<T>(ec);
    if (ec) return detail::wrong("a number", path);
    out = n;
  } else if constexpr (std::floating_point<T>) { if (!v.is_number()) return detail::wrong("a number", path); out = v.to_number<T>(); }
  else if constexpr (std::is_same_v<T, Instant>) { if (!v.is_int64()) return detail::wrong("a number", path); out = from_us(v.get_int64()); }
  else if constexpr (std::is_same_v<T, Duration>) { if (!v.is_int64()) return detail::wrong("a number", path); out = Duration(v.get_int64()); }
  else if constexpr (std::is_same_v<T, std::string>) { if (!v.is_string()) return detail::wrong("a string", path); out = std::string_view(v.get_string()); }
  else if constexpr (detail::is_optional<T>) {
    if (v.is_null()) { out.reset(); return {}; }
    return json::read(v, out.emplace(), path);
  } else if constexpr (detail::is_vector<T>) {
    if (!v.is_array()) return detail::wrong("a list", path);
    out.clear();
    for (const auto& one : v.get_array()) {
      const Path at(path, out.size());
      if (auto ok = json::read(one, out.emplace_back(), at); !ok) return ok;
    }
  } else if constexpr (detail::is_map<T>) {
    if (!v.is_object()) return detail::wrong("an object", path);
    out.clear();
    for (const auto& [key, one] : v.get_object())
      if (auto ok = json::read(one, out[std::string(key)], Path(path, std::string_view(key))); !ok) return ok;
  } else {
    static_assert(Described<T>, "describe the type with BOOST_DESCRIBE_STRUCT");
    return detail::read_members(v, &out, detail::members_of<T>(), path);
  }
  return {};
}

// One JSON text with the limits of our sockets: depth 16, no duplicate keys, valid UTF-8, nothing after the value.
Result<boost::json::value> parse(std::string_view text);

template <class T>
Result<T> parse_as(std::string_view text) {
  auto v = parse(text);
  if (!v) return std::unexpected(v.error());
  T out{};
  if (auto ok = json::read(*v, out, {}); !ok) return std::unexpected(ok.error());
  return out;
}

// Calls `fn.template operator()<T>()` for the alternative of variant V whose kName is `name`; false: there is none.
template <class V, class F>
bool for_named(std::string_view name, F&& fn) {
  return [&]<class... T>(std::type_identity<std::variant<T...>>) {
    return ((T::kName == name && (fn.template operator()<T>(), true)) || ...);
  }(std::type_identity<V>());
}

}  // namespace sr::json
