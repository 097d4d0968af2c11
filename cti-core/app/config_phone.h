// [[phone]] of the center's file. R: the reader in config_toml.cc, whose words for a mistake are used; Table: of toml++.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <fmt/format.h>

#include <vector>

#include "cti-core/model/config.h"

namespace sr::app {

struct PhoneReader {
  template <class R, class Table>
  static void read(R& reader, const Table& t, std::vector<PhoneConfig>& into) {
    reader.known(t, "phone", {"name", "group", "number", "calling", "kept_up", "headset", "accept_key"});
    PhoneConfig p;
    bool headset = false;
    reader.text(t, "name", p.name, true);
    reader.text(t, "group", p.group);
    reader.text(t, "number", p.number);
    reader.text(t, "calling", p.calling);
    reader.text(t, "accept_key", p.accept_key);
    reader.flag(t, "kept_up", p.kept_up);
    reader.flag(t, "headset", headset);
    if (reader.error_) return;
    check(reader, t, p, headset);
    p.kept_up = p.kept_up || headset;
    for (const auto& other : into)
      if (other.name == p.name || (!p.number.empty() && other.number == p.number))
        return reader.wrong(t, fmt::format("phone '{}' is there twice, or its number is", p.name), "one [[phone]] for each");
    into.push_back(std::move(p));
  }

 private:
  template <class R, class Table>
  static void check(R& reader, const Table& t, const PhoneConfig& p, bool headset) {
    const bool outside = !p.number.empty();
    if (outside == p.group.empty()) reader.wrong(t, fmt::format("phone '{}' needs a number and its trunk group, or neither", p.name), "group = \"city\", number = \"13900000000\"");
    else if (!outside && !headset) reader.wrong(t, fmt::format("phone '{}' has no number", p.name), "group and number of a phone outside, or headset = true for a station");
    else if (!outside && (p.kept_up || !p.calling.empty())) reader.wrong(t, fmt::format("station '{}' cannot have 'kept_up' or 'calling'", p.name), "headset = true");
    else if (outside && !R::is_digits(p.number)) reader.wrong(*t.get("number"), fmt::format("number '{}' cannot be dialled", p.number), "number = \"13900000000\"");
    else if (!p.calling.empty() && p.calling != "caller" && !R::is_digits(p.calling))
      reader.wrong(*t.get("calling"), fmt::format("'calling' cannot be '{}'", p.calling), "calling = \"caller\", or a number of yours");
    else if (p.accept_key.size() > 1 || p.accept_key.find_first_not_of("0123456789*#") != std::string::npos) reader.wrong(*t.get("accept_key"), "'accept_key' must be one key", "accept_key = \"1\"");
  }
};

}  // namespace sr::app
