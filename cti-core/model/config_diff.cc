// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/model/config_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/mp11.hpp>
#include <set>
#include <tuple>

#include "drivers/base/json.h"

namespace sr {
namespace {

constexpr std::size_t kNamesMax = 20;  // of a list, in words
constexpr std::string_view kSecret = "pin";
constexpr const char* kNone = "none";

template <class T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_public>;
template <class T>
concept ListOfTables = json::detail::is_vector<T> && json::Described<typename T::value_type>;
template <class T>
concept ListOfValues = json::detail::is_vector<T> && !ListOfTables<T>;

// T is made of members of these types and has no further one.
template <class T, class... M>
concept HasExactly = requires(M... m) { T{m...}; } && !requires(M... m) { T{m..., {}}; };
template <class T, template <class...> class List, class... D>
consteval bool all_described(List<D...>) { return HasExactly<T, std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>...>; }

template <class T>
std::string text(const T& value) {
  if constexpr (json::detail::is_optional<T>) return value ? text(*value) : kNone;
  else if constexpr (std::is_same_v<T, std::string>) return value.empty() ? "\"\"" : value;
  else if constexpr (std::is_same_v<T, char>) return std::string(1, value);
  else if constexpr (std::is_same_v<T, bool>) return value ? "true" : "false";
  else if constexpr (std::is_same_v<T, Duration>) return fmt::format("{:.10g} s", to_seconds(value));
  else if constexpr (std::is_same_v<T, Instant>) return to_iso8601(value);
  else if constexpr (json::NamedEnum<T>) return std::string(json::enum_name(value));
  else return fmt::format("{}", value);
}

// Days of the week, of HoursConfig and HolidayConfig.
std::string days_text(int bits) {
  std::string out;
  for (std::size_t day = 1; day < kWeekdays.size(); ++day)
    if ((bits & (1 << day)) != 0) out += fmt::format("{}{}", out.empty() ? "" : ",", kWeekdays[day]);
  return out.empty() ? kNone : out;
}
template <class T>
std::string text_of(std::string_view member, const T& value) {
  if constexpr (std::is_same_v<T, int>) {
    if (member == "days") return days_text(value);
    if (member == "like") return days_text(value == 0 ? 0 : 1 << value);
  }
  return text(value);
}

std::string names(const std::vector<std::string>& all) {
  const std::size_t shown = std::min(all.size(), kNamesMax);
  std::string out = fmt::format("{}", fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  return all.size() > shown ? fmt::format("{} and {} more", out, all.size() - shown) : out;
}

// The first member of a table is its name, where it is a text that no other table of the list has.
template <class T>
const std::string* name_of(const T& one) {
  using First = boost::mp11::mp_first<MembersOf<T>>;
  if constexpr (std::is_same_v<std::remove_cvref_t<decltype(one.*First::pointer)>, std::string>) return &(one.*First::pointer);
  else return nullptr;
}
template <class T>
bool have_names(const std::vector<T>& list) {
  std::set<std::string_view> seen;
  return std::ranges::all_of(list, [&](const T& one) {
    const std::string* name = name_of(one);
    return name && !name->empty() && seen.insert(*name).second;
  });
}

class Comparison {
 public:
  std::vector<ConfigChange> changes;

  void center(const CenterConfig& a, const CenterConfig& b) {
    table_ = "center";
    members(a, b);
    std::ranges::sort(changes, {}, [](const ConfigChange& c) { return std::tie(c.table, c.name, c.key); });
  }

 private:
  void say(ChangeKind what, std::string from = {}, std::string to = {}) { changes.push_back({table_, name_, key_, what, std::move(from), std::move(to)}); }

  // `then` runs one level deeper: in a table of the center's, or below the present key.
  template <class F>
  void inside(std::string_view list, const std::string& name, F then) {
    const std::string table = table_, key = key_, outer = name_;
    if (table_ == "center" && key_.empty()) {
      table_ = list.ends_with('s') ? list.substr(0, list.size() - 1) : list;
      name_ = name;
    } else {
      key_ += fmt::format("{}{} {}", key_.empty() ? "" : " ", list, name);
    }
    then();
    table_ = table;
    key_ = key;
    name_ = outer;
  }
  template <class F>
  void below(std::string_view member, F then) {
    const std::string key = key_;
    if (!key_.empty()) key_ += ' ';
    key_ += member;
    then();
    key_ = key;
  }

  template <class T>
  void members(const T& a, const T& b) {
    static_assert(all_described<T>(MembersOf<T>()), "name every member of the struct, in order, in its BOOST_DESCRIBE_STRUCT");
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) { member(std::string_view(d.name), a.*d.pointer, b.*d.pointer); });
  }

