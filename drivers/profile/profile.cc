// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/profile/profile.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include "drivers/profile/dahdi_read.h"
#include "drivers/profile/toml_table.h"

namespace sr::profile {
namespace {

constexpr std::size_t kFileMax = 1 << 20;

Status read_board(const toml::table& table, Profile& out) {
  TableReader r(table, out.file, "board");
  r.text("socket", out.socket);
  r.text("softspan_socket", out.softspan_socket);
  r.text("spool", out.spool);
  r.text("trace_dir", out.trace_dir);
  r.text("record_dir", out.record_dir);
  r.text("prompt_dir", out.prompt_dir);
  r.text("music", out.music);
  r.text("tone_zone", out.tone_zone);
  r.number("disk_low_percent", out.disk_low_percent, 0, 50);
  r.duration("fallback_after_s", out.fallback_after, 1s, 1, 120);
  r.text("fallback_prompt", out.fallback_prompt);
  r.flag("realtime", out.realtime);
  r.duration("alarm_clear_calls_ms", out.alarm_clear_calls, 1ms, 0, 60'000);
  read_dahdi_board(r, out.dahdi);
  for (const auto& [key, value] : std::map<std::string, const std::string*>{{"socket", &out.socket}, {"softspan_socket", &out.softspan_socket},
           {"spool", &out.spool}, {"record_dir", &out.record_dir}, {"tone_zone", &out.tone_zone}})
    if (value->empty()) r.wrong(key, "is empty", "write a value, or leave the key out for the default");
  if (out.socket == out.softspan_socket) r.wrong("softspan_socket", "is the same file as board.socket", "write another file name");
  return r.finish();
}

// A number names the timeslot and is only checked; in an NFAS group a word says what this span's D channel is for.
void read_d_channel(TableReader& r, SpanProfile& s) {
  const int wanted = s.kind == SpanKind::e1 ? 16 : 24;
  r.text("nfas_group", s.nfas_group);
  if (s.nfas_group.empty()) {
    if (r.is_text("d_channel")) r.wrong("d_channel", "is a word, but the span is in no NFAS group", "write nfas_group = \"n1\" and nfas_interface as well, or d_channel = " + std::to_string(wanted));
    r.refuse("nfas_interface", "has no meaning without nfas_group", "write nfas_group = \"n1\" as well, or leave it out");
    int d_channel = wanted;
    r.number("d_channel", d_channel, 1, 31);
    if (d_channel != wanted)
      r.wrong("d_channel", "clashes with a B channel", "write d_channel = " + std::to_string(wanted) + ", the D channel of this kind of span");
    return;
  }
  if (s.switch_type == "qsig") r.wrong("nfas_group", "does not go with switch_type = \"qsig\", whose messages cannot name another span", "leave nfas_group out: each QSIG span has its own D channel");
  if (!r.is_text("d_channel")) r.wrong("d_channel", r.has("d_channel") ? "must be a word in an NFAS group" : "is missing", "write d_channel = \"primary\", \"backup\" or \"none\"");
  r.one_of("d_channel", s.d_channel, {"primary", "backup", "none"});
  if (!r.has("nfas_interface")) r.wrong("nfas_interface", "is missing", "write nfas_interface = 0: the number by which the exchange names this span");
  r.number("nfas_interface", s.nfas_interface, 0, 127);
}

void read_trunk(TableReader& r, SpanProfile& s) {
  r.text("group", s.group);
  if (s.group.empty()) r.wrong("group", "is missing", "write group = \"city\": the name by which calls are dialled out");
  if (s.group.find('/') != std::string::npos) r.wrong("group", "contains '/'", "write a name without '/': span/channel names one channel");
  std::string side = "user";
  r.one_of("side", side, {"user", "network"});
  s.network_side = side == "network";
  s.side_where = r.where("side");
  r.one_of("hunt", s.hunt, {"ascending", "descending", "round_robin", "least_recent"});
  r.one_of("switch_type", s.switch_type, {"euroisdn", "ni2", "dms100", "4ess", "5ess", "qsig"});
  read_d_channel(r, s);
  r.flag("overlap", s.overlap);
  r.number("number_length", s.number_length, 0, 32);
  r.flag("restart_at_start", s.restart_at_start);
  r.duration("t301_s", s.t301, 1s, 1, 3600);
  r.duration("t302_s", s.t302, 1s, 1, 600);
  r.duration("t304_s", s.t304, 1s, 1, 600);
  r.duration("t309_s", s.t309, 1s, 1, 3600);
  r.duration("t310_s", s.t310, 1s, 1, 600);
}

void refuse_trunk_keys(TableReader& r, const std::string& kind) {
  for (const char* key : {"side", "switch_type", "hunt", "d_channel", "nfas_group", "nfas_interface", "overlap", "number_length", "restart_at_start", "t301_s", "t302_s", "t304_s", "t309_s", "t310_s"})
    r.refuse(key, "has no meaning on a span of kind \"" + kind + "\"", "leave it out, or write kind = \"e1\"");
}

void refuse_station_keys(TableReader& r, const std::string& kind) {
  for (const char* key : {"stations", "flash_ms", "howler_s", "dial_tone_s"})
    r.refuse(key, "has no meaning on a span of kind \"" + kind + "\"", "leave it out, or write kind = \"fxs\"");
}

void read_fxs(TableReader& r, SpanProfile& s) {
  refuse_trunk_keys(r, "fxs");
  r.refuse("group", "phones are in no trunk group", "leave it out");
  std::string stations;
  r.text("stations", stations);
  if (r.status()) {
    auto list = parse_stations(stations);
    if (list) s.stations = std::move(*list);
    else r.wrong("stations", list.error().what, list.error().fix);
  }
  r.duration("flash_ms", s.flash, 1ms, 40, 2000);
  r.duration("howler_s", s.howler, 1s, 1, 3600);
  r.duration("dial_tone_s", s.dial_tone, 1s, 1, 3600);
}

void read_fxo(TableReader& r, SpanProfile& s) {
  refuse_trunk_keys(r, "fxo");
  refuse_station_keys(r, "fxo");
  r.text("group", s.group);
  if (s.group.empty()) r.wrong("group", "is missing", "write group = \"lines\"");
}

Status read_span(const toml::table& table, SpanProfile& s, const std::string& file, std::string name) {
  TableReader r(table, file, std::move(name));
  r.text("name", s.name);
  if (s.name.empty() || s.name.size() > 32 || s.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != std::string::npos)
    r.wrong("name", s.name.empty() ? "is missing" : "'" + s.name + "' is no name of a span", "write name = \"e1-1\": letters, digits, '-' and '_', at most 32");
  std::string kind;
  r.one_of("kind", kind, {"e1", "t1", "fxs", "fxo"});
  if (kind.empty()) r.wrong("kind", "is missing", "write kind = \"e1\", \"t1\", \"fxs\" or \"fxo\"");
  s.kind = kind == "t1" ? SpanKind::t1 : kind == "fxs" ? SpanKind::fxs : kind == "fxo" ? SpanKind::fxo : SpanKind::e1;
  if (kind == "fxs") read_fxs(r, s);
  else if (kind == "fxo") read_fxo(r, s);
  else {
    refuse_station_keys(r, kind);
    read_trunk(r, s);
  }
  read_dahdi_span(r, s);
  return r.finish();
}

// What one table alone cannot see.
Status check_together(const Profile& p, const std::vector<std::string>& where) {
  std::map<std::string, std::size_t> names, groups, stations;
  for (std::size_t i = 0; i < p.spans.size(); ++i) {
    const auto& s = p.spans[i];
    if (const auto [it, fresh] = names.emplace(s.name, i); !fresh)
      return fail("span \"" + s.name + "\" stands here a second time", where[i], "its first place is " + where[it->second] + ": write another name");
    for (const auto& one : s.stations)
      if (const auto [it, fresh] = stations.emplace(one.number, i); !fresh)
        return fail("station " + one.number + " of span \"" + s.name + "\" belongs to span \"" + p.spans[it->second].name + "\" already", where[i],
                    "write a range that does not overlap");
    if (s.group.empty()) continue;
    const auto [it, fresh] = groups.emplace(s.group, i);
    const auto& first = p.spans[it->second];
    if (!fresh && ((first.kind == SpanKind::fxo) != (s.kind == SpanKind::fxo) || first.network_side != s.network_side))
      return fail("group \"" + s.group + "\" joins spans of different kind or side", where[i],
                  "write another group, or the same kind and side as \"" + first.name + "\"");
    if (!fresh && first.hunt != s.hunt)
      return fail("group \"" + s.group + "\" is hunted in two orders", where[i],
                  "write the same hunt as in \"" + first.name + "\"" + (first.hunt.empty() ? ", which has none" : ": \"" + first.hunt + "\""));
  }
  return {};
}

Status check_nfas(const Profile& p, const std::vector<std::string>& where) {
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < p.spans.size(); ++i)
    if (!p.spans[i].nfas_group.empty()) groups[p.spans[i].nfas_group].push_back(i);
  for (const auto& [name, members] : groups) {
    const std::string the_group = "NFAS group \"" + name + "\"";
    const auto& first = p.spans[members.front()];
    if (members.size() > kNfasSpansMax) return fail(the_group + " has more than " + std::to_string(kNfasSpansMax) + " spans", where[members[kNfasSpansMax]], "write nfas_group = \"" + name + "-2\", with a D channel of its own, for the rest");
    std::map<int, std::size_t> interfaces;
    std::map<std::string, std::size_t> roles;
    for (const std::size_t i : members) {
      const auto& s = p.spans[i];
      if (s.kind != first.kind || s.network_side != first.network_side || s.switch_type != first.switch_type)
        return fail("span.nfas_group: " + the_group + " joins spans of different kind, side or switch_type", where[i], "write the same as in \"" + first.name + "\", or another nfas_group");
      if (const auto [it, fresh] = interfaces.emplace(s.nfas_interface, i); !fresh)
        return fail("span.nfas_interface: " + std::to_string(s.nfas_interface) + " is span \"" + p.spans[it->second].name + "\" already", where[i], "write the number by which the exchange names this span");
      if (const auto [it, fresh] = roles.emplace(s.d_channel, i); !fresh && s.d_channel != "none")
        return fail("span.d_channel: " + the_group + " has a " + s.d_channel + " D channel in span \"" + p.spans[it->second].name + "\" already", where[i],
                    s.d_channel == "primary" ? "write d_channel = \"backup\" or \"none\"" : "write d_channel = \"none\"");
    }
    if (!roles.contains("primary"))
      return fail("span.d_channel: " + the_group + " has no primary D channel", where[members.front()], "write d_channel = \"primary\" for one of its spans");
  }
  return {};
}

}  // namespace

std::string Profile::below(const std::string& run_dir, const std::string& path) {
  if (path.starts_with('/')) return path;
  return path == "." ? run_dir : run_dir + "/" + path;
}

Result<std::vector<Station>> parse_stations(std::string_view text) {
  const std::string fix = "write stations = \"1001-1024\", at most " + std::to_string(kFxsPortsMax) + " numbers";
  std::vector<Station> out;
  std::set<std::string> seen;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto part = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    const auto dash = part.find('-');
    const std::string low(part.substr(0, dash)), high(dash == std::string_view::npos ? part : part.substr(dash + 1));
    const auto digits = [](const std::string& s) { return !s.empty() && s.size() <= 9 && s.find_first_not_of("0123456789") == std::string::npos; };
    if (!digits(low) || !digits(high) || low.size() != high.size() || high < low)
      return fail("'" + std::string(part) + "' is no range of station numbers", {}, fix);
    for (int n = std::stoi(low); n <= std::stoi(high); ++n) {
      if (out.size() == static_cast<std::size_t>(kFxsPortsMax)) return fail("more stations than a bank has ports", {}, fix);
      std::string number = std::to_string(n);
      number.insert(0, low.size() - std::min(low.size(), number.size()), '0');
      if (!seen.insert(number).second) return fail("station " + number + " stands there twice", {}, "write each number once");
      out.push_back({static_cast<int>(out.size()) + 1, std::move(number)});
    }
  }
  if (out.empty()) return fail("is missing or empty", {}, fix);
  return out;
}

