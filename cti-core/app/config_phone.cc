// [[phone]] of the center's file, and how long an agent wraps up.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "cti-core/app/config_parts.h"

namespace sr::app {
namespace {

void check(TomlValues& in, const toml::table& t, const PhoneConfig& p, bool headset) {
  const bool outside = !p.number.empty();
  if (outside == p.group.empty()) return in.wrong(t, fmt::format("phone '{}' needs a number and its trunk group, or neither", p.name), "group = \"city\", number = \"13900000000\"");
  if (!outside && !headset) return in.wrong(t, fmt::format("phone '{}' has no number", p.name), "group and number of a phone outside, or headset = true for a station");
  if (!outside && (p.kept_up || !p.calling.empty())) return in.wrong(t, fmt::format("station '{}' cannot have 'kept_up' or 'calling'", p.name), "headset = true");
  if (outside && !is_digits(p.number)) return in.wrong(*t.get("number"), fmt::format("number '{}' cannot be dialled", p.number), "number = \"13900000000\"");
  if (!p.calling.empty() && p.calling != "caller" && !is_digits(p.calling))
    return in.wrong(*t.get("calling"), fmt::format("'calling' cannot be '{}'", p.calling), "calling = \"caller\", or a number of yours");
  if (p.accept_key.size() > 1 || p.accept_key.find_first_not_of("0123456789*#") != std::string::npos) in.wrong(*t.get("accept_key"), "'accept_key' must be one key", "accept_key = \"1\"");
}

void read_phone(TomlValues& in, const toml::table& t, std::vector<PhoneConfig>& into) {
  in.known(t, "phone", {"name", "group", "number", "calling", "kept_up", "headset", "accept_key"});
  PhoneConfig p;
  bool headset = false;
  in.text(t, "name", p.name, true);
  in.text(t, "group", p.group);
  in.text(t, "number", p.number);
  in.text(t, "calling", p.calling);
  in.text(t, "accept_key", p.accept_key);
  in.flag(t, "kept_up", p.kept_up);
  in.flag(t, "headset", headset);
  if (in.failed()) return;
  check(in, t, p, headset);
  p.kept_up = p.kept_up || headset;
  for (const auto& other : into)
    if (other.name == p.name || (!p.number.empty() && other.number == p.number)) in.wrong(t, fmt::format("phone '{}' is there twice, or its number is", p.name), "one [[phone]] for each");
  into.push_back(std::move(p));
}

}  // namespace

void read_phones(TomlValues& in, const toml::table& root, CenterConfig& config) {
  for (const auto* t : in.tables(root, "phone")) read_phone(in, *t, config.phones);
}

void read_wrap_up(TomlValues& in, const toml::table& agent, std::optional<Duration>& into) {
  const auto* node = agent.get("wrap_up_s");
  if (!node) return;
  if (!node->is_string()) return in.seconds(agent, "wrap_up_s", into, 0);
  if (node->as_string()->get() != "unlimited") return in.wrong(*node, fmt::format("'wrap_up_s' cannot be '{}'", node->as_string()->get()), "wrap_up_s = 10, or \"unlimited\"");
  into.reset();
}

}  // namespace sr::app
