// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/status_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

namespace sr::boardctl {
namespace {

using namespace board;

constexpr int kTimeslotsMax = 1024;  // of one span; a wrong number must not fill the screen
constexpr std::string_view kRed = "31", kGreen = "32", kYellow = "33", kBold = "1";

std::string paint(bool colour, std::string_view code, std::string_view text) {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

char letter(const LegSnapshot& leg) {
  switch (leg.state) {
    case LegState::null: return '.';
    case LegState::offered:
    case LegState::overlap: return 'o';
    case LegState::initiated:
    case LegState::dialing: return 'd';
    case LegState::proceeding: return 'p';
    case LegState::alerting:
    case LegState::delivered: return 'a';
    case LegState::connected: return leg.recording ? 'R' : 'C';
    case LegState::clearing: return 'x';
  }
  return '?';
}

int timeslots(const SpanSnapshot& span) { return std::clamp(span.kind == "e1" ? 31 : span.kind == "t1" ? 24 : span.channels, 0, kTimeslotsMax); }
int d_channel(const SpanSnapshot& span) { return span.kind == "e1" ? 16 : span.kind == "t1" ? 24 : 0; }
bool digital(const SpanSnapshot& span) { return span.kind == "e1" || span.kind == "t1"; }

std::string slots(const Snapshot& s, const SpanSnapshot& span) {
  std::string line(static_cast<std::size_t>(timeslots(span)), '.');
  if (const int d = d_channel(span); d > 0) line[static_cast<std::size_t>(d) - 1] = 'D';
  for (const int c : span.busied_out)
    if (c >= 1 && c <= timeslots(span)) line[static_cast<std::size_t>(c) - 1] = 'b';
  for (const int c : span.in_test)
    if (c >= 1 && c <= timeslots(span)) line[static_cast<std::size_t>(c) - 1] = 'T';
  for (const auto& leg : s.legs)
    if (leg.span == span.span && leg.channel >= 1 && leg.channel <= timeslots(span)) line[static_cast<std::size_t>(leg.channel) - 1] = letter(leg);
  return line;
}

// "overruns/5" is of channel 5.
void add_counters(std::string& out, const SpanSnapshot& span) {
  std::string all;
  std::map<int, std::string> channels;
  for (const auto& [name, n] : span.counters) {
    const auto slash = name.find('/');
    if (slash == std::string::npos) all += fmt::format(" {}={}", name, n);
    else channels[std::atoi(name.c_str() + slash + 1)] += fmt::format(" {}={}", name.substr(0, slash), n);
  }
  if (!all.empty()) out += "  counts " + all + "\n";
  for (const auto& [channel, text] : channels) out += fmt::format("  channel {:>2}{}\n", channel, text);
}

void add_history(std::string& out, const std::vector<AlarmNote>& history, Instant now) {
  for (const auto& note : history)
    out += fmt::format("  {}  {} {}, {} s ago\n", to_iso8601(note.at), boost::describe::enum_to_string(note.alarm, "?"), note.raised ? "raised" : "cleared",
                       std::max<std::int64_t>(0, (now - note.at) / 1s));
}

void add_span(std::string& out, const Snapshot& s, const SpanSnapshot& span, bool colour) {
  out += fmt::format("{} {}{}  {}", paint(colour, kBold, span.span), span.kind, span.group.empty() ? "" : " group " + span.group,
                     span.in_service ? paint(colour, kGreen, "in service") : paint(colour, kRed, "OUT OF SERVICE"));
  if (digital(span)) out += span.d_channel_up ? "  D up" : "  " + paint(colour, kRed, "D DOWN");
  out += fmt::format("  {} of {} in use", span.in_use, span.channels);
  if (!span.busied_out.empty()) out += "  " + paint(colour, kYellow, fmt::format("{} busied out", span.busied_out.size()));
  out += '\n';
  if (!span.alarms.empty()) {
    std::string names;
    for (const auto& alarm : span.alarms) names += " " + alarm;
    out += "  alarms  " + paint(colour, kRed, names.substr(1)) + "\n";
  }
  const std::string line = slots(s, span);
  for (std::size_t at = 0; at < line.size(); at += 32) out += fmt::format("  {:>4}    {}\n", at + 1, line.substr(at, 32));
  add_counters(out, span);
  add_history(out, span.history, s.at);
}

}  // namespace

std::string status_page(const Snapshot& s, bool colour) {
  std::string out = fmt::format("board epoch {}  event {}  {}  {} legs\n", s.epoch, s.seq, to_iso8601(s.at), s.legs.size());
  for (const auto& span : s.spans) add_span(out, s, span, colour);
  if (!s.stations.empty()) {
    out += "stations ";
    for (const auto& station : s.stations) {
      const std::string text = station.station + (station.off_hook ? "*" : "") + (station.in_service ? "" : "!");
      out += " " + (!station.in_service ? paint(colour, kRed, text) : station.off_hook ? paint(colour, kYellow, text) : text);
    }
    out += '\n';
  }
  if (!s.history.empty()) {
    out += "board\n";
    add_history(out, s.history, s.at);
  }
  out += "timeslots: . idle  b busied out  T looped or in a bit error test  D signalling  o offered  d dialling  p proceeding  a alerting  C connected  R connected, recorded  x clearing\n";
  if (!s.stations.empty()) out += "stations:  * off hook  ! out of service\n";
  return out;
}

}  // namespace sr::boardctl
