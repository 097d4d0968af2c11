// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/span_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace sr::boardctl {
namespace {

using profile::SpanProfile;

bool digital(const SpanProfile& s) { return s.kind == SpanKind::e1 || s.kind == SpanKind::t1; }

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string at(const SpanProfile* s, const std::string& file) { return s == nullptr ? "" : fmt::format("{}:{}: ", file, s->dahdi->line); }

const char* kind_of(const ProcSpan& span) { return span.channels.size() == 31 ? "E1" : span.channels.size() == 24 ? "T1 or 24 analog ports" : "analog"; }

std::string wanted_signalling(const SpanProfile& s, int channel) {
  if (!digital(s)) return (s.kind == SpanKind::fxs ? "FXO" : "FXS") + std::string(s.dahdi->start == "loop" ? "LS" : s.dahdi->start == "ground" ? "GS" : "KS");
  return channel - s.dahdi->first_channel == (s.kind == SpanKind::e1 ? 15 : 23) ? "HDLCFCS" : "Clear";
}

}  // namespace

std::optional<Trouble> span_trouble(const SpanProfile& wanted, const std::string& file, const std::vector<ProcSpan>& spans) {
  const auto& d = *wanted.dahdi;
  const auto span = std::ranges::find(spans, d.span, &ProcSpan::number);
  if (span == spans.end())
    return Trouble{fmt::format("{}DAHDI span {} of \"{}\" does not exist; there are {}", at(&wanted, file), d.span, wanted.name, spans.size()),
                   spans.empty() ? "load the board's module: boardctl detect shows how" : "write the dahdi_span that /proc/dahdi/ has"};
  if (digital(wanted) && static_cast<int>(span->channels.size()) != d.channels)
    return Trouble{fmt::format("{}\"{}\" is {} in the profile, but span {} has {} channels ({})", at(&wanted, file), wanted.name, wanted.kind == SpanKind::e1 ? "an E1" : "a T1",
                               d.span, span->channels.size(), kind_of(*span)),
                   wanted.kind == SpanKind::e1 ? "set the board's jumper to E1, or load its module again so that default_linemode=e1 is taken"
                                               : "set the board's jumper to T1, or load its module again so that default_linemode=t1 is taken"};
  for (int i = 0; i < d.channels; ++i) {
    const int number = d.first_channel + i;
    const auto channel = std::ranges::find(span->channels, number, &ProcChannel::number);
    if (channel == span->channels.end())
      return Trouble{fmt::format("{}channel {} of \"{}\" is not on span {}, which has {} to {}", at(&wanted, file), number, wanted.name, d.span,
                                 span->channels.empty() ? 0 : span->channels.front().number, span->channels.empty() ? 0 : span->channels.back().number),
                     "write dahdi_channel as /proc/dahdi/ shows it"};
    const std::string signalling = wanted_signalling(wanted, number);
    if (channel->signalling == signalling) continue;
    if (channel->signalling.empty())
      return Trouble{fmt::format("{}channel {} of \"{}\" is not configured", at(&wanted, file), number, wanted.name),
                     digital(wanted) ? "run boardctl apply " + file : "see that a module is plugged in for this port, then boardctl apply " + file};
    return Trouble{fmt::format("{}channel {} of \"{}\" is {}, the profile needs {}", at(&wanted, file), number, wanted.name, channel->signalling, signalling),
                   "run boardctl apply " + file + "; a port that stays wrong has the other kind of module"};
  }
  if (digital(wanted) && !span->line.empty()) {
    const bool crc4 = span->line.find("CRC4") != std::string::npos;
    if (span->line.find(upper(d.coding)) == std::string::npos || crc4 != d.crc4)
      return Trouble{fmt::format("{}\"{}\" runs with {}, the profile wants {}{}", at(&wanted, file), wanted.name, span->line, upper(d.coding + "/" + d.framing), d.crc4 ? "/CRC4" : ""),
                     "run boardctl apply " + file};
  }
  return {};
}

std::optional<Trouble> alarm_trouble(const ProcSpan& span, const SpanProfile* wanted, const std::string& file) {
  const auto has = [&](const char* alarm) { return std::ranges::find(span.alarms, alarm) != span.alarms.end(); };
  const std::string where = fmt::format("{}span {} ({})", at(wanted, file), span.number, wanted == nullptr ? span.name : wanted->name);
  const auto errors = [&](const char* name) { return span.counts.contains(name) ? span.counts.at(name) : 0; };
  const std::string crc4 = wanted != nullptr && wanted->kind == SpanKind::e1 ? fmt::format(" crc4 = {}", wanted->dahdi->crc4 ? "false" : "true") : " the other crc4";
  if (has("RED"))
    return Trouble{where + ": RED, no framed signal comes in", "check the cable (pins 1-2 and 4-5; a crossover cable between two boards), then that the far side is on, then try" + crc4};
  if (has("BLUE")) return Trouble{where + ": BLUE, the far side sends all ones: its equipment is up, but nothing feeds it", "ask the carrier to connect the line"};
  if (has("YELLOW"))
    return Trouble{where + ": YELLOW, the far side does not hear us", "check the transmit pair of the cable, then try" + crc4 + "; framing and coding must be the exchange's"};
  if (has("LOOP")) return Trouble{where + ": LOOP, the span is looped back", "take the loop plug out, or end the loop at the far side"};
  if (has("RECOVERING")) return Trouble{where + ": RECOVERING, an alarm has just ended", "wait ten seconds and look again"};
  if (has("NOTOPEN")) return Trouble{where + ": NOTOPEN, the span is not started", "run boardctl apply"};
  if (errors("CRC4 error count") > 0 && errors("E-bit error count") > 0)
    return Trouble{fmt::format("{}: {} CRC4 errors: one side computes CRC4, the other does not, or the line is noisy", where, errors("CRC4 error count")), "try" + crc4};
  return {};
}

}  // namespace sr::boardctl
