// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "cti-core/app/config_parts.h"

namespace sr::app {
namespace {
constexpr std::int64_t kSecondsMax = 24 * 3600;
}

void TomlValues::wrong(const toml::node& at, std::string what, std::string fix) {
  if (!error_) error_ = Error{std::move(what), fmt::format("{}:{}", file_, std::max<std::uint32_t>(at.source().begin.line, 1)), std::move(fix)};
}

void TomlValues::known(const toml::table& t, std::string_view in, std::initializer_list<std::string_view> keys) {
  for (const auto& [key, value] : t)
    if (std::ranges::find(keys, key.str()) == keys.end())
      wrong(value, fmt::format("unknown key '{}'{}", key.str(), in.empty() ? "" : fmt::format(" in [{}]", in)), fmt::format("one of: {}", fmt::join(keys, ", ")));
}

const toml::table* TomlValues::table(const toml::table& t, std::string_view key) {
  const auto* node = t.get(key);
  if (!node) return nullptr;
  if (!node->is_table()) wrong(*node, fmt::format("'{}' must be a table", key), fmt::format("[{}]", key));
  return node->as_table();
}

std::vector<const toml::table*> TomlValues::tables(const toml::table& t, std::string_view key) {
  std::vector<const toml::table*> out;
  const auto* node = t.get(key);
  if (!node) return out;
  const auto* list = node->as_array();
  if (!list || !list->is_array_of_tables()) {
    wrong(*node, fmt::format("'{}' must be a list of tables", key), fmt::format("[[{}]]", key));
    return out;
  }
  for (const auto& one : *list) out.push_back(one.as_table());
  return out;
}

void TomlValues::text(const toml::table& t, std::string_view key, std::string& into, bool needed, bool may_be_empty) {
  const auto* node = t.get(key);
  if (!node) {
    if (needed) wrong(t, fmt::format("'{}' is missing", key), fmt::format("{} = \"…\"", key));
    return;
  }
  const auto* value = node->as_string();
  if (!value) return wrong(*node, fmt::format("'{}' must be a text", key), fmt::format("{} = \"…\"", key));
  if (value->get().empty() && !may_be_empty) return wrong(*node, fmt::format("'{}' is empty", key), fmt::format("{} = \"…\"", key));
  into = value->get();
}

void TomlValues::flag(const toml::table& t, std::string_view key, bool& into) {
  const auto* node = t.get(key);
  if (!node) return;
  if (!node->is_boolean()) return wrong(*node, fmt::format("'{}' must be true or false", key), fmt::format("{} = true", key));
  into = node->as_boolean()->get();
}

void TomlValues::seconds(const toml::table& t, std::string_view key, Duration& into, double least) {
  const auto* node = t.get(key);
  if (!node) return;
  const auto value = node->value<double>();
  if (!node->is_number() || !value || !(*value >= least) || *value > static_cast<double>(kSecondsMax))
    return wrong(*node, fmt::format("'{}' must be a number of seconds from {} to {}", key, least, kSecondsMax), fmt::format("{} = {}", key, std::max(least, 10.0)));
  into = Duration(static_cast<std::int64_t>(*value * 1e6));
}

void TomlValues::seconds(const toml::table& t, std::string_view key, std::optional<Duration>& into, double least) {
  if (!t.get(key)) return;
  Duration value{};
  seconds(t, key, value, least);
  into = value;
}

void TomlValues::whole(const toml::table& t, std::string_view key, std::size_t& into, std::int64_t least, std::int64_t most) {
  const auto* node = t.get(key);
  if (!node) return;
  const auto value = node->value<std::int64_t>();
  if (!node->is_integer() || !value || *value < least || *value > most) return wrong(*node, fmt::format("'{}' must be a number from {} to {}", key, least, most), fmt::format("{} = {}", key, std::max<std::int64_t>(least, 3)));
  into = static_cast<std::size_t>(*value);
}

}  // namespace sr::app
