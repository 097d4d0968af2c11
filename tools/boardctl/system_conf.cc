// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/system_conf.h"

#include <fmt/format.h>

#include <algorithm>

namespace sr::boardctl {
namespace {

using profile::DahdiLine;
using profile::Profile;
using profile::SpanProfile;

std::vector<const SpanProfile*> dahdi_spans(const Profile& p) {  // in the order of their channels
  std::vector<const SpanProfile*> out;
  for (const auto& s : p.spans)
    if (s.dahdi) out.push_back(&s);
  std::ranges::sort(out, {}, [](const SpanProfile* s) { return s->dahdi->first_channel; });
  return out;
}

bool digital(const SpanProfile& s) { return s.kind == SpanKind::e1 || s.kind == SpanKind::t1; }
bool has_d(const SpanProfile& s) { return digital(s) && s.d_channel != "none"; }  // none: its timeslot carries calls (NFAS)
int d_channel(const SpanProfile& s) { return s.dahdi->first_channel + (s.kind == SpanKind::e1 ? 15 : 23); }

std::string range(int first, int last) { return first == last ? std::to_string(first) : fmt::format("{}-{}", first, last); }

std::string bearers(const SpanProfile& s) {
  const int first = s.dahdi->first_channel, last = first + s.dahdi->channels - 1, d = has_d(s) ? d_channel(s) : 0;
  if (d == 0) return range(first, last);
  return d == last ? range(first, last - 1) : range(first, d - 1) + "," + range(d + 1, last);
}

std::string signalling(const SpanProfile& s) {  // a phone's port is driven as an exchange would be, and the other way round
  const char last = s.dahdi->start == "loop" ? 'l' : s.dahdi->start == "ground" ? 'g' : 'k';
  return fmt::format("{}{}s", s.kind == SpanKind::fxs ? "fxo" : "fxs", last);
}

void add_span(std::string& out, const SpanProfile& s) {
  const DahdiLine& d = *s.dahdi;
  out += fmt::format("\n# {} ({})\n", s.name, s.kind == SpanKind::e1 ? "e1" : s.kind == SpanKind::t1 ? "t1" : s.kind == SpanKind::fxs ? "fxs" : "fxo");
  if (!d.dynamic.empty()) out += fmt::format("dynamic={},{},{}\n", d.dynamic, d.channels, std::max(d.timing, 0));
  else if (digital(s)) out += fmt::format("span={},{},{},{},{}{}\n", d.span, d.timing, d.lbo, d.framing, d.coding, d.crc4 ? ",crc4" : "");
  if (digital(s)) out += fmt::format("bchan={}\n", bearers(s));
  if (has_d(s)) out += fmt::format("dchan={}\n", d_channel(s));
  if (!digital(s)) out += fmt::format("{}={}\n", signalling(s), bearers(s));
  out += fmt::format("{}={}\n", d.alaw ? "alaw" : "mulaw", range(d.first_channel, d.first_channel + d.channels - 1));
  if (d.echo != "off") out += fmt::format("echocanceller={},{}\n", d.echo, bearers(s));
}

std::string head(const Profile& p, std::string_view what) {
  return fmt::format("# {}\n# Written by boardctl apply from {}; boardctl rollback brings back what was here before.\n", what, p.file);
}

std::string options_of(const Profile& p, const std::string& module) {
  const auto spans = dahdi_spans(p);
  const auto any = [&](auto test) { return std::ranges::any_of(spans, [&](const SpanProfile* s) { return test(*s); }); };
  const bool e1 = any([](const SpanProfile& s) { return s.kind == SpanKind::e1; });
  const bool t1 = any([](const SpanProfile& s) { return s.kind == SpanKind::t1; });
  const bool alaw = any([](const SpanProfile& s) { return !digital(s) && s.dahdi->alaw; });
  const bool analog = any([](const SpanProfile& s) { return !digital(s); });
  std::string out;
  if (module == "wct4xxp" || module == "wcte12xp" || module == "wcte13xp" || module == "wcte43x") {
    if (e1 != t1) out += e1 ? " default_linemode=e1" : " default_linemode=t1";
  } else if (module == "wcte11xp") {
    if (e1 != t1) out += e1 ? " t1e1override=1" : " t1e1override=0";
  } else if (analog && (module == "wctdm" || module == "opvxa1200" || module == "wctdm24xxp" || module == "wcaxx")) {
    if (!p.dahdi.opermode.empty()) out += " opermode=" + p.dahdi.opermode;
    if (module == "wctdm" || module == "opvxa1200") out += alaw ? " alawoverride=1" : "";
    else out += alaw ? " companding=alaw" : " companding=ulaw";
  }
  return out;
}

}  // namespace

std::string system_conf(const Profile& p) {
  std::string out = head(p, "DAHDI's spans and channels");
  for (const SpanProfile* s : dahdi_spans(p)) add_span(out, *s);
  out += fmt::format("\nloadzone={0}\ndefaultzone={0}\n", p.dahdi.country);
  return out;
}

std::string modules_conf(const Profile& p) {
  std::string out = head(p, "Modules that are loaded for the boards");
  for (const auto& module : p.dahdi.modules) out += module + "\n";
  return out;
}

std::string modprobe_conf(const Profile& p) {
  std::string out = head(p, "Options of the boards' modules");
  for (const auto& module : p.dahdi.modules)
    if (const std::string options = options_of(p, module); !options.empty()) out += "options " + module + options + "\n";
  return out;
}

std::vector<ConfigFile> config_files(const Profile& p) {
  return {{"etc/dahdi/system.conf", system_conf(p)}, {"etc/dahdi/modules", modules_conf(p)}, {"etc/modprobe.d/switchroom.conf", modprobe_conf(p)}};
}

}  // namespace sr::boardctl
