// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/profile/dahdi_read.h"

#include <map>

#include "drivers/profile/countries.h"
#include "drivers/profile/toml_table.h"

namespace sr::profile {
namespace {

bool digital(const SpanProfile& s) { return s.kind == SpanKind::e1 || s.kind == SpanKind::t1; }

void refuse_all(TableReader& r, std::initializer_list<const char*> keys, const std::string& what, const std::string& fix) {
  for (const char* key : keys) r.refuse(key, what, fix);
}

void read_digital(TableReader& r, SpanKind kind, DahdiLine& d) {
  const bool e1 = kind == SpanKind::e1;
  d.channels = e1 ? 31 : 24;
  d.framing = e1 ? "ccs" : "esf";
  d.coding = e1 ? "hdb3" : "b8zs";
  d.alaw = d.crc4 = e1;
  if (e1) {
    r.one_of("framing", d.framing, {"ccs"});
    r.one_of("coding", d.coding, {"hdb3", "ami"});
    r.flag("crc4", d.crc4);
  } else {
    r.one_of("framing", d.framing, {"esf", "d4"});
    r.one_of("coding", d.coding, {"b8zs", "ami"});
    r.refuse("crc4", "has no meaning on a T1", "leave it out; the T1's checksum is part of framing = \"esf\"");
  }
  d.timing = -1;
  if (r.has("timing")) d.timing = 0;
  r.number("timing", d.timing, 0, 15);
  if (!r.has("timing")) d.timing = -1;
  r.number("lbo", d.lbo, 0, 7);
  refuse_all(r, {"lines", "start", "caller_id", "answer", "busy", "polarity_disconnect"}, "has no meaning on a digital span", "leave it out, or write kind = \"fxo\"");
}

void read_analog(TableReader& r, const SpanProfile& s, DahdiLine& d) {
  refuse_all(r, {"framing", "coding", "crc4", "timing", "lbo"}, "has no meaning on analog lines", "leave it out, or write kind = \"e1\"");
  d.start = "kewl";
  r.one_of("start", d.start, {"kewl", "loop", "ground"});
  r.one_of("caller_id", d.caller_id, {"fsk", "dtmf", "none"});
  if (s.kind == SpanKind::fxs) {
    d.channels = static_cast<int>(s.stations.size());
    r.refuse("lines", "phones are counted by their stations", "leave it out");
    refuse_all(r, {"answer", "busy", "polarity_disconnect"}, "is what an exchange does", "leave it out, or write kind = \"fxo\"");
    return;
  }
  std::string answer = "immediate";
  r.one_of("answer", answer, {"immediate", "polarity"});
  d.answer_polarity = answer == "polarity";
  r.text("busy", d.busy);
  r.flag("polarity_disconnect", d.polarity_disconnect);
  if (!r.has("lines")) r.wrong("lines", "is missing", "write lines = 4: how many lines of the exchange hang here");
  d.channels = 1;
  r.number("lines", d.channels, 1, kFxsPortsMax);
}

Status at(const Profile& p, const DahdiLine& d, const std::string& what, const std::string& fix) {
  return fail(what, p.file + ":" + std::to_string(d.line), fix);
}

}  // namespace

void read_dahdi_board(TableReader& r, DahdiBoard& out) {
  std::string list;
  r.text("modules", list);
  r.text("country", out.country);
  r.text("opermode", out.opermode);
  for (std::string_view rest = list; !rest.empty();) {
    const auto comma = rest.find(',');
    std::string name(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    if (name.starts_with(' ')) name.erase(0, 1);
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos || out.modules.size() == kModulesMax)
      return r.wrong("modules", "'" + list + "' is no list of at most " + std::to_string(kModulesMax) + " kernel modules", "write modules = \"wct4xxp\", as boardctl detect names it");
    out.modules.push_back(std::move(name));
  }
  if (!out.country.empty() && (out.country.size() != 2 || out.country.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos))
    r.wrong("country", "'" + out.country + "' is no country", "write two letters, country = \"cn\"");
  if (!out.opermode.empty() && !is_opermode(out.opermode))
    r.wrong("opermode", "'" + out.opermode + "' is no mode of the FXO drivers", "write opermode = \"CHINA\", \"FCC\", \"UK\" …, or leave it out for the country's");
}

void read_dahdi_span(TableReader& r, SpanProfile& s) {
  std::string driver = "soft";
  r.one_of("driver", driver, {"soft", "dahdi"});
  if (driver == "soft")
    return refuse_all(r, {"dahdi_span", "dahdi_channel", "dynamic", "lines", "framing", "coding", "crc4", "timing", "lbo", "law", "echo", "echo_taps",
                          "rx_gain_db", "tx_gain_db", "start", "caller_id", "answer", "busy", "polarity_disconnect"}, "is a key of a board's span", "write driver = \"dahdi\", or leave it out");
  DahdiLine& d = s.dahdi.emplace();
  d.line = r.line();
  if (!r.has("dahdi_span")) r.wrong("dahdi_span", "is missing", "write dahdi_span = 1: the number of the span in /proc/dahdi/");
  d.span = 1;
  r.number("dahdi_span", d.span, 1, kDahdiSpansMax);
  if (r.has("dahdi_channel")) d.first_channel = 1;
  r.number("dahdi_channel", d.first_channel, r.has("dahdi_channel") ? 1 : 0, kDahdiChannelsMax);
  r.text("dynamic", d.dynamic);
  if (!d.dynamic.empty() && ((!d.dynamic.starts_with("loc,") && !d.dynamic.starts_with("eth,")) || d.dynamic.find_first_of(" \n\r\t#") != std::string::npos))
    r.wrong("dynamic", "'" + d.dynamic + "' is no address of a dynamic span", "write dynamic = \"loc,1:0\"");
  if (digital(s)) read_digital(r, s.kind, d);
  else read_analog(r, s, d);
  std::string law;
  r.one_of("law", law, {"alaw", "mulaw"});
  if (!law.empty()) d.alaw = law == "alaw";
  d.law_given = !law.empty();
  r.one_of("echo", d.echo, {"off", "mg2", "kb1"});
  r.number("echo_taps", d.echo_taps, 32, 1024);
  if ((d.echo_taps & (d.echo_taps - 1)) != 0) r.wrong("echo_taps", std::to_string(d.echo_taps) + " is no power of two", "write 32, 64, 128, 256, 512 or 1024");
  r.number("rx_gain_db", d.rx_gain_db, -24, 24);
  r.number("tx_gain_db", d.tx_gain_db, -24, 24);
}

Status settle_dahdi(Profile& p) {
  if (p.dahdi.country.empty()) p.dahdi.country = p.tone_zone;
  const Country country = country_named(p.dahdi.country);
  if (p.dahdi.opermode.empty()) p.dahdi.opermode = country.opermode;
  int next_channel = 1, sources = 0;
  std::map<int, const SpanProfile*> spans;
  for (auto& s : p.spans) {
    if (!s.dahdi) continue;
    DahdiLine& d = *s.dahdi;
    if (const auto [it, fresh] = spans.emplace(d.span, &s); !fresh && (digital(s) || digital(*it->second)))
      return at(p, d, "DAHDI span " + std::to_string(d.span) + " of \"" + s.name + "\" is \"" + it->second->name + "\" already",
                "write another dahdi_span; only the phones and lines of one analog board share a span");
    if (d.first_channel == 0) d.first_channel = next_channel;
    next_channel = d.first_channel + d.channels;
    if (next_channel - 1 > kDahdiChannelsMax)
      return at(p, d, "the channels of \"" + s.name + "\" end at " + std::to_string(next_channel - 1), "write a smaller dahdi_channel: DAHDI has " + std::to_string(kDahdiChannelsMax));
    if (digital(s) && d.timing < 0) d.timing = s.network_side ? 0 : std::min(++sources, 15);
    if (!digital(s) && !d.law_given) d.alaw = !country.mulaw;
    for (const auto& other : p.spans) {
      if (&other == &s) break;
      if (other.dahdi && d.first_channel < other.dahdi->first_channel + other.dahdi->channels && other.dahdi->first_channel < next_channel)
        return at(p, d, "\"" + s.name + "\" and \"" + other.name + "\" share DAHDI channels", "write dahdi_channel as /proc/dahdi/" + std::to_string(d.span) + " shows it, or leave it out");
    }
  }
  return {};
}

}  // namespace sr::profile