  template <class T>
  void member(std::string_view name, const T& a, const T& b) {
    if constexpr (ListOfTables<T>) return tables(name, a, b);
    else if constexpr (json::detail::is_map<T>) return entries(name, a, b);
    else if constexpr (ListOfValues<T>) below(name, [&] { values(a, b); });
    else if constexpr (json::Described<T>) below(name, [&] { members(a, b); });
    else if (!(a == b)) below(name, [&] { name == kSecret ? say(ChangeKind::changed) : say(ChangeKind::changed, text_of(name, a), text_of(name, b)); });
  }

  template <class T>
  void tables(std::string_view list, const std::vector<T>& a, const std::vector<T>& b) {
    const bool named = have_names(a) && have_names(b);
    const auto name = [&](const std::vector<T>& all, std::size_t n) { return named ? *name_of(all[n]) : std::to_string(n + 1); };
    std::map<std::string, std::size_t> there;
    for (std::size_t n = 0; n < b.size(); ++n) there[name(b, n)] = n;
    std::vector<std::size_t> places;  // in b, of those that both have, in the order of a
    for (std::size_t n = 0; n < a.size(); ++n) {
      const auto other = there.find(name(a, n));
      inside(list, name(a, n), [&] { other == there.end() ? say(ChangeKind::removed) : members(a[n], b[other->second]); });
      if (other == there.end()) continue;
      places.push_back(other->second);
      there.erase(other);
    }
    for (const auto& [key, n] : there) inside(list, key, [&] { say(ChangeKind::added); });
    if (!std::ranges::is_sorted(places)) below(list, [&] { say(ChangeKind::moved); });
  }

  template <class T>
  void entries(std::string_view name, const std::map<std::string, T>& a, const std::map<std::string, T>& b) {
    std::set<std::string> keys;
    for (const auto& [key, value] : a) keys.insert(key);
    for (const auto& [key, value] : b) keys.insert(key);
    for (const auto& key : keys) {
      const auto one = a.find(key), other = b.find(key);
      below(name, [&] {
        below(key, [&] {
          if (one == a.end()) say(ChangeKind::changed, kNone, text(other->second));
          else if (other == b.end()) say(ChangeKind::changed, text(one->second), kNone);
          else if (!(one->second == other->second)) say(ChangeKind::changed, text(one->second), text(other->second));
        });
      });
    }
  }

  template <class T>
  void values(const std::vector<T>& a, const std::vector<T>& b) {
    if (a == b) return;
    const auto less = [](std::vector<T> list, std::vector<T> other) {
      std::ranges::sort(list);
      std::ranges::sort(other);
      std::vector<T> rest;
      std::ranges::set_difference(list, other, std::back_inserter(rest));
      std::vector<std::string> out;
      for (const T& one : rest) out.push_back(text(one));
      return out;
    };
    const auto went = less(a, b), came = less(b, a);
    if (went.empty() && came.empty()) return say(ChangeKind::moved);
    say(ChangeKind::members, names(went), names(came));
  }

  std::string table_, name_, key_;
};

}  // namespace

std::vector<ConfigChange> differences(const CenterConfig& from, const CenterConfig& to) {
  Comparison comparison;
  comparison.center(from, to);
  return std::move(comparison.changes);
}

std::string in_words(const ConfigChange& c) {
  std::string out = c.name.empty() ? fmt::format("{}:", c.table) : fmt::format("{} {}:", c.table, c.name);
  if (!c.key.empty()) out += " " + c.key;
  switch (c.what) {
    case ChangeKind::added: return out + " new";
    case ChangeKind::removed: return out + " gone";
    case ChangeKind::moved: return out + " in another order";
    case ChangeKind::members: return out + (c.to.empty() ? "" : " + " + c.to) + (c.from.empty() ? "" : " - " + c.from);
    case ChangeKind::changed: return out + (c.from.empty() && c.to.empty() ? " changed" : fmt::format(" {} -> {}", c.from, c.to));
  }
  return out;
}

}  // namespace sr
