// A TOML table read key by key, so that what nobody asked for is found: TableReader remembers the first error with its file:line.
// Only this folder includes it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>
#include <vector>

#include "drivers/base/result.h"
#include "drivers/base/time.h"

namespace sr::profile {

class TableReader {
 public:
  TableReader(const toml::table& table, std::string file, std::string name) : table_(table), file_(std::move(file)), name_(std::move(name)) {}

  void text(std::string_view key, std::string& out) { read<std::string>(key, out, "a text in quotes", "\"…\""); }
  void flag(std::string_view key, bool& out) { read<bool>(key, out, "true or false", "true"); }
  template <class Int>
  void number(std::string_view key, Int& out, std::int64_t low, std::int64_t high) {
    std::int64_t value = static_cast<std::int64_t>(out);
    const auto range = "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
    if (!read<std::int64_t>(key, value, range, std::to_string(low))) return;
    if (value < low || value > high) return wrong(key, std::to_string(value) + " is out of range", "write " + range);
    out = static_cast<Int>(value);
  }
  void duration(std::string_view key, Duration& out, Duration unit, std::int64_t low, std::int64_t high) {
    std::int64_t value = out / unit;
    number(key, value, low, high);
    if (status_) out = value * unit;
  }
  void one_of(std::string_view key, std::string& out, std::initializer_list<std::string_view> words) {
    text(key, out);
    if (!status_ || !table_.contains(key)) return;
    if (std::find(words.begin(), words.end(), out) == words.end()) wrong(key, "'" + out + "' is not known", "write one of " + list(words));
  }
  int line() const { return static_cast<int>(table_.source().begin.line); }
  bool is_text(std::string_view key) const { const toml::node* node = table_.get(key); return node != nullptr && node->is_string(); }
  bool has(std::string_view key) const { return table_.contains(key); }
  void seen(std::string_view key) { known_.emplace(key); }

  // Does not go together with the rest of the table.
  void refuse(std::string_view key, const std::string& what, const std::string& fix) {
    seen(key);
    if (has(key)) wrong(key, what, fix);
  }
  void wrong(std::string_view key, const std::string& what, const std::string& fix) {
    if (status_) status_ = fail(name_ + "." + std::string(key) + ": " + what, where(key), fix);
  }
  std::string where(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return file_ + ":" + std::to_string(node == nullptr ? table_.source().begin.line : node->source().begin.line);
  }
  // Everything that was not asked for is an error; call it last.
  Status finish() {
    for (const auto& [key, node] : table_) {
      if (!status_ || known_.contains(std::string(key.str()))) continue;
      status_ = fail("unknown key " + name_ + "." + std::string(key.str()), file_ + ":" + std::to_string(node.source().begin.line),
                     "the keys here are " + list(known_));
    }
    return status_;
  }
  const Status& status() const { return status_; }

 private:
  template <class Words>
  static std::string list(const Words& words) {
    std::string out;
    for (const auto& w : words) out += (out.empty() ? "" : ", ") + std::string(w);
    return out;
  }
  template <class T>
  bool read(std::string_view key, T& out, const std::string& wanted, const std::string& example) {
    seen(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr || !status_) return false;
    if (const auto value = node->value_exact<T>()) { out = *value; return true; }
    wrong(key, "must be " + wanted, "write " + std::string(key) + " = " + example);
    return false;
  }

  const toml::table& table_;
  std::string file_, name_;
  std::set<std::string, std::less<>> known_;
  Status status_;
};

}  // namespace sr::profile
