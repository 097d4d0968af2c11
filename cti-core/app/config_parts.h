// Reading a TOML file of the center, for config_toml.cc and the parts of it that stand in files of their own. Slow to compile: in .cc only.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <vector>

#include "cti-core/model/config.h"

namespace sr::app {

// Values of one file. The first error stays, everything after it is read into nothing; `into` keeps its value when the key is absent.
class TomlValues {
 public:
  explicit TomlValues(std::string file) : file_(std::move(file)) {}
  void wrong(const toml::node& at, std::string what, std::string fix);
  void known(const toml::table& t, std::string_view in, std::initializer_list<std::string_view> keys);
  const toml::table* table(const toml::table& t, std::string_view key);
  std::vector<const toml::table*> tables(const toml::table& t, std::string_view key);
  void text(const toml::table& t, std::string_view key, std::string& into, bool needed = false, bool may_be_empty = false);
  void flag(const toml::table& t, std::string_view key, bool& into);
  void seconds(const toml::table& t, std::string_view key, Duration& into, double least);
  void seconds(const toml::table& t, std::string_view key, std::optional<Duration>& into, double least);
  void whole(const toml::table& t, std::string_view key, std::size_t& into, std::int64_t least, std::int64_t most);
  bool failed() const { return error_.has_value(); }
  Status status() const { return error_ ? Status(std::unexpected(*error_)) : Status(); }

 protected:
  std::string file_;
  std::optional<Error> error_;
};

inline bool is_digits(std::string_view s) { return !s.empty() && s.find_first_not_of("0123456789") == std::string_view::npos; }

// config_capture.cc
void read_trunks(TomlValues& in, const toml::table& root, CenterConfig& config);
void read_capture(TomlValues& in, const toml::table& number, NumberConfig& into);

// config_calendar.cc
void read_hours(TomlValues& in, const toml::table& t, std::string_view key, std::vector<HoursConfig>& into, bool with_days = true);
void read_spots(TomlValues& in, const toml::table& root, CenterConfig& config);  // the numbers are known
void read_holidays(TomlValues& in, const toml::table& root, CenterConfig& config);
Status read_holiday_file(const std::string& file, CenterConfig& config);

// config_phone.cc
void read_phones(TomlValues& in, const toml::table& root, CenterConfig& config);
void read_wrap_up(TomlValues& in, const toml::table& agent, std::optional<Duration>& into);

}  // namespace sr::app