Result<Profile> parse_profile(std::string_view text, const std::string& file) {
  toml::table root;
  try {  // toml++ reports syntax by exception: it stays in this function
    root = toml::parse(text, file);
  } catch (const toml::parse_error& e) {
    return fail("not TOML: " + std::string(e.description()), file + ":" + std::to_string(e.source().begin.line), "see hw-profiles/README.md");
  }
  Profile out;
  out.file = file;
  for (const auto& [key, node] : root)
    if (key.str() != "board" && key.str() != "span")
      return fail("unknown table or key '" + std::string(key.str()) + "'", file + ":" + std::to_string(node.source().begin.line),
                  "the tables are [board] and [[span]]");
  if (const auto* node = root.get("board")) {
    if (!node->is_table()) return fail("board must be a table", file + ":" + std::to_string(node->source().begin.line), "write [board]");
    if (auto ok = read_board(*node->as_table(), out); !ok) return std::unexpected(ok.error());
  }
  const auto* spans = root.get("span");
  if (spans == nullptr) return fail("there is no span", file + ":1", "write at least one [[span]]");
  const auto at = file + ":" + std::to_string(spans->source().begin.line);
  const auto* list = spans->as_array();
  if (list == nullptr || !list->is_homogeneous(toml::node_type::table)) return fail("span must be a list of tables", at, "write [[span]]");
  if (list->size() > kSpansMax) return fail("more than " + std::to_string(kSpansMax) + " spans", at, "write fewer");
  std::vector<std::string> where;
  for (const auto& node : *list) {
    where.push_back(file + ":" + std::to_string(node.source().begin.line));
    if (auto ok = read_span(*node.as_table(), out.spans.emplace_back(), file, "span"); !ok) return std::unexpected(ok.error());
  }
  if (auto ok = check_together(out, where); !ok) return std::unexpected(ok.error());
  if (auto ok = check_nfas(out, where); !ok) return std::unexpected(ok.error());
  if (auto ok = settle_dahdi(out); !ok) return std::unexpected(ok.error());
  return out;
}

Result<Profile> read_profile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("cannot be read: " + std::string(std::strerror(errno)), file, "name a profile, for example hw-profiles/soft-show.toml");
  std::string text(kFileMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad() || text.size() > kFileMax) return fail("is not a profile: more than 1 MiB or not readable", file, "name another file");
  return parse_profile(text, file);
}

}  // namespace sr::profile
