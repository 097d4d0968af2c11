// JSON for described structs (BOOST_DESCRIBE_STRUCT): written straight into a string, read by walking the description.
// Unknown members are ignored, missing ones named in the error; std::optional members may be absent; a described enum is its
// enumerator's name; an opaque enum (a strong id) is its number. A struct that is one alternative of a variant has
// `static constexpr std::string_view kName`. Include this in .cc files only: it is slow to compile.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>
#include <charconv>
#include <concepts>
#include <map>
#include <optional>
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

template <NamedEnum E>
std::string_view enum_name(E value) {
  const char* name = boost::describe::enum_to_string(value, "");
  return name;
}
template <NamedEnum E>
bool enum_from(std::string_view name, E& out) {
  bool found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (name == d.name) { out = d.value; found = true; }
  });
  return found;
}

template <class T>
void write(std::string& out, const T& value);

namespace detail {
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_map : std::false_type {};
template <class T>
struct is_map<std::map<std::string, T>> : std::true_type {};

template <class T>
std::string expected_type() {
  if constexpr (std::is_same_v<T, bool>) return "true or false";
  else if constexpr (NamedEnum<T>) {
    std::string names = "one of";
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto d) { names += std::string(" ") + d.name; });
    return names;
  } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, Instant> || std::is_same_v<T, Duration>) return "a number";
  else if constexpr (std::is_same_v<T, std::string>) return "a string";
  else if constexpr (is_vector<T>::value) return "a list";
  else return "an object";
}
}  // namespace detail

// Members only, without the braces: `"a":1,"b":2`; `first` false puts a comma before the first.
template <Described T>
void write_members(std::string& out, const T& value, bool first) {
  using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
  boost::mp11::mp_for_each<Members>([&](auto d) {
    const auto& member = value.*d.pointer;
    using M = std::decay_t<decltype(member)>;
    if constexpr (detail::is_optional<M>::value)
      if (!member) return;
    if (!first) out += ',';
    first = false;
    out += '"';
    out += d.name;
    out += "\":";
    json::write(out, member);
  });
}

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
  else if constexpr (detail::is_optional<T>::value) { if (value) json::write(out, *value); else out += "null"; }
  else if constexpr (detail::is_vector<T>::value) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) { if (i) out += ','; json::write(out, value[i]); }
    out += ']';
  } else if constexpr (detail::is_map<T>::value) {
    out += '{';
    bool first = true;
    for (const auto& [key, one] : value) { if (!first) out += ','; first = false; write_string(out, key); out += ':'; json::write(out, one); }
    out += '}';
  } else {
    static_assert(Described<T>, "describe the type with BOOST_DESCRIBE_STRUCT");
    out += '{';
    write_members(out, value, true);
    out += '}';
  }
}

template <class T>
std::string to_string(const T& value) {
  std::string out;
  json::write(out, value);
  return out;
}

// `path` names the member for the error ("legs[3].state").
template <class T>
Status read(const boost::json::value& v, T& out, const std::string& path) {
  const auto wrong = [&] { return fail("member '" + path + "' must be " + detail::expected_type<T>()); };
  if constexpr (std::is_same_v<T, bool>) { if (!v.is_bool()) return wrong(); out = v.get_bool(); }
  else if constexpr (NamedEnum<T>) { if (!v.is_string() || !enum_from(v.get_string(), out)) return wrong(); }
  else if constexpr (OpaqueEnum<T>) {
    std::underlying_type_t<T> raw{};
    if (auto ok = json::read(v, raw, path); !ok) return ok;
    out = T{raw};
  } else if constexpr (std::is_same_v<T, char>) { if (!v.is_string() || v.get_string().size() != 1) return wrong(); out = v.get_string()[0]; }
  else if constexpr (std::integral<T>) {
    boost::system::error_code ec;
    const T n = v.to_number<T>(ec);
    if (ec) return wrong();
    out = n;
  } else if constexpr (std::floating_point<T>) { if (!v.is_number()) return wrong(); out = v.to_number<T>(); }
  else if constexpr (std::is_same_v<T, Instant>) { if (!v.is_int64()) return wrong(); out = from_us(v.get_int64()); }
  else if constexpr (std::is_same_v<T, Duration>) { if (!v.is_int64()) return wrong(); out = Duration(v.get_int64()); }
  else if constexpr (std::is_same_v<T, std::string>) { if (!v.is_string()) return wrong(); out = std::string(v.get_string()); }
  else if constexpr (detail::is_optional<T>::value) {
    if (v.is_null()) { out.reset(); return {}; }
    return json::read(v, out.emplace(), path);
  } else if constexpr (detail::is_vector<T>::value) {
    if (!v.is_array()) return wrong();
    out.clear();
    for (const auto& one : v.get_array()) {
      const std::string at = path + "[" + std::to_string(out.size()) + "]";
      if (auto ok = json::read(one, out.emplace_back(), at); !ok) return ok;
    }
  } else if constexpr (detail::is_map<T>::value) {
    if (!v.is_object()) return wrong();
    out.clear();
    for (const auto& [key, one] : v.get_object())
      if (auto ok = json::read(one, out[std::string(key)], path + "." + std::string(key)); !ok) return ok;
  } else {
    static_assert(Described<T>, "describe the type with BOOST_DESCRIBE_STRUCT");
    if (!v.is_object()) return wrong();
    const auto& object = v.get_object();
    Status status;
    using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
    boost::mp11::mp_for_each<Members>([&](auto d) {
      if (!status) return;
      auto& member = out.*d.pointer;
      const std::string at = path.empty() ? d.name : path + "." + d.name;
      const auto* found = object.if_contains(d.name);
      if (found) status = json::read(*found, member, at);
      else if constexpr (!detail::is_optional<std::decay_t<decltype(member)>>::value) status = fail("member '" + at + "' is missing");
    });
    return status;
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
  bool found = false;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, boost::mp11::mp_rename<V, boost::mp11::mp_list>>>([&](auto id) {
    using T = typename decltype(id)::type;
    if (!found && T::kName == name) { found = true; fn.template operator()<T>(); }
  });
  return found;
}

}  // namespace sr::json
